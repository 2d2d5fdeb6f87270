"""The members of a chunk as delivery needs them, and what messages take from their allowances."""

import json
from collections.abc import Collection, Iterable
from datetime import date, datetime
from functools import cache, lru_cache
from typing import NamedTuple

from sqlalchemy import Connection, Select, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from alerts.model.channel import Reach, messages_left
from storage.sql.batches import (
    dialect_of,
    id_in,
    id_in_parameter,
    json_rows,
    pack_ids,
    parse_instant,
    read_json_rows,
)
from subscriptions.members.following import UNFOLLOWED_VALUES
from subscriptions.members.preferences import Digest, Preferences
from subscriptions.members.recipients import PLAIN_PREFERENCES
from subscriptions.messaging_rights import grants, service_windows
from subscriptions.messaging_rights.service_windows import Pool
from subscriptions.tables import Grant, Member

Spent = Pool | str | None
"""What a message took: one of a pool of customer-service messages, one grant of a template (its id), or nothing."""

_ALIKE = 1_000
"""Members with equal preferences and reaches share one object. This many objects are kept."""


class Person(NamedTuple):
    """A member about to be written to."""

    id: int
    openid: str
    following: bool
    preferences: Preferences
    reach: Reach


def load(
    connection: Connection, ids: Collection[int], notification_ids: Collection[str], real_now: datetime
) -> dict[int, Person]:
    """Load members by id. The windows of customer-service messages are WeChat's, so they end by real time."""
    wanted = {"ids": pack_ids(connection, ids)}
    granted = _granted(connection, ids, notification_ids)
    found = {}
    for id_, openid, following, *rest in read_json_rows(
        connection.scalar(_members(dialect_of(connection)), wanted)
    ):
        preferred, pools = rest[:9], rest[9:]
        reach = _reach(_left(real_now, *pools), frozenset(granted.get(id_, ())))
        found[id_] = Person(id_, openid, bool(following), preferences(*preferred), reach)
    return found


@cache
def _members(dialect: str) -> Select[str]:
    return select(
        json_rows(
            dialect,
            Member.id,
            Member.openid,
            Member.following,
            *PLAIN_PREFERENCES,
            Member.action_left,
            Member.action_until,
            Member.message_left,
            Member.message_until,
        )
    ).where(id_in_parameter(dialect, Member.id, "ids"))


def _granted(
    connection: Connection, ids: Collection[int], template_ids: Collection[str]
) -> dict[int, set[str]]:
    granted: dict[int, set[str]] = {}
    if template_ids:
        left = Grant.granted - Grant.spent - Grant.revoked > 0
        rows = select(json_rows(connection, Grant.member_id, Grant.template_id)).where(
            id_in(connection, Grant.member_id, ids), Grant.template_id.in_(template_ids), left
        )
        for member_id, template_id in read_json_rows(connection.scalar(rows)):
            granted.setdefault(member_id, set()).add(template_id)
    return granted


def _left(
    real_now: datetime,
    action_left: int,
    action_until: str | None,
    message_left: int,
    message_until: str | None,
) -> int:
    if action_until is None and message_until is None:
        return 0
    action, message = (parse_instant(until) if until else None for until in (action_until, message_until))
    return messages_left(real_now, (action_left, action), (message_left, message))


@lru_cache(_ALIKE)
def preferences(  # noqa: PLR0917
    lead_days: str | None,
    quiet_from: int,
    quiet_until: int,
    digest: str,
    general: int,
    announcements: int,
    weekends: int,
    deadlines_only: int,
    paused_until: str | None,
) -> Preferences:
    """Return the preferences in a row that was read as plain values: the days as JSON, a date as text, booleans as 0 or 1."""
    leads = None if lead_days is None else tuple(json.loads(lead_days))
    return Preferences(
        leads,
        quiet_from,
        quiet_until,
        Digest(digest),
        bool(general),
        bool(announcements),
        bool(weekends),
        bool(deadlines_only),
        date.fromisoformat(paused_until) if paused_until else None,
    )


@lru_cache(_ALIKE)
def _reach(custom: int, grants: frozenset[str]) -> Reach:
    return Reach(custom, grants)


async def give_back(session: AsyncSession, spent: Iterable[tuple[int, Spent]]) -> None:
    """Give back what was taken for messages that surely were not sent."""
    by_kind: dict[Spent, list[int]] = {}
    for member_id, kind in sorted(spent, key=lambda each: each[0]):
        by_kind.setdefault(kind, []).append(member_id)
    for kind, member_ids in by_kind.items():
        if isinstance(kind, Pool):
            await service_windows.give_back(session, kind, member_ids)
        elif kind is not None:
            await grants.give_back(session, kind, member_ids)


async def note_unfollowed(session: AsyncSession, member_ids: Collection[int], real_now: datetime) -> None:
    """Note that members unfollowed, as WeChat says (43004, 50005). The event that should have said so was lost."""
    await session.execute(
        update(Member)
        .where(id_in(session, Member.id, member_ids), Member.following)
        .values(unfollowed_at=real_now, **UNFOLLOWED_VALUES)
        .execution_options(synchronize_session=None)
    )
