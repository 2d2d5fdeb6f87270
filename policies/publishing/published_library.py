"""What is published, read once for each version: a publication of one clause reads one clause again, not the whole library."""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Text, cast, select

from policies.approval.columns import RevisionState
from policies.library import tables
from policies.library.library import Library
from policies.library.models import Policy, Surroundings
from policies.publishing.revisions import SURROUNDINGS
from policies.publishing.statements import library_from
from storage.sql.database import Database
from storage.sql.pages import by_pages
from storage.tasks.without_garbage_collection import without_garbage_collection

_D, _R, _S = tables.DocumentRow, tables.RevisionRow, tables.LibraryState
_AT_ONCE = 500
_MOST_ASKED_FOR = 5_000
"""From this number of revisions on, all are read. That is faster than naming them."""

_Mark = tuple[int, int, datetime]
"""The state of a revision: id, saves, last save. Another row may get the id of a row that was rolled back."""
_Content = Policy | Surroundings


@dataclass(frozen=True, slots=True)
class _Rows:
    """What the database holds: the version, the documents, the published revisions, and the contents that were not known."""

    version: int | None
    documents: Sequence[Any]
    revisions: Sequence[Any]
    contents: Mapping[int, str]


class PublishedLibrary:
    """Holds the library of the last version that was read, and the contents of its revisions.

    It reads what is committed, so it may be asked at any time outside of a transaction.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._known: dict[_Mark, _Content] = {}
        self._library: tuple[int, Library] | None = None
        self._reading = asyncio.Lock()

    async def read(self) -> Library | None:
        """Return the library; None if the database has not been seeded."""
        async with self._reading:
            held = self._library
            rows = await self._database.run_in_read_transaction(
                lambda connection: _read(connection, held[0] if held else 0, self._known)
            )
            if rows is None and held is not None:
                return held[1]
            if rows is None or rows.version is None:
                return None
            self._known, library = await asyncio.to_thread(_made, rows, self._known)
            self._library = (rows.version, library)
            return library


def _read(connection: Connection, version: int, known: Mapping[_Mark, _Content]) -> _Rows | None:
    """Return what changed since a version; None if nothing did."""
    now = connection.scalar(select(_S.version))
    if now is not None and now == version:
        return None
    documents = connection.execute(
        select(_D.id, _D.is_default, _D.short_name).where(_D.retired.is_(False)).order_by(_D.position)
    ).all()
    columns = select(_R.id, _R.subject, _R.edits, _R.updated_at, _R.retires, _R.kin)
    revisions: list[Any] = []
    unknown: list[int] = []
    for page in by_pages(connection, columns.where(_R.state == RevisionState.PUBLISHED), _R.subject):
        revisions += page
        unknown += [row.id for row in page if (row.id, row.edits, row.updated_at) not in known]
    return _Rows(now, documents, revisions, _contents(connection, unknown))


def _contents(connection: Connection, ids: Sequence[int]) -> dict[int, str]:
    """Return the contents of revisions as text: to make values of them is the work of another thread."""
    contents = select(_R.id, cast(_R.data, Text))
    texts: dict[int, str] = {}
    if len(ids) > _MOST_ASKED_FOR:
        for page in by_pages(
            connection, contents.where(_R.state == RevisionState.PUBLISHED), _R.id, _AT_ONCE
        ):
            texts |= _as_texts(page)
        return texts
    for at in range(0, len(ids), _AT_ONCE):
        chunk = contents.where(_R.id.in_(ids[at : at + _AT_ONCE]))
        texts |= _as_texts(connection.execute(chunk))
    return texts


def _as_texts(rows: Iterable[Any]) -> dict[int, str]:
    return {row[0]: row[1] for row in rows}


def _made(rows: _Rows, known: Mapping[_Mark, _Content]) -> tuple[dict[_Mark, _Content], Library]:
    with without_garbage_collection(where=len(rows.contents) > _MOST_ASKED_FOR):
        return _library(rows, known)


def _library(rows: _Rows, known: Mapping[_Mark, _Content]) -> tuple[dict[_Mark, _Content], Library]:
    now: dict[_Mark, _Content] = {}
    contents: list[tuple[_Content, bool, int | None]] = []
    for row in rows.revisions:
        mark = (row.id, row.edits, row.updated_at)
        now[mark] = known.get(mark) or _parsed(row.subject, rows.contents[row.id])
        contents.append((now[mark], row.retires, row.kin))
    documents = [(row.id, row.is_default, row.short_name) for row in rows.documents]
    return now, library_from(documents, contents)


def _parsed(subject: int, text: str) -> _Content:
    model: type[_Content] = Surroundings if subject <= SURROUNDINGS else Policy
    return model.model_validate_json(text)
