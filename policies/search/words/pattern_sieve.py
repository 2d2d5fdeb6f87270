"""Finds by a text's characters which of many patterns it may match, before any pattern is run.

A reader of free text has hundreds of patterns. A message matches two or three of them. Each pattern needs some characters, as
电话(?:号码)? needs 电 and 话. A text without one of them is not searched for the pattern.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import lru_cache

_QUANTIFIER = re.compile(r"(?:(?P<none>[?*])|\+|\{(?P<least>\d*)(?:,\d*)?\})[?+]?")
_CLASS = re.compile(r"\[(?P<other>\^?)(?P<body>\]?(?:\\.|[^\]\\])*)\]", re.DOTALL)
_OPENING = re.compile(r"\((?:\?(?::|P<\w+>|>|<?=|(?P<not><?!)|(?P<strange>.)))?")
_KINDS_AND_PLACES = frozenset("dDwWsSbBAZnrtfv")
_STRANGE_ESCAPES = frozenset("0123456789xuUN")
_KEPT = 16
_RANKS = 3
"""Needs of one way that are looked at, the rarest first."""

Needs = frozenset[str]
"""Characters. A text must have at least one of them."""
Branch = tuple[Needs, ...]
"""One way to match a pattern, by all that it needs; () needs nothing."""
Branches = tuple[Branch, ...]
_NOTHING: Branches = ((),)


class PatternSieve:
    """The patterns of a list by the characters that they need."""

    def __init__(self, patterns: Sequence[re.Pattern[str]]) -> None:
        common = Counter("".join(pattern.pattern for pattern in patterns))
        # By way: the place of its pattern, and the bits of all ways of the patterns before it.
        self._pattern_of: list[tuple[int, int]] = []
        met: dict[str, list[int]] = {}
        lacking = [0] * _RANKS
        for place, pattern in enumerate(patterns):
            ways = needed(pattern)
            before = (1 << len(self._pattern_of)) - 1
            for way in ways:
                bit = 1 << len(self._pattern_of)
                self._pattern_of.append((place, before))
                rarest_first = sorted(way, key=lambda needs: _weight(needs, common))
                for rank in range(_RANKS):
                    if rank >= len(way):
                        lacking[rank] |= bit
                        continue
                    for character in rarest_first[rank]:
                        met.setdefault(character, [0] * _RANKS)[rank] |= bit
        # Sets of ways are bits of a number, those of all ranks side by side: many are joined for each text.
        self._size = len(self._pattern_of)
        self._each_way = (1 << self._size) - 1
        self._lacking = self._joined(lacking)
        """Ways that have fewer needs than this rank."""
        self._met = {character: self._joined(ranks) for character, ranks in met.items()}
        """By character: ways whose need of this rank it meets."""

    def _joined(self, ranks: Sequence[int]) -> int:
        return sum(ways << rank * self._size for rank, ways in enumerate(ranks))

    def may_match(self, text: str) -> list[int]:
        """Return the places in the list of the patterns that a text may match, ascending. It surely does not match the others."""
        met, met_by, size = self._lacking, self._met.get, self._size
        for character in set(text):
            met |= met_by(character, 0)
        left, places = met & self._each_way, []
        for rank in range(1, _RANKS):
            left &= met >> rank * size
        while left:  # the last pattern first: what is left then is a shorter number
            place, before = self._pattern_of[left.bit_length() - 1]
            places.append(place)
            left &= before
        places.reverse()
        return places


@lru_cache(_KEPT)
def sieve_of(patterns: tuple[re.Pattern[str], ...]) -> PatternSieve:
    """Return the sieve of these patterns. The same patterns give the same sieve, for example after a change of other rules."""
    return PatternSieve(patterns)


def needed(pattern: re.Pattern[str]) -> Branches:
    """Return the ways to match a pattern, each with its needs. A pattern that is not understood here has a way without needs."""
    if pattern.flags & (re.IGNORECASE | re.VERBOSE):
        return _NOTHING
    try:
        return _Source(pattern.pattern).alternatives()
    except _StrangeError:
        return _NOTHING


def _weight(needs: Needs, common: Counter[str]) -> int:
    return sum(1 + common[character] for character in needs)


def _any_of(ways: Branches) -> Needs:
    """Return one need that all of several ways share: each brings its smallest."""
    return frozenset[str]().union(*(min(way, key=len) for way in ways))


class _StrangeError(Exception):
    """The pattern has what is not understood here (a condition, a flag)."""


class _Source:
    """Walks over the source of a pattern from left to right."""

    def __init__(self, source: str) -> None:
        self._source = source
        self._at = 0

    def alternatives(self) -> Branches:
        """Return the ways up to the end of the group."""
        ways = self._sequence()
        while self._next() == "|":
            self._at += 1
            ways += self._sequence()
        if not all(ways):
            return _NOTHING
        return ((_any_of(ways),),) if all(len(way) == 1 for way in ways) else tuple(dict.fromkeys(ways))

    def _next(self) -> str:
        return self._source[self._at : self._at + 1]

    def _sequence(self) -> Branches:
        """Return the ways of the group in it that has most of them; every other group adds one need to each."""
        always: list[Needs] = []
        most: Branches = _NOTHING
        while self._next() not in {"", "|", ")"}:
            ways = self._item()
            if not self._is_required():
                continue
            most, fewer = (ways, most) if len(ways) > max(len(most), 1) else (most, ways)
            always += fewer[0] if len(fewer) == 1 else (_any_of(fewer),)
        return tuple(_plain((*always, *way)) for way in most)

    def _is_required(self) -> bool:
        """Whether the item before stands there at least once; goes behind what says so."""
        found = _QUANTIFIER.match(self._source, self._at)
        if found is None:
            return True
        self._at = found.end()
        return found["none"] is None and (found["least"] is None or int(found["least"] or 0) > 0)

    def _item(self) -> Branches:
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
            return _NOTHING if escaped in _KINDS_AND_PLACES else _one_of(escaped)
        return _NOTHING if character in ".^$" else _one_of(character)

    def _group(self) -> Branches:
        opening = _OPENING.match(self._source, self._at)
        if opening is None or opening["strange"]:
            raise _StrangeError
        self._at = opening.end()
        ways = self.alternatives()
        self._at += 1
        return _NOTHING if opening["not"] else ways

    def _class(self) -> Branches:
        found = _CLASS.match(self._source, self._at)
        if found is None:
            raise _StrangeError
        self._at = found.end()
        body = found["body"]
        return _NOTHING if found["other"] or "-" in body or "\\" in body else _one_of(body)


def _one_of(characters: str) -> Branches:
    return ((frozenset(characters),),)


def _plain(way: Iterable[Needs]) -> Branch:
    """Return a way without what it needs twice."""
    return tuple(dict.fromkeys(way))
