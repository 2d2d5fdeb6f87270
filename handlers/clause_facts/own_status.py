"""Finds the clause's sums for the status that the writer states: 我们是市级, 不是牵头 只是参与, 刚评上国家双跨. Pure.

The statement is used only if it selects some of the clause's receivers and excludes others.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from handlers.clause_facts.passages import SENTENCES, as_printed, held, level_of, of_that_level
from handlers.framework.phrases import asks_outright
from policies.library.amounts.amount_words import in_words, quotes_of
from policies.library.models import Amount, Policy
from policies.search.words.normalise import compact
from policies.search.words.text_cache import cache_by_text

_LONGEST, _MOST_PARTS, _KEPT = 30, 3, 5_000
_SHORTEST, _LONGEST_NAME = 2, 14
_LONG_NAME, _MOST_OF = 5, 0.6
_PARTS = re.compile(r"[，,。；;！!～~\s]+")
_WHO = r"(?:我们?(?:公司|厂子?|单位|企业|这边|家|司|院|所|校)?|咱们?(?:公司|厂子?|单位|家)?|俺们?|本公司|公司|企业|单位)"
_IS = (
    r"(?:并|也|都|就|只|仅|才|还|又|其实|现在|目前|今年|去年|上个?月|刚刚?|新|已经?|被|是|属于|算|为|做|搞|当|走|按"
    r"|在|评上|拿到|拿下|获得|获评|获批|入选|通过|认定|评为|选上|批下来|评|批|拿|的|了)"
)
_NOT = r"(?:不是|不算|不属于|并非|没有?|非|不(?=牵|参|在))"
_DENIES = re.compile(rf"(?:那|可|但|{_WHO}|其实|现在|是)*+{_NOT}(?P<what>.+)")
_SAYS = re.compile(
    rf"(?:那么?|可|但是?|不过|其实|要是|如果|假如|说?错了|不对|哦|嗯)*+(?P<who>{_WHO})?(?P<is>{_IS}*)(?P<what>.+)"
)
_ENDS = re.compile(
    r"(?:"
    r"的?(?:那|这)(?:种|类|个|家|档)|单位|企业|公司|一方|方|"
    r"(?:刚|新)?(?:认定|评上?|批|定|给|颁|发)(?=的?$)|(?<=..)上|一?下|而已|罢了|的话|的|了|吧|"
    r"啊|呢|哈|呀|给多少钱?|能?拿多少钱?|有多少钱?|怎么算|多少钱?"
    r")"
    r"$"
)
_ASIDE = re.compile(r"(?:说|搞|弄|打)?错了|不对|哦|嗯|好的?|那|是|行")


@dataclass(frozen=True, slots=True)
class Standing:
    """What the writer says they are, and are not."""

    words: tuple[str, ...]
    denied: tuple[str, ...]


def _read(text: str) -> Standing | None:
    parts = [part for part in _PARTS.split(text.strip().lower()) if part and not _ASIDE.fullmatch(part)]
    if not 0 < len(parts) <= _MOST_PARTS or len(text) > _LONGEST:
        return None
    words, denied = list[str](), list[str]()
    for part in parts:
        if (said := _DENIES.fullmatch(part)) is not None:
            denied.append(_name(said["what"]))
        elif (said := _SAYS.fullmatch(part)) is not None and (said["who"] or said["is"]):
            words.append(_name(said["what"]))
        else:
            return None
    if asks_outright("".join((*words, *denied))) or not all(map(_is_name, (*words, *denied))):
        return None
    return Standing(tuple(words), tuple(denied))


read_standing: Callable[[str], Standing | None] = cache_by_text(_read, _KEPT)


def _name(what: str) -> str:
    """Return a name without the words around it: 市里认定的那种 becomes 市里."""
    plain, before = compact(what).removeprefix("在"), ""
    while before != plain:
        before = plain
        shorter = _ENDS.sub("", plain)
        plain = shorter if len(shorter) >= _SHORTEST or level_of(shorter) else plain
    return plain


def _is_name(name: str) -> bool:
    return len(name) <= _LONGEST_NAME and (len(name) >= _SHORTEST or bool(level_of(name)))


def meant_by(policy: Policy, text: str, asked: str = "") -> tuple[Amount, ...]:
    """Return the clause's sums for the status that the writer states; () if the status distinguishes no sums.

    Args:
        policy: the clause in focus.
        text: the message.
        asked: the last question. It chooses among receivers that fit equally well.
    """
    standing = read_standing(text)
    if standing is None:
        return ()
    who = [(one, compact(one.who).lower()) for one in policy.amounts if one.who]
    kept = [(one, name) for one, name in who if not any(_fits(word, name) for word in standing.denied)]
    if standing.words:
        words = [as_printed(word) for word in standing.words]
        kept = [(one, name) for one, name in kept if all(_fits(word, name) for word in words)] or [
            (one, name) for one, name in kept if _nearly_fit(words, name)
        ]
    if not kept or len(kept) == len(who):
        return ()
    if standing.words:
        return tuple(_nearest(kept, asked))
    denied = [one for one, _ in who if one not in [still for still, _ in kept]]
    return _beside(policy, denied, [one for one, _ in kept])


def _beside(policy: Policy, denied: Sequence[Amount], kept: Sequence[Amount]) -> tuple[Amount, ...]:
    """Return the sums in the same sentences as the denied ones; all remaining sums if the sentences hold no others."""
    sentences = [said for said in SENTENCES.findall(policy.text) if any(one.quote in said for one in denied)]
    beside = tuple(one for one in kept if any(one.quote in said for said in sentences))
    return beside or tuple(kept)


def level_not_told(policy: Policy, text: str) -> str:
    """Return the level that the writer states, if the clause distinguishes levels but not this one; "" otherwise."""
    standing = read_standing(text)
    level = level_of(standing.words[0]) if standing is not None and len(standing.words) == 1 else ""
    if not level or any(of_that_level(level, one.who) for one in policy.amounts):
        return ""
    told = any(
        of_that_level(other, one.who) for one in policy.amounts for other in ("国家", "省", "市", "区")
    )
    return standing.words[0] if told and standing is not None else ""


def _fits(word: str, who: str) -> bool:
    level = level_of(word)
    return of_that_level(level, who) if level else held(word, who) == 1


def _nearly_fit(words: Sequence[str], who: str) -> bool:
    """Whether a receiver has most of the writer's longer name (参与其他城市: 参与其他省市…), or of the words beside it."""
    is_named = any(len(word) >= _LONG_NAME or _fits(word, who) for word in words)
    return is_named and all(
        _fits(word, who) or (not level_of(word) and held(word, who) >= _MOST_OF) for word in words
    )


def _nearest(kept: Sequence[tuple[Amount, str]], asked: str) -> list[Amount]:
    words = [word for word in _PARTS.split(compact(asked).lower()) if len(word) >= _SHORTEST]
    scored = [sum(_shared(word, name) for word in words) for _, name in kept]
    best = max(scored)
    return [one for (one, _), score in zip(kept, scored, strict=True) if score == best]


def nearest_to(policy: Policy, question: str) -> tuple[Amount, ...]:
    """Return the clause's sums whose receivers share most with a question; all if no name shares three characters."""
    plain = compact(question).lower()
    shared = [_shared(plain, compact(one.who).lower()) for one in policy.amounts]
    best = max(shared, default=0)
    chosen = (one for one, count in zip(policy.amounts, shared, strict=True) if count == best)
    return tuple(chosen) if best > 1 else tuple(policy.amounts)


def _shared(asked: str, who: str) -> int:
    """Count the pairs of characters of a receiver that the question has."""
    return sum(who[at : at + _SHORTEST] in asked for at in range(len(who) - 1))


def lines_for(policy: Policy, amounts: Sequence[Amount]) -> list[str]:
    """Return the passages of some sums. If a passage states several sums, add the receiver with its own sum."""
    shared = {one.quote for one in policy.amounts if one not in amounts}
    told = [f"{one.who}：{in_words(one)}" for one in amounts if one.quote in shared]
    return [*(f"· {quote}" for quote in quotes_of(policy, amounts)), *told]
