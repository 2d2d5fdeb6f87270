"""Subscribe to tracks and unsubscribe, inside the caller's transaction. Every change is recorded.

Call these functions through `Database.run_in_write_transaction`, or through `AsyncConnection.run_sync` if the
transaction does more.
"""

from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Connection, delete, select
from sqlalchemy import insert as plain_insert

from storage.sql.upsert import insert
from subscriptions.tables import Subscription, SubscriptionChange

MEMBER = "member"
"""The actor of a member's own change. Other changes have an operator's name."""


class ChangeSource(StrEnum):
    """Where a change of a subscription came from; the column `subscription_changes.way`."""

    CHAT = "chat"
    PAGE = "page"
    SCAN = "scan"
    IMPORT = "import"
    CONSOLE = "console"
    COMPANY = "company"


def tracks_of(connection: Connection, member_id: int) -> tuple[str, ...]:
    """Return ids of the member's tracks, in the order in which they were chosen."""
    rows = connection.scalars(
        select(Subscription.track_id)
        .where(Subscription.member_id == member_id)
        .order_by(Subscription.since, Subscription.track_id)
    )
    return tuple(rows)


def add(
    connection: Connection,
    member_id: int,
    tracks: Iterable[str],
    at: datetime,
    *,
    source: ChangeSource,
    actor: str,
) -> tuple[str, ...]:
    """Subscribe to tracks. Existing subscriptions stay as they are, also when several processes do this at once.

    Returns:
        The tracks that are new, in the order given.
    """
    wanted = tuple(dict.fromkeys(tracks))
    if not wanted:
        return ()
    statement = (
        insert(connection, Subscription)
        .values([{"member_id": member_id, "track_id": track, "since": at} for track in wanted])
        .on_conflict_do_nothing()
        .returning(Subscription.track_id)
    )
    new = set(connection.scalars(statement))
    added = tuple(track for track in wanted if track in new)
    _keep(connection, member_id, added, at=at, action="subscribed", source=source, actor=actor)
    return added


def remove(
    connection: Connection,
    member_id: int,
    tracks: Iterable[str],
    at: datetime,
    *,
    source: ChangeSource,
    actor: str,
) -> tuple[str, ...]:
    """Unsubscribe from tracks.

    Returns:
        The tracks that were subscribed until now, in the order given.
    """
    wanted = tuple(dict.fromkeys(tracks))
    if not wanted:
        return ()
    statement = (
        delete(Subscription)
        .where(Subscription.member_id == member_id, Subscription.track_id.in_(wanted))
        .returning(Subscription.track_id)
    )
    gone = set(connection.scalars(statement))
    removed = tuple(track for track in wanted if track in gone)
    _keep(connection, member_id, removed, at=at, action="unsubscribed", source=source, actor=actor)
    return removed


def _keep(
    connection: Connection,
    member_id: int,
    tracks: tuple[str, ...],
    *,
    at: datetime,
    action: str,
    source: ChangeSource,
    actor: str,
) -> None:
    if tracks:
        connection.execute(
            plain_insert(SubscriptionChange),
            [
                {
                    "member_id": member_id,
                    "track_id": track,
                    "action": action,
                    "way": source.value,
                    "actor": actor,
                    "at": at,
                }
                for track in tracks
            ],
        )
