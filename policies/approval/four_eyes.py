"""Who may approve what: a person with the role approver who wrote no part of it.

| what | the step | who wrote it, and so may not take the step |
|---|---|---|
| a broadcast | approve: `alerts.model.campaigns.moves.act` | whoever wrote or submitted a part of it |
| a draft of a clause | publish: `policies.publishing.drafts` | whoever wrote a part since the clause was last published |
| a guide | publish: `policies.guides.drafts` | the same, since the guide was last published |
| tracks, departments, places, texts, benefits | approve: `policies.district.store` | the same, since the last approval |
| a taught word that changes an answer | confirm: `policies.questions.lessons` | whoever taught it |

- Whoever wrote a part stays its author after another person has overwritten it or saved the same text again, and after its
  draft was discarded.
- The role: each step is a page of the desk or a call of the API whose least role is `Role.APPROVER` (an admin may do what an
  approver may). `tests/console/access/test_roles.py` lists them.
- An API key made at the desk counts as the operator who made it, one made at the shell as itself (`console.access.api_keys`).
- The commands that publish or put in effect need no second person: whoever has the shell has every right. The audit log names
  them.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from sqlalchemy import ColumnElement, Select, exists, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute

from storage.sql.upsert import insert


def person_of(author: str) -> str:
    """Return the person behind an author's name: the author `cli:li` of a command is the operator `li`."""
    return author.removeprefix("cli:")


class Authors(Protocol):
    """Keeps who wrote a part of the things of one kind: of revisions, or of campaigns."""

    async def add(self, session: AsyncSession, thing: int, author: str, now: datetime) -> None:
        """Note that an author wrote a part of a thing (its id). The note stays when others overwrite the part."""
        ...

    async def of(self, session: AsyncSession, things: Select[int] | list[int]) -> tuple[str, ...]:
        """Return everybody who wrote a part of one of these things."""
        ...


@dataclass(frozen=True, slots=True)
class Contributions:
    """Authors in a table of their own: a row for each thing and person.

    Attributes:
        thing: the table's column that refers to the thing: a revision's row, or a campaign. The others are `person` and `at`.
    """

    thing: InstrumentedAttribute[int]

    async def add(self, session: AsyncSession, thing: int, author: str, now: datetime) -> None:
        """See `Authors.add`."""
        row = {self.thing.key: thing, "person": person_of(author), "at": now}
        await session.execute(insert(session, self.thing.class_).values(row).on_conflict_do_nothing())

    async def of(self, session: AsyncSession, things: Select[int] | list[int]) -> tuple[str, ...]:
        """See `Authors.of`."""
        person = self.thing.class_.person
        found = select(person).where(self.thing.in_(things)).group_by(person).order_by(person)
        return tuple(await session.scalars(found))

    def has_author(self, thing: InstrumentedAttribute[int], person: str) -> ColumnElement[bool]:
        """Whether a person wrote a part of the thing of the statement that this stands in."""
        table = self.thing.class_
        wrote = exists().where(self.thing == thing, table.person == person_of(person))
        return wrote.correlate(thing.class_)


@dataclass(frozen=True, slots=True)
class AuthorsColumn:
    """Authors in the row of the thing itself.

    Attributes:
        thing: the thing's id.
        names: the column that holds a list of names.
    """

    thing: InstrumentedAttribute[int]
    names: InstrumentedAttribute[Any]

    async def add(self, session: AsyncSession, thing: int, author: str, now: datetime) -> None:
        """See `Authors.add`."""
        names = await session.scalar(select(self.names).where(self.thing == thing)) or []
        all_names = list(dict.fromkeys((*names, person_of(author))))
        await session.execute(
            update(self.thing.class_).where(self.thing == thing).values({self.names.key: all_names})
        )

    async def of(self, session: AsyncSession, things: Select[int] | list[int]) -> tuple[str, ...]:
        """See `Authors.of`."""
        lists = await session.scalars(select(self.names).where(self.thing.in_(things)).order_by(self.thing))
        return tuple(dict.fromkeys(name for names in lists for name in names))
