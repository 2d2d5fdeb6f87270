"""The parts of a request besides its subject: verbs, what is waited for, words of speech. Pure.

A request has its subject in one place, and everything else before or after it, in any order: 帮我盯着 + 海水淡化,
海水淡化 + 有动静 + 喊我. So the pieces are taken from both ends until the subject is left.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from policies.search.words.pattern_files import read_patterns
from policies.search.words.pattern_sieve import PatternSieve


class Piece(StrEnum):
    """What a piece of a request says. The values name the sections of `request_words.txt`, which holds the words.

    Attributes:
        WANT: to get reminders (盯着, 订阅, 提醒我).
        ASK_FOR: to get something. It is a reminder only if reminders are the topic (要, 来一个).
        TELL: to be told (告诉我, 发我). It is a reminder if something is waited for.
        NEWS: what is waited for (有动静, 快截止了).
        LATER: that it is waited for (以后).
        LEAVE: to get no more reminders (退订, 别盯了).
        DROP: to have no more of it. It means reminders if these are the topic (不要了, 取消).
        KEEP: to leave it as it is (留着).
        MESSAGES: that messages are meant (的通知). Then 要 requests reminders.
        SPEECH: nothing (帮我, 一下).
    """

    WANT = "want"
    ASK_FOR = "ask_for"
    TELL = "tell"
    NEWS = "news"
    LATER = "later"
    LEAVE = "leave"
    DROP = "drop"
    KEEP = "keep"
    MESSAGES = "messages"
    SPEECH = "speech"


PIECES: tuple[tuple[Piece, str], ...] = tuple(
    (Piece(name), "|".join(patterns))
    for name, patterns in read_patterns(Path(__file__).with_name("request_words.txt")).items()
)
"""If several match at one place, the first one counts."""
_HEAD = re.compile("|".join(f"(?P<{piece.name}>{pattern})" for piece, pattern in PIECES))
_TAILS = tuple((piece, re.compile(rf"(?:{pattern})$")) for piece, pattern in PIECES)
_TAILS_IN = PatternSieve([pattern for _, pattern in _TAILS])


_LONGEST_PIECE = 16
"""Characters of the longest piece."""


@dataclass(frozen=True, slots=True)
class Taken:
    """A message without its pieces: what is left of it, and what the pieces say."""

    subject: str
    pieces: frozenset[Piece]


def take_apart(plain: str, names: re.Pattern[str]) -> Taken:
    """Take the pieces from both ends of a squeezed message.

    Args:
        plain: the message, without spaces and marks.
        names: finds names of subjects. Nothing is taken from one (人工智能, 新材料).
    """
    pieces: list[Piece] = []
    first, last = _names_in(plain, names)
    at, end = 0, len(plain)
    while (head := _head(plain, at, first)) is not None:
        piece, at = head
        pieces.append(piece)
    tails = [_TAILS[place] for place in _TAILS_IN.may_match(plain)]
    while (found := _tail(plain, max(at, last), end, tails)) is not None:
        piece, end = found
        pieces.append(piece)
    return Taken(plain[at:end], frozenset(pieces))


def _names_in(plain: str, names: re.Pattern[str]) -> tuple[int, int]:
    """Return where the first name of a subject begins and where the last one ends; the whole text if there is none."""
    spans = [found.span() for found in names.finditer(plain)]
    return (spans[0][0], spans[-1][1]) if spans else (len(plain), 0)


def _head(plain: str, start: int, end: int) -> tuple[Piece, int] | None:
    """Return the piece that begins here and ends before another piece, and where it ends."""
    found = _HEAD.match(plain, start)
    if found is not None and found.end() > end:
        found = _HEAD.match(plain, start, end)
    return (Piece[found.lastgroup or ""], found.end()) if found is not None and found.end() > start else None


def _tail(
    plain: str, start: int, end: int, tails: Sequence[tuple[Piece, re.Pattern[str]]]
) -> tuple[Piece, int] | None:
    """Return the piece at the end of a part of a text, and where it begins."""
    for piece, pattern in tails:
        found = pattern.search(plain, max(start, end - _LONGEST_PIECE), end)
        if found is not None and found.start() < end:
            return piece, found.start()
    return None
