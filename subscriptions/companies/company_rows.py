"""Companies and their tracks as rows, inside the caller's transaction."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from storage.sql.upsert import insert
from subscriptions.members import track_subscriptions
from subscriptions.members.track_subscriptions import ChangeSource
from subscriptions.tables import Company, CompanyTrack


async def ensure_company(session: AsyncSession, uscc: str, name: str, at: datetime) -> int:
    """Return the id of the company with this code, or with this name if the code is "". It is created if it does not exist."""
    return (await ensure_companies(session, [(uscc, name)], at))[uscc, name]


async def ensure_companies(
    session: AsyncSession, known_by: Sequence[tuple[str, str]], at: datetime
) -> dict[tuple[str, str], int]:
    """Do what `ensure_company` does for many companies. Return their ids by (code or "", name)."""
    rows = [{"uscc": uscc or None, "name": name, "created_at": at} for uscc, name in known_by]
    await session.execute(insert(session, Company).on_conflict_do_nothing(), rows)
    codes = {uscc for uscc, _ in known_by if uscc}
    names = {name for uscc, name in known_by if not uscc}
    found = await session.execute(
        select(Company.uscc, Company.name, Company.id).where(
            Company.uscc.in_(codes) | (Company.uscc.is_(None) & Company.name.in_(names))
        )
    )
    ids = {row[0] or (row[1],): row[2] for row in found}
    return {(uscc, name): ids[uscc or (name,)] for uscc, name in known_by}


async def follow_company_tracks(
    session: AsyncSession, member_id: int, company_id: int, at: datetime, operator: str
) -> tuple[str, ...]:
    """Subscribe a confirmed member to the company's tracks. A company without tracks takes over the member's tracks.

    Returns:
        The tracks that are new for the member.
    """
    connection = await session.connection()
    company = await company_tracks(session, company_id)
    if not company:
        chosen = await connection.run_sync(track_subscriptions.tracks_of, member_id)
        await add_company_tracks(session, company_id, chosen)
    return await connection.run_sync(
        track_subscriptions.add, member_id, company, at, source=ChangeSource.COMPANY, actor=operator
    )


async def add_company_tracks(session: AsyncSession, company_id: int, tracks: Iterable[str]) -> None:
    """Add tracks to the company's tracks."""
    rows = [{"company_id": company_id, "track_id": track} for track in dict.fromkeys(tracks)]
    if rows:
        await session.execute(insert(session, CompanyTrack).on_conflict_do_nothing(), rows)


async def company_tracks(session: AsyncSession, company_id: int) -> tuple[str, ...]:
    """Return ids of the company's tracks."""
    rows = await session.scalars(
        select(CompanyTrack.track_id)
        .where(CompanyTrack.company_id == company_id)
        .order_by(CompanyTrack.track_id)
    )
    return tuple(rows)
