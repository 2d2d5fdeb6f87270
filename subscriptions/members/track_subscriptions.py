"""Following a track and leaving it, inside a transaction; every change that took place is kept.

For `Database.run_in_write_transaction`, or `AsyncConnection.run_sync` where more is done in the same transaction.
"""

from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Connection, delete, select
from sqlalchemy import insert as plain_insert

from storage.sql.upsert import insert
from subscriptions.tables import Subscription, SubscriptionChange

MEMBER = "member"
"""The actor of a change that a member made; an operator's name otherwise."""


class ChangeSource(StrEnum):
    """By which way a subscription was changed."""

    CHAT = "chat"
    PAGE = "page"
    SCAN = "scan"
    IMPORT = "import"
    CONSOLE = "console"
    COMPANY = "company"


def tracks_of(connection: Connection, member_id: int) -> tuple[str, ...]:
    """Ids of the tracks a member follows, in the order they were chosen."""
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
    """Follow tracks; those already followed stay as they are, however many ask at once.

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
    """Leave tracks.

    Returns:
        The tracks that were followed until now, in the order given.
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
