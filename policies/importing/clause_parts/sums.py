"""Proposes the sums of a clause by rule, each with its quote. A person completes what no rule can tell. Pure.

Within one sentence: shares are joined with the caps that follow them, a sum for each unit (每吨…) with the cap
that follows it; what stands between 至 is a range; a list (50万元、30万元) keeps the kind of its first sum.
"""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from policies.importing.clause_parts.citations import lead_end
from policies.library.amounts.how_stated import NO_CAP, TO
from policies.library.amounts.support import INSTALMENT, sums_in
from policies.library.models import Amount, AmountKind
from policies.numbers.printed import Money, PrintedShare, money_in, shares_in

_SENTENCE = re.compile(r"[^。；;]+")
_MARKS = "，,；;。：:"
_CAP = re.compile(r"(?:最高|不超过|上限|至多|封顶)[^，,、；;。\d]{0,8}\Z")
_CAP_PER = re.compile(
    r"((?:政策实施期内)?(?:单个|每个?|每家)[^，,、；;。最高给予奖]{1,10})(?:给予|奖补|奖励|补贴|资助)*(?:最高|上限|不超过)"
)
_PER = re.compile(
    r"每(?!个?企业)([^，,、；;。]{1,24}?)(?:分别|各)?(?:一次性)?(?:给予|奖补|奖励|补贴|补助|资助)\s*\Z"
)
_EACH = re.compile(
    r"每((?:人|名|位|户|亩|吨|台|辆|套|件|间|床|场|平方米|课时)(?:每(?:个?月|年|季度|天|次))?)(?:一次性)?\s*\Z"
)
"""Right before a sum: 给予每人每月500元租房补贴."""
_POOL = re.compile(r"(?<![公总])共计?\s*\Z")
_LIST = re.compile(r"\s*、\s*")
_OF = re.compile(r"(?:按照|按|不超过|给予|补助)")
_OF_MORE = re.compile(r"(?:按照|按|或|、)")
_NO_SHARE_BEFORE = re.compile(r"(?:前|后|增长|超过|不低于|不少于|达到?)\s*\Z")
_NO_SHARE_AFTER = re.compile(r"\s*(?:以上|以下|以内|及以上)")
_CHOICE = re.compile(r"其一|任选|二选一|不可同时|不重复享受")
_ONLY_GIVES = re.compile(r"\s*(?:每年)?(?:分别)?(?:一次性)?(?:给予|给)(?:一次性)?(?:最高)?\s*")
_COUNTED = "个家项名"


@dataclass(slots=True)
class _Sum:
    """A sum in a sentence and how it is stated."""

    kind: AmountKind
    money: Money
    to: Money | None = None
    per: str = ""
    cap_per: str = ""

    @property
    def end(self) -> int:
        return (self.to or self.money).end


def amounts_in(text: str, conditions: Collection[tuple[int | None, float | None]] = ()) -> tuple[Amount, ...]:
    """Return the sums that a clause states, in the order of the text.

    Args:
        text: the clause.
        conditions: sums and rates that the heads of a table show to be conditions, each beside None.
    """
    found: list[Amount] = []
    basis = lead_end(text)
    begins = basis if "《" in text[:basis] else 0  # 按设备投资的8%给予补助 names no document
    for sentence in _SENTENCE.finditer(text, begins):
        found += _amounts_of_sentence(sentence[0])
    figures = set(conditions) - {(None, None)}
    return tuple(one for one in found if figures.isdisjoint({(one.highest_cny, None), (None, one.rate)}))


def _amounts_of_sentence(sentence: str) -> Iterator[Amount]:
    no_cap = NO_CAP.search(sentence)
    if no_cap:
        quote = _quote(sentence, no_cap.start(), no_cap.end())
        yield Amount(kind=AmountKind.UNCAPPED, quote=quote, who=_who(sentence, no_cap.start()))
    sums = _sums(sentence)
    instalments = {one.start for one in sums_in(sentence) if one.why_not == INSTALMENT}
    shares = [s for s in shares_in(sentence) if _is_rate(sentence, s) and s.start not in instalments]
    while shares:
        # Shares up to the next cap belong together, and so do the caps up to the next share.
        caps = [one for one in sums if one.kind is AmountKind.MAX and one.money.start > shares[0].start]
        first_cap = caps[0].money.start if caps else len(sentence)
        group = [share for share in shares if share.start < first_cap]
        shares = shares[len(group) :]
        until = shares[0].start if shares else len(sentence)
        caps = [cap for cap in caps if cap.money.start < until]
        yield from _rates(sentence, group, caps)
        sums = [one for one in sums if one not in caps]
    yield from _plain(sentence, sums)


def _rates(sentence: str, shares: list[PrintedShare], caps: list[_Sum]) -> Iterator[Amount]:
    quote = _quote(sentence, shares[0].start, caps[-1].end if caps else shares[-1].end)
    choice = quote if len(shares) > 1 and _CHOICE.search(sentence) else ""
    capped: list[_Sum | None] = [*caps] or [None]
    for at, share in enumerate(shares):
        before = shares[at - 1] if at else None
        base = _base_of(sentence, share, before)
        apart = before is not None and sentence[before.end] in "、，,"  # its own tier, not another base
        for cap in capped:
            where = cap.money.start if cap and len(caps) > 1 else share.start
            yield Amount(
                kind=AmountKind.RATE,
                quote=quote,
                who=_who(sentence, where, before.end if before and apart else 0),
                rate=share.rate,
                of=base,
                cap_cny=cap.money.cny if cap else None,
                cap_per=cap.cap_per if cap else "",
                choice=choice,
            )


def _plain(sentence: str, sums: list[_Sum]) -> Iterator[Amount]:
    for at, one in enumerate(sums):
        before = sums[at - 1] if at else None
        if one.kind is AmountKind.MAX and before and before.kind is AmountKind.PER_UNIT:
            continue  # the cap of the sum before
        after = sums[at + 1] if at + 1 < len(sums) else None
        cap = after if one.kind is AmountKind.PER_UNIT and after and after.kind is AmountKind.MAX else None
        start, end = _list_around(sentence, sums, at)
        behind = max((other.end for other in sums if other.end <= start), default=0)
        yield Amount(
            kind=one.kind,
            quote=_quote(sentence, start, cap.end if cap else end, behind),
            who=_who(sentence, start, behind),
            value_cny=None if one.kind in {AmountKind.MAX, AmountKind.RANGE} else one.money.cny,
            min_cny=one.money.cny if one.to else None,
            max_cny=one.to.cny if one.to else one.money.cny if one.kind is AmountKind.MAX else None,
            cap_cny=cap.money.cny if cap else None,
            cap_per=cap.cap_per if cap else one.cap_per,
            per=one.per,
        )


def _sums(sentence: str) -> list[_Sum]:
    found: list[_Sum] = []
    others = {(one.start, one.end) for one in sums_in(sentence) if one.why_not}
    money = [one for one in money_in(sentence) if (one.start, one.end) not in others]
    while money:
        one = money.pop(0)
        to = money.pop(0) if money and TO.fullmatch(sentence[one.end : money[0].start]) else None
        before = found[-1] if found else None
        if before and _LIST.fullmatch(sentence[before.end : one.start]) and not (to or before.to):
            found.append(_Sum(before.kind, one, per=before.per, cap_per=before.cap_per))
            continue
        left = sentence[before.end if before else 0 : one.start]
        per = _PER.search(left) or _EACH.search(left)
        kind = _kind(left, ranged=to is not None, per_unit=per is not None)
        cap_per = _CAP_PER.search(left) if kind is AmountKind.MAX else None
        unit = _unit(per[1]) if per else ""
        found.append(_Sum(kind, one, to, unit, cap_per[1].strip() if cap_per else ""))
    return found


def _kind(left: str, *, ranged: bool, per_unit: bool) -> AmountKind:
    if ranged:
        return AmountKind.RANGE
    if _CAP.search(left):
        return AmountKind.MAX
    if _POOL.search(left):
        return AmountKind.POOL
    return AmountKind.PER_UNIT if per_unit else AmountKind.FIXED


def _is_rate(sentence: str, share: PrintedShare) -> bool:
    outside = _NO_SHARE_BEFORE.search(sentence, 0, share.start)
    said_as_cap = sentence[: share.start].rstrip().endswith("不超过")
    return (
        0 < share.rate <= 1
        and (said_as_cap or not outside)
        and not _NO_SHARE_AFTER.match(sentence, share.end)
    )


def _base_of(sentence: str, share: PrintedShare, before: PrintedShare | None) -> str:
    """Return what a share is counted of: the words between 按照 (for a second share also 或) and the share."""
    start = before.end if before else 0
    phrase = sentence[start : share.start]
    triggers = list((_OF_MORE if before else _OF).finditer(phrase))
    base = phrase[triggers[-1].end() :] if triggers else phrase
    return base.strip().removeprefix("其").removesuffix("的").rstrip().strip("，,；;。：:")


def _list_around(sentence: str, sums: list[_Sum], at: int) -> tuple[int, int]:
    """From the first to the last sum of the list that one stands in (50万元、30万元)."""
    first = last = at
    while first and _LIST.fullmatch(sentence[sums[first - 1].end : sums[first].money.start]):
        first -= 1
    while last + 1 < len(sums) and _LIST.fullmatch(sentence[sums[last].end : sums[last + 1].money.start]):
        last += 1
    return sums[first].money.start, sums[last].end


def _quote(sentence: str, start: int, end: int, behind: int = 0) -> str:
    """Return the words around some figures, from the mark before to the mark after.

    Figures that end at `behind` belong to another sum; words that only give (给予50万元奖补) take along the phrase
    that says whom.
    """
    begins = max(sentence.rfind(mark, 0, start) for mark in _MARKS) + 1
    if _ONLY_GIVES.fullmatch(sentence[begins:start]) and begins > behind + 1:
        begins = max(sentence.rfind(mark, 0, begins - 1) for mark in _MARKS) + 1
    if begins < behind:
        begins = max(behind, sentence.find("、", behind, start) + 1)
    ends = min(
        (at for mark in _MARKS + "、（(" if (at := sentence.find(mark, end)) >= 0), default=len(sentence)
    )
    return sentence[begins:ends].strip()


def _who(sentence: str, start: int, behind: int = 0) -> str:
    """Return the words that say whom or what a sum is for: before it in the same phrase, or else in the phrase before."""
    phrases = re.split(rf"[{_MARKS}]", sentence[behind:start])
    for phrase in reversed(phrases[-2:]):
        words = re.sub(r"^(?:奖补|奖励|支持)?、|^(?:分别)?(?:对|给予|给)|^其中", "", phrase.strip())
        words = re.sub(r"(?:按照?|不超过|每|其中|共|给予|最高|上限|一次性)(?s:.*+)", "", words)
        words = re.sub(r"(?:的|分别|分档){1,6}\Z", "", words.strip())
        if len(words) > 1:
            return words
    return ""


def _unit(words: str) -> str:
    """Return the unit after 每, without a measure word (每个品种: 品种)."""
    words = re.sub(r"\s+", "", words)
    return words[1:] if len(words) > 1 and words[0] in _COUNTED else words
