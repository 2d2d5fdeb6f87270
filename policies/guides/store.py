"""Reads guides from the database: the book of what is published, drafts, and the history of a clause's guide."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select

from policies.approval.columns import RevisionState
from policies.guides.guide import Guide, GuideBook
from policies.guides.tables import GuideRevision, GuideState
from storage.sql.database import Database

_R = GuideRevision


@dataclass(frozen=True, slots=True)
class GuideVersion:
    """The guide of a clause as somebody saved it.

    Attributes:
        number: counts the versions of one clause's guide from 1.
        edits: counts the saves of a draft; a save must name the count it has seen.
        returned_by: who sent the draft back to its authors; None once it is saved again.
    """

    id: int
    clause_key: int
    number: int
    state: RevisionState
    guide: Guide
    edits: int
    author: str
    updated_at: datetime
    publisher: str | None
    published_at: datetime | None
    returned_by: str | None = None
    return_reason: str = ""

    @property
    def mark(self) -> str:
        """Identifies this state of the version; a later save changes it."""
        return f"{self.id}.{self.edits}"


class GuideStore:
    """Reads guides."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def version(self) -> int:
        """Return how often the published guides have changed. It reads one row."""
        version = select(GuideState.version)
        return (
            await self._database.run_in_read_transaction(lambda connection: connection.scalar(version)) or 0
        )

    async def book(self) -> GuideBook:
        """Return all published guides."""
        return await self._database.run_in_read_transaction(published_book)

    async def published(self) -> dict[int, GuideVersion]:
        """Return the published version of each clause's guide, by clause key; one that was taken away is empty."""
        return {one.clause_key: one for one in await self._versions(_R.state == RevisionState.PUBLISHED)}

    async def drafts(self) -> tuple[GuideVersion, ...]:
        """Return the drafts that wait, in the order of their clauses."""
        return await self._versions(_R.state == RevisionState.DRAFT)

    async def draft_of(self, clause_key: int) -> GuideVersion | None:
        """Return the draft of a clause's guide, if there is one."""
        found = await self._versions(_R.state == RevisionState.DRAFT, _R.clause_key == clause_key)
        return found[0] if found else None

    async def published_of(self, clause_key: int) -> GuideVersion | None:
        """Return the published version of a clause's guide, if there is one."""
        found = await self._versions(_R.state == RevisionState.PUBLISHED, _R.clause_key == clause_key)
        return found[0] if found else None

    async def history(self, clause_key: int) -> tuple[GuideVersion, ...]:
        """Return every version of a clause's guide, newest first."""
        return tuple(reversed(await self._versions(_R.clause_key == clause_key)))

    async def _versions(self, *where: object) -> tuple[GuideVersion, ...]:
        statement = select(_R).where(*where).order_by(_R.clause_key, _R.number)  # type: ignore[arg-type]
        async with self._database.read() as session:
            rows = await session.scalars(statement.execution_options(populate_existing=True))
            return tuple(version_of(row) for row in rows)


def published_book(connection: Connection) -> GuideBook:
    """Return the book of what is published, as this transaction sees it."""
    rows = connection.execute(select(_R.clause_key, _R.data).where(_R.state == RevisionState.PUBLISHED))
    guides = {key: Guide.model_validate(data) for key, data in rows}
    return GuideBook({key: guide for key, guide in guides.items() if not guide.is_empty})


def version_of(row: GuideRevision) -> GuideVersion:
    """Return the value of a row."""
    return GuideVersion(
        row.id,
        row.clause_key,
        row.number,
        RevisionState(row.state),
        Guide.model_validate(row.data),
        row.edits,
        row.author,
        row.updated_at,
        row.publisher,
        row.published_at,
        row.returned_by,
        row.return_reason,
    )
