"""The global stop of everything outgoing: one row, read by every process before it sends."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from storage.sql.switches import Switch
from storage.sql.upsert import insert

OUTGOING = "outgoing_stopped"
RESTORED = "restored"
"""Set beside the stop where the database was put back from a backup; see `alerts.ledger.restored`."""


@dataclass(frozen=True, slots=True)
class Stopped:
    """Who stopped everything outgoing, when, and why in their words."""

    by: str
    at: datetime
    reason: str


async def stopped(session: AsyncSession) -> Stopped | None:
    """The stop in force; None: messages may go out."""
    switch = await session.get(Switch, OUTGOING)
    return None if switch is None else Stopped(switch.changed_by, switch.changed_at, switch.value)


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
