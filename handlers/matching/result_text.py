"""Writes a result: what likely fits, what lacks one more condition, what is general support. Pure."""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass

from handlers.application_windows.window_lines import open_line
from handlers.framework.edition import Edition
from handlers.framework.taps import tap
from policies.company_facts.wording import CARE, fact_line, in_words, outcome_in_words, sum_in_words
from policies.matching.asking import GENERIC, is_shown, is_territory
from policies.matching.benefits import INSTRUMENTS
from policies.matching.catalogue import Catalogue
from policies.matching.checking import StoppedBenefit
from policies.matching.conditions import ToldFacts
from policies.matching.facts import Facts
from policies.matching.matching import Match, alternatives
from policies.matching.results import Result
from wechat.texts import fits

_QUOTED = 2
_LONGEST_QUOTE = 36
_MOST_MAYBES = 6
_MOST_NAMED = 8
_FACTS_NAMED = 6
_MOST_STOPPED = 5


@dataclass(frozen=True, slots=True)
class ResultText:
    """The blocks of a result, the caution under it ("" if nothing fits), and the clauses in their order."""

    blocks: list[str]
    care: str
    clause_ids: tuple[int, ...]


def result_text(found: Match, told: ToldFacts, catalogue: Catalogue, edition: Edition) -> ResultText:
    """Return the result in blocks. A block stays whole when a long text is sent in parts."""
    facts = catalogue.facts
    likely = sorted(found.likely, key=_most_first(edition))
    maybes = [result for result in found.results if is_shown(result, facts, told)]
    maybes.sort(key=lambda result: len(result.missing))
    blocks = [f"按您说的情况（{told_in_words(told, facts)}）："]
    if likely:
        rivals = _rivals(likely)
        blocks.append(f"【很可能符合】{len(likely)} 项")
        blocks += [result_block(result, edition, rivals.get(result.benefit.id, "")) for result in likely]
    if maybes:
        blocks.append(
            "【还差一两个条件】\n" + "\n".join(_waits(one, facts, edition) for one in maybes[:_MOST_MAYBES])
        )
    if not likely and not maybes:
        blocks.append(
            "按现在知道的情况，还没有对得上的条款。再多说一点（今年做了什么、投入多少、新获什么认定），可以再对一遍。"
        )
    general = [
        result
        for result in found.general
        if result.benefit.clause not in {one.benefit.clause for one in likely}
    ]
    if general:
        blocks.append("【一般性支持】" + "、".join(_names(general[:_MOST_NAMED], edition)))
    if checked := stopped_line(catalogue.stopped_for(told), edition):
        blocks.append(checked)
    order = [result.benefit.clause for result in (*likely, *maybes, *general)]
    return ResultText(blocks, CARE if likely or maybes else "", tuple(dict.fromkeys(order)))


def split_to_fit(blocks: Sequence[str], foot: Sequence[str]) -> tuple[str, list[str]]:
    """Return a message of the first blocks and the foot, and the blocks without room, for 下一页.

    The foot holds the caution and the next steps, so it is in the first message.
    """
    shown = list(blocks)
    while len(shown) > 1 and not fits(_joined(shown, blocks, foot)):
        shown.pop()
    return _joined(shown, blocks, foot), list(blocks[len(shown) :])


def _joined(shown: Sequence[str], blocks: Sequence[str], foot: Sequence[str]) -> str:
    more = "" if len(shown) == len(blocks) else f"还有几项没有显示，{tap('下一页')}继续。"
    return "\n\n".join(filter(None, (*shown, more, *foot)))


def result_block(result: Result, edition: Edition, rival: str = "") -> str:
    """Write one benefit: clause, deciding words, sum with its working, what else is checked, open windows."""
    benefit = result.benefit
    lines = [f"▪ {clause_tap(benefit.clause, edition)} {benefit.title}"]
    quotes = deciding_quotes(result)
    if quotes:
        lines.append("对上的条文：" + "".join(f"“{quote}”" for quote in quotes))
    if outcome := outcome_in_words(result):
        lines.append(outcome)
    if benefit.instrument in INSTRUMENTS:
        lines.append(f"支持方式：{INSTRUMENTS[benefit.instrument]}")
    if rival:
        lines.append(rival)
    if benefit.conditions_text:
        lines.append("还须审核：" + "；".join(benefit.conditions_text))
    if result.caveat:
        lines.append(result.caveat)
    lines += [open_line(window, edition.today) for window in edition.open_for(benefit.clause)]
    return "\n".join(lines)


def deciding_quotes(result: Result) -> list[str]:
    """Return the clause's words that the told facts meet, first those of specific facts."""
    met = [
        (one.fact in GENERIC, reason.quote)
        for one, reason in zip(result.benefit.comparisons, result.why, strict=True)
        if reason.met and not is_territory(one)
    ]
    quotes = dict.fromkeys(quote for _, quote in sorted(met, key=lambda each: each[0]))
    return [
        quote if len(quote) <= _LONGEST_QUOTE else f"{quote[:_LONGEST_QUOTE]}…"
        for quote in list(quotes)[:_QUOTED]
    ]


def told_in_words(told: ToldFacts, facts: Facts, rough: Collection[str] = ()) -> str:
    """Return the told facts in one line, the first ones by name. The numbers of `rough` facts are approximate."""
    ordered = sorted(told, key=facts.order.__getitem__)
    said = [_short(fact, told, facts, is_rough=fact in rough) for fact in ordered[:_FACTS_NAMED]]
    more = f"等{len(ordered)}项" if len(ordered) > _FACTS_NAMED else ""
    return "、".join(said) + more


def _short(fact: str, told: ToldFacts, facts: Facts, *, is_rough: bool) -> str:
    known = facts.by_id[fact]
    value = told[fact]
    if value is True:
        return known.label
    if fact in {"org_kind", "place", "tracks"}:
        return in_words(known, value)
    return fact_line(known, value, is_rough=is_rough)


def stopped_line(stopped: Iterable[StoppedBenefit], edition: Edition) -> str:
    """Say in one line which benefits a changed clause has taken out of answers; "" if there are none."""
    published = [one.benefit for one in stopped if edition.index.policy(one.benefit.clause) is not None]
    if not published:
        return ""
    more = f"等{len(published)}项" if len(published) > _MOST_STOPPED else ""
    named = "、".join(f"{clause_tap(one.clause, edition)}“{one.title}”" for one in published[:_MOST_STOPPED])
    return f"{named}{more}：条文有修改，条件和金额正在核对，暂不测算，请以条文为准。"


def clause_tap(clause_id: int, edition: Edition) -> str:
    """Return a clause's name. A tap on it shows the clause."""
    return tap(clause_name(clause_id, edition))


def clause_name(clause_id: int, edition: Edition) -> str:
    """第22条."""
    return edition.index.library.name_of(clause_id)


def _names(results: Iterable[Result], edition: Edition) -> list[str]:
    names = {result.benefit.clause: result.benefit.title for result in results}
    return [f"{clause_tap(clause, edition)}{title}" for clause, title in names.items()]


def _waits(result: Result, facts: Facts, edition: Edition) -> str:
    waits_for = "；".join(facts.by_id[fact].label for fact in result.missing)
    amount = sum_in_words(result)
    would = f"；若符合，{amount}" if amount else ""
    return f"▪ {clause_tap(result.benefit.clause, edition)} {result.benefit.title}：还要看 {waits_for}{would}"


def _most_first(edition: Edition) -> Callable[[Result], tuple[bool, int, int]]:
    def key(result: Result) -> tuple[bool, int, int]:
        most = result.sum.most_cny if result.sum else 0
        return not edition.open_for(result.benefit.clause), -most, result.benefit.clause

    return key


def _rivals(likely: Sequence[Result]) -> dict[str, str]:
    """Return a sentence for each benefit that cannot be combined with another one of the list."""
    said: dict[str, str] = {}
    for group in alternatives(likely):
        for result in group if len(group) > 1 else ():
            others = "、".join(f"“{other.benefit.title}”" for other in group if other is not result)
            said[result.benefit.id] = f"与{others}只能选一项，金额不能相加"
    return said
