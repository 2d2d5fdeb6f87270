"""The facts that people ask of a clause. The words that they use are in `facts.txt`, a section for each fact.

A pattern matches a compact text (no spaces or marks, lower case). `plain` words mean the fact only if nothing else is
said: 材料 alone asks for the materials, but 新材料怎么补 does not.
"""

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from policies.search.words.pattern_files import read_patterns


class Fact(StrEnum):
    """A fact of a clause. The values are names of groups in the pattern that finds them."""

    TIME = "time"
    FORCE = "force"
    VALIDITY = "validity"
    PAYOUT = "payout"
    PHONE = "phone"
    PLACE = "place"
    ENTRY = "entry"
    OFFICE = "office"
    LEAD = "lead"
    MATERIALS = "materials"
    STEPS = "steps"
    CONDITIONS = "conditions"
    FIT = "fit"
    BASIS = "basis"
    PAGE = "page"
    CHANGES = "changes"
    HOURS = "hours"
    TOGETHER = "together"
    AGAIN = "again"
    USE = "use"
    BRIEF = "brief"
    WHERE = "where"
    AMOUNT = "amount"
    WHOLE = "whole"


_DATES = (Fact.TIME, Fact.VALIDITY, Fact.FORCE, Fact.PAYOUT, Fact.HOURS)
BESIDE_TEXT = frozenset((*_DATES, Fact.PHONE, Fact.PLACE, Fact.ENTRY, Fact.OFFICE, Fact.LEAD, Fact.MATERIALS))
"""Facts beside the text (windows, guide, office). Asked with a subject, they are told without a search."""


@dataclass(frozen=True, slots=True)
class Wording:
    """The patterns of one fact. They are tried in their order."""

    fact: Fact
    patterns: tuple[str, ...]


WORDINGS: tuple[Wording, ...] = tuple(
    Wording(Fact(name), patterns)
    for name, patterns in read_patterns(Path(__file__).with_name("facts.txt")).items()
)
