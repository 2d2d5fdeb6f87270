"""The words by which people tell facts of a company, as data (`library/fact_words.json`)."""

import re
from collections.abc import Mapping
from functools import cached_property
from typing import Any

from pydantic import BaseModel, ConfigDict

from policies.district.folder import rules_in
from policies.district.models import Part
from policies.district.rules import read_rules

_NOTHING = ("(?!)",)
"""A pattern of no word."""
NO_FACT = ""
"""The fact of a sum that is none."""


class _Row(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


class ValueWords(_Row):
    """Words that tell one value.

    Attributes:
        value: the fact's value, or one option of several.
        say: patterns, any of which tells it. Texts are compared in simplified characters and lower case.
        with_: a pattern that the text must have somewhere; "" for none.
        without: a pattern that the text must not have.
        not_: a pattern; words that it covers tell nothing.
        this_year: the value means the present year; with words of an earlier one (去年首次认定) it is not told.
    """

    fact: str
    value: bool | int | str = True
    say: tuple[str, ...]
    with_: str = ""
    without: str = ""
    not_: str = ""
    this_year: bool = False

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """All of `say` as one pattern."""
        return re.compile("|".join(self.say))


class NumberWords(_Row):
    """Words near a number that tell which fact it is.

    Attributes:
        near: patterns of those words.
        units: the units of a count; () for a sum of money.
    """

    fact: str
    near: tuple[str, ...]
    units: tuple[str, ...] = ()
    with_: str = ""
    without: str = ""

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """All of `near` as one pattern."""
        return re.compile("|".join(self.near))


class FactWords(_Row):
    """All words. `negations` deny what follows, also after a word of `achieved` (没有评上).

    Of one fact's values the first row that matches counts. `earlier` names years before the present one;
    `other_amounts` names sums that are no fact (营收, 利润), so that such a sum is not taken for one.
    """

    negations: tuple[str, ...]
    achieved: tuple[str, ...]
    values: tuple[ValueWords, ...]
    amounts: tuple[NumberWords, ...]
    counts: tuple[NumberWords, ...]
    earlier: tuple[str, ...] = ()
    other_amounts: tuple[str, ...] = ()

    @cached_property
    def amounts_and_others(self) -> tuple[NumberWords, ...]:
        """Rows of sums; the last, of the fact `NO_FACT`, takes the sums that are none."""
        others = NumberWords(fact=NO_FACT, near=self.other_amounts or _NOTHING)
        return (*self.amounts, others)

    @cached_property
    def earlier_before(self) -> re.Pattern[str]:
        """Matches where a word of an earlier year stands before what follows, in the same part of the sentence."""
        return re.compile(f"(?:{'|'.join(self.earlier or _NOTHING)})[^，,。；;、]{{0,8}}$")

    @cached_property
    def earlier_year(self) -> re.Pattern[str]:
        """The words of an earlier year."""
        return re.compile("|".join(self.earlier or _NOTHING))

    @cached_property
    def negated_before(self) -> re.Pattern[str]:
        """Matches where the words before a place deny what follows."""
        return re.compile(
            f"(?:{'|'.join(self.negations)})(?:有|是|被|能|过|再)?(?:{'|'.join(self.achieved)})?(?:什么|任何|一个|一家)?$"
        )

    @cached_property
    def units(self) -> Mapping[str, tuple[NumberWords, ...]]:
        """Rows of counts by unit."""
        names = dict.fromkeys(unit for row in self.counts for unit in row.units)
        return {unit: tuple(row for row in self.counts if unit in row.units) for unit in names}


def load_words(rules: Mapping[Part, Any] | None = None) -> FactWords:
    """Read the words; none where the library has none.

    Args:
        rules: the rules of an installation; None: those that come with the program.

    Raises:
        policies.library.data_files.DataFileError: they can't be used.
    """
    words = read_rules(rules_in() if rules is None else rules, Part.FACT_WORDS, FactWords)
    return words or FactWords(negations=_NOTHING, achieved=_NOTHING, values=(), amounts=(), counts=())
