"""Reads facts from free text: 我们在本区做环保设备，高企，今年买了3000万设备. Pure.

Each fact that is read keeps the words that told it, so that a person can correct what was misread. A fact is read
only if words of the text tell it. Nothing is inferred from other facts.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from policies.company_facts.reading.assertions import Assertions
from policies.company_facts.reading.words import NO_FACT, FactWords, NumberWords, ValueWords
from policies.matching.asking import GENERIC
from policies.matching.conditions import Value
from policies.matching.facts import CompanyFact, Facts
from policies.numbers.typed import Number, counts_in, money_in
from policies.search.words.pattern_sieve import sieve_of

_SENTENCE = re.compile(r"[^。！？!?；;\n]+")
_PART = re.compile(r"[，,、](?!\d{3})")
"""Ends a part of a sentence: a noun before it says nothing of a sum behind it, unless it is a fact's."""
_DENIED_WITHIN = re.compile("没|未(?!来)")
"""Words of a yes that say no: 大赛没拿奖."""
_FARTHEST = 14
"""Characters between a number and the words that say what it is."""
_FAR = 40
"""Characters between a number and its words, if only one fact can be meant."""
_NO_FACT = 4
"""How much farther away the words of a sum without a fact count: 贷款一千万是设备更新贷款."""
_A_COMMA = 3
"""Characters that a comma between them counts for."""
_AFTER = 2
"""Words after a number count as farther away than words before it."""


@dataclass(frozen=True, slots=True)
class StatedAmount:
    """A sum in a text, and what it is of.

    Attributes:
        noun: the words that say what it is.
        words: the noun and the sum, as the text has them.
        fact: the fact; `NO_FACT` if no fact is meant (营收3000万元).
    """

    noun: str
    words: str
    fact: str


@dataclass(frozen=True, slots=True)
class StatedFacts:
    """Facts read from a text.

    Attributes:
        facts: values by fact id, as `Facts.read` gives them.
        words: the words of the text that told each.
        amounts: the numbers beside a noun, facts or not.
        rough: the facts whose number is approximate (三千来万).
        unsure: ids of facts that the text mentions without a clear value (高企认定, without a year).
    """

    facts: dict[str, Value] = field(default_factory=dict)
    words: dict[str, str] = field(default_factory=dict)
    amounts: list[StatedAmount] = field(default_factory=list)
    rough: set[str] = field(default_factory=set)
    unsure: list[str] = field(default_factory=list)

    def aside(self) -> list[str]:
        """Sums that are no fact, in the text's words."""
        return [amount.words for amount in self.amounts if amount.fact == NO_FACT]


class FactReader:
    """Reads texts into facts."""

    def __init__(self, facts: Facts, words: FactWords, this_year: Callable[[], int]) -> None:
        self._facts = facts
        self._words = words
        self._asserts = Assertions(words)
        self._this_year = this_year
        self._denied_rows = (*words.amounts, *words.counts)
        self._values_in = sieve_of(tuple(row.pattern for row in words.values))
        self._denied_in = sieve_of(tuple(row.pattern for row in self._denied_rows))

    def read(self, text: str) -> StatedFacts:
        """Return the facts that a text tells.

        Args:
            text: in simplified characters and lower case (`policies.search.words.normalise`).
        """
        told, year = StatedFacts(), self._this_year()
        for place in self._values_in.may_match(text):  # of hundreds of rows, a text has words of two or three
            self._read_value(self._words.values[place], text, year, told)
        for sentence in _SENTENCE.finditer(text):
            self._read_numbers(text, sentence.span(), told)
        self._read_nothings(text, told)
        return told

    def _read_value(self, row: ValueWords, text: str, year: int, told: StatedFacts) -> None:
        fact = self._facts.by_id[row.fact]
        if fact.type != "multi" and row.fact in told.facts:
            return
        places = tuple(row.pattern.finditer(text))
        if not places or not row.is_about(text) or row.is_barred(text):
            return
        for found in places:
            value = self._value_at(row, text, found, year)
            is_event = row.is_event(text, *found.span()) and self._words.years.search(text) is None
            if value == row.value and is_event:
                told.unsure.append(row.fact)
                return
            if value is not None:
                _tell(told, fact, value, found[0])
                return

    def _value_at(self, row: ValueWords, text: str, found: re.Match[str], year: int) -> Value | None:
        """Return what the words of a row tell at one place of a text; None for nothing."""
        start, end = found.span()
        behind = row.fact not in GENERIC  # 公司没有评过: the company is not denied
        if row.is_covered(text, start, end) or self._asserts.is_open(text, start, end, behind=behind):
            return None
        if row.this_year and self._asserts.is_of_another_year(text, start, end, year):
            return None
        within = row.value is True and _DENIED_WITHIN.search(found[0]) is not None
        if not (within or self._asserts.is_denied(text, start, end, behind=behind)):
            return row.value
        fact = self._facts.by_id[row.fact]
        return () if fact.type == "multi" and row.value is None else _denied(fact)

    def _read_numbers(self, text: str, span: tuple[int, int], told: StatedFacts) -> None:
        sentence = text[span[0] : span[1]]
        counts = list(counts_in(sentence, self._words.units))
        sums = [one for one in money_in(sentence) if not any(_is_part_of(one, count) for count in counts)]
        counts = [one for one in counts if not any(_overlap(one, sum_) for sum_ in sums)]
        self._assign(text, sentence, sums, self._words.amounts_and_others, told)
        self._assign(text, sentence, counts, self._words.counts, told)

    def _assign(
        self,
        text: str,
        sentence: str,
        numbers: Sequence[Number],
        rows: Sequence[NumberWords],
        told: StatedFacts,
    ) -> None:
        """Give each number to the fact whose words stand nearest, the nearest pair first.

        A number too far from all goes to the only fact that the sentence has words of, if there is just one.
        """
        near = sorted(
            (distance, order, place, word.span())
            for order, row in enumerate(rows)
            if numbers and row.is_about(text)
            for place, number in enumerate(numbers)
            if not row.units or number.unit in row.units
            for distance, word in _distances(row, sentence, numbers, place)
        )
        given: set[int] = set()
        for distance, order, place, (begins, ends) in near:
            if (
                distance <= _FARTHEST
                and place not in given
                and self._give(sentence, numbers[place], rows[order].fact, (begins, ends), told)
            ):
                given.add(place)
        for place in set(range(len(numbers))) - given:
            far = [one for one in near if one[2] == place and rows[one[1]].fact not in {NO_FACT, *told.facts}]
            if far and far[0][0] <= _FAR and len({rows[order].fact for _, order, *_ in far}) == 1:
                self._give(sentence, numbers[place], rows[far[0][1]].fact, far[0][3], told)

    def _give(
        self, sentence: str, number: Number, fact: str, word: tuple[int, int], told: StatedFacts
    ) -> bool:
        """Tell a number as a fact, or as a sum without a fact. Return False if it can be neither."""
        if fact in told.facts:
            return False
        words = sentence[min(word[0], number.start) : max(word[1], number.end)]
        amount = StatedAmount(sentence[word[0] : word[1]], words, fact)
        if fact == NO_FACT:
            if _PART.search(words) is None:
                told.amounts.append(amount)
                return True
            return False
        if self._asserts.is_of_another_year(sentence, number.start, number.end, self._this_year()):
            return True  # 去年投了800万 is no sum of this year
        value = self._facts.by_id[fact].read(number.value)
        if not isinstance(value, int | Decimal):
            return False
        told.amounts.append(amount)
        told.facts[fact], told.words[fact] = value, sentence[number.start : number.end]
        if number.is_rough:
            told.rough.add(fact)
        return True

    def _read_nothings(self, text: str, told: StatedFacts) -> None:
        """Sums and counts that are denied (没有设备更新贷款) are 0."""
        words = [
            (word.end() - word.start(), word.span(), row.fact)
            for row in map(self._denied_rows.__getitem__, self._denied_in.may_match(text))
            if row.is_about(text)
            for word in row.pattern.finditer(text)
        ]
        taken: list[tuple[int, int]] = []
        for _, (start, end), fact in sorted(words, key=lambda one: -one[0]):
            if any(start < until and begin < end for begin, until in taken):
                continue
            taken.append((start, end))
            is_told = fact not in told.facts and not self._asserts.is_open(text, start, end)
            if is_told and self._asserts.is_denied(text, start, end):
                told.facts[fact], told.words[fact] = 0, text[start:end]


def _denied(fact: CompanyFact) -> Value | None:
    """Return what a denied value tells: no; or the option 没有 if there is one; or nothing, for one option among several."""
    if fact.type == "bool":
        return False
    return "none" if fact.type == "choice" and "none" in fact.option_ids else None


def _tell(told: StatedFacts, fact: CompanyFact, value: Value, words: str) -> None:
    if fact.type == "multi":
        earlier = told.facts.get(fact.id, ())
        new = value if isinstance(value, tuple) else (str(value),)
        value = (*earlier, *new) if isinstance(earlier, tuple) else new
    told.facts[fact.id] = value
    told.words[fact.id] = words if fact.id not in told.words else f"{told.words[fact.id]}、{words}"


def _distances(
    row: NumberWords, sentence: str, numbers: Sequence[Number], place: int
) -> Iterator[tuple[int, re.Match[str]]]:
    """Yield how far each of a row's words is from a number. Another number between them stops the search."""
    number = numbers[place]
    begins = numbers[place - 1].end if place else 0
    ends = numbers[place + 1].start if place + 1 < len(numbers) else len(sentence)
    for word in row.pattern.finditer(sentence, begins, ends):
        if row.is_barred(_part_with(sentence, number, word)):
            continue
        other = 0 if row.fact else _NO_FACT
        if word.end() <= number.start:
            yield _far(sentence[word.end() : number.start]) + other, word
        elif word.start() >= number.end:
            yield _far(sentence[number.end : word.start()]) + _AFTER + other, word
        else:
            yield other, word


def _overlap(one: Number, other: Number) -> bool:
    return one.start < other.end and other.start < one.end


def _is_part_of(sum_: Number, count: Number) -> bool:
    """Whether what looks like a sum goes on as a count: 2万方."""
    return _overlap(sum_, count) and count.end > sum_.end


def _part_with(sentence: str, number: Number, word: re.Match[str]) -> str:
    """Return the part of a sentence that holds a number and the words beside it."""
    starts, ends = min(number.start, word.start()), max(number.end, word.end())
    begin = max((one.end() for one in _PART.finditer(sentence, 0, starts)), default=0)
    end = _PART.search(sentence, ends)
    return sentence[begin : end.start() if end else len(sentence)]


def _far(between: str) -> int:
    return len(between) + _A_COMMA * sum(character in "，,、" for character in between)
