"""Taking rows: the sweep picks what is due for the queue, a worker claims what it is about to send.

Both lock the rows that are free first, passing by those that another holds, and move exactly those.
"""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, exists, or_, select, update

from alerts.batches import among, database_now, gathered, instant_of, rows_of, seconds_since
from alerts.ledger import IS_PENDING, Row, State, Timing, may_leave
from alerts.tables import Campaign, Delivery

_ALONE_OR_FIRST = or_(Delivery.lead_id.is_(None), Delivery.lead_id == Delivery.id)
_PENDING_BY_ID = Delivery.state + "" == State.PENDING.value
"""Not by the index of states: by the ids."""


def pick_due(
    connection: Connection, campaign_id: int, limit: int, now: datetime, timing: Timing
) -> list[int]:
    """Rows of a campaign that are due and not on the queue; they count as queued from now on."""
    due = (
        select(Delivery.id)
        .where(Delivery.campaign_id == campaign_id, IS_PENDING)
        .where(_is_due(connection, now), _unqueued(connection), _ALONE_OR_FIRST)
        .order_by(Delivery.next_attempt_at)
        .limit(limit)
    )
    return _count_as_queued(connection, due, timing)


def pick_doubtful(connection: Connection, limit: int, now: datetime, timing: Timing) -> list[int]:
    """Rows of any campaign whose fate is unknown and that may go again: they must not wait behind others."""
    doubtful = (
        select(Delivery.id)
        .where(IS_PENDING, Delivery.tried_at.is_not(None), may_leave())
        .where(_is_due(connection, now), _unqueued(connection), _ALONE_OR_FIRST)
        .order_by(Delivery.tried_at)
        .limit(limit)
    )
    return _count_as_queued(connection, doubtful, timing)


def _is_due(connection: Connection, now: datetime) -> ColumnElement[bool]:
    return and_(
        Delivery.next_attempt_at <= now,
        or_(Delivery.retry_at.is_(None), Delivery.retry_at <= database_now(connection)),
    )


def _unqueued(connection: Connection) -> ColumnElement[bool]:
    return or_(Delivery.queued_until.is_(None), Delivery.queued_until <= database_now(connection))


def _count_as_queued(connection: Connection, free: Select[int], timing: Timing) -> list[int]:
    ids = [id_ for (id_,) in _locked(connection, free)]
    if ids:
        connection.execute(
            update(Delivery)
            .where(among(connection, Delivery.id, ids))
            .values(queued_until=database_now(connection, timing.queued_s))
        )
    return sorted(ids)


def claim(connection: Connection, ids: Iterable[int], run: str, now: datetime, timing: Timing) -> list[Row]:
    """Take rows for one worker's run: those of them that are still free, due and may leave."""
    free = and_(among(connection, Delivery.id, ids), _PENDING_BY_ID, _ALONE_OR_FIRST)
    return _claim(connection, and_(free, _is_due(connection, now)), run, timing)


def claim_followers(connection: Connection, leads: Sequence[Row], run: str, timing: Timing) -> list[Row]:
    """The rows that left, or were about to, in the messages of these leads: they go again together."""
    if not leads:
        return []
    free = and_(
        among(connection, Delivery.lead_id, [row.id for row in leads]),
        or_(
            among(connection, Delivery.member_id, [row.member_id for row in leads]),
            among(
                connection, Delivery.campaign_id, {row.campaign_id for row in leads if row.channel == "mass"}
            ),
        ),
        _PENDING_BY_ID,
    )
    return _claim(connection, free, run, timing)


def claim_of_members(
    connection: Connection, member_ids: Collection[int], run: str, now: datetime, timing: Timing
) -> list[Row]:
    """Every other row that is due for these members, to go out in the same message."""
    free = and_(
        among(connection, Delivery.member_id, member_ids),
        _PENDING_BY_ID,
        Delivery.lead_id.is_(None),
        Delivery.tried_at.is_(None),
        exists().where(Campaign.id == Delivery.campaign_id, Campaign.channel != "mass"),
    )
    return _claim(connection, and_(free, _is_due(connection, now)), run, timing)


def _claim(connection: Connection, free: ColumnElement[bool], run: str, timing: Timing) -> list[Row]:
    wanted = select(
        Delivery.id,
        Delivery.campaign_id,
        Delivery.member_id,
        Delivery.attempts,
        Delivery.next_attempt_at,
        Delivery.channel,
        Delivery.lead_id,
        seconds_since(connection, Delivery.tried_at).label("doubt_s"),
    ).where(free, may_leave())
    rows = [
        Row(id_, campaign, member, run, attempts, instant_of(due), channel, lead, doubt)
        for id_, campaign, member, attempts, due, channel, lead, doubt in _locked(connection, wanted)
    ]
    if rows:
        connection.execute(
            update(Delivery)
            .where(among(connection, Delivery.id, [row.id for row in rows]))
            .values(
                state=State.CLAIMED.value,
                claimed_by=run,
                claimed_until=database_now(connection, timing.claim_s),
            )
        )
    return rows


def _locked(connection: Connection, free: Select[*tuple[Any, ...]]) -> list[list[Any]]:
    """Lock the rows that a SELECT finds until the transaction ends, and give them."""
    locked = free.with_for_update(skip_locked=True).subquery("locked")
    return rows_of(connection.scalar(select(gathered(connection, *locked.c))))
