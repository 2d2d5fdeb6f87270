"""Which of many patterns a text may match, told by its characters before any pattern is run.

A reader of free text has hundreds of patterns, of which a message has two or three. Each pattern needs some character, as
电话(?:号码)? needs 电. A text without it is not searched for the pattern.
"""

import re
from collections import Counter
from collections.abc import Sequence

_QUANTIFIER = re.compile(r"(?:(?P<none>[?*])|\+|\{(?P<least>\d*)(?:,\d*)?\})[?+]?")
_CLASS = re.compile(r"\[(?P<other>\^?)(?P<body>\]?(?:\\.|[^\]\\])*)\]", re.DOTALL)
_OPENING = re.compile(r"\((?:\?(?::|P<\w+>|>|(?P<around><?[=!])|(?P<strange>.)))?")
_KINDS_AND_PLACES = frozenset("dDwWsSbBAZnrtfv")
_STRANGE_ESCAPES = frozenset("0123456789xuUN")

Needs = frozenset[str]
"""Characters of which every text that a pattern matches has at least one."""


class PatternSieve:
    """The patterns of a list by the characters that they need."""

    def __init__(self, patterns: Sequence[re.Pattern[str]]) -> None:
        common = Counter("".join(pattern.pattern for pattern in patterns))
        # sets of places as bits of a number: many are joined for each text
        self._always = 0
        self._by_character: dict[str, int] = {}
        for place, pattern in enumerate(patterns):
            needs = needed(pattern, common)
            if needs is None:
                self._always |= 1 << place
            for character in needs or ():
                self._by_character[character] = self._by_character.get(character, 0) | 1 << place

    def may_match(self, text: str) -> list[int]:
        """Places in the list of the patterns that a text may match, ascending. Every other one it surely does not match."""
        left, of_character = self._always, self._by_character.get
        for character in set(text):
            left |= of_character(character, 0)
        places = []
        while left:
            lowest = left & -left
            places.append(lowest.bit_length() - 1)
            left ^= lowest
        return places


def needed(pattern: re.Pattern[str], common: Counter[str] | None = None) -> Needs | None:
    """The characters that a pattern needs; None where it needs none, or what it needs is not understood.

    Args:
        pattern: any pattern.
        common: how common each character is; where a pattern needs several things, the rarest is told.
    """
    if pattern.flags & (re.IGNORECASE | re.VERBOSE):
        return None
    try:
        return _Source(pattern.pattern, common or Counter()).alternatives()
    except _StrangeError:
        return None


class _StrangeError(Exception):
    """The pattern has what is not understood here (a condition, a flag)."""


class _Source:
    """Walks over the source of a pattern from left to right."""

    def __init__(self, source: str, common: Counter[str]) -> None:
        self._source = source
        self._common = common
        self._at = 0

    def alternatives(self) -> Needs | None:
        """What is needed up to the end of the group: what one of the alternatives needs."""
        each = [self._sequence()]
        while self._next() == "|":
            self._at += 1
            each.append(self._sequence())
        needs = [one for one in each if one is not None]
        return frozenset[str]().union(*needs) if len(needs) == len(each) else None

    def _next(self) -> str:
        return self._source[self._at : self._at + 1]

    def _sequence(self) -> Needs | None:
        best: Needs | None = None
        while self._next() not in {"", "|", ")"}:
            needs = self._item()
            if self._is_required() and needs and (best is None or self._weight(needs) < self._weight(best)):
                best = needs
        return best

    def _weight(self, needs: Needs) -> int:
        return sum(1 + self._common[character] for character in needs)

    def _is_required(self) -> bool:
        """Whether the item before stands there at least once; goes behind what says so."""
        found = _QUANTIFIER.match(self._source, self._at)
        if found is None:
            return True
        self._at = found.end()
        return found["none"] is None and (found["least"] is None or int(found["least"] or 0) > 0)

    def _item(self) -> Needs | None:
        character = self._next()
        if character == "(":
            return self._group()
        if character == "[":
            return self._class()
        self._at += 1
        if character == "\\":
            escaped = self._next()
            if escaped in _STRANGE_ESCAPES:
                raise _StrangeError
            self._at += 1
            return None if escaped in _KINDS_AND_PLACES else frozenset(escaped)
        return None if character in ".^$" else frozenset(character)

    def _group(self) -> Needs | None:
        opening = _OPENING.match(self._source, self._at)
        if opening is None or opening["strange"]:
            raise _StrangeError
        self._at = opening.end()
        needs = self.alternatives()
        self._at += 1
        return None if opening["around"] else needs

    def _class(self) -> Needs | None:
        found = _CLASS.match(self._source, self._at)
        if found is None:
            raise _StrangeError
        self._at = found.end()
        body = found["body"]
        return None if found["other"] or "-" in body or "\\" in body else frozenset(body)
