"""What the present edition of each document changed: the clauses as they were in the edition before (跟去年比有什么变化).

The edition is a line of what surrounds a document's clauses. From the publication that brought the present one, each clause
is compared with what it was right before. A document of one edition is compared with what it was when it was entered, for
a clause may be amended without a new edition.
"""

import asyncio
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from sqlalchemy import Connection, Text, cast, select

from policies.approval.columns import RevisionState
from policies.library import tables
from policies.library.changes import Kin, PolicyChange, Relation
from policies.library.library import Library
from policies.library.models import Policy, Surroundings
from policies.publishing.revisions import SURROUNDINGS
from storage.sql.database import Database
from storage.sql.pages import by_pages
from storage.tasks.without_garbage_collection import without_garbage_collection

_D, _R, _I = tables.DocumentRow, tables.RevisionRow, tables.PublicationItem
_AT_ONCE = 500
_MANY = 5_000
"""From this number of clauses on, a run of the garbage collector in between would be felt."""


@dataclass(frozen=True, slots=True)
class EarlierEdition:
    """A document's edition before, and what changed since then.

    Attributes:
        name: as the cover of the edition before prints it (2025年1月); "" if the library holds only one edition.
        changes: what happened to each clause since then, by key. An unchanged clause is left out.
    """

    name: str
    changes: Mapping[int, PolicyChange]


EarlierEditions = Mapping[str, EarlierEdition]
"""By the id of the document; a document that never changed is left out."""
NO_EARLIER: EarlierEditions = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class _Before:
    """A document's edition before, and the clauses that were touched since: what they were, as text, and their kin."""

    name: str
    clauses: dict[int, tuple[str | None, Kin | None]]


async def earlier_editions(database: Database, library: Library) -> EarlierEditions:
    """Return what the present editions of a library's documents changed."""
    before = await database.run_in_read_transaction(_before)
    return await asyncio.to_thread(_compared, before, library)  # clauses are made of texts


def _before(connection: Connection) -> dict[str, _Before]:
    """By document; the statements are as many as for one document."""
    editions = _editions_before(connection)
    touched = (
        select(_R.id, _R.document, _I.subject, _I.publication_id, _I.before_id, _R.relation, _R.kin)
        .join(_I, _R.id == _I.after_id)
        .where(_I.subject > SURROUNDINGS)
    )
    first: dict[int, tuple[int, str, int | None, Kin | None]] = {}
    for page in by_pages(connection, touched, _R.id):
        for _, document, subject, publication, before_id, relation, kin in page:
            if document not in editions or publication < editions[document][1]:
                continue
            of_kin = Kin(Relation(relation), kin) if kin is not None else None
            if subject not in first or publication < first[subject][0]:
                first[subject] = (publication, document, before_id, of_kin)
    texts = _texts(connection, [before for _, _, before, _ in first.values() if before is not None])
    found = {document: _Before(name, {}) for document, (name, _) in editions.items() if name}
    for key, (_, document, before_id, of_kin) in first.items():
        of_document = found.setdefault(document, _Before("", {}))
        of_document.clauses[key] = (texts.get(before_id) if before_id else None, of_kin)
    return found


def _editions_before(connection: Connection) -> dict[str, tuple[str, int]]:
    """By document: the edition before the present one, "" for none, and the first publication since."""
    rows = connection.execute(
        select(_D.id, _R.id, cast(_R.data, Text))
        .join(_R, _R.subject == _D.subject)
        .where(_D.retired.is_(False), _R.state.in_((RevisionState.PUBLISHED, RevisionState.REPLACED)))
        .order_by(_R.number.desc())
    )
    editions: defaultdict[str, list[tuple[int, str]]] = defaultdict(list)
    for document, revision, data in rows:
        editions[document].append((revision, Surroundings.model_validate_json(data).edition))
    brought: dict[int, str] = {}
    found = dict.fromkeys(editions, ("", 0))
    for document, held in editions.items():
        at = next((at for at, (_, edition) in enumerate(held) if edition != held[0][1]), 0)
        if at:
            brought[held[at - 1][0]] = document
            found[document] = (held[at][1], 0)
    items = select(_I.after_id, _I.publication_id).where(_I.after_id.in_(brought))
    for revision, publication in connection.execute(items) if brought else ():
        found[brought[revision]] = (found[brought[revision]][0], publication)
    return found


def _texts(connection: Connection, ids: Sequence[int]) -> dict[int, str]:
    """Return the clauses of revisions as text; one that retired its clause has none."""
    found: dict[int, str] = {}
    for at in range(0, len(ids), _AT_ONCE):
        chunk = select(_R.id, cast(_R.data, Text)).where(
            _R.id.in_(ids[at : at + _AT_ONCE]), _R.retires.is_(False)
        )
        found |= {row[0]: row[1] for row in connection.execute(chunk)}
    return found


def _compared(rows: Mapping[str, _Before], library: Library) -> EarlierEditions:
    many = sum(len(before.clauses) for before in rows.values()) > _MANY
    with without_garbage_collection(where=many):
        return {
            document: EarlierEdition(before.name, dict(_changes(before, document, library)))
            for document, before in rows.items()
        }


def _changes(before: _Before, document: str, library: Library) -> list[tuple[int, PolicyChange]]:
    changes = []
    for key, (text, kin) in before.clauses.items():
        was = Policy.model_validate_json(text) if text else None
        now = library.get(key)
        now = now if now is not None and now.document == document else None
        if was != now:
            changes.append((key, PolicyChange(key, was, now, kin)))
    return changes
