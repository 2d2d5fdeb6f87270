"""Imports a file of subscribers: the whole file or nothing, unless `partial`.

An import only adds. The tracks of a line are added to the member's and to the company's tracks; new members of the
company are subscribed to the latter. The binding to the company is confirmed, because an operator imported it.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, exists, select, update
from sqlalchemy import insert as plain_insert
from sqlalchemy.ext.asyncio import AsyncSession

from storage.clock import Clock
from storage.sql.database import Database
from storage.sql.upsert import insert
from subscriptions.companies.company_rows import ensure_companies
from subscriptions.files.subscriber_files import LineProblem, SubscriberRow
from subscriptions.files.task import read_subscribers_in_child
from subscriptions.members.following import digest, lock_erasing_shared
from subscriptions.members.track_names import TrackNames
from subscriptions.members.track_subscriptions import ChangeSource
from subscriptions.tables import Company, CompanyTrack, Erasure, Member, Subscription, SubscriptionChange

_BATCH = 1_000
# The tables themselves: the ORM is slower for many rows, and its update needs primary keys.
_members: Any = Member.__table__
_companies: Any = Company.__table__
_subscriptions: Any = Subscription.__table__
_changes: Any = SubscriptionChange.__table__

Progress = Callable[[int, int], None]
"""Called with the count of lines written, and the count of all lines."""


@dataclass(slots=True)
class ImportReport:
    """The result of an import.

    Attributes:
        lines: count of valid lines.
        problems: the invalid lines, each with the reason.
        applied: the lines were written. False: a problem prevented the whole import.
        members: count of new members.
        subscriptions: count of new subscriptions.
        erased: numbers of the lines that were skipped, because these persons asked to be erased.
        renamed: companies whose name changed: (line, name before, name now).
    """

    lines: int = 0
    problems: list[LineProblem] = field(default_factory=list)
    applied: bool = False
    members: int = 0
    subscriptions: int = 0
    erased: list[int] = field(default_factory=list)
    renamed: list[tuple[int, str, str]] = field(default_factory=list)


Audit = Callable[[AsyncSession, ImportReport], None]
"""Adds an audit entry to the transaction of the import."""


async def import_subscribers(
    database: Database,
    clock: Clock,
    raw: bytes,
    names: TrackNames,
    *,
    actor: str,
    partial: bool = False,
    progress: Progress = lambda done, total: None,
    audit: Audit = lambda session, report: None,
) -> ImportReport:
    """Read a file. If all lines are valid, or with `partial`, write the valid lines in one transaction.

    Args:
        database: the database to write to.
        clock: the time of the recorded changes.
        raw: the file: a workbook, or a CSV in UTF-8 (with or without BOM), UTF-16 with BOM, or GB18030.
        names: the names of the tracks in the database.
        actor: the operator, for the recorded changes.
        partial: write the valid lines even if others are not valid.
        progress: called after every 1,000 lines.
        audit: called with the report, to add an audit entry in the same transaction.
    """
    rows, problems = await read_subscribers_in_child(raw, names)
    report = ImportReport(len(rows), problems)
    if not rows or (problems and not partial):
        return report
    async with database.write() as session:
        await (await session.connection()).run_sync(lock_erasing_shared)
        writer = _Writer(session, clock(), actor, report)
        for start in range(0, len(rows), _BATCH):
            await writer.write(rows[start : start + _BATCH])
            progress(min(start + _BATCH, len(rows)), len(rows))
        await writer.subscribe_to_company_tracks()
        audit(session, report)
    report.applied = True
    return report


class _Writer:
    def __init__(self, session: AsyncSession, at: datetime, actor: str, report: ImportReport) -> None:
        self._session = session
        self._at = at
        self._actor = actor
        self._report = report
        self._without_tracks: list[int] = []

    async def write(self, rows: Sequence[SubscriberRow]) -> None:
        rows = await self._not_erased(rows)
        ids = await self._ensure_members([row.openid for row in rows])
        await self._tie([(ids[row.openid], row) for row in rows if row.company or row.uscc])
        await self._subscribe((ids[row.openid], track) for row in rows for track in row.tracks)
        self._without_tracks += [
            ids[row.openid] for row in rows if (row.company or row.uscc) and not row.tracks
        ]

    async def subscribe_to_company_tracks(self) -> None:
        """Subscribe members to their company's tracks, if their line names no tracks and they have none."""
        for ids in _batches(self._without_tracks):
            statement = (
                select(Member.id, CompanyTrack.track_id)
                .join(CompanyTrack, CompanyTrack.company_id == Member.company_id)
                .where(Member.id.in_(ids), ~exists().where(Subscription.member_id == Member.id))
            )
            pairs = [(row[0], row[1]) for row in await self._session.execute(statement)]
            await self._subscribe(pairs, source=ChangeSource.COMPANY)

    async def _not_erased(self, rows: Sequence[SubscriberRow]) -> Sequence[SubscriberRow]:
        digests = {digest(row.openid): row for row in rows}
        found = set(await self._session.scalars(select(Erasure.digest).where(Erasure.digest.in_(digests))))
        self._report.erased += sorted(digests[one].line for one in found)
        return [row for known_by, row in digests.items() if known_by not in found] if found else rows

    async def _ensure_members(self, openids: Sequence[str]) -> Mapping[str, int]:
        if not openids:
            return {}
        known = set(await self._session.scalars(select(Member.openid).where(Member.openid.in_(openids))))
        new = [{"openid": openid, "followed_at": self._at} for openid in openids if openid not in known]
        if new:
            await self._session.execute(insert(self._session, _members).on_conflict_do_nothing(), new)
        self._report.members += len(new)
        found = await self._session.execute(
            select(Member.openid, Member.id).where(Member.openid.in_(openids)).with_for_update()
        )
        return {row[0]: row[1] for row in found}

    async def _tie(self, rows: Sequence[tuple[int, SubscriberRow]]) -> None:
        if not rows:
            return
        companies = await self._ensure_companies([row for _, row in rows])
        ties = [
            {"of_member": member_id, "company": companies[row.line], "typed": row.company or row.uscc}
            for member_id, row in rows
        ]
        await self._session.execute(
            update(_members)
            .where(
                _members.c.id == bindparam("of_member"),
                _members.c.company_id.is_distinct_from(bindparam("company")) | ~_members.c.company_confirmed,
            )
            .values(
                company_id=bindparam("company"),
                company_as_typed=bindparam("typed"),
                company_since=self._at,
                company_confirmed=True,
                earlier_company_id=None,
                earlier_as_typed=None,
                earlier_since=None,
            ),
            ties,
        )
        follows = {(companies[row.line], track): None for _, row in rows for track in row.tracks}
        if follows:
            await self._session.execute(
                insert(self._session, CompanyTrack).on_conflict_do_nothing(),
                [{"company_id": company_id, "track_id": track} for company_id, track in follows],
            )

    async def _ensure_companies(self, rows: Sequence[SubscriberRow]) -> Mapping[int, int]:
        """Company ids by line. A name in the file replaces the name that a member typed."""
        known_by = {(row.uscc, row.company): row for row in rows}
        ids = await ensure_companies(self._session, list(known_by), self._at)
        named = [{"of_company": ids[key], "named": key[1]} for key in known_by if all(key)]
        if named:
            await self._note_renamed({ids[key]: row for key, row in known_by.items() if all(key)})
            await self._session.execute(
                update(_companies)
                .where(_companies.c.id == bindparam("of_company"), _companies.c.name != bindparam("named"))
                .values(name=bindparam("named")),
                named,
            )
        return {row.line: ids[row.uscc, row.company] for row in rows}

    async def _note_renamed(self, rows: Mapping[int, SubscriberRow]) -> None:
        """A company's name is changed by a file, but never in silence."""
        found = await self._session.execute(
            select(_companies.c.id, _companies.c.name).where(_companies.c.id.in_(rows))
        )
        for company, before in found:
            if before and before != rows[company].company:
                self._report.renamed.append((rows[company].line, before, rows[company].company))

    async def _subscribe(
        self, pairs: Iterable[tuple[int, str]], source: ChangeSource = ChangeSource.IMPORT
    ) -> None:
        """Write only new subscriptions. The members' rows are locked, so no other transaction adds the same ones."""
        wanted = list(pairs)
        followed = await self._session.execute(
            select(_subscriptions.c.member_id, _subscriptions.c.track_id).where(
                _subscriptions.c.member_id.in_({member_id for member_id, _ in wanted})
            )
        )
        known = {(row[0], row[1]) for row in followed}
        new = [
            {"member_id": member, "track_id": track}
            for member, track in wanted
            if (member, track) not in known
        ]
        if not new:
            return
        self._report.subscriptions += len(new)
        kept = {"action": "subscribed", "way": source.value, "actor": self._actor, "at": self._at}
        await self._session.execute(plain_insert(_subscriptions), [row | {"since": self._at} for row in new])
        await self._session.execute(plain_insert(_changes), [row | kept for row in new])


def _batches(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    for start in range(0, len(ids), _BATCH):
        yield ids[start : start + _BATCH]
