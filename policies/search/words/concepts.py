"""Applies the synonyms: from the words of a question to the library's own words."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from policies.search.words.language import Synonyms
from policies.search.words.normalise import compact
from policies.search.words.vocabulary import Span

_NEXT = 0.8
"""How much the further words of a concept count, beside the first."""
_SAID_TOO = 0.25
"""How much a concept's word counts if the document itself uses one of the words that people say."""
_MEANT = 0.95
"""How much a word counts that is only meant, beside one that is typed."""

Meaning = tuple[tuple[str, float], ...]
"""The library's words, each with how closely it is meant (0–1)."""


@dataclass(frozen=True, slots=True)
class Combination:
    """Words that together say what a concept means (借钱 + 旧机床)."""

    concept: int
    slots: tuple[frozenset[str], ...]


@dataclass(frozen=True, slots=True)
class Said:
    """A concept that combinations of a question say.

    Attributes:
        spans: the words of the longest combination.
        beside: the words of all its combinations.
    """

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
            meaning = {
                compact_lower(word): _MEANT if place == 0 else _MEANT * _NEXT
                for place, word in enumerate(concept.means)
            }
            for word in map(compact_lower, concept.says):
                meaning.setdefault(word, _MEANT * _SAID_TOO)
            self.meanings.append(tuple(meaning.items()))
            for word in dict.fromkeys(map(compact_lower, concept.says)):
                self._by_word.setdefault(word, []).append(number)
            for slots in concept.when:
                self._combinations.append(
                    Combination(number, tuple(_resolved(alternatives, classes) for alternatives in slots))
                )
        self._whole = [(1 << len(combination.slots)) - 1 for combination in self._combinations]
        self._meaning_of: dict[str, Meaning] = {}
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
    def words(self) -> Iterable[str]:
        """Words that say a concept by themselves, and the library's words for one."""
        return (*self.says, *self.means)

    @property
    def hints(self) -> Iterable[str]:
        """Words that say one only together with others."""
        return self._slots_of

    @property
    def means(self) -> Iterable[str]:
        """The library's words for all concepts."""
        return (word for meaning in self.meanings for word, _ in meaning)

    def forget_words(self, is_known: Callable[[str], bool]) -> None:
        """Leave out of every meaning the words that stand in no clause of the library."""
        self.meanings = [
            tuple((word, closeness) for word, closeness in meaning if is_known(word))
            for meaning in self.meanings
        ]
        self._meaning_of.clear()

    def meaning_of(self, word: str) -> Meaning:
        """Return a known word itself, and the library's words for the concepts that it says."""
        try:
            return self._meaning_of[word]
        except KeyError:
            of_concepts = (pair for concept in self.of_word(word) for pair in self.meanings[concept])
            meaning = self._meaning_of[word] = ((word, 1.0), *of_concepts)
            return meaning

    def of_word(self, word: str) -> Sequence[int]:
        """Return numbers of the concepts that a word says."""
        return self._by_word.get(word, ())

    def combinations(self, found: Iterable[Span]) -> list[Said]:
        """Return the concepts that combinations of a question say, each once with its longest combination."""
        found = tuple(found)
        filled: dict[
            int, int
        ] = {}  # by combination: a bit for each of its slots that a word of the question fills
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
    """Whether a longer combination has all words of this one (没入 + 科小 + 检测 says more than 科小 + 检测)."""
    return any(len(other.spans) > len(each.spans) and set(each.spans) < set(other.spans) for other in said)


def compact_lower(word: str) -> str:
    """Return a word of the data as it stands in a normalised text."""
    return compact(word).lower()


def _resolved(alternatives: Iterable[str], classes: dict[str, frozenset[str]]) -> frozenset[str]:
    words: set[str] = set()
    for alternative in alternatives:
        words |= classes[alternative[1:]] if alternative.startswith("@") else {compact_lower(alternative)}
    return frozenset(words)


def _apart(slots: Sequence[Sequence[Span]], taken: tuple[Span, ...] = ()) -> tuple[Span, ...]:
    """Return one word for each slot, without overlaps; () if that is not possible."""
    if not slots:
        return taken
    for span in slots[0]:
        if all(span.end <= other.start or other.end <= span.start for other in taken):
            chosen = _apart(slots[1:], (*taken, span))
            if chosen:
                return chosen
    return ()
