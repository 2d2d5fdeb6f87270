"""Marks rows as `trying` right before their messages leave. From then on their fate may be unknown."""

from collections.abc import Sequence
from functools import cache

from sqlalchemy import (
    ColumnElement,
    Connection,
    Float,
    Integer,
    String,
    Update,
    bindparam,
    case,
    exists,
    false,
    func,
    update,
)

from alerts.model.rows.row_states import ClaimedRow, NotAllOursError, RowState, Timing, may_leave
from alerts.model.tables import Applied, Campaign, Delivery
from storage.sql.batches import database_now, database_time_plus, dialect_of, pack_rows, rows_parameter

Leaving = tuple[ClaimedRow, str, int | None]
"""A row, its channel, and the id of the row whose message carries it (None: the message carries one row)."""


def mark_trying(connection: Connection, rows: Sequence[Leaving], timing: Timing) -> set[int]:
    """Mark rows as `trying`. Return the ids that may leave.

    A row is left out if its lease was lost, its campaign is no longer being sent, everything is stopped, or its
    member said 已申报 in the meantime. If the same run has marked a row already (the last commit was not confirmed),
    it is marked again.
    """
    statement = _marking(dialect_of(connection)).returning(Delivery.id)
    return {id_ for (id_,) in connection.execute(statement, _given(connection, rows, timing))}


def mark_all(connection: Connection, rows: Sequence[Leaving], timing: Timing) -> None:
    """Mark rows as `trying` if all of them may leave, the usual case: one statement without a result.

    Raises:
        NotAllOursError: some rows may not leave. The caller rolls the transaction back.
    """
    marked = connection.execute(_marking(dialect_of(connection)), _given(connection, rows, timing))
    if marked.rowcount != len(rows):
        raise NotAllOursError


def _given(connection: Connection, rows: Sequence[Leaving], timing: Timing) -> dict[str, object]:
    # by id: two transactions lock rows in the same order
    given = sorted(
        [row.id, row.run, channel, lead, int(row.doubt_s is not None)] for row, channel, lead in rows
    )
    return {"rows": pack_rows(connection, given)[0], "try_s": timing.try_s}


@cache
def _marking(dialect: str) -> Update:
    given = rows_parameter(dialect, id=Integer, run=String, channel=String, lead=Integer, doubtful=Integer)
    started = case((given.c.doubtful == 1, Delivery.tried_at), else_=database_now(dialect))
    return (
        update(Delivery)
        .where(Delivery.id == given.c.id, Delivery.claimed_by == given.c.run)
        .where(
            Delivery.state.in_((RowState.CLAIMED.value, RowState.TRYING.value)), may_leave(), ~_has_applied()
        )
        .values(
            state=RowState.TRYING.value,
            channel=given.c.channel,
            lead_id=given.c.lead,
            tried_at=started,
            attempts=Delivery.attempts + 1,
            claimed_until=database_time_plus(dialect, bindparam("try_s", type_=Float())),
        )
    )


def _has_applied() -> ColumnElement[bool]:
    said = exists().where(
        Campaign.id == Delivery.campaign_id,
        Applied.member_id == Delivery.member_id,
        Applied.window_id == Campaign.window_id,
        ~func.coalesce(Campaign.audience["applied_too"].as_boolean(), false()),
    )
    return said.correlate(Delivery)
