"""Reads facts from free text: 我们在本区做环保设备，高企，今年买了3000万设备. Pure.

Each fact that is read keeps the words that told it, so that a person can correct what was misread. A fact is read
only where words of the text tell it; nothing is inferred from other facts.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from policies.company_facts.numbers import Number, counts_in, money_in
from policies.company_facts.words import NO_FACT, FactWords, NumberWords, ValueWords
from policies.matching.conditions import Value
from policies.matching.facts import Facts

_SENTENCE = re.compile(r"[^。！？!?；;\n]+")
_PART = re.compile(r"[，,、](?!\d{3})")
"""Ends a part of a sentence: a noun before it says nothing of a sum behind it, unless it is a fact's."""
_FARTHEST = 14
"""Characters between a number and the words that say what it is."""
_A_COMMA = 3
"""Characters that a comma between them counts for."""
_AFTER = 2
"""Words after a number count as farther away than words before it."""


@dataclass(frozen=True, slots=True)
class Amount:
    """A sum in a text, and what it is of.

    Attributes:
        noun: the words that say what it is.
        words: the noun and the sum, as the text has them.
        fact: the fact; `NO_FACT` where no fact is meant (营收3000万元).
    """

    noun: str
    words: str
    fact: str


@dataclass(frozen=True, slots=True)
class Told:
    """Facts read from a text.

    Attributes:
        facts: values by fact id, as `Facts.read` gives them.
        words: the words of the text that told each.
        amounts: the numbers beside a noun, facts or not.
    """

    facts: dict[str, Value] = field(default_factory=dict)
    words: dict[str, str] = field(default_factory=dict)
    amounts: list[Amount] = field(default_factory=list)

    def aside(self) -> list[str]:
        """Sums that are no fact, in the text's words."""
        return [amount.words for amount in self.amounts if amount.fact == NO_FACT]


class FactReader:
    """Reads texts into facts."""

    def __init__(self, facts: Facts, words: FactWords) -> None:
        self._facts = facts
        self._words = words

    def read(self, text: str) -> Told:
        """The facts that a text tells.

        Args:
            text: in simplified characters and lower case (`policies.search.words.normalise`).
        """
        told = Told()
        for row in self._words.values:
            self._read_value(row, text, told)
        taken: list[Number] = []
        for sentence in _SENTENCE.finditer(text):
            self._read_numbers(text, sentence.span(), told, taken)
        return told

    def _read_value(self, row: ValueWords, text: str, told: Told) -> None:
        fact = self._facts.by_id[row.fact]
        if fact.type != "multi" and row.fact in told.facts:
            return
        found = row.pattern.search(text)
        if found is None or not _is_about(row, text) or _is_covered(row, text, found):
            return
        if row.this_year and self._is_earlier(text, found):
            return
        value: Value | None = row.value
        if self._is_denied(text, found):
            value = _denied(fact.type, fact.option_ids)
        if value is None:
            return
        if fact.type == "multi":
            earlier = told.facts.get(row.fact, ())
            value = (*earlier, str(value)) if isinstance(earlier, tuple) else (str(value),)
        told.facts[row.fact] = value
        told.words[row.fact] = (
            found[0] if row.fact not in told.words else f"{told.words[row.fact]}、{found[0]}"
        )

    def _is_earlier(self, text: str, found: re.Match[str]) -> bool:
        if self._words.earlier_year.search(found[0]):
            return True
        return self._words.earlier_before.search(text, max(0, found.start() - 14), found.start()) is not None

    def _is_denied(self, text: str, found: re.Match[str]) -> bool:
        if self._words.negated_before.match(found[0][:2]):
            return False
        return self._words.negated_before.search(text, max(0, found.start() - 8), found.start()) is not None

    def _read_numbers(self, text: str, span: tuple[int, int], told: Told, taken: list[Number]) -> None:
        sentence = text[span[0] : span[1]]
        sums = list(money_in(sentence))
        self._assign(text, sentence, sums, self._words.amounts_and_others, told)
        counts = [
            number
            for number in counts_in(sentence, self._words.units)
            if not any(number.start < one.end and one.start < number.end for one in sums)
        ]
        self._assign(text, sentence, counts, self._words.counts, told)

    def _assign(
        self, text: str, sentence: str, numbers: Sequence[Number], rows: Sequence[NumberWords], told: Told
    ) -> None:
        """Give each number to the fact whose words stand nearest, the nearest pair first."""
        near = sorted(
            (distance, order, place, word.span())
            for order, row in enumerate(rows)
            if numbers and _is_about(row, text)
            for place, number in enumerate(numbers)
            if not row.units or number.unit in row.units
            for distance, word in _distances(row, sentence, numbers, place)
        )
        given: set[int] = set()
        for distance, order, place, (begins, ends) in near:
            fact = rows[order].fact
            if distance > _FARTHEST or place in given or fact in told.facts:
                continue
            number = numbers[place]
            words = sentence[min(begins, number.start) : max(ends, number.end)]
            amount = Amount(sentence[begins:ends], words, fact)
            if fact == NO_FACT:
                if _PART.search(words) is None:
                    given.add(place)
                    told.amounts.append(amount)
                continue
            value = self._facts.by_id[fact].read(numbers[place].value)
            if isinstance(value, int | Decimal):
                given.add(place)
                told.amounts.append(amount)
                told.facts[fact] = value
                told.words[fact] = sentence[number.start : number.end]


def _is_about(row: ValueWords | NumberWords, text: str) -> bool:
    return (not row.with_ or re.search(row.with_, text) is not None) and not (
        row.without and re.search(row.without, text)
    )


def _is_covered(row: ValueWords, text: str, found: re.Match[str]) -> bool:
    return bool(row.not_) and any(
        one.start() < found.end() and found.start() < one.end() for one in re.finditer(row.not_, text)
    )


def _denied(kind: str, options: frozenset[str]) -> Value | None:
    """What a denied value tells: no; the option 没有 where there is one; of one option among several, nothing."""
    if kind == "bool":
        return False
    return "none" if kind == "choice" and "none" in options else None


def _distances(
    row: NumberWords, sentence: str, numbers: Sequence[Number], place: int
) -> Iterator[tuple[int, re.Match[str]]]:
    """How far each of a row's words is from a number. Another number between them is a wall."""
    number = numbers[place]
    begins = numbers[place - 1].end if place else 0
    ends = numbers[place + 1].start if place + 1 < len(numbers) else len(sentence)
    for word in row.pattern.finditer(sentence, begins, ends):
        if word.end() <= number.start:
            yield _far(sentence[word.end() : number.start]), word
        elif word.start() >= number.end:
            yield _far(sentence[number.end : word.start()]) + _AFTER, word
        else:
            yield 0, word


def _far(between: str) -> int:
    return len(between) + _A_COMMA * sum(character in "，,、" for character in between)
