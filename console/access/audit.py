"""The audit log: every change, with who made it and what was before and after.

The database refuses to change or delete an entry. An entry therefore names a member by number only. Once the member
is erased, the number leads to nobody.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from console.tables import AuditEntry
from storage.clock import system_clock
from storage.sql.database import Database


def record(
    session: AsyncSession,
    actor: str,
    action: str,
    subject: tuple[str, object],
    *,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
) -> None:
    """Add an entry in the transaction of its change: both are kept, or neither.

    Args:
        session: the change's own session.
        actor: an operator's name, or `key:NAME`.
        action: what was done, in Chinese (发布, 暂停).
        subject: kind and id (`("campaign", 7)`).
        before: the old values of the changed fields. No secret, no openid.
        after: the new values of these fields.
    """
    kind, identity = subject
    session.add(
        AuditEntry(
            at=system_clock(),
            actor=actor,
            action=action,
            subject_kind=kind,
            subject_id=str(identity),
            before=dict(before) if before is not None else None,
            after=dict(after) if after is not None else None,
        )
    )


@dataclass(frozen=True, slots=True)
class Filter:
    """Which entries are asked for. "" and None: all.

    Attributes:
        actor: an operator's name, or `key:NAME`.
        action: what was done.
        kind: what it was done to (`campaign`).
        since: from this instant on.
        until: before this instant.
    """

    actor: str = ""
    action: str = ""
    kind: str = ""
    since: datetime | None = None
    until: datetime | None = None


async def entries(
    database: Database, wanted: Filter = Filter(), *, before_id: int | None = None, limit: int = 50
) -> Sequence[AuditEntry]:
    """Return the newest entries that are wanted, `limit` of them, older than `before_id`."""
    query = select(AuditEntry).order_by(AuditEntry.id.desc()).limit(limit)
    exact = ((AuditEntry.actor, wanted.actor), (AuditEntry.action, wanted.action))
    for column, value in (*exact, (AuditEntry.subject_kind, wanted.kind)):
        if value:
            query = query.where(column == value)
    if wanted.since is not None:
        query = query.where(AuditEntry.at >= wanted.since)
    if wanted.until is not None:
        query = query.where(AuditEntry.at < wanted.until)
    if before_id is not None:
        query = query.where(AuditEntry.id < before_id)
    async with database.read() as session:
        return (await session.scalars(query)).all()


async def known_values(database: Database) -> tuple[list[str], list[str]]:
    """Return the actors and the actions in the log, for the filter's choices."""
    async with database.read() as session:
        actors = await session.scalars(select(AuditEntry.actor).distinct().order_by(AuditEntry.actor))
        actions = await session.scalars(select(AuditEntry.action).distinct().order_by(AuditEntry.action))
        return list(actors), list(actions)
