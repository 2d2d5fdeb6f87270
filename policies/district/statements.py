"""Statements on a district's data; each runs inside a caller's transaction."""

from dataclasses import replace
from datetime import datetime
from typing import Any, TypeVar

from pydantic import BaseModel
from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from policies.approval.columns import RevisionState
from policies.approval.draft_table import DraftTable, Words
from policies.approval.four_eyes import AuthorsColumn
from policies.district.models import MODELS, RULES, DepartmentList, District, DistrictPart, Places, Texts
from policies.district.revisions import PartRevision, as_revision
from policies.district.rules import named
from policies.district.tables import DistrictRevision
from policies.library import tables
from policies.library.models import Track, TrackList
from storage.sql.upsert import insert

_D = DistrictRevision
_Model = TypeVar("_Model", bound=BaseModel)

SEEDED_BY = "library"
"""Who stands for the parts that came from the folder of a new installation."""

PARTS = DraftTable(
    _D,
    _D.part,
    AuthorsColumn(_D.id, _D.authors),
    Words(
        changed="这部分在此期间已被他人修改，请核对后再试",
        own="有您本人的修改，须由另一位同事审批后生效",
        returned="这份修改已退回，修改保存后才能生效",
    ),
)


async def holds_district(session: AsyncSession) -> bool:
    """Whether every part has been written once."""
    known = set(await session.scalars(select(_D.part).distinct()))
    return known >= set(MODELS)


async def seed_parts(session: AsyncSession, district: District, now: datetime) -> tuple[DistrictPart, ...]:
    """Put in effect each part that nobody has written yet; returns those. Tracks that people follow already stay."""
    tracks = await tracks_of(session)
    if tracks.tracks:
        district = replace(district, tracks=tracks)
    added = tuple([part for part in MODELS if await _insert_first(session, part, district.part(part), now)])
    if DistrictPart.TRACKS in added:
        await store_tracks(session, district.tracks)
    return added


async def _insert_first(session: AsyncSession, part: DistrictPart, content: BaseModel, now: datetime) -> bool:
    """Put a part in effect that nobody has written yet; returns whether it was so."""
    row = {
        "part": part,
        "number": 1,
        "state": RevisionState.PUBLISHED,
        "data": content.model_dump(mode="json"),
        "author": SEEDED_BY,
        "authors": [SEEDED_BY],
        "created_at": now,
        "updated_at": now,
        "publisher": SEEDED_BY,
        "published_at": now,
    }
    added = await session.execute(insert(session, _D).values(row).on_conflict_do_nothing().returning(_D.id))
    return added.first() is not None


async def district_of(session: AsyncSession) -> District:
    """Return what is in effect without the rules, as this transaction sees it."""
    kept = select(_D.part, _D.data).where(_D.state == RevisionState.PUBLISHED, _D.part.not_in(RULES))
    rows = (await session.execute(kept)).all()
    data: dict[str, Any] = {row.part: row.data for row in rows}
    return District(
        await tracks_of(session),
        _read(data, DistrictPart.DEPARTMENTS, DepartmentList, DepartmentList(())).root,
        _read(data, DistrictPart.PLACES, Places, Places()),
        _read(data, DistrictPart.TEXTS, Texts, Texts()),
    )


async def rules_of(session: AsyncSession) -> dict[DistrictPart, Any]:
    """Return the rules for matching companies, with the district's names filled in."""
    texts = (await district_of(session)).texts
    return {part: named(rules, texts) for part, rules in (await rules_as_kept(session)).items()}


async def rules_as_kept(session: AsyncSession) -> dict[DistrictPart, Any]:
    """Return the rules for matching companies, as the files gave them."""
    kept = select(_D.part, _D.data).where(_D.state == RevisionState.PUBLISHED, _D.part.in_(RULES))
    return {DistrictPart(row.part): row.data for row in await session.execute(kept) if row.data}


def _read(data: dict[str, Any], part: DistrictPart, model: type[_Model], empty: _Model) -> _Model:
    return model.model_validate(data[part]) if part in data else empty


async def tracks_of(session: AsyncSession) -> TrackList:
    """Return the tracks that people can follow now, as this transaction sees them."""
    table = tables.TrackRow
    found = await session.scalars(select(table).where(table.active).order_by(table.position))
    rows = found.all()
    return TrackList(
        provisional=any(row.provisional for row in rows),
        tracks=tuple(Track(id=row.id, name=row.name, aliases=tuple(row.aliases)) for row in rows),
    )


async def store_tracks(session: AsyncSession, tracks: TrackList) -> None:
    """Update the table of tracks. A track that left the list stays, inactive, because members may follow it."""
    rows = {row.id: row for row in await session.scalars(select(tables.TrackRow))}
    for position, track in enumerate(tracks.tracks, start=1):
        row = rows.pop(track.id, None)
        if row is None:
            row = tables.TrackRow(id=track.id)
            session.add(row)
        row.name, row.aliases, row.position = track.name, list(track.aliases), position
        row.provisional, row.active = tracks.provisional, True
    for row in rows.values():
        row.active = False
    await session.flush()


async def bump_version(session: AsyncSession) -> None:
    """Raise the version that every process polls, so that each reads again."""
    state = tables.LibraryState
    await session.execute(update(state).values(version=state.version + 1))


async def revisions_of(session: AsyncSession, part: DistrictPart, limit: int) -> tuple[PartRevision, ...]:
    """Return the newest revisions of a part, newest first."""
    rows = await session.scalars(select(_D).where(_D.part == part).order_by(_D.number.desc()).limit(limit))
    return tuple(as_revision(row) for row in rows)


async def names_in_use(session: AsyncSession) -> tuple[frozenset[str], frozenset[str]]:
    """Return ids of tracks, and names of departments, that published clauses carry."""
    table = tables.RevisionRow
    published = select(table.data).where(table.state == "published", table.retires.is_(False))
    tracks: set[str] = set()
    departments: set[str] = set()
    for data in await session.scalars(published):
        tracks.update(data.get("tracks", ()))
        departments.update(data.get("departments", ()))
    return frozenset(tracks), frozenset(departments)
