"""The words that tell facts of a company, as data (`library/fact_words.json`)."""

import re
from collections.abc import Mapping
from functools import cached_property
from typing import Any

from pydantic import BaseModel, ConfigDict

from policies.district.folder import rules_in
from policies.district.models import DistrictPart
from policies.district.rules import read_rules

_NOTHING = ("(?!)",)
"""A pattern of no word."""
_YEAR = r"(?<![\d.])(?P<y>20\d\d|[12]\d)年(?!前|来|历史|经验|以|老|多|内|期|间)"
"""2023年 and 23年; 20年来 and 15年前 are no years."""
_ITEMS = r"(?:[^，,。；;、！？!?\n]{1,10}[、和或及]){0,2}"
NO_FACT = ""
"""The fact of a sum that tells no fact."""


class _Row(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


class _Conditional(_Row):
    """Words that count only in some texts.

    Attributes:
        with_: a pattern that the text must have somewhere; "" for none.
        without: a pattern that must not stand in the text (`ValueWords`), or in the part of the sentence that holds words
            and number (`NumberWords`).
    """

    with_: str = ""
    without: str = ""

    @cached_property
    def _wanted(self) -> re.Pattern[str]:
        return re.compile(self.with_)

    @cached_property
    def _unwanted(self) -> re.Pattern[str]:
        return re.compile(self.without or _NOTHING[0])

    def is_about(self, text: str) -> bool:
        """Whether a text has what it must have."""
        return self._wanted.search(text) is not None

    def is_barred(self, text: str) -> bool:
        """Whether a text, or the part of a sentence, has what it must not have."""
        return self._unwanted.search(text) is not None


class ValueWords(_Conditional):
    """Words that tell one value.

    Attributes:
        value: the fact's value, or one option of several; None: the words name the fact as a whole, so that only denied
            words tell something (没有人才称号).
        say: patterns, any of which tells it. Texts are compared in simplified characters and lower case.
        not_: a pattern; words that it covers tell nothing, other words of the row still may.
        this_year: the value means the present year; with another year (去年首次认定, 2023年评上) it is not told.
        undated: a pattern of words that tell an event; without a year (再加高企认定) which value is meant is to be asked.
    """

    fact: str
    value: bool | int | str | None = True
    say: tuple[str, ...]
    not_: str = ""
    this_year: bool = False
    undated: str = ""

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """All of `say` as one pattern."""
        return re.compile("|".join(self.say))

    @cached_property
    def _covering(self) -> re.Pattern[str]:
        return re.compile(self.not_ or _NOTHING[0])

    def is_covered(self, text: str, start: int, end: int) -> bool:
        """Whether `not_` covers the words at a place of a text."""
        return _covers(self._covering, text, start, end)

    @cached_property
    def _event(self) -> re.Pattern[str]:
        return re.compile(self.undated or _NOTHING[0])

    def is_event(self, text: str, start: int, end: int) -> bool:
        """Whether the words at a place of a text tell an event (`undated`)."""
        return _covers(self._event, text, start, end)


def _covers(pattern: re.Pattern[str], text: str, start: int, end: int) -> bool:
    return any(one.start() < end and start < one.end() for one in pattern.finditer(text))


class NumberWords(_Conditional):
    """Words near a number that tell which fact it is. Denied and without a number (没有贷款) they tell none.

    Attributes:
        near: patterns of those words.
        units: the units of a count; () for a sum of money.
    """

    fact: str
    near: tuple[str, ...]
    units: tuple[str, ...] = ()

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """All of `near` as one pattern."""
        return re.compile("|".join(self.near))


class FactWords(_Row):
    """All words. `negations` deny what follows, also after a word of `achieved` (没有评上).

    Of one fact's values the first row that matches counts. `earlier` names years before the present one, `present` the
    present one; `other_amounts` names sums that are no fact (营收, 利润), so that such a sum is not taken for one.
    """

    negations: tuple[str, ...]
    achieved: tuple[str, ...]
    values: tuple[ValueWords, ...]
    amounts: tuple[NumberWords, ...]
    counts: tuple[NumberWords, ...]
    earlier: tuple[str, ...] = ()
    present: tuple[str, ...] = ("今年", "本年")
    other_amounts: tuple[str, ...] = ()

    @cached_property
    def amounts_and_others(self) -> tuple[NumberWords, ...]:
        """Return the rows of sums. The last one, of the fact `NO_FACT`, takes the sums that tell no fact."""
        others = NumberWords(fact=NO_FACT, near=self.other_amounts or _NOTHING)
        return (*self.amounts, others)

    @cached_property
    def years(self) -> re.Pattern[str]:
        """Words of a year: an earlier one, the present one, or one in figures (`y`)."""
        earlier, present = ("|".join(words or _NOTHING) for words in (self.earlier, self.present))
        return re.compile(rf"(?<![比较])(?P<earlier>{earlier})|(?P<present>{present})|{_YEAR}")

    @cached_property
    def negated_before(self) -> re.Pattern[str]:
        """Return a pattern of words that deny what follows, perhaps with other items of a list between them."""
        return re.compile(
            f"(?:{'|'.join(self.negations)})(?:有|是|被|能|过|再|在)?(?:{'|'.join(self.achieved)})?(?:什么|任何|一个|一家|其他|其它|别的|过)?"
            f"{_ITEMS}$"
        )

    @cached_property
    def units(self) -> Mapping[str, tuple[NumberWords, ...]]:
        """Rows of counts by unit."""
        names = dict.fromkeys(unit for row in self.counts for unit in row.units)
        return {unit: tuple(row for row in self.counts if unit in row.units) for unit in names}


def load_words(rules: Mapping[DistrictPart, Any] | None = None) -> FactWords:
    """Read the words; no words if the library has none.

    Args:
        rules: the rules of an installation; None: those that come with the program.

    Raises:
        policies.library.data_files.DataFileError: they can't be used.
    """
    words = read_rules(rules_in() if rules is None else rules, DistrictPart.FACT_WORDS, FactWords)
    return words or FactWords(negations=_NOTHING, achieved=_NOTHING, values=(), amounts=(), counts=())
