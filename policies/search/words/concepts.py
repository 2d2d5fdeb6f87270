"""Synonyms at work: from the words of a question to the document's own words."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from policies.search.words.language import Synonyms
from policies.search.words.normalise import compact
from policies.search.words.vocabulary import Span

_NEXT = 0.8
"""How much a concept's further meanings count beside its first."""
_MEANT = 0.95
"""How much a word counts that is meant, beside one that is typed."""

Meaning = tuple[tuple[str, float], ...]
"""The document's words, each with how closely it is meant (0–1)."""


@dataclass(frozen=True, slots=True)
class Combination:
    """Words that together say what a concept means (借钱 + 旧机床)."""

    concept: int
    slots: tuple[frozenset[str], ...]


@dataclass(frozen=True, slots=True)
class Said:
    """A concept said by a combination: the words of its longest one, and of all of its combinations."""

    concept: int
    spans: tuple[Span, ...]
    beside: frozenset[Span] = frozenset()


class Concepts:
    """Every concept by the words and the combinations that say it."""

    def __init__(self, synonyms: Synonyms) -> None:
        self.meanings: list[Meaning] = []
        self._by_word: dict[str, list[int]] = {}
        self._combinations: list[Combination] = []
        classes = {name: frozenset(map(compact_lower, words)) for name, words in synonyms.classes.items()}
        for number, concept in enumerate(synonyms.concepts):
            meaning = [compact_lower(word) for word in concept.means]
            self.meanings.append(
                tuple((word, _MEANT if place == 0 else _MEANT * _NEXT) for place, word in enumerate(meaning))
            )
            for word in dict.fromkeys(map(compact_lower, concept.says)):
                self._by_word.setdefault(word, []).append(number)
            for slots in concept.when:
                self._combinations.append(
                    Combination(number, tuple(_resolved(alternatives, classes) for alternatives in slots))
                )
        self._whole = [(1 << len(combination.slots)) - 1 for combination in self._combinations]
        self._slots_of: dict[str, list[tuple[int, int]]] = {}
        for at, combination in enumerate(self._combinations):
            for slot, words in enumerate(combination.slots):
                for word in words:
                    self._slots_of.setdefault(word, []).append((at, slot))

    @property
    def says(self) -> Iterable[str]:
        """Words that say a concept by themselves."""
        return self._by_word

    @property
    def hints(self) -> Iterable[str]:
        """Words that say one only together with others."""
        return self._slots_of

    @property
    def means(self) -> Iterable[str]:
        """The document's words for all concepts."""
        return (word for meaning in self.meanings for word, _ in meaning)

    def of_word(self, word: str) -> Sequence[int]:
        """The concepts a word says."""
        return self._by_word.get(word, ())

    def combinations(self, found: Iterable[Span]) -> list[Said]:
        """The combinations that stand in a question; a concept is given once, by its longest one."""
        found = tuple(found)
        filled: dict[int, int] = {}  # of each combination touched, its slots with a word, as bits
        for span in found:
            for at, slot in self._slots_of.get(span.text, ()):
                filled[at] = filled.get(at, 0) | 1 << slot
        said: dict[int, Said] = {}
        for at, slots in filled.items():
            if slots != self._whole[at]:
                continue
            combination = self._combinations[at]
            spans = _apart([[span for span in found if span.text in words] for words in combination.slots])
            if spans:
                before = said.get(combination.concept, _UNSAID)
                longest = max(before.spans, spans, key=len)
                said[combination.concept] = Said(combination.concept, longest, before.beside.union(spans))
        return [each for each in said.values() if not _is_part(each, said.values())]


_UNSAID = Said(-1, ())


def _is_part(each: Said, said: Iterable[Said]) -> bool:
    """Whether all words of a combination belong to a longer one (没入 + 科小 + 检测 isn't 科小 + 检测)."""
    return any(len(other.spans) > len(each.spans) and set(each.spans) < set(other.spans) for other in said)


def compact_lower(word: str) -> str:
    """A word of the data as it stands in a normalised text."""
    return compact(word).lower()


def _resolved(alternatives: Iterable[str], classes: dict[str, frozenset[str]]) -> frozenset[str]:
    words: set[str] = set()
    for alternative in alternatives:
        words |= classes[alternative[1:]] if alternative.startswith("@") else {compact_lower(alternative)}
    return frozenset(words)


def _apart(slots: Sequence[Sequence[Span]], taken: tuple[Span, ...] = ()) -> tuple[Span, ...]:
    """One word for each slot, none of them overlapping; empty where there is no such choice."""
    if not slots:
        return taken
    for span in slots[0]:
        if all(span.end <= other.start or other.end <= span.start for other in taken):
            chosen = _apart(slots[1:], (*taken, span))
            if chosen:
                return chosen
    return ()
