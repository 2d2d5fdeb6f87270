"""Reads which tracks a text names: by number, name, alias, several at once, or misspelt."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol

from rapidfuzz import fuzz

_BETWEEN = re.compile(r"(?:[\s,，、;；/|和与及。．]|(?:还有|以及|另外|外加)(?:一?个)?)+")
_NUMBER = re.compile(r"\d{1,3}")
_RANGE = re.compile(r"(\d{1,3})\s*[-~—–至到]\s*(\d{1,3})")
_ALL = frozenset({"全部", "所有", "全都", "全选", "都要", "all"})
_TAILS = ("赛道", "产业", "行业", "领域")
_LOOKS_ALIKE = 66
_SOUNDS_ALIKE = 88
_MOST_NEAR = 4
_MOST_LOOKED_UP = 12
"""At most this many words of a text are compared with all names. Each comparison takes as long as a short answer."""
_LONGEST_TEXT = 300
"""Characters of a text that are read: twice the length of all tracks' names."""


class TrackLike(Protocol):
    """The attributes of a track that are used here. `subscriptions` may not import `policies`."""

    @property
    def id(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def aliases(self) -> tuple[str, ...]: ...


@dataclass(frozen=True, slots=True)
class Near:
    """A word that is not a track's name, and the ids of tracks that it resembles."""

    typed: str
    tracks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TrackReading:
    """The tracks that a text names.

    Attributes:
        tracks: ids of tracks that are named exactly, each once, in the order of the text.
        near: words that resemble a track's name; the bot asks back.
        unknown: words and numbers that are no track.
    """

    tracks: tuple[str, ...] = ()
    near: tuple[Near, ...] = ()
    unknown: tuple[str, ...] = ()


class TrackNames:
    """Reads names of tracks. Numbers are positions in the list, from 1.

    Args:
        tracks: in the order in which they are numbered.
    """

    def __init__(self, tracks: Iterable[TrackLike]) -> None:
        self.tracks = tuple(tracks)
        self._names = {track.id: track.name for track in self.tracks}
        self._exact: dict[str, str] = {}
        for track in self.tracks:
            for name in (track.id, track.name, *track.aliases):
                self._exact.setdefault(_folded(name), track.id)
        for track in self.tracks:  # a track's name has priority over another track's alias
            self._exact[_folded(track.name)] = track.id
        self._open = {
            alias: tuple(dict.fromkeys((track.id, *others)))
            for track in self.tracks
            for alias in map(_folded, track.aliases)
            if alias != _folded(track.name) and (others := self._begun_by(alias, track.id))
        }
        """Other names of a track with which the name of another begins (新能源): the bot asks back."""

    def _begun_by(self, alias: str, of: str) -> list[str]:
        return [
            other.id
            for other in self.tracks
            if other.id != of and (name := _folded(other.name)) != alias and name.startswith(alias)
        ]

    def name(self, track_id: str) -> str:
        """Return the track's name; its id if the track has been withdrawn."""
        return self._names.get(track_id, track_id)

    def exact(self, text: str) -> str | None:
        """Return the id of the track with this name, alias or id."""
        folded = _folded(text)
        found = self._exact.get(folded)
        for tail in _TAILS:
            if found is None and folded.endswith(tail):
                found = self._exact.get(folded.removesuffix(tail))
        return found

    def read(self, text: str, numbered: tuple[str, ...] | None = None) -> TrackReading:
        """Read all tracks in a text.

        Args:
            text: 养老服务, 1 3 5, 2-4, 芯片、AI, 全部 …
            numbered: ids in the order of the numbered list that the person saw; None: all tracks.
        """
        order = tuple(track.id for track in self.tracks) if numbered is None else numbered
        text = text[:_LONGEST_TEXT]
        if _folded(text) in _ALL:
            return TrackReading(order)
        whole = self.exact(text)
        if whole is not None and _folded(text) not in self._open:
            return TrackReading((whole,))
        found: list[str] = []
        near: list[Near] = []
        unknown: list[str] = []
        looked_up = 0
        for word in _words(text, len(order)):
            is_number = _NUMBER.fullmatch(word) is not None
            track_id = _place(word, order) if is_number else self.exact(word)
            if track_id is not None and _folded(word) not in self._open:
                found.append(track_id)
                continue
            looked_up += not is_number
            candidates = self._open.get(_folded(word), ())
            if not (candidates or is_number or looked_up > _MOST_LOOKED_UP):
                candidates = self.near(word)
            if candidates:
                near.append(Near(word, candidates))
            else:
                unknown.append(word)
        return TrackReading(tuple(dict.fromkeys(found)), tuple(near), tuple(unknown))

    def near(self, word: str) -> tuple[str, ...]:
        """Return ids of tracks whose name or alias looks or sounds like the word, best first."""
        folded = _folded(word)
        if len(folded) < 2 or len(folded) > 30:
            return ()
        scores: dict[str, float] = {}
        for name, track_id in self._exact.items():
            score = _likeness(folded, name)
            scores[track_id] = max(score, scores.get(track_id, 0))
        best = sorted((item for item in scores.items() if item[1]), key=lambda item: -item[1])
        return tuple(track_id for track_id, score in best[:_MOST_NEAR] if score >= best[0][1] - 15)


def _words(text: str, most: int) -> Iterable[str]:
    """Return the words of a text, each once. A range (2-4) becomes its numbers, up to `most`; a larger end is kept as unknown."""

    def spelled_out(match: re.Match[str]) -> str:
        first, last = int(match[1]), int(match[2])
        if first > last:
            return match[0]
        numbers = " ".join(map(str, range(first, min(last, most) + 1)))
        return f" {numbers} {last if last > most else ''} "

    plain = _RANGE.sub(spelled_out, unicodedata.normalize("NFKC", text)[:_LONGEST_TEXT])
    return dict.fromkeys(word for word in _BETWEEN.split(plain) if word)


def _place(number: str, order: tuple[str, ...]) -> str | None:
    place = int(number)
    return order[place - 1] if 1 <= place <= len(order) else None


def _folded(text: str) -> str:
    return re.sub(r"[\s·()（）]+", "", unicodedata.normalize("NFKC", text)).casefold()


def _likeness(word: str, name: str) -> float:
    """Return the likeness from 0 to 100. A name inside a longer word, and a word inside a longer name, count as alike."""
    if min(len(word), len(name)) >= 2 and (word in name or name in word):
        return 80 + 15 * min(len(word), len(name)) / max(len(word), len(name))
    looks = fuzz.ratio(word, name)
    sounds = fuzz.ratio(_pinyin(word), _pinyin(name)) if len(word) >= 2 and len(name) >= 2 else 0
    if sounds >= _SOUNDS_ALIKE or looks >= _LOOKS_ALIKE:
        return max(looks, sounds)
    return 0


@lru_cache(maxsize=4_096)
def _pinyin(text: str) -> str:
    # Half of the start of a process that reads a file of subscribers; whoever answers questions has loaded it.
    from pypinyin import lazy_pinyin  # noqa: PLC0415

    return " ".join(lazy_pinyin(text))
