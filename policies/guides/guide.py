"""A guide (怎么办) as a value, and the book of all published guides that answers read. Pure."""

from collections.abc import Mapping
from datetime import date, timedelta
from types import MappingProxyType
from typing import Any, Protocol

from pydantic import BaseModel, ConfigDict

CHECK_AFTER = timedelta(days=180)
"""A guide that was checked so long ago is flagged at the desk, because telephone numbers and places change."""
_NONE: Mapping[Any, Any] = MappingProxyType({})


class Guide(BaseModel):
    """How to apply for a clause. An operator enters it. An unknown field is empty.

    Attributes:
        conditions: who may apply (条件).
        materials: what to hand in (材料), one item each.
        steps: how it goes (流程).
        where: the office and its address (在哪办).
        phone: whom to call (电话).
        url: where to apply online (入口).
        source: where the operator has it from (来源), such as the title of a notice.
        checked_on: the Shanghai day on which an operator last checked it (核对日期).
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    conditions: str = ""
    materials: tuple[str, ...] = ()
    steps: str = ""
    where: str = ""
    phone: str = ""
    url: str = ""
    source: str = ""
    checked_on: date

    @property
    def is_empty(self) -> bool:
        """It says nothing: publishing it takes the clause's guide away."""
        return not any((self.conditions, self.materials, self.steps, self.where, self.phone, self.url))

    def is_old(self, today: date) -> bool:
        """Whether it was checked too long ago."""
        return today - self.checked_on >= CHECK_AFTER


class Office(Protocol):
    """Where a department is reached."""

    @property
    def phone(self) -> str: ...
    @property
    def address(self) -> str: ...
    @property
    def hours(self) -> str: ...
    @property
    def entered_on(self) -> date | None: ...


class GuideBook:
    """The published guides by the key of their clause. A book never changes: a publication makes a new one."""

    __slots__ = ("_guides", "_offices")

    def __init__(self, guides: Mapping[int, Guide] = _NONE, offices: Mapping[str, Office] = _NONE) -> None:
        self._guides = dict(sorted(guides.items()))
        self._offices = offices

    def with_offices(self, offices: Mapping[str, Office]) -> "GuideBook":
        """Return a copy with the addresses and telephones of departments, by printed name."""
        return GuideBook(self._guides, offices)

    def of_clause(self, key: int) -> Guide | None:
        """Return the guide of the clause with this key; None if none has been published."""
        return self._guides.get(key)

    def of_department(self, name: str) -> Office | None:
        """Return how to reach the department with this printed name; None if nobody entered it."""
        return self._offices.get(name)

    def all(self) -> Mapping[int, Guide]:
        """Return every guide, by clause key in ascending order."""
        return MappingProxyType(self._guides)


NO_GUIDES = GuideBook()
