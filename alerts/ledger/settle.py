"""Writes what became of rows. The counters of their campaigns move in the same transaction."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import (
    Connection,
    Float,
    Integer,
    String,
    Update,
    bindparam,
    case,
    func,
    null,
    update,
)

from alerts.model.campaigns.campaign_counts import move_counts
from alerts.model.rows.row_states import OPEN, ClaimedRow, NotAllOursError, RowState, Settlement
from alerts.model.tables import Delivery
from storage.sql.batches import database_time_plus, dialect_of, id_in, pack_rows, rows_parameter

Moved = tuple[int, str]
"""The campaign of a row that was settled, and the state it is in now."""


def settle(connection: Connection, settlements: Sequence[Settlement], now: datetime) -> int:
    """Write what became of rows, and move their campaigns' counters. The result is the number of rows written.

    An outcome that comes after the lease was lost is still written, unless another worker has taken the row.
    """
    final, again = _divided(settlements)
    written = _final(connection, final, now, late=False) if final else {}
    count(connection, written.values(), RowState.PENDING)
    missed = [each for each in final if each.row.id not in written]
    late = _final(connection, missed, now, late=True) if missed else {}
    count(connection, late.values(), RowState.UNKNOWN)
    put_off = 0
    if again:
        statement = _putting_off(dialect_of(connection)).returning(Delivery.id)
        put_off = len(connection.execute(statement, _as_again(connection, again)).all())
    return len(written) + len(late) + put_off


def settle_all(connection: Connection, settlements: Sequence[Settlement], now: datetime) -> None:
    """Write the results of rows if every row is still ours, the usual case: one statement without a result.

    Raises:
        NotAllOursError: some rows are not ours. The caller rolls the transaction back.
    """
    final, again = _divided(settlements)
    dialect = dialect_of(connection)
    if final:
        written = connection.execute(_settling(dialect, late=False), _as_final(connection, final, now))
        if written.rowcount != len(final):
            raise NotAllOursError
        count(connection, [(each.row.campaign_id, each.state) for each in final], RowState.PENDING)
    if again:
        put_off = connection.execute(_putting_off(dialect), _as_again(connection, again))
        if put_off.rowcount != len(again):
            raise NotAllOursError


def _divided(settlements: Sequence[Settlement]) -> tuple[list[Settlement], list[Settlement]]:
    """Return the final settlements, and those of rows that are sent again. Both are sorted by id, so transactions
    lock in one order.
    """
    ordered = sorted(settlements, key=lambda each: each.row.id)
    final = [each for each in ordered if each.state is not RowState.PENDING]
    return final, [each for each in ordered if each.state is RowState.PENDING]


def _final(
    connection: Connection, settlements: Sequence[Settlement], now: datetime, *, late: bool
) -> dict[int, Moved]:
    statement = _settling(dialect_of(connection), late).returning(
        Delivery.id, Delivery.campaign_id, Delivery.state
    )
    found = connection.execute(statement, _as_final(connection, settlements, now))
    return {id_: (campaign_id, state) for id_, campaign_id, state in found}


def _as_final(connection: Connection, settlements: Sequence[Settlement], now: datetime) -> dict[str, Any]:
    rows = [
        [each.row.id, each.row.run, each.state, each.reason, each.errcode, each.message_id, each.channel]
        for each in settlements
    ]
    return {"rows": pack_rows(connection, rows)[0], "now": now}


@cache
def _settling(dialect: str, late: bool) -> Update:
    """Return the statement that settles rows. `late`: for rows that became `unknown` before the answer came."""
    given = rows_parameter(
        dialect,
        id=Integer,
        run=String,
        state=String,
        reason=String,
        errcode=Integer,
        message_id=String,
        channel=String,
    )
    states = (RowState.UNKNOWN,) if late else OPEN
    return (
        update(Delivery)
        .where(Delivery.id == given.c.id, Delivery.claimed_by == given.c.run)
        .where(Delivery.state.in_([state.value for state in states]))
        .values(
            state=given.c.state,
            reason=given.c.reason,
            errcode=given.c.errcode,
            message_id=func.coalesce(given.c.message_id, Delivery.message_id),
            channel=given.c.channel,
            settled_at=bindparam("now", type_=Delivery.settled_at.type),
            claimed_until=null(),
            retry_at=null(),
        )
    )


def _as_again(connection: Connection, settlements: Sequence[Settlement]) -> dict[str, Any]:
    rows = [
        [
            each.row.id,
            each.row.run,
            each.retry_in_s,
            int(each.doubt),
            each.attempts,
            each.reason,
            each.errcode,
        ]
        for each in settlements
    ]
    return {"rows": pack_rows(connection, rows)[0]}


@cache
def _putting_off(dialect: str) -> Update:
    given = rows_parameter(
        dialect,
        id=Integer,
        run=String,
        wait=Float,
        doubt=Integer,
        attempts=Integer,
        reason=String,
        errcode=Integer,
    )
    doubtful = given.c.doubt == 1
    return (
        update(Delivery)
        .where(Delivery.id == given.c.id, Delivery.claimed_by == given.c.run)
        .where(Delivery.state.in_((RowState.CLAIMED.value, RowState.TRYING.value)))
        .values(
            state=RowState.PENDING.value,
            retry_at=case((given.c.wait > 0, database_time_plus(dialect, given.c.wait))),
            tried_at=case((doubtful, Delivery.tried_at)),
            channel=case((doubtful, Delivery.channel)),
            lead_id=case((doubtful, Delivery.lead_id)),
            attempts=given.c.attempts,
            reason=given.c.reason,
            errcode=given.c.errcode,
            claimed_until=null(),
            queued_until=null(),
        )
    )


def defer(connection: Connection, rows: Sequence[ClaimedRow], until: datetime, reason: str) -> None:
    """Let claimed rows wait until a business instant (the end of quiet hours, the midnight of a quota)."""
    runs = {row.run for row in rows}
    connection.execute(
        update(Delivery)
        .where(id_in(connection, Delivery.id, [row.id for row in rows]), Delivery.claimed_by.in_(runs))
        .where(Delivery.state + "" == RowState.CLAIMED.value)
        .values(
            state=RowState.PENDING.value,
            next_attempt_at=until,
            reason=reason,
            claimed_until=null(),
            queued_until=null(),
        )
    )


def count(connection: Connection, moved: Iterable[Moved], before: RowState) -> None:
    """Move the counters of these rows' campaigns."""
    changes: Counter[Moved] = Counter()
    for campaign_id, state in moved:
        changes[campaign_id, state] += 1
        changes[campaign_id, before.value] -= 1
    move_counts(connection, changes)
