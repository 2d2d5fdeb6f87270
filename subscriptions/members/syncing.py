"""Sync of our members with WeChat's list of followers: it repairs missed follows and unfollows.

The list changes while its pages are read. So the sync does not touch members who followed or unfollowed since it
began, and it marks nobody as unfollowed before it has read the whole list.
"""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update

from storage.clock import Clock
from storage.sql.database import Database
from storage.sql.upsert import insert
from subscriptions.members.following import UNFOLLOWED_VALUES, digest, lock_erasing_shared
from subscriptions.tables import Erasure, Member
from wechat.api.answers import FollowersPage

_CHUNK = 2_000
_MISSING_SHARE = 0.01


@dataclass(slots=True)
class SyncReport:
    """The result of one sync.

    Attributes:
        listed: count of different followers in WeChat's list.
        total: count of followers that WeChat states.
        new: members that were added.
        returned: members whose follow we had missed.
        gone: members whose unfollow we had missed.
        complete: the whole list was read, so absent members were marked as unfollowed.
    """

    listed: int = 0
    total: int = 0
    new: int = 0
    returned: int = 0
    gone: int = 0
    complete: bool = False


async def sync_followers(database: Database, clock: Clock, pages: AsyncIterator[FollowersPage]) -> SyncReport:
    """Read WeChat's list once and repair our members.

    If the list is empty, or more than 1 % shorter than the total that it states, nobody is marked as unfollowed.

    Raises:
        wechat.api.errors.ApiFailure: the list could not be read to its end. Repairs made so far stay.
    """
    report = SyncReport()
    began = clock()
    seen = _Bitmap()
    async for page in pages:
        report.total = page.total
        before = report.listed
        for start in range(0, len(page.openids), _CHUNK):
            await _present(database, page.openids[start : start + _CHUNK], began, seen, report)
        if report.listed == before:
            break  # WeChat repeats a page; the list might never end
    report.complete = report.listed > 0 and report.listed >= report.total * (1 - _MISSING_SHARE)
    if report.complete:
        report.gone = await _absent(database, began, seen)
    return report


class _Bitmap:
    """The set of member ids that were seen, with one bit for each id."""

    def __init__(self) -> None:
        self._bits = bytearray()

    def add(self, number: int) -> None:
        place = number >> 3
        if place >= len(self._bits):
            self._bits.extend(bytes(place + 4096 - len(self._bits)))
        self._bits[place] |= 1 << (number & 7)

    def __contains__(self, number: int) -> bool:
        place = number >> 3
        return place < len(self._bits) and bool(self._bits[place] & 1 << (number & 7))


async def _present(
    database: Database, openids: Sequence[str], began: datetime, seen: _Bitmap, report: SyncReport
) -> None:
    statement = select(Member.openid, Member.id, Member.following, Member.unfollowed_at).where(
        Member.openid.in_(openids)
    )
    async with database.read() as session:
        known = {row.openid: row for row in await session.execute(statement)}
    for row in known.values():
        report.listed += row.id not in seen
        seen.add(row.id)
    back = [row.id for row in known.values() if not row.following and row.unfollowed_at < began]
    strangers = [openid for openid in openids if openid not in known]
    if not back and not strangers:
        return
    async with database.write() as session:
        await (await session.connection()).run_sync(lock_erasing_shared)
        returned = await session.scalars(
            update(Member)
            .where(Member.id.in_(back), ~Member.following, Member.unfollowed_at < began)
            .values(following=True, unfollowed_at=None, followed_at=began)
            .returning(Member.id)
            .execution_options(synchronize_session=None)
        )
        report.returned += len(returned.all())
        digests = {digest(openid): openid for openid in strangers}
        report.listed += len(digests)
        erased = set(await session.scalars(select(Erasure.digest).where(Erasure.digest.in_(digests))))
        rows = [
            {"openid": openid, "followed_at": began}
            for found, openid in digests.items()
            if found not in erased
        ]
        if rows:
            statement = insert(session, Member).on_conflict_do_nothing().returning(Member.id)
            added = await session.scalars(statement, rows)
            for member_id in added:
                seen.add(member_id)
                report.new += 1


async def _absent(database: Database, began: datetime, seen: _Bitmap) -> int:
    after = gone = 0
    while True:
        statement = (
            select(Member.id)
            .where(Member.id > after, Member.following, Member.followed_at < began)
            .order_by(Member.id)
            .limit(_CHUNK)
        )
        async with database.read() as session:
            ids = (await session.scalars(statement)).all()
        if not ids:
            return gone
        after = ids[-1]
        absent = [member_id for member_id in ids if member_id not in seen]
        if not absent:
            continue
        async with database.write() as session:
            left = await session.scalars(
                update(Member)
                .where(Member.id.in_(absent), Member.following, Member.followed_at < began)
                .values(unfollowed_at=began, **UNFOLLOWED_VALUES)
                .returning(Member.id)
                .execution_options(synchronize_session=None)
            )
            gone += len(left.all())
