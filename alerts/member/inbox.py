"""The alerts that a member has received, and those that wait in the inbox until the next conversation.

An alert of a window shows the window's present state: with its new day if it moved, as cancelled if it was withdrawn.
Several alerts of one window would then say the same, so only the newest is shown, an unread one first.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    and_,
    case,
    false,
    func,
    literal_column,
    or_,
    select,
    true,
    update,
)
from sqlalchemy.ext.asyncio import AsyncSession

from alerts.model.content import AlertKind, Content
from alerts.model.rows.row_states import TOLD
from alerts.model.tables import Campaign, Delivery
from policies.library.tables import WindowRow
from storage.sql.batches import id_in
from subscriptions.tables import Member

_WINDOW_ID = Campaign.content["window_id"].as_integer()
_IN_INBOX: ColumnElement[bool] = or_(  # spelt out: the partial index is found by it
    Delivery.state == literal_column("'inbox'"), Delivery.channel == literal_column("'inbox'")
)
UNREAD: ColumnElement[bool] = and_(_IN_INBOX, Delivery.read_at.is_(None))
_IS_UNREAD = case((UNREAD, true()), else_=false())
"""`UNREAD` as a value. For a row without a channel `UNREAD` itself is NULL."""

_SAME = 10
"""Alerts of one window that may wait at once: its opening, the leads, moved dates."""


@dataclass(frozen=True, slots=True)
class ReceivedAlert:
    """An alert that a member has got, or that waits for them.

    Attributes:
        delivery_id: its row; with `same`, those of older unread ones of the same window.
        at: when it was sent or laid into the inbox.
        unread: it waits in the inbox.
    """

    delivery_id: int
    kind: AlertKind
    content: Content
    at: datetime
    unread: bool
    same: tuple[int, ...] = ()


async def unread_count(session: AsyncSession, openid: str) -> int:
    """Return the number of unread alerts of a person; those of one window count as one. 0 for an unknown openid."""
    return (
        await session.scalar(
            select(func.count(func.coalesce(_WINDOW_ID, -Delivery.id).distinct()))
            .select_from(Delivery)
            .join(Member, Member.id == Delivery.member_id)
            .join(Campaign, Campaign.id == Delivery.campaign_id)
            .where(Member.openid == openid, UNREAD)
        )
        or 0
    )


async def latest(session: AsyncSession, member_id: int, limit: int) -> list[ReceivedAlert]:
    """Return the newest alerts of a member, one of each window, unread ones first."""
    rows = await session.execute(
        _told()
        .where(Delivery.member_id == member_id, or_(Delivery.state.in_(TOLD), _IN_INBOX))
        .where(Delivery.settled_at.is_not(None))
        .order_by(_IS_UNREAD.desc(), Delivery.settled_at.desc(), Delivery.id.desc())
        .limit(limit * _SAME)
    )
    return _one_a_window([_as_told(row) for row in rows])[:limit]


def _one_a_window(told: Sequence[ReceivedAlert]) -> list[ReceivedAlert]:
    found: list[ReceivedAlert] = []
    places: dict[int, int] = {}
    for one in told:
        window = one.content.window_id
        if window is not None and window in places:
            place = places[window]
            if one.unread:
                found[place] = replace(found[place], same=(*found[place].same, one.delivery_id))
            continue
        if window is not None:
            places[window] = len(found)
        found.append(one)
    return found


async def told(session: AsyncSession, campaign_id: int, member_id: int) -> ReceivedAlert | None:
    """Return a campaign's alert to a member. Return None if the member is not a recipient."""
    row = (
        await session.execute(
            _told().where(Delivery.campaign_id == campaign_id, Delivery.member_id == member_id)
        )
    ).one_or_none()
    return None if row is None else _as_told(row)


async def told_together(
    session: AsyncSession, campaign_id: int, member_id: int
) -> list[tuple[int, ReceivedAlert]]:
    """Return the other alerts that a gathered message brought the member beside this one, each with its campaign's id."""
    lead = (
        select(Delivery.lead_id)
        .join(Campaign, Campaign.id == Delivery.campaign_id)
        .where(
            Delivery.campaign_id == campaign_id, Delivery.member_id == member_id, Campaign.channel != "mass"
        )
        .scalar_subquery()
    )
    rows = await session.execute(
        _told()
        .where(Delivery.member_id == member_id, Delivery.lead_id == lead, Campaign.id != campaign_id)
        .order_by(Delivery.id)
    )
    return [(row.campaign_id, _as_told(row)) for row in rows]


def _told() -> Select[Any]:
    return (
        select(
            Delivery.id,
            Delivery.campaign_id,
            Campaign.kind,
            Campaign.content,
            func.coalesce(Delivery.settled_at, Campaign.created_at).label("at"),
            _IS_UNREAD.label("unread"),
            WindowRow.closes_on,
            WindowRow.opens_on,
            WindowRow.url,
            WindowRow.withdrawn_at,
        )
        .join(Campaign, Campaign.id == Delivery.campaign_id)
        .outerjoin(WindowRow, WindowRow.id == _WINDOW_ID)
    )


def _as_told(row: Any) -> ReceivedAlert:
    kind, content = _as_it_is(AlertKind(row.kind), Content.model_validate(row.content), row)
    return ReceivedAlert(row.id, kind, content, row.at, bool(row.unread))


def _as_it_is(kind: AlertKind, content: Content, window: Any) -> tuple[AlertKind, Content]:
    """Return an alert with the window's present state."""
    if content.window_id is None:
        return kind, content
    before = content.closes_on or content.old_closes_on
    if window.closes_on is None or window.withdrawn_at is not None:
        gone = {"opens_on": None, "closes_on": None, "old_closes_on": before, "url": ""}
        return AlertKind.DATE_CHANGED, content.model_copy(update=gone)
    now = {"opens_on": window.opens_on, "closes_on": window.closes_on, "url": window.url}
    if content.closes_on is None:  # it was withdrawn, and has come back since
        return kind, content.model_copy(update={**now, "old_closes_on": None})
    if content.closes_on != window.closes_on and content.old_closes_on is None:
        now["old_closes_on"] = content.closes_on
    return kind, content.model_copy(update=now)


async def mark_read(session: AsyncSession, delivery_ids: Collection[int], now: datetime) -> None:
    """Mark alerts as read: the member has seen them."""
    await session.execute(
        update(Delivery)
        .where(id_in(session, Delivery.id, delivery_ids), Delivery.read_at.is_(None))
        .values(read_at=now)
        .execution_options(synchronize_session=False)
    )
