"""The steps of a draft: begin, save, send back, discard, publish. Each is a part of the caller's transaction.

Every step names the draft as the person saw it. It changes nothing if the draft has changed since then.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, NamedTuple, Protocol, TypeVar

from pydantic import BaseModel
from sqlalchemy import CursorResult, func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute

from policies.approval.columns import DraftColumns, RevisionState
from policies.approval.errors import (
    EditConflictError,
    OutdatedDraftError,
    OwnDraftError,
    ReturnedDraftError,
    RevisionError,
)
from policies.approval.four_eyes import Authors, person_of

_Row = TypeVar("_Row", bound=DraftColumns)


class Seen(Protocol):
    """A draft as somebody looked at it: a row, the value of one, or an `AsSeen`."""

    @property
    def id(self) -> int:
        """The row's id."""
        ...

    @property
    def edits(self) -> int:
        """How often it had been saved."""
        ...


class Placed(Seen, Protocol):
    """A row, or the value of one. It also has the column of its subject."""

    @property
    def number(self) -> int:
        """Its place among the revisions of its subject."""
        ...


class AsSeen(NamedTuple):
    """A draft's id and the count of its saves, as somebody saw it."""

    id: int
    edits: int


@dataclass(frozen=True, slots=True)
class Words:
    """What an operator reads if a step is refused.

    Attributes:
        changed: somebody else was faster.
        own: the publisher wrote a part; names of the drafts stand before it.
        returned: a draft was sent back; names of the drafts stand before it.
    """

    changed: str
    own: str
    returned: str


@dataclass(frozen=True, slots=True)
class DraftTable(Generic[_Row]):
    """The drafts of one kind.

    Attributes:
        row: the table's class.
        subject: its column that says of what a row is a state.
        authors: who wrote a part of a row.
        words: what refusals say.
    """

    row: type[_Row]
    subject: InstrumentedAttribute[Any]
    authors: Authors
    words: Words

    async def find(self, session: AsyncSession, subject: object, state: RevisionState) -> _Row | None:
        """Return the row of a subject that has the state: its draft, or what is published."""
        found: _Row | None = await session.scalar(
            select(self.row)
            .where(self.subject == subject, self.row.state == state)
            .execution_options(populate_existing=True)
        )
        return found

    async def begin(
        self,
        session: AsyncSession,
        subject: object,
        content: BaseModel,
        *,
        author: str,
        now: datetime,
        state: RevisionState = RevisionState.DRAFT,
        **values: Any,
    ) -> _Row:
        """Add the next revision of a subject. `values` are what the kind keeps beside `DraftColumns`.

        Raises:
            EditConflictError: the subject has a draft already.
        """
        last = await session.scalar(select(func.max(self.row.number)).where(self.subject == subject))
        columns = {
            self.subject.key: subject,
            "number": (last or 0) + 1,
            "state": state,
            "data": content.model_dump(mode="json"),
            "author": author,
            "created_at": now,
            "updated_at": now,
        }
        row = self.row(**columns, **values)
        session.add(row)
        try:
            await session.flush()
        except IntegrityError as error:  # another process began at the same moment
            raise EditConflictError(self.words.changed) from error
        await self.authors.add(session, row.id, author, now)
        return row

    async def save(
        self,
        session: AsyncSession,
        draft: Seen,
        content: BaseModel,
        *,
        author: str,
        now: datetime,
        **values: Any,
    ) -> _Row:
        """Save a draft again. A person who changes its content becomes an author. It then counts as not sent back any more.

        Raises:
            EditConflictError: it is no longer as seen.
        """
        before = await session.get(self.row, draft.id, populate_existing=True)
        wrote = before is None or type(content).model_validate(before.data) != content
        if wrote:
            values["author"] = author
        await self.move(
            session,
            draft,
            data=content.model_dump(mode="json"),
            edits=self.row.edits + 1,
            updated_at=now,
            returned_by=None,
            return_reason="",
            **values,
        )
        if wrote:
            await self.authors.add(session, draft.id, author, now)
        return await session.get_one(self.row, draft.id, populate_existing=True)

    async def discard(self, session: AsyncSession, draft: Seen, now: datetime) -> None:
        """Give a draft up; it stays in the history. Raises `EditConflictError`."""
        await self.move(session, draft, state=RevisionState.DISCARDED, updated_at=now)

    async def send_back(
        self, session: AsyncSession, draft: Seen, *, by: str, reason: str, now: datetime
    ) -> None:
        """Send a draft back to its authors.

        Raises:
            EditConflictError: it is no longer as seen.
            RevisionError: no reason is given.
        """
        if not reason.strip():
            raise RevisionError("请写明退回的原因")
        await self.move(
            session,
            draft,
            edits=self.row.edits + 1,
            returned_by=by,
            return_reason=reason[:500],
            updated_at=now,
        )

    async def publish(
        self,
        session: AsyncSession,
        drafts: Sequence[Placed],
        *,
        publisher: str,
        now: datetime,
        named: Callable[[_Row], str] = lambda _: "",
    ) -> list[_Row]:
        """Publish drafts that the publisher wrote no part of. The rows as they are then, in the order of their subjects.

        The rows are moved first, which locks them, and checked then. Where this raises, the caller must roll the transaction
        back.

        Raises:
            EditConflictError: one of them is no longer as seen.
            OutdatedDraftError: something else was published since one of them was begun.
            OwnDraftError: the publisher wrote a part of one of them.
            ReturnedDraftError: one of them was sent back and not saved since.
        """
        for draft in drafts:
            await self._put_in_place(session, draft, publisher, now)
        rows = await self.rows(session, drafts)
        if returned := [named(row) for row in rows if row.returned_by is not None]:
            raise ReturnedDraftError("、".join(returned) + self.words.returned)
        person = person_of(publisher)
        if own := [named(row) for row in rows if person in await self.authors_of(session, row)]:
            raise OwnDraftError("、".join(own) + self.words.own)
        return rows

    async def publish_at_once(
        self,
        session: AsyncSession,
        subject: object,
        content: BaseModel,
        *,
        author: str,
        now: datetime,
        **values: Any,
    ) -> _Row:
        """Publish without a second person, by the authority of whoever has the shell.

        A draft that waits stays, but is outdated. The row begins as replaced: of one subject one row may be a draft.
        """
        row = await self.begin(
            session, subject, content, author=author, now=now, state=RevisionState.REPLACED, **values
        )
        await self._put_in_place(session, row, author, now, was=RevisionState.REPLACED)
        return await session.get_one(self.row, row.id, populate_existing=True)

    async def authors_of(self, session: AsyncSession, draft: Placed) -> tuple[str, ...]:
        """Return everybody who wrote a part of a draft, or of one discarded since its subject was last published."""
        row, number = self.row, draft.number
        of_subject = self.subject == getattr(draft, self.subject.key)
        published = select(func.max(row.number)).where(
            of_subject, row.number < number, row.published_at.is_not(None)
        )
        since = func.coalesce(published.scalar_subquery(), 0)
        return await self.authors.of(
            session, select(row.id).where(of_subject, row.number > since, row.number <= number)
        )

    async def rows(self, session: AsyncSession, drafts: Sequence[Seen]) -> list[_Row]:
        """Return the rows of drafts as they are now, in the order of their subjects."""
        found = await session.scalars(
            select(self.row)
            .where(self.row.id.in_([draft.id for draft in drafts]))
            .order_by(self.subject)
            .execution_options(populate_existing=True)
        )
        return list(found)

    async def move(
        self, session: AsyncSession, draft: Seen, *, was: RevisionState = RevisionState.DRAFT, **values: Any
    ) -> None:
        """Change a row, if it is still as seen and in the state `was`. Raises `EditConflictError`."""
        row = self.row
        as_seen = (row.id == draft.id, row.state == was, row.edits == draft.edits)
        moved = await session.execute(update(row).where(*as_seen).values(**values))
        if not isinstance(moved, CursorResult) or moved.rowcount != 1:
            raise EditConflictError(self.words.changed)

    async def _put_in_place(
        self,
        session: AsyncSession,
        draft: Placed,
        publisher: str,
        now: datetime,
        *,
        was: RevisionState = RevisionState.DRAFT,
    ) -> None:
        """Let a revision take the place of what is published."""
        replaced = await self.find(session, getattr(draft, self.subject.key), RevisionState.PUBLISHED)
        if replaced is not None:
            if replaced.number > draft.number:
                raise OutdatedDraftError("这份修改之后已有新的内容生效，请放弃后重新修改")
            await self.move(session, replaced, was=RevisionState.PUBLISHED, state=RevisionState.REPLACED)
        await self.move(
            session, draft, was=was, state=RevisionState.PUBLISHED, publisher=publisher, published_at=now
        )
