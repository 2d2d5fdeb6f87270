"""Pairs the clauses of two editions as a person would: first by their text, last by their numbers. Pure.

Equal texts are pairs. The rest is compared each with each by its characteristic pairs of characters (what many
clauses say weighs little, figures nothing), and the likeliest pairs are taken first, over the whole document.
"""

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from rapidfuzz import fuzz

from policies.importing.clause_parts.citations import lead_end
from policies.importing.clause_parts.responsible import responsible_end
from policies.importing.document.markers import markers_of
from policies.library.changes import folded

_LIKE = 0.5
"""Two texts at least so alike (0–1) are one clause, changed."""
_LIKE_IN_PLACE = 0.35
"""So alike under the same number in the same part."""
_PART = 0.75
"""A text whose pairs of characters stand to this share in another is a part of it."""
_WHOLE = 0.6
_SHARED = re.compile(r"[\W\d_]+")


class Kind(StrEnum):
    """What became of a clause."""

    UNCHANGED = "unchanged"
    MOVED = "moved"
    RENUMBERED = "renumbered"
    CHANGED = "changed"
    CHANGED_AND_MOVED = "changed+moved"
    NEW = "new"
    GONE = "gone"
    SPLIT = "split"
    JOINED = "joined"


@dataclass(frozen=True, slots=True)
class Placed:
    """A clause in an edition: its unique label, its part as printed, its text."""

    label: str
    section: str
    text: str


@dataclass(frozen=True, slots=True)
class Pair:
    """A clause before and now; one of the two is None for what is new or gone."""

    old: Placed | None
    new: Placed | None
    kind: Kind

    @property
    def in_place(self) -> bool:
        """Nothing changed, neither text nor number."""
        return self.kind is Kind.UNCHANGED


def pairs_of(before: Sequence[Placed], after: Sequence[Placed]) -> tuple[Pair, ...]:
    """Every clause of both editions, paired; in the order of the new edition, what is gone at its old place."""
    found = _equal(before, after)
    rest = _Likeness(
        [at for at in range(len(before)) if at not in set(found.values())],
        [at for at in range(len(after)) if at not in found],
        before,
        after,
    )
    found |= rest.matched()
    parts = _Parts(before, after, found)
    homes = _homes([(_title(before[old].section), _title(after[new].section)) for new, old in found.items()])
    pairs = [
        Pair(before[old], after[new], _kind(before[old], after[new], homes)) for new, old in found.items()
    ]
    pairs = [pair for pair in pairs if not parts.covers(pair)]
    pairs += parts.pairs()
    olds = {id(pair.old) for pair in pairs}
    news = {id(pair.new) for pair in pairs}
    pairs += [Pair(None, one, Kind.NEW) for one in after if id(one) not in news]
    pairs += [Pair(one, None, Kind.GONE) for one in before if id(one) not in olds]
    return tuple(sorted(pairs, key=lambda pair: _place(pair, before, after)))


def _place(pair: Pair, before: Sequence[Placed], after: Sequence[Placed]) -> tuple[float, int]:
    if pair.new is not None:
        at = next(at for at, one in enumerate(after) if one is pair.new)
        return at / max(1, len(after)), 1
    at = next(at for at, one in enumerate(before) if one is pair.old)
    return at / max(1, len(before)), 0


def _equal(before: Sequence[Placed], after: Sequence[Placed]) -> dict[int, int]:
    """New to old, where the words are the same; of several the one of the same number, else in order."""
    olds: dict[str, list[int]] = defaultdict(list)
    for at, one in enumerate(before):
        olds[_words(one.text)].append(at)
    found: dict[int, int] = {}
    for same_label in (True, False):
        for at, one in enumerate(after):
            waiting = olds[_words(one.text)]
            chosen = next((old for old in waiting if before[old].label == one.label or not same_label), None)
            if at not in found and chosen is not None:
                waiting.remove(chosen)
                found[at] = chosen
    return found


def _words(text: str) -> str:
    """A text without spaces and marks: equal for two printings."""
    return re.sub(r"\W+", "", folded(text))


class _Likeness:
    """The clauses without an equal one, each compared with each."""

    def __init__(
        self, olds: list[int], news: list[int], before: Sequence[Placed], after: Sequence[Placed]
    ) -> None:
        self._olds, self._news, self._before, self._after = olds, news, before, after

    def matched(self) -> dict[int, int]:
        """New to old, the likeliest pairs first."""
        weights = _weights([*self._before, *self._after])
        olds = {at: _grams(self._before[at].text) for at in self._olds}
        found: dict[int, int] = {}
        scored = []
        for new in self._news:
            grams = _grams(self._after[new].text)
            for old, others in olds.items():
                score = _score(grams, others, weights, self._before[old], self._after[new])
                if score:
                    scored.append((score, -abs(new - old), new, old))
        taken: set[int] = set()
        for _, _, new, old in sorted(scored, reverse=True):
            if new not in found and old not in taken:
                found[new] = old
                taken.add(old)
        return found


def _score(
    new: Counter[str], old: Counter[str], weights: dict[str, float], before: Placed, after: Placed
) -> float:
    """How alike two clauses are, 0 where they are two different ones."""
    alike = _cosine(new, old, weights)
    in_place = before.label == after.label and _title(before.section) == _title(after.section)
    if alike < (_LIKE_IN_PLACE if in_place else _LIKE):
        return 0.0
    whole = fuzz.ratio(_core(before.text), _core(after.text)) / 100
    return alike + whole + (0.1 if in_place else 0.0)


def _core(text: str) -> str:
    """What a clause says, without the words about its basis and its departments."""
    end = responsible_end(text)
    start = lead_end(text)
    return text[start:end] if start < end else text


def _grams(text: str) -> Counter[str]:
    words = _SHARED.sub("", folded(_core(text)))
    return Counter(words[at : at + 2] for at in range(len(words) - 1))


def _weights(clauses: Iterable[Placed]) -> dict[str, float]:
    """The rarer a pair of characters, the heavier."""
    counts: Counter[str] = Counter()
    total = 0
    for one in clauses:
        total += 1
        counts.update(set(_grams(one.text)))
    return {gram: math.log(1 + total / count) for gram, count in counts.items()}


def _cosine(one: Counter[str], other: Counter[str], weights: dict[str, float]) -> float:
    dot = sum(count * other[gram] * weights[gram] ** 2 for gram, count in one.items() if gram in other)
    sizes = [
        math.sqrt(sum((count * weights[gram]) ** 2 for gram, count in grams.items()))
        for grams in (one, other)
    ]
    return float(dot / (sizes[0] * sizes[1])) if all(sizes) else 0.0


class _Parts:
    """Clauses that became several, or several that became one."""

    def __init__(self, before: Sequence[Placed], after: Sequence[Placed], found: dict[int, int]) -> None:
        self._before, self._after, self._found = before, after, found
        self._pairs: list[Pair] = []
        self._split(Kind.SPLIT)
        self._split(Kind.JOINED)

    def pairs(self) -> list[Pair]:
        return self._pairs

    def covers(self, pair: Pair) -> bool:
        """The pair is told as a part of a larger change."""
        return any(one.old is pair.old and one.new is pair.new for one in self._pairs)

    def _split(self, kind: Kind) -> None:
        wholes, parts = (self._before, self._after) if kind is Kind.SPLIT else (self._after, self._before)
        pair_of = {old: new for new, old in self._found.items()} if kind is Kind.SPLIT else dict(self._found)
        partner = {part: whole for whole, part in pair_of.items()}
        free = [at for at in range(len(parts)) if at not in partner]
        if not free:
            return
        of_part = [_grams(one.text) for one in parts]
        for whole, one in enumerate(wholes):
            grams = _grams(one.text)
            mate = pair_of.get(whole)
            if mate is not None and _words(parts[mate].text) == _words(one.text):
                continue
            inside = [at for at in free if _share_inside(of_part[at], grams) >= _PART]
            if mate is not None and inside and _share_inside(of_part[mate], grams) >= _WHOLE:
                inside.append(mate)
            pieces = sum((of_part[at] for at in inside), Counter())
            if len(inside) >= 2 and _share_inside(grams, pieces) >= _WHOLE:
                for at in sorted(inside):
                    old, new = (one, parts[at]) if kind is Kind.SPLIT else (parts[at], one)
                    self._pairs.append(Pair(old, new, kind))
                free = [at for at in free if at not in inside]


def _share_inside(part: Counter[str], whole: Counter[str]) -> float:
    return (part & whole).total() / part.total() if part.total() else 0.0


def _homes(sections: Sequence[tuple[str, str]]) -> dict[str, str]:
    """New names of parts whose clauses for the most part stand together under a name that is new."""
    known = {old for old, _ in sections}
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for old, new in sections:
        counts[old][new] += 1
    homes = {}
    for old, found in counts.items():
        new, count = found.most_common(1)[0]
        if new not in known and count * 2 > found.total():
            homes[old] = new
    return homes


def _kind(old: Placed, new: Placed, homes: dict[str, str]) -> Kind:
    was, now = _title(old.section), _title(new.section)
    moved = now not in {was, homes.get(was)}
    if _words(old.text) != _words(new.text):
        return Kind.CHANGED_AND_MOVED if moved or old.label != new.label else Kind.CHANGED
    if moved:
        return Kind.MOVED
    return Kind.UNCHANGED if old.label == new.label else Kind.RENUMBERED


def _title(section: str) -> str:
    """The words of a part without its numbers: parts are renumbered too."""
    titles = []
    for heading in section.split(" / "):
        marks = markers_of(heading)
        titles.append(folded(marks[0].rest if marks else heading))
    return "/".join(titles)
