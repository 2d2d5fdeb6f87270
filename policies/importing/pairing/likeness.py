"""How alike two clauses are, and which are worth comparing. Pure.

Texts are compared by their characteristic pairs of characters: what many clauses say weighs little, figures nothing. An index
of the pairs finds for a clause the few others that may be like it, so that two editions of 20,000 clauses are compared in
seconds.
"""

import heapq
import math
import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from policies.importing.clause_parts.citations import lead_end
from policies.importing.clause_parts.responsible import responsible_end
from policies.library.folding import folded

_SHARED = re.compile(r"[\W\d_]+")
_VISITS = 2000
"""Entries of the index that are read for one clause, those of its rarest pairs first."""
_INDEXED = 100
"""Pairs of a clause that stand in the index, its heaviest."""
_CANDIDATES = 12
"""Clauses that one clause is compared with in full."""

Grams = Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """A clause as its pairs of characters.

    Attributes:
        core: what it says, without the words about its basis and its departments.
        counts: how often it has each pair.
        weighted: the weighted counts, as a vector of length 1; {} for a text without words.
    """

    core: str
    counts: Counter[str]
    weighted: Grams


def fingerprints(texts: Sequence[str], others: Iterable[str]) -> list[Fingerprint]:
    """Return the fingerprints of texts; how rare a pair is, is counted over them and the others."""
    cores = [_core(text) for text in texts]
    counted = [_pairs(core) for core in cores]
    rarity = _rarity([*counted, *(_pairs(_core(text)) for text in others)])
    return [
        Fingerprint(core, counts, _weighted(counts, rarity))
        for core, counts in zip(cores, counted, strict=True)
    ]


def cosine(one: Fingerprint, other: Fingerprint) -> float:
    """Return how similar two clauses are: 0 not at all, 1 the same pairs."""
    return sum(
        weight * other.weighted[pair] for pair, weight in one.weighted.items() if pair in other.weighted
    )


def share_inside(part: Counter[str], whole: Counter[str]) -> float:
    """Return the share of a text's pairs that another text has too."""
    return (part & whole).total() / part.total() if part.total() else 0.0


class LikenessIndex:
    """An index over some clauses."""

    def __init__(self, known: Mapping[int, Fingerprint]) -> None:
        self._entries: defaultdict[str, list[int]] = defaultdict(list)
        for at, one in known.items():
            for pair in heapq.nlargest(_INDEXED, one.weighted, key=one.weighted.__getitem__):
                self._entries[pair].append(at)

    def to(self, one: Fingerprint) -> Collection[int]:
        """Return the clauses that may be like this one, at most a dozen."""
        found: defaultdict[int, float] = defaultdict(float)
        visits = 0
        known = (pair for pair in one.weighted if pair in self._entries)
        for pair in sorted(known, key=lambda pair: len(self._entries[pair])):
            entries = self._entries[pair]
            visits += len(entries)
            if visits > _VISITS and found:
                break
            for at in entries:
                found[at] += one.weighted[pair]
        return sorted(found, key=lambda at: -found[at])[:_CANDIDATES]


def _core(text: str) -> str:
    end, start = responsible_end(text), lead_end(text)
    return text[start:end] if start < end else text


def _pairs(core: str) -> Counter[str]:
    words = _SHARED.sub("", folded(core))
    return Counter(words[at : at + 2] for at in range(len(words) - 1))


def _rarity(counted: Sequence[Counter[str]]) -> Grams:
    """Return the rarer a pair of characters, the heavier."""
    having: Counter[str] = Counter()
    for counts in counted:
        having.update(counts.keys())
    return {pair: math.log(1 + len(counted) / count) for pair, count in having.items()}


def _weighted(counts: Counter[str], rarity: Grams) -> Grams:
    weights = {pair: count * rarity[pair] for pair, count in counts.items()}
    length = math.sqrt(sum(weight**2 for weight in weights.values()))
    return {pair: weight / length for pair, weight in weights.items()} if length else {}
