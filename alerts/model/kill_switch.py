"""The global stop of everything outgoing: one row, read by every process before it sends."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from storage.sql.switches import Switch
from storage.sql.upsert import insert

OUTGOING = "outgoing_stopped"
RESTORED = "restored"
"""Set beside the stop after the database was restored from a backup; see `alerts.ledger.restored`."""

_IN_FORCE = select(Switch.changed_by, Switch.changed_at, Switch.value).where(Switch.name == OUTGOING)


@dataclass(frozen=True, slots=True)
class Stopped:
    """Who stopped everything outgoing, when, and why in their words."""

    by: str
    at: datetime
    reason: str


async def stopped(session: AsyncSession) -> Stopped | None:
    """Return the stop in force. None: messages may go out."""
    return await (await session.connection()).run_sync(stop_in_force)


def stop_in_force(connection: Connection) -> Stopped | None:
    """Return what `stopped` returns, for `Database.run_in_read_transaction`."""
    row = connection.execute(_IN_FORCE).one_or_none()
    return None if row is None else Stopped(*row)


async def stop(session: AsyncSession, by: str, reason: str, now: datetime) -> bool:
    """Stop everything outgoing. False: it was stopped already, and the first reason stays."""
    statement = (
        insert(session, Switch)
        .values(name=OUTGOING, value=reason[:200], changed_by=by, changed_at=now)
        .on_conflict_do_nothing(index_elements=["name"])
        .returning(Switch.name)
    )
    return await session.scalar(statement) is not None


async def resume_sending(session: AsyncSession) -> bool:
    """Let messages go out again. False: nothing was stopped."""
    there = await session.scalar(select(Switch.name).where(Switch.name == OUTGOING))
    await session.execute(delete(Switch).where(Switch.name.in_((OUTGOING, RESTORED))))
    return there is not None
