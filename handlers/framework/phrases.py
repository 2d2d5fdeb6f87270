"""Words around a command, and words that leave a dialogue. Pure.

A phrase is a pattern for a whole message without spaces and marks. The pattern need not repeat the courtesies around
it.
"""

import re
from functools import lru_cache
from pathlib import Path

from policies.search.reading.yes_no import ENDS_IN_NOT
from policies.search.words.everyday_words import everyday_words
from policies.search.words.normalise import compact
from policies.search.words.pattern_files import read_patterns

LONGEST = 24
"""Longest phrase in characters. A longer message asks something of its own."""
_SAID = read_patterns(Path(__file__).with_name("phrases.txt"))
"""Words around a command, and words that end what is under way, by their meaning."""
(_BEFORE,), (_AFTER,) = _SAID["before"], _SAID["after"]
_MARKS = re.compile(r"[^\w+%]|_")
_SAID_TWICE = re.compile(r"[啊哎唉诶哦噢]?([^\W\d]{2,8}?)\1{1,3}")


@lru_cache(maxsize=128)
def squeeze(text: str) -> str:
    """Return a message without spaces and marks, in lower case; "" if it is too long for a phrase.

    Repeated words (别转了别转了) stand once. The result is cached, because half a dozen readers ask for the same
    text.
    """
    if len(text) > 2 * LONGEST:
        return ""
    plain = _MARKS.sub("", text).casefold()
    if len(plain) > LONGEST:
        return ""
    twice = _SAID_TWICE.fullmatch(plain)
    return twice[1] if twice is not None else plain


POINTER = r"(?:刚才|刚刚|上面)?的?(?:这|那)(?:个|条|项)(?:政策|条款|补贴|项目)?|它"
"""A pattern for what points at something shown or told (这条政策, 它)."""


def whole(*patterns: str) -> re.Pattern[str]:
    """Return a pattern for whole squeezed messages that say one of these phrases, with courtesies around it."""
    return re.compile(rf"{_BEFORE}(?:{'|'.join(patterns)}){_AFTER}")


GIVES_UP_A_PERSON = _SAID["gives_up_a_person"]
"""Patterns that say that no person is wanted any more (人工撤掉, 不用叫人了)."""
_LEAVES = whole(*_SAID["leaves"])


def leaves(text: str) -> bool:
    """Whether a message ends what is under way: 算了, 不删了, 先不绑了, 不用人工了 我打通电话了 …"""
    pieces = [text] if text.isascii() else SEGMENT_ENDS.split(text)
    first, *others = [piece for piece in pieces if piece] or [""]
    if (
        len(others) > 1
        or len(text) > 2 * LONGEST
        or any(map(asks_outright, others))
        or any(_wishes(one) for one in others if not _gives_up(squeeze(one)))
    ):
        return False
    plain = squeeze(first)
    return bool(plain) and _LEAVES.fullmatch(plain) is not None


_CANCELS = whole(r"(?:都|全)?取消(?:掉|吧|了)?")


def cancels(text: str) -> bool:
    """Whether a message only says to cancel (取消吧). With a list on the screen, it may mean the listed things."""
    return _CANCELS.fullmatch(squeeze(text)) is not None


def _gives_up(plain: str) -> bool:
    return _PUTS_OFF.fullmatch(plain) is not None or _LEAVES.fullmatch(plain) is not None


def _wishes(text: str) -> bool:
    return _WISHES.search(text) is not None


_PUTS_OFF = whole(*_SAID["puts_off"])
SEGMENT_ENDS = re.compile(r"[，,。.！!；;～~\s]+")
"""Marks and spaces between the parts of a message."""
ITEM_ENDS = re.compile(r"[，,。.！!；;～~、\s]+")
"""The same, with the mark between items (海水淡化、人工智能)."""
_WISHES = re.compile(r"别|推|发|退|订|要|收|看|查|第|恢复|还原|回来|撤|[的我](?:还是|还)?留")
_OPENINGS = whole(*_SAID["openings"])
_PUTS_ASIDE = whole(*_SAID["puts_aside"])
"""Words that put something aside before a question (先不订阅，这个怎么申请)."""


def main_part(text: str) -> str:
    """Return a message without the courtesies and second thoughts before it (老师好 …, 对了 …, 诶等等 …)."""
    rest = text.strip()
    while not rest.isascii():
        found = SEGMENT_ENDS.search(rest)
        if found is None or not found.start() or not rest[found.end() :]:
            return rest
        first = squeeze(rest[: found.start()])
        puts_aside = _PUTS_ASIDE.fullmatch(first) is not None and asks_outright(rest[found.end() :])
        if not puts_aside and _OPENINGS.fullmatch(first) is None:
            return rest
        rest = rest[found.end() :]
    return rest


_OUTRIGHT = (
    r"[?？]|吗|呢|多少|怎么|如何|咋|什么|啥|哪|谁|几(?:个|号|天|月|万|点|次|年|回|家|批|成)|有没有|能不能|可不可以|是不是|为什么"
    rf"|how|what|when|where|{ENDS_IN_NOT}"
)
_ASKS_OUTRIGHT = re.compile(_OUTRIGHT)
_ASKS = re.compile(
    rf"{_OUTRIGHT}|补(?:贴|助|多)|奖(?:励|补|多)|条件|材料|电话|地址|流程|依据|截止|申报|申请|政策|第.{{1,3}}(?:条|个|部分)|贷款|税"
)
_ASKS_A_SUM = re.compile(r"几[百千万亿成]|[补奖贴](?:多少|几)|一[吨亩台艘米家]")
_A_CLAUSE = re.compile(
    r"(?:《[^《》]{1,60}+》)?+(?:第[^第条]{1,8}+条(?:之.)?|[（(][^（()）]{1,4}+[）)]|\d{1,4}+条)"
)
_BETWEEN_CLAUSES = re.compile(r"[、，,和与及\s]")
_LONGEST_NAMES = 200


def names_clauses(text: str) -> bool:
    """Whether a text holds only names of clauses: 第10条, 第三条和第五条, 《若干措施》（二）."""
    parts = list(filter(None, _BETWEEN_CLAUSES.split(text[:_LONGEST_NAMES])))
    return bool(parts) and all(_A_CLAUSE.fullmatch(part) for part in parts)


_MAKES_A_NOUN = frozenset("号费者量制率版户源期价数金单权方品额度账")
_LONGEST_WORD = 8


def goes_on_as_a_noun(rest: str) -> bool:
    """Whether what follows the word of a command makes a longer noun of it (号看了一堆 of 订阅号看了一堆).

    The segmenter decides: 数字经济 is a word of its own after 订阅, 数 is not.
    """
    if rest[:1] not in _MAKES_A_NOUN:  # nearly all
        return False
    return everyday_words(compact(rest[:_LONGEST_WORD]))[:1] == (rest[0],)


def asks_outright(text: str) -> bool:
    """Whether a message has the words of a question, not only names of subjects."""
    return _ASKS_OUTRIGHT.search(text) is not None


def asks_a_sum(text: str) -> bool:
    """Whether a message asks for a sum (鱿鱼一吨几百来着). No reminder and nothing else of the bot has one."""
    return _ASKS_A_SUM.search(text) is not None


def asks(text: str) -> bool:
    """Whether a message asks something. Then it does not answer the bot's question."""
    return _ASKS.search(text) is not None


_SUBJECT = re.compile(_SAID["subject"][0])


def main_subject(text: str) -> str:
    """Return the subject that a message names in passing (我搞养殖的, 还有用地那个); "" if the whole message is the subject."""
    plain = squeeze(text)
    found = _SUBJECT.fullmatch(plain) if plain else None
    return found["subject"] if found is not None and found["subject"] != plain else ""
