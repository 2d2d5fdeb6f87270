"""The benefits that clauses offer, as data: conditions over facts with the clause's words, and the rule of the sum."""

from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

from policies.district.folder import rules_in
from policies.district.models import DistrictPart
from policies.district.rules import read_rules
from policies.matching.conditions import COMPARE, AllOf, AnyOf, Condition, Term, comparisons
from policies.matching.sums import AnyRule

INSTRUMENTS: Mapping[str, str] = {
    "equity": "股权投资等方式，不是直接补助",
    "grant_or_equity": "财政奖补或股权投资方式，视情给予",
}
"""The words that must be said if the support is not a grant."""


class Benefit(BaseModel):
    """One thing that a clause offers.

    Attributes:
        id: the clause's number and a letter, e.g. `22a`.
        conditions: all of them must hold.
        conditions_text: words of the clause that no fact decides; they never change the verdict.
        excludes: benefits that can't be had beside this one; their sums are never added.
        general: support of a general kind; listed apart.
        draft: not complete yet; nobody is matched with it.
        reading: how words that the text leaves open were read, and why; for operators, not for companies.
        instrument: `equity`: the state takes a share instead of giving money, which has to be said; `grant_or_equity`:
            the clause leaves open which of the two.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    clause: int
    title: str
    conditions: tuple[Term, ...]
    conditions_text: tuple[str, ...] = ()
    sum: AnyRule | None = None
    excludes: tuple[str, ...] = ()
    general: bool = False
    draft: bool = False
    reading: str = ""
    instrument: Literal["grant", "equity", "grant_or_equity"] = "grant"

    @cached_property
    def comparisons(self) -> tuple[Condition, ...]:
        """Every comparison of its conditions, in their order."""
        return tuple(one for term in self.conditions for one in comparisons(term))

    @cached_property
    def plain(self) -> tuple[tuple[str, Callable[[Any, Any], bool], Any, bool], ...]:
        """Its conditions that are one comparison: fact, how it is compared, with what, whether it may be open."""
        return tuple(
            (term.fact, COMPARE[term.op], term.value, term.unknown_ok)
            for term in self.conditions
            if isinstance(term, Condition)
        )

    @cached_property
    def composed(self) -> tuple[AnyOf | AllOf, ...]:
        """Its other conditions."""
        return tuple(term for term in self.conditions if not isinstance(term, Condition))

    @property
    def letter(self) -> str:
        """The benefit within its clause: `a` of `22a`."""
        return self.id.removeprefix(str(self.clause))


class _File(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    benefits: tuple[Benefit, ...]


def load_benefits(
    rules: Mapping[DistrictPart, Any] | None = None, *, drafts: bool = False
) -> tuple[Benefit, ...]:
    """Read the benefits, in the order of their clauses; () if the library has none.

    Args:
        rules: the rules of an installation; None: those that come with the program.
        drafts: whether incomplete benefits are included.

    Raises:
        policies.library.data_files.DataFileError: they can't be used.
    """
    found = read_rules(rules_in() if rules is None else rules, DistrictPart.BENEFITS, _File)
    return tuple(one for one in found.benefits if drafts or not one.draft) if found else ()
