"""A broadcast as somebody asks for it, and whom it is for."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import exists, select
from sqlalchemy.ext.asyncio import AsyncSession

from alerts.model.campaigns.audience import Audience
from policies.library.tables import RevisionRow, TrackRow
from subscriptions.tables import Member


class BroadcastError(Exception):
    """A broadcast cannot be made like this. `field` says where; the message says why, in Chinese."""

    def __init__(self, code: str, message: str, field: str | None = None) -> None:
        self.code, self.field = code, field
        super().__init__(message)


@dataclass(frozen=True, slots=True)
class Draft:
    """A requested broadcast. Exactly one of everyone, tracks, openids and fits is given.

    Attributes:
        fits: key of a clause: members who want alerts by profile and whose kept profile fits it.
        send_at: the earliest time. None: as soon as it is approved.
        last_at: the latest time; after it, an operator is asked again. None: a day after it should begin.
    """

    title: str
    body: str
    url: str = ""
    channel: str = "auto"
    everyone: bool = False
    tracks: tuple[str, ...] = ()
    openids: tuple[str, ...] = ()
    fits: int | None = None
    send_at: datetime | None = None
    last_at: datetime | None = None


async def audience_of(session: AsyncSession, draft: Draft) -> Audience:
    """Return who gets a broadcast: everyone, followers of tracks, named members, or members whose profile fits a clause.

    Raises:
        BroadcastError: a track, a clause or a person is unknown.
    """
    if draft.everyone:
        return Audience(everyone=True)
    if draft.fits is not None:
        known_clause = exists().where(RevisionRow.subject == draft.fits, RevisionRow.state == "published")
        if not await session.scalar(select(known_clause)):
            raise BroadcastError("unknown_clause", "没有这一条款。", "audience.fits")
        return Audience(fits=draft.fits)
    if draft.openids:
        return Audience(members=await _members(session, draft.openids, "audience.openids"))
    known = set(await session.scalars(select(TrackRow.id).where(TrackRow.id.in_(draft.tracks))))
    unknown = [track for track in draft.tracks if track not in known]
    if unknown or not known:
        names = "、".join(unknown) or "（空）"
        raise BroadcastError("unknown_track", f"没有这个赛道：{names}。", "audience.tracks")
    return Audience(tracks=tuple(sorted(known)))


async def _members(session: AsyncSession, openids: Sequence[str], field: str) -> tuple[int, ...]:
    found: dict[str, int] = {}
    for start in range(0, len(openids), 500):  # SQLite takes a limited number of values a statement
        part = openids[start : start + 500]
        rows = await session.execute(select(Member.openid, Member.id).where(Member.openid.in_(part)))
        found.update((row.openid, row.id) for row in rows)
    missing = sum(openid not in found for openid in openids)
    if missing:
        raise BroadcastError("unknown_openid", f"有 {missing} 个 openid 不是本账号的关注者。", field)
    return tuple(sorted(set(found.values())))
