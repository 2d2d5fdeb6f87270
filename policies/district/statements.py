"""Statements on a district's data; each runs inside a caller's transaction."""

from dataclasses import replace
from datetime import datetime
from typing import Any, TypeVar

from pydantic import BaseModel
from sqlalchemy import CursorResult, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from policies.district.models import MODELS, RULES, Directory, District, Part, Places, Texts
from policies.district.revisions import ChangedMeanwhileError, Revision, State, as_revision
from policies.district.rules import named
from policies.district.tables import DistrictRevision
from policies.library import tables
from policies.library.models import Track, TrackList
from storage.sql.upsert import insert

_D = DistrictRevision
_Model = TypeVar("_Model", bound=BaseModel)

SEEDED_BY = "library"
"""Who stands for the parts that came from the folder of a new installation."""


async def holds_district(session: AsyncSession) -> bool:
    """Whether every part has been written once."""
    known = set(await session.scalars(select(_D.part).distinct()))
    return known >= set(MODELS)


async def seed_parts(session: AsyncSession, district: District, now: datetime) -> tuple[Part, ...]:
    """Put in effect each part that nobody has written yet; returns those. Tracks that people follow already stay."""
    tracks = await tracks_of(session)
    if tracks.tracks:
        district = replace(district, tracks=tracks)
    added = tuple([part for part in MODELS if await _insert_first(session, part, district.part(part), now)])
    if Part.TRACKS in added:
        await store_tracks(session, district.tracks)
    return added


async def _insert_first(session: AsyncSession, part: Part, content: BaseModel, now: datetime) -> bool:
    """Put a part in effect that nobody has written yet; returns whether it was so."""
    row = {
        "part": part,
        "number": 1,
        "state": State.IN_EFFECT,
        "data": content.model_dump(mode="json"),
        "base_number": 0,
        "edits": 1,
        "authors": [SEEDED_BY],
        "created_at": now,
        "updated_at": now,
        "approved_by": SEEDED_BY,
        "in_effect_at": now,
    }
    added = await session.execute(insert(session, _D).values(row).on_conflict_do_nothing().returning(_D.id))
    return added.first() is not None


async def district_of(session: AsyncSession) -> District:
    """What is in effect without the rules, as this transaction sees it."""
    kept = select(_D.part, _D.data).where(_D.state == State.IN_EFFECT, _D.part.not_in(RULES))
    rows = (await session.execute(kept)).all()
    data: dict[str, Any] = {row.part: row.data for row in rows}
    return District(
        await tracks_of(session),
        _read(data, Part.DEPARTMENTS, Directory, Directory(())).root,
        _read(data, Part.PLACES, Places, Places()),
        _read(data, Part.TEXTS, Texts, Texts()),
    )


async def rules_of(session: AsyncSession) -> dict[Part, Any]:
    """What companies are matched by, with the district's names in the places that are left for them."""
    texts = (await district_of(session)).texts
    return {part: named(rules, texts) for part, rules in (await rules_as_kept(session)).items()}


async def rules_as_kept(session: AsyncSession) -> dict[Part, Any]:
    """What companies are matched by, as the files said it."""
    kept = select(_D.part, _D.data).where(_D.state == State.IN_EFFECT, _D.part.in_(RULES))
    return {Part(row.part): row.data for row in await session.execute(kept) if row.data}


def _read(data: dict[str, Any], part: Part, model: type[_Model], empty: _Model) -> _Model:
    return model.model_validate(data[part]) if part in data else empty


async def tracks_of(session: AsyncSession) -> TrackList:
    """The tracks people can follow now, as this transaction sees them."""
    table = tables.Track
    found = await session.scalars(select(table).where(table.active).order_by(table.position))
    rows = found.all()
    return TrackList(
        provisional=any(row.provisional for row in rows),
        tracks=tuple(Track(id=row.id, name=row.name, aliases=tuple(row.aliases)) for row in rows),
    )


async def store_tracks(session: AsyncSession, tracks: TrackList) -> None:
    """Bring the table of tracks in line. A track that left the list stays, inactive, because members may follow it."""
    rows = {row.id: row for row in await session.scalars(select(tables.Track))}
    for position, track in enumerate(tracks.tracks, start=1):
        row = rows.pop(track.id, None)
        if row is None:
            row = tables.Track(id=track.id)
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


async def row_of(session: AsyncSession, part: Part, state: State) -> DistrictRevision | None:
    """The row of a part that has the state: its proposal, or what is in effect."""
    found: DistrictRevision | None = await session.scalar(
        select(_D).where(_D.part == part, _D.state == state).execution_options(populate_existing=True)
    )
    return found


async def revisions_of(session: AsyncSession, part: Part, limit: int) -> tuple[Revision, ...]:
    """The newest revisions of a part, newest first."""
    rows = await session.scalars(select(_D).where(_D.part == part).order_by(_D.number.desc()).limit(limit))
    return tuple(as_revision(row) for row in rows)


async def insert_next(
    session: AsyncSession, part: Part, content: BaseModel, *, state: State, author: str, now: datetime
) -> DistrictRevision:
    """Add the next revision of a part. Its authors are also those of proposals discarded since the last one in effect."""
    last = await session.scalar(select(func.max(_D.number)).where(_D.part == part)) or 0
    effective = await row_of(session, part, State.IN_EFFECT)
    base = effective.number if effective else 0
    since = select(_D.authors).where(_D.part == part, _D.number > base)
    earlier = [name for names in await session.scalars(since) for name in names]
    row = DistrictRevision(
        part=part,
        number=last + 1,
        state=state,
        data=content.model_dump(mode="json"),
        base_number=base,
        authors=list(dict.fromkeys((*earlier, author))),
        created_at=now,
        updated_at=now,
    )
    session.add(row)
    await session.flush()
    return row


async def move(session: AsyncSession, row: DistrictRevision, **values: object) -> None:
    """Change a row, if it is still as it was read.

    Raises:
        ChangedMeanwhileError: it is not.
    """
    as_read = (_D.id == row.id, _D.state == row.state, _D.edits == row.edits)
    moved = await session.execute(update(_D).where(*as_read).values(**values))
    if not isinstance(moved, CursorResult) or moved.rowcount != 1:
        raise ChangedMeanwhileError


async def names_in_use(session: AsyncSession) -> tuple[frozenset[str], frozenset[str]]:
    """Ids of tracks, and names of departments, that published clauses carry."""
    table = tables.Revision
    published = select(table.data).where(table.state == "published", table.retires.is_(False))
    tracks: set[str] = set()
    departments: set[str] = set()
    for data in await session.scalars(published):
        tracks.update(data.get("tracks", ()))
        departments.update(data.get("departments", ()))
    return frozenset(tracks), frozenset(departments)
