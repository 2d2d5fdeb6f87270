"""The words by which people tell facts of a company, as data (`policies/data/fact_words.json`)."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from policies.library.data_files import read_data_file

FACT_WORDS_FILE = Path(__file__).parents[1] / "data" / "fact_words.json"


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
    """

    fact: str
    value: bool | int | str = True
    say: tuple[str, ...]
    with_: str = ""
    without: str = ""
    not_: str = ""

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


class _File(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    negations: tuple[str, ...]
    achieved: tuple[str, ...]
    values: tuple[ValueWords, ...]
    amounts: tuple[NumberWords, ...]
    counts: tuple[NumberWords, ...]


@dataclass(frozen=True)
class FactWords:
    """All words. `negations` deny what follows, also after a word of `achieved` (没有评上).

    Of one fact's values the first row that matches counts.
    """

    negations: tuple[str, ...]
    achieved: tuple[str, ...]
    values: tuple[ValueWords, ...]
    amounts: tuple[NumberWords, ...]
    counts: tuple[NumberWords, ...]

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


def load_words(path: Path = FACT_WORDS_FILE) -> FactWords:
    """Read the words.

    Raises:
        policies.library.data_files.DataFileError: the file can't be used.
    """
    file = read_data_file(path, _File)
    return FactWords(file.negations, file.achieved, file.values, file.amounts, file.counts)
