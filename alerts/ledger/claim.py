"""Takes rows: the sweep picks due rows for the queue, and a worker claims the rows it is about to send.

Both first lock the rows that are free, skip the rows that another transaction has locked, and then move exactly the
locked rows. Each statement is built once, because it runs for every chunk.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Float,
    Integer,
    Select,
    Update,
    and_,
    bindparam,
    exists,
    or_,
    select,
    update,
)

from alerts.model.rows.row_states import IS_PENDING, ClaimedRow, RowState, Timing, may_leave
from alerts.model.tables import Campaign, Delivery
from storage.sql.batches import (
    database_now,
    database_time_plus,
    dialect_of,
    id_in,
    id_in_parameter,
    json_rows,
    pack_ids,
    parse_instant,
    read_json_rows,
    seconds_since,
)

_ALONE_OR_FIRST = or_(Delivery.lead_id.is_(None), Delivery.lead_id == Delivery.id)
_NOW = bindparam("now", type_=Delivery.next_attempt_at.type)
_PENDING_BY_ID = Delivery.state + "" == RowState.PENDING.value
"""Written so that the database uses the index of ids, not the index of states."""


def pick_due(
    connection: Connection, campaign_id: int, limit: int, now: datetime, timing: Timing
) -> list[int]:
    """Return ids of a campaign's rows that are due and not queued. They count as queued from now on."""
    found = {"campaign_id": campaign_id, "limit": limit, "now": now}
    return _count_as_queued(connection, _due(dialect_of(connection)), found, timing)


def pick_doubtful(connection: Connection, limit: int, now: datetime, timing: Timing) -> list[int]:
    """Return rows of any campaign with unknown fate that may be sent again. They must not wait behind other rows."""
    return _count_as_queued(
        connection, _doubtful(dialect_of(connection)), {"limit": limit, "now": now}, timing
    )


def _count_as_queued(
    connection: Connection, free: Select[str], values: Mapping[str, Any], timing: Timing
) -> list[int]:
    ids = [id_ for (id_,) in read_json_rows(connection.scalar(free, values))]
    if ids:
        queued = {"ids": pack_ids(connection, ids), "queued_s": timing.queued_s}
        connection.execute(_queueing(dialect_of(connection)), queued)
    return sorted(ids)


@cache
def _due(dialect: str) -> Select[str]:
    return _locked(
        dialect,
        select(Delivery.id)
        .where(Delivery.campaign_id == bindparam("campaign_id"), IS_PENDING)
        .where(_is_due(dialect), _unqueued(dialect), _ALONE_OR_FIRST)
        .order_by(Delivery.next_attempt_at)
        .limit(bindparam("limit", type_=Integer())),
    )


@cache
def _doubtful(dialect: str) -> Select[str]:
    return _locked(
        dialect,
        select(Delivery.id)
        .where(IS_PENDING, Delivery.tried_at.is_not(None), may_leave())
        .where(_is_due(dialect), _unqueued(dialect), _ALONE_OR_FIRST)
        .order_by(Delivery.tried_at)
        .limit(bindparam("limit", type_=Integer())),
    )


@cache
def _queueing(dialect: str) -> Update:
    return (
        update(Delivery)
        .where(id_in_parameter(dialect, Delivery.id, "ids"))
        .values(queued_until=database_time_plus(dialect, bindparam("queued_s", type_=Float())))
    )


def _unqueued(dialect: str) -> ColumnElement[bool]:
    return or_(Delivery.queued_until.is_(None), Delivery.queued_until <= database_now(dialect))


def claim(
    connection: Connection, ids: Iterable[int], run: str, now: datetime, timing: Timing
) -> list[ClaimedRow]:
    """Claim those of these rows that are free, due and allowed to leave, for the claim named `run`."""
    found = {"ids": pack_ids(connection, ids), "now": now}
    return _claim(connection, _of_chunk(dialect_of(connection)), found, run, timing)


def unqueue(connection: Connection, ids: Iterable[int]) -> None:
    """Mark rows of a chunk that were not claimed (a stop, a pause) as not queued, so that the sweep finds them again."""
    waiting = (
        select(Delivery.id)
        .where(id_in(connection, Delivery.id, ids), _PENDING_BY_ID, Delivery.queued_until.is_not(None))
        .with_for_update(skip_locked=True)
    )
    connection.execute(update(Delivery).where(Delivery.id.in_(waiting)).values(queued_until=None))


def claim_together(
    connection: Connection, leads: Sequence[ClaimedRow], run: str, timing: Timing
) -> list[ClaimedRow]:
    """Claim the rows that left in the same messages as these rows (`Delivery.lead_id`): they are sent again together."""
    if not leads:
        return []
    found = {
        "lead_ids": pack_ids(connection, [row.id for row in leads]),
        "member_ids": pack_ids(connection, [row.member_id for row in leads]),
        "mass_ids": pack_ids(connection, {row.campaign_id for row in leads if row.channel == "mass"}),
    }
    return _claim(connection, _following(dialect_of(connection)), found, run, timing)


def claim_of_members(
    connection: Connection, member_ids: Collection[int], run: str, now: datetime, timing: Timing
) -> list[ClaimedRow]:
    """Claim every other due row of these members, to be sent in the same message."""
    found = {"member_ids": pack_ids(connection, member_ids), "now": now}
    return _claim(connection, _of_members(dialect_of(connection)), found, run, timing)


def _claim(
    connection: Connection, free: Select[str], values: Mapping[str, Any], run: str, timing: Timing
) -> list[ClaimedRow]:
    rows = [
        ClaimedRow(
            id_, campaign, member, run, attempts, parse_instant(due), channel, lead, doubt, failed, refused
        )
        for id_, campaign, member, attempts, due, channel, lead, doubt, failed, refused in read_json_rows(
            connection.scalar(free, values)
        )
    ]
    if rows:
        ids = pack_ids(connection, [row.id for row in rows])
        claimed = {"ids": ids, "run": run, "claim_s": timing.claim_s}
        connection.execute(_claiming(dialect_of(connection)), claimed)
    return rows


@cache
def _of_chunk(dialect: str) -> Select[str]:
    by_id = id_in_parameter(dialect, Delivery.id, "ids")
    due = and_(by_id, _PENDING_BY_ID, _ALONE_OR_FIRST, _is_due(dialect))
    return _claimable(dialect, due, may_leave(_NOW))


@cache
def _following(dialect: str) -> Select[str]:
    # by indexes that are there anyway: several alerts of one member, or one campaign's mass send to many
    together = or_(
        id_in_parameter(dialect, Delivery.member_id, "member_ids"),
        id_in_parameter(dialect, Delivery.campaign_id, "mass_ids"),
    )
    by_lead = id_in_parameter(dialect, Delivery.lead_id, "lead_ids")
    return _claimable(dialect, and_(by_lead, together, _PENDING_BY_ID), may_leave())


@cache
def _of_members(dialect: str) -> Select[str]:
    by_person = exists().where(Campaign.id == Delivery.campaign_id, Campaign.channel != "mass")
    fresh = and_(Delivery.lead_id.is_(None), Delivery.tried_at.is_(None))
    by_member = id_in_parameter(dialect, Delivery.member_id, "member_ids")
    due = and_(by_member, _PENDING_BY_ID, fresh, by_person, _is_due(dialect))
    return _claimable(dialect, due, may_leave(_NOW))


def _claimable(dialect: str, free: ColumnElement[bool], leaves: ColumnElement[bool]) -> Select[str]:
    wanted = select(
        Delivery.id,
        Delivery.campaign_id,
        Delivery.member_id,
        Delivery.attempts,
        Delivery.next_attempt_at,
        Delivery.channel,
        Delivery.lead_id,
        seconds_since(dialect, Delivery.tried_at).label("doubt_s"),
        Delivery.message_id,
        Delivery.refused,
    )
    return _locked(dialect, wanted.where(free, leaves))


@cache
def _claiming(dialect: str) -> Update:
    return (
        update(Delivery)
        .where(id_in_parameter(dialect, Delivery.id, "ids"))
        .values(
            state=RowState.CLAIMED.value,
            claimed_by=bindparam("run"),
            claimed_until=database_time_plus(dialect, bindparam("claim_s", type_=Float())),
        )
    )


def _is_due(dialect: str) -> ColumnElement[bool]:
    return and_(
        Delivery.next_attempt_at <= _NOW,
        or_(Delivery.retry_at.is_(None), Delivery.retry_at <= database_now(dialect)),
    )


def _locked(dialect: str, free: Select[*tuple[Any, ...]]) -> Select[str]:
    """Lock the rows that a SELECT finds until the transaction ends, and give them in one value.

    SQLite has no such lock and needs none, because it has one writer.
    """
    locked = free.with_for_update(skip_locked=True).subquery("locked")
    return select(json_rows(dialect, *locked.c))
