"""The scheduler's lease: a row in the database with a holder, a fence and an expiry by the database's clock.

A lock in Redis would be forgotten when Redis is emptied. The fence grows with each new holder; a holder that
was thought dead and comes back finds its fence outdated inside its own transaction, and nothing it did is kept.
"""

from dataclasses import dataclass
from functools import cache

from sqlalchemy import Connection, Float, Update, bindparam, or_, update
from sqlalchemy.ext.asyncio import AsyncSession

from alerts.model.tables import Lease
from storage.sql.batches import database_now, database_time_plus, dialect_of
from storage.sql.database import Database
from storage.sql.upsert import insert

SCHEDULER = "scheduler"
LEASE_SECONDS = 10.0
_MINE = (
    Lease.name == bindparam("held_name"),
    Lease.holder == bindparam("held_by"),
    Lease.fence == bindparam("held_fence"),
)
"""The row of a holder; its parameters are `_as_parameters`."""


class LeaseLostError(Exception):
    """Another process holds the lease, or ours has run out. The caller rolls the transaction back."""


@dataclass(frozen=True, slots=True)
class HeldLease:
    """A lease as its holder knows it."""

    name: str
    holder: str
    fence: int
    seconds: float


async def take(
    database: Database, name: str, holder: str, *, seconds: float = LEASE_SECONDS
) -> HeldLease | None:
    """Take a lease that is free or has run out. Return None if another process holds it.

    A lease that ends later than possible was written before the clock was set back, and counts as run out. A living
    holder then loses its lease once. Nothing that it does without the lease is kept.
    """
    async with database.write() as session:
        now = database_now(session)
        statement = insert(session, Lease).values(
            name=name, holder=holder, fence=1, expires_at=database_now(session, seconds)
        )
        statement = statement.on_conflict_do_update(
            index_elements=["name"],
            set_={
                "holder": statement.excluded.holder,
                "fence": Lease.fence + 1,
                "expires_at": statement.excluded.expires_at,
            },
            where=or_(Lease.expires_at <= now, Lease.expires_at > database_now(session, 2 * seconds)),
        ).returning(Lease.fence)
        fence = await session.scalar(statement)
    return None if fence is None else HeldLease(name, holder, fence, seconds)


async def guard(session: AsyncSession, held: HeldLease) -> None:
    """Check in a writing transaction that its process still holds the lease, and renew it.

    The row stays locked until the transaction ends, so nobody can take over in its middle.

    Raises:
        LeaseLostError: the lease is another's or has run out.
    """
    kept = await session.execute(_renewal(dialect_of(session)), _as_parameters(held))
    _check(held, kept.rowcount)  # type: ignore[attr-defined]


async def renew(database: Database, held: HeldLease) -> None:
    """Keep the lease for its length from now.

    Raises:
        LeaseLostError: it is another's or has run out.
    """

    def keep(connection: Connection) -> int:
        return connection.execute(_renewal(dialect_of(connection)), _as_parameters(held)).rowcount

    kept = await database.run_in_write_transaction(keep, idempotent=True)
    _check(held, kept)


async def release(database: Database, held: HeldLease) -> None:
    """Give the lease up, so that another process can take it at once. Nothing happens if it is lost already."""
    async with database.write() as session:
        await session.execute(
            update(Lease).where(*_MINE).values(expires_at=database_now(session)), _as_parameters(held)
        )


@cache
def _renewal(dialect: str) -> Update:
    """Built once: every transaction of the holder begins with it, and to build it takes longer than to run it."""
    return (
        update(Lease)
        .where(*_MINE, Lease.expires_at > database_now(dialect))
        .values(expires_at=database_time_plus(dialect, bindparam("held_seconds", type_=Float())))
        .execution_options(synchronize_session=False)
    )


def _as_parameters(held: HeldLease) -> dict[str, object]:
    return {
        "held_name": held.name,
        "held_by": held.holder,
        "held_fence": held.fence,
        "held_seconds": float(held.seconds),
    }


def _check(held: HeldLease, kept: int) -> None:
    if not kept:
        raise LeaseLostError(f"{held.name} is no longer held under fence {held.fence}")
