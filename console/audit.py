"""The audit log: every change, with who made it and what was before and after."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from console.tables import AuditEntry
from storage.clock import system_clock
from storage.database import Database


def record(
    session: AsyncSession,
    actor: str,
    action: str,
    subject: tuple[str, object],
    *,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
) -> None:
    """Add an entry to the transaction of the change it tells of: both are kept, or neither.

    Args:
        session: the change's own session.
        actor: an operator's name, or `key:NAME`.
        action: what was done, in Chinese (发布, 暂停).
        subject: kind and id (`("campaign", 7)`).
        before: the fields that changed, as they were. No secret, no openid.
        after: the same fields, as they are.
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


async def entries(
    database: Database, *, before_id: int | None = None, limit: int = 50
) -> Sequence[AuditEntry]:
    """The newest entries, `limit` of them, older than `before_id`."""
    query = select(AuditEntry).order_by(AuditEntry.id.desc()).limit(limit)
    if before_id is not None:
        query = query.where(AuditEntry.id < before_id)
    async with database.read() as session:
        return (await session.scalars(query)).all()
