"""Every known word with its roles, and how a text is split into known words."""

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache, partial
from typing import NamedTuple

LONGEST_WORD = 24


class WordRole:
    """The roles of a word in a question, as bits; one word may have several.

    Plain integers: the operators of an IntFlag would take half of the time of an answer.
    """

    TERM = 1
    HINT = 2
    FRAME = 4
    GENERIC = 8
    ELSEWHERE = 16
    PLACE = 32
    FOREIGN = 64
    EVERYDAY = 128
    ENQUIRY = 256
    ASKING = 512
    TEXT = 1024


_SILENT = WordRole.FRAME | WordRole.GENERIC | WordRole.ENQUIRY
_TELLING = WordRole.TERM | WordRole.ELSEWHERE | WordRole.PLACE
IS_SILENT = tuple(bool(roles & _SILENT) and not roles & _TELLING for roles in range(2 * WordRole.TEXT))
"""By its roles, whether a word says nothing about the subject."""
_COVERS_KEPT = 128


class Span(NamedTuple):
    """A word found in a text; `roles` is 0 for what no word covers.

    A tuple, not a dataclass: an answer makes some thirty of them.
    """

    start: int
    text: str
    roles: int

    @property
    def end(self) -> int:
        return self.start + len(self.text)


_span = partial(tuple.__new__, Span)
"""A span of its fields as one tuple, in half the time that `Span(…)` takes."""


class Vocabulary:
    """Words and their roles. Finds every known word in a text, and the best split of a text into known words."""

    def __init__(self) -> None:
        self._roles: dict[str, int] = {}
        self._lengths: dict[str, tuple[int, ...]] = {}
        # A cache that held its owner would be a cycle: an index that is replaced would wait for the garbage collector.
        self._taken_apart = lru_cache(maxsize=_COVERS_KEPT)(partial(_take_apart, self._roles, self._lengths))

    def __contains__(self, word: str) -> bool:
        return word in self._roles

    def __len__(self) -> int:
        return len(self._roles)

    def words(self, role: int) -> Iterable[str]:
        """Return all words that have the role."""
        return (word for word, roles in self._roles.items() if roles & role)

    def add(self, words: Iterable[str], role: int) -> None:
        """Give words a role. They must be compact (see `normalise.compact`); words over `LONGEST_WORD` are left out."""
        for word in words:
            if not 0 < len(word) <= LONGEST_WORD:
                continue
            known = self._roles.get(word)
            self._roles[word] = (known or 0) | role
            if known is None:
                head = word[:2]
                lengths = self._lengths.get(head, ())
                if len(word) not in lengths:
                    self._lengths[head] = tuple(sorted((*lengths, len(word)), reverse=True))

    def roles(self, word: str) -> int:
        """Return the roles of a word; 0 if it is unknown."""
        return self._roles.get(word, 0)

    def find(self, text: str) -> list[Span]:
        """Return all words in a compact text, overlapping ones too; never a part of a Latin word or figure."""
        return _find(self._roles, self._lengths, text)

    def terms_in(self, text: str) -> set[str]:
        """Return the terms in a clause's text. Faster than `find`, because an index reads every text of the library."""
        roles, lengths = self._roles, self._lengths
        pieces = {
            text[start : start + length]
            for start in range(len(text) - 1)
            for length in lengths.get(text[start : start + 2], ())
        }
        return {
            piece
            for piece in pieces
            if roles.get(piece, 0) & WordRole.TERM
            and len(piece) > 1
            and (not piece.isascii() or _stands_somewhere(text, piece))
        }

    def take_apart(self, text: str) -> tuple[Sequence[Span], Sequence[Span]]:
        """All known words in a compact text, and its best split into known words (long ones are preferred).

        Parts of the split that no word covers are spans without a role. The last texts are cached, because one
        decision asks several times for the same text. Add all words before the first call.
        """
        return self._taken_apart(text)


def _take_apart(
    roles: Mapping[str, int], lengths: Mapping[str, Sequence[int]], text: str
) -> tuple[Sequence[Span], Sequence[Span]]:
    found = _find(roles, lengths, text)
    return found, _cover(text, found)


def _find(roles: Mapping[str, int], lengths: Mapping[str, Sequence[int]], text: str) -> list[Span]:
    found, size = [], len(text)
    role_of = roles.get
    for start, character in enumerate(text):
        if character in roles:
            found.append(_span((start, character, roles[character])))
        for length in lengths.get(text[start : start + 2], ()):
            if 1 < length <= size - start:
                word = text[start : start + length]
                role = role_of(word)
                if role is not None:
                    found.append(_span((start, word, role)))
    if _LATIN.search(text):
        return [span for span in found if _stands_alone(text, span.start, span.end)]
    return found


_VALUES = (0.0, 0.4, *(length**1.25 + 0.5 for length in range(2, LONGEST_WORD + 1)))


def _cover(text: str, found: Sequence[Span]) -> list[Span]:
    size, values = len(text), _VALUES
    best = [0.0] * (size + 1)
    choice: list[Span | None] = [None] * size
    at = len(found) - 1
    for start in range(size - 1, -1, -1):
        most, chosen = best[start + 1], None
        while at >= 0 and found[at][0] == start:
            span = found[at]
            _, word, span_roles = span
            length = len(word)
            value = best[start + length] + values[length] + _BONUS[span_roles]
            if value > most:
                most, chosen = value, span
            at -= 1
        best[start], choice[start] = most, chosen
    return _filled(text, choice)


def _bonus(roles: int) -> float:
    if roles & WordRole.TERM:
        return 0.3
    if roles & (WordRole.ELSEWHERE | WordRole.PLACE | WordRole.ENQUIRY):
        return 0.2
    return -0.35 if roles == WordRole.HINT else 0.0


_BONUS = tuple(map(_bonus, range(2 * WordRole.TEXT)))
_LATIN = re.compile(r"[a-zA-Z0-9]")


def _stands_alone(text: str, start: int, end: int) -> bool:
    """Whether a match doesn't cut a Latin word or a figure in two."""
    before, first = text[start - 1] if start else "", text[start]
    last, after = text[end - 1], text[end : end + 1]
    return not (_is_latin(first) and _is_latin(before)) and not (_is_latin(last) and _is_latin(after))


def _stands_somewhere(text: str, word: str) -> bool:
    """Whether one of the places of a word in a text doesn't cut a Latin word or a figure in two."""
    start = text.find(word)
    while start >= 0 and not _stands_alone(text, start, start + len(word)):
        start = text.find(word, start + 1)
    return start >= 0


def _is_latin(character: str) -> bool:
    return character.isascii() and character.isalnum()


def _filled(text: str, choice: list[Span | None]) -> list[Span]:
    spans, at, gap, size = [], 0, 0, len(text)
    while at < size:
        span = choice[at]
        if span is None:
            at += 1
            continue
        if gap < at:
            spans.append(_span((gap, text[gap:at], 0)))
        spans.append(span)
        at = gap = at + len(span[1])
    if gap < size:
        spans.append(_span((gap, text[gap:], 0)))
    return spans
