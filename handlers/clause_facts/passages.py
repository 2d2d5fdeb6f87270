"""Finds the passages of a clause that speak of a named thing: 省级, 鱿鱼, 首次. Verbatim, never put together. Pure."""

import re
from collections.abc import Sequence
from functools import lru_cache

from handlers.clause_facts.calculation import per_cents_named, sums_named
from policies.library.amounts.amount_words import quotes_of
from policies.library.models import Policy
from policies.search.words.normalise import compact

SENTENCES = re.compile(r"[^。；;]+[。；;]?")
"""The sentences of a clause, each with its mark."""
PIECES = re.compile(r"[^，,。；;]+")
"""What stands between two marks of a clause."""
_GIVES = re.compile(r"给予|支持|奖|补|减|免|贴息")
_WORD = re.compile(r"[a-z0-9+%]+|[^\Wa-z0-9_]+")
_FIGURES = re.compile(
    r"[\d.]+(?:多|余)?(?:个|百|千)?(?:亿|万|元|块|吨|亩|%)*|"
    r"(?<![一二两三四五六七八九十百千])[一二两三四五六七八九十百千]++个?(?:亿|万元?|百万|千万)"
)
_DENIES = re.compile(r"(?:不是|不算|算不上|没有|没评上|没|未|非|不属于|不在)[^，,。；;\s]{0,5}$")
_DENIED = re.compile(r"(?:没有?|未|非|不是|不在|不属于|无)(?P<what>.{2,8})")
_PRINTED = (
    (re.compile(r"^(?:我们?|咱们?|我司|我公司|公司|企业)(?:是|属于|算)"), ""),
    (re.compile(r"还是|或者|要么|抑或"), " "),
    (re.compile(r"第一次|头一[次回]|头[次回]|初次"), "首次"),
    (re.compile(r"别的|别处的?|外面的|另外的"), "其他"),
    (re.compile(r"第二次|又一次|重新认定"), "再次"),
    (re.compile(r"招(?:进来|进|到|来)"), "招收"),
    (re.compile(r"外省市?|外市(?!场)"), "其他省市"),
)
"""What people say, and what documents print for it. A choice (一次性还是每年) asks for either."""
_FIRST = 3
_NO = ("未", "非", "没", "不", "无", "没有", "未入", "不在")
_LEVEL = re.compile(
    r"(?P<level>[省市区县]|国家|全国)(?:里|级|的|那|呢|种|个|家|档|批|认定|评|上|定|颁|发|给){0,4}"
)
_OF_LEVEL = {
    level: re.compile(
        level
        if len(level) > 1
        else rf"(?:^|(?<=[^\u4e00-\u9fff])|(?<=[和与及或对给的])){level}|{level}(?=级|重点|里)"
    )
    for level in ("省", "市", "区", "县", "国家", "全国")
}
_SHORTEST, _LONGEST_PIECE = 2, 12
_KIND = re.compile(r"企业|公司|单位")
_MOST = 3


def passages(policy: Policy, named: str, asked: str = "") -> tuple[str, ...]:
    """Find the sentences of the clause that hold the named words, in their order; () if there are none.

    Args:
        policy: the clause.
        named: the words somebody names now (省级的).
        asked: the last question. It chooses among sentences that hold the words equally well.
    """
    words = _words(named)
    if level := level_of(named):
        of_level = _of_level(policy, level, asked)
        if of_level or not words:
            return of_level
    if _pairs("".join(words)).isdisjoint(_pairs_of(policy.text)):  # nearly all messages of another matter
        return ()
    sentences = _sentences(policy.text)
    scored = [sum(held(word, plain) for word in words) for _, plain in sentences]
    best = max(scored, default=0.0)
    if best <= 0 or best < len(words) / 2:
        return ()
    chosen = [sentences[at] for at, score in enumerate(scored) if score == best]
    return _nearest(chosen, _words(asked))


def level_of(named: str) -> str:
    """Return the level of government that words name (市级, 省里的); "" if there is none, or something else is named too."""
    found = _LEVEL.fullmatch(compact(named))
    return found["level"] if found is not None else ""


def of_that_level(level: str, who: str) -> bool:
    """Whether a receiver is of a level. 省级保种单位 and 省重点实验室 are; the name of a province is not."""
    return _OF_LEVEL[level].search(who) is not None


def _pairs(plain: str) -> frozenset[str]:
    """Return the pairs of neighbouring characters. A passage that holds a word shares at least one of its pairs."""
    return frozenset(plain[at : at + _SHORTEST] for at in range(len(plain) - _SHORTEST + 1))


@lru_cache(maxsize=1_000)
def _pairs_of(text: str) -> frozenset[str]:
    return _pairs(compact(text).lower())


@lru_cache(maxsize=1_000)
def _sentences(text: str) -> tuple[tuple[str, str], ...]:
    """Return each sentence of a clause as printed, and in the form for comparing."""
    return tuple((sentence.strip(), compact(sentence).lower()) for sentence in SENTENCES.findall(text))


def _of_level(policy: Policy, level: str, asked: str) -> tuple[str, ...]:
    """Find the sentences that state sums of a level: 省 finds 省级保种单位 and 省重点实验室, not the name of a province."""
    quotes = quotes_of(policy, (one for one in policy.amounts if _OF_LEVEL[level].search(one.who)))
    words = _words(asked)
    best = max((sum(held(word, quote) for word in words) for quote in quotes), default=0.0)
    return tuple(quote for quote in quotes if sum(held(word, quote) for word in words) == best)[:_MOST]


_LEVELS_NAMED = re.compile(r"(?P<level>国家|省|市|区|县)(?:级|里|一级|这级|那级|层|档)")


_LEVEL_ASKED = re.compile(
    r"(?P<level>国家|省|市|区|县)(?:级|里|一级|这级|那级|层|档)?(?:评|认定?|批|发|给|颁|定|选)?(?:上|出来)?(?:的|下来的)"
)
_OF_A_LEVEL = _LEVEL_ASKED.pattern.replace("?P<level>", "?:")
_COUNTS = r"(?:也|才|就|都)?(?:能?算数?|给|行|可以|能|作数|够|中)"
_MUST_BE = rf"(?:还是|是不是)?(?:得|要|必须|非得?|只能|只认)(?:是|要|有)?{_OF_A_LEVEL}(?:{_COUNTS})?"
_ENDS = r"(?:不算|不行|吗|么|不|嘛|呢|啊)?"
_ASKS_LEVEL = re.compile(
    # 市里评的算吗，还是得国家的
    rf"(?:那|只有|如果|要是|我们?|咱)*{_OF_A_LEVEL}{_COUNTS}{_ENDS}(?:{_MUST_BE}{_ENDS})?|"
    # 必须是国家的吗
    rf"{_MUST_BE}{_ENDS}"
)


def levels_asked(text: str) -> tuple[str, ...]:
    """Return the levels of government of which a message asks whether they count (市里评的算吗，还是得国家的); () for others."""
    plain = compact(text)
    if _ASKS_LEVEL.fullmatch(plain) is None:
        return ()
    return tuple(dict.fromkeys(found["level"] for found in _LEVEL_ASKED.finditer(plain)))


def of_levels(policy: Policy, levels: Sequence[str], asked: str) -> tuple[str, ...]:
    """Return the passages that state sums of any of these levels; of several, those that share most with the last question."""
    return tuple(dict.fromkeys(quote for level in levels for quote in _of_level(policy, level, asked)))[
        :_MOST
    ]


def of_levels_named(policy: Policy, text: str) -> tuple[str, ...]:
    """Find the sentences that state sums of the levels named in a longer message (我们评的是市里的)."""
    levels = dict.fromkeys(found["level"] for found in _LEVELS_NAMED.finditer(compact(text)))
    return tuple(dict.fromkeys(quote for level in levels for quote in _of_level(policy, level, "")))[:_MOST]


def holds_all(policy: Policy, named: str) -> bool:
    """Whether one sentence of a clause holds every word of the named thing."""
    words = _words(named)
    return bool(words) and any(
        all(held(word, plain) == 1 for word in words) for _, plain in _sentences(policy.text)
    )


def stated(policy: Policy) -> tuple[str, ...]:
    """Return the passages of the clause that state its sums, each once."""
    return quotes_of(policy)


def first_stated(policy: Policy) -> tuple[str, ...]:
    """Return the first of these passages, for an answer that has more to say."""
    return stated(policy)[:_FIRST]


def of_case(policy: Policy, case: str) -> tuple[str, tuple[str, ...]]:
    """Return what the clause states for the case that the writer told before (瞪羚), with its name: the sums, or the text.

    Args:
        policy: the clause.
        case: what they said of it, the newest line first.

    Returns:
        "" and () if the clause distinguishes nothing that was told.
    """
    all_quotes = stated(policy)
    for line in case.lower().split("\n"):
        names = [
            name
            for name in policy.keywords
            if name in policy.text and name.lower() in line and not _is_denied(name.lower(), line)
        ]
        for name in sorted(names, key=len, reverse=True):
            quotes = quotes_of(
                policy,
                (one for one in policy.amounts if name in f"{one.who}{one.what}{one.of}{one.quote}"),
            )
            if quotes and len(quotes) < len(all_quotes):
                return name, quotes
            pieces = tuple(
                piece for piece in PIECES.findall(policy.text) if name in piece and _GIVES.search(piece)
            )
            if not quotes and pieces and name not in policy.title:
                return name, pieces[:_MOST]
    return "", ()


def _is_denied(name: str, line: str) -> bool:
    """Whether the writer says that a name is not theirs (不算国家级智能工厂)."""
    return _DENIES.search(line[: line.find(name)]) is not None


def quotes_of_figure(policy: Policy, text: str) -> tuple[str, ...]:
    """Find the passages that state a sum or a share which the text names (150万是一家给还是大家分, 12%哪里写的)."""
    named, shares = sums_named(text), per_cents_named(text)
    if not (named or shares):  # nearly all messages
        return ()
    return quotes_of(
        policy,
        (
            one
            for one in policy.amounts
            if named.intersection((one.value_cny, one.min_cny, one.max_cny, one.cap_cny))
            or (one.rate is not None and round(one.rate * 100, 2) in shares)
        ),
    )


def lines_of(policy: Policy, named: str) -> tuple[str, ...]:
    """Return receiver and sum for each sum whose receiver is named (省级保种单位：40万元)."""
    words = _words(named)
    fitting = [
        amount
        for amount in policy.amounts
        if amount.who and words and all(held(word, compact(amount.who).lower()) == 1 for word in words)
    ]
    return tuple(
        f"{amount.who}：{_cny(amount.value_cny or amount.max_cny or 0)}"
        for amount in fitting
        if (amount.value_cny or amount.max_cny) and not amount.per
    )


def _nearest(sentences: Sequence[tuple[str, str]], words: Sequence[str]) -> tuple[str, ...]:
    scored = [sum(held(word, plain) for word in words) for _, plain in sentences]
    best = max(scored, default=0.0)
    return tuple(text for (text, _), score in zip(sentences, scored, strict=True) if score == best)[:_MOST]


def _words(text: str) -> list[str]:
    plain = as_printed(_FIGURES.sub(" ", compact(text).lower()))
    return [word for word in _WORD.findall(plain) if len(word) >= _SHORTEST]


def as_printed(plain: str) -> str:
    """Return a compact text in the words that documents print (别的 becomes 其他)."""
    for said, printed in _PRINTED:
        plain = said.sub(printed, plain)
    return plain


def _is_affirmed(word: str, plain: str) -> bool:
    """Whether a word stands in a text at least once without a denial before it."""
    at = plain.find(word)
    while at >= 0:
        if at == 0 or plain[at - 1] not in "未非没":
            return True
        at = plain.find(word, at + 1)
    return False


def held(word: str, plain: str) -> float:
    """Return how much of a word a text holds, in pieces of at least two characters: 1 for all, 0 for less than half.

    没入库 is not in a text that says 入库. 不在海岛 is in a text that says 非海岛.
    """
    denied = _DENIED.match(word)
    if denied is not None:
        return float(any(f"{no}{denied['what']}" in plain for no in _NO))
    if word in plain and not _is_affirmed(word, plain):
        return 0.0  # 未入库 does not speak of 入库
    kind = _KIND.sub("", word)
    if word not in plain and len(kind) >= _SHORTEST:
        word = kind  # nearly every clause says 企业: of 企业年金 the other half counts
    held = at = 0
    while at <= len(word) - _SHORTEST:
        length = next(
            (
                n
                for n in range(min(len(word) - at, _LONGEST_PIECE), _SHORTEST - 1, -1)
                if word[at : at + n] in plain
            ),
            0,
        )
        held += length
        at += length or 1
    return held / len(word) if 2 * held >= len(word) else 0.0


def _cny(value: int) -> str:
    return f"{value / 10_000:g}万元" if value >= 10_000 else f"{value}元"
