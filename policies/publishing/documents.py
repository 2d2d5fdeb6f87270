"""The documents of the library: which there are, a new one, the default one, one that is retired."""

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from sqlalchemy import func, insert, literal, null, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from policies.approval.columns import RevisionState
from policies.approval.errors import RevisionError
from policies.district.statements import bump_version, district_of
from policies.library import tables
from policies.library.checking import Fault, check_policy
from policies.library.document_titles import LONGEST_NAME, short_name
from policies.library.library import Library
from policies.library.models import DOCUMENT_ID, Document, Policy, Surroundings
from policies.publishing.publication_faults import check_publication
from policies.publishing.revisions import FaultyDraftError
from policies.publishing.statements import (
    documents_of,
    insert_document,
    library_of,
    take_keys,
)
from storage.clock import Clock
from storage.sql.database import Database

_D = tables.DocumentRow
_R = tables.RevisionRow
_ID = re.compile(DOCUMENT_ID)
_NO_NAME = re.compile(r"[《》<>\x00-\x1f\x7f\u2028\u2029]")


@dataclass(frozen=True, slots=True)
class DocumentState:
    """A document as the list shows it; `clauses` counts those that are published."""

    id: str
    title: str
    issuer: str
    edition: str
    clauses: int
    is_default: bool
    retired: bool
    short_name: str = ""


@dataclass(frozen=True, slots=True)
class Added:
    """A document that was added, and what is still missing of its clauses."""

    library: Library
    document: Document
    incomplete: tuple[Fault, ...]


class Documents:
    """Adds documents and takes them away, without a second person: by the authority of whoever has the shell.

    Each method is one transaction, or a part of the one that the caller has open, so that its audit entry is kept with it.
    """

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def all(self) -> tuple[DocumentState, ...]:
        """Return every document, retired ones last."""
        count = select(_R.document, func.count()).where(
            _R.state == RevisionState.PUBLISHED, _R.subject > 0, _R.retires.is_(False)
        )
        async with self._database.read() as session:
            rows = (await session.scalars(select(_D).order_by(_D.retired, _D.position))).all()
            counts = {row[0]: row[1] for row in await session.execute(count.group_by(_R.document))}
            surroundings = {
                row.document: Surroundings.model_validate(row.data)
                for row in await session.scalars(
                    select(_R).where(_R.state == RevisionState.PUBLISHED, _R.subject <= 0)
                )
            }
        return tuple(
            DocumentState(
                id=row.id,
                title=surroundings[row.id].title,
                issuer=surroundings[row.id].issuer,
                edition=surroundings[row.id].edition,
                clauses=counts.get(row.id, 0),
                is_default=row.is_default,
                retired=row.retired,
                short_name=row.short_name or short_name(surroundings[row.id].title),
            )
            for row in rows
        )

    async def refuse_taken(self, document_id: str) -> None:
        """Raise if an id cannot be that of a new document.

        Raises:
            RevisionError: a document has or had it, or it does not have the form of an id.
        """
        if not _ID.fullmatch(document_id):
            raise RevisionError("文件编号只能用小写字母、数字、- 和 _，最多 32 个字")
        async with self._database.read() as session:
            if await session.get(_D, document_id) is not None:
                raise RevisionError(f"已有编号为 {document_id} 的文件，请换一个编号")

    async def add(self, document: Document, *, by: str, note: str) -> Added:
        """Publish a new document at once. Its clauses get keys of their own; a sum that its clause does not bear out is left out.

        Raises:
            RevisionError: there is, or was, a document with that id.
            FaultyDraftError: a clause has a fault. What is only missing (a basis, a department, a sum) is told, not refused.
        """
        now = self._clock()
        async with self._database.write() as session:
            await bump_version(session)
            await self.refuse_taken(document.id)
            before, district = await documents_of(session), await district_of(session)
            keyed = _under(await take_keys(session, len(document.policies)), document)
            keyed = _with_sound_sums(keyed, {track.id for track in district.tracks.tracks})
            await insert_document(session, keyed, is_default=not before.documents, by=by, now=now)
            publication = tables.PublicationRow(publisher=by, note=note, published_at=now)
            session.add(publication)
            await session.flush()
            await _list_items(session, publication.id, keyed.id)
            touched: set[int | str] = {keyed.id, *(policy.key for policy in keyed.policies)}
            after = await library_of(session, [keyed.id])
            found = check_publication(before, after, touched, district.tracks, district.departments)
            if wrong := [fault for fault in found if not fault.incomplete]:
                raise FaultyDraftError(wrong)
            return Added(after, keyed, found)

    async def foreseen(self, document: Document, *, by: str, note: str) -> tuple[Fault, ...]:
        """Return what would be missing of a new document's clauses. Nothing is kept. It raises what `add` would raise.

        It is a transaction of its own, never a part of another.
        """
        async with self._database.write() as session:
            added = await self.add(document, by=by, note=note)
            await session.rollback()
        return added.incomplete

    async def make_default(self, document_id: str) -> Document:
        """Let a bare number (第22条) mean this document.

        Raises:
            RevisionError: there is no such document, or it is retired.
        """
        async with self._database.write() as session:
            await bump_version(session)
            await _held(session, document_id)
            await session.execute(update(_D).values(is_default=_D.id == document_id))
            return _of(await library_of(session), document_id)

    async def give_short_name(self, document_id: str, name: str) -> tuple[str, Document]:
        """Change what stands before the numbers of a document's clauses; "" makes it of the title again.

        Returns:
            The name that was entered before, and the present document.

        Raises:
            RevisionError: there is no such document, or the name is not allowed.
        """
        name = name.strip().strip("《》").strip()
        if len(name) > LONGEST_NAME or _NO_NAME.search(name):
            raise RevisionError(f"简称最多 {LONGEST_NAME} 个字，不能含有书名号、尖括号和换行")
        async with self._database.write() as session:
            await bump_version(session)
            row = await _held(session, document_id)
            others = (await documents_of(session)).short_names
            if name and name in {other for id_, other in others.items() if id_ != document_id}:
                raise RevisionError(f"另一份文件已叫“{name}”，请换一个简称")
            before, row.short_name = row.short_name, name
            await session.flush()
            return before, _of(await documents_of(session), document_id)

    async def retire(self, document_id: str) -> Document:
        """Take a document out of search, pages and answers. Its clauses and their history stay in the database.

        Raises:
            RevisionError: there is no such document, it is the default one beside others, or windows hang on its clauses.
        """
        async with self._database.write() as session:
            await bump_version(session)
            row = await _held(session, document_id)
            library = await library_of(session)
            document = _of(library, document_id)
            if row.is_default and len(library.documents) > 1:
                raise RevisionError(
                    "这是默认文件，“第几条”指的是它；请先用 policybot documents default 换成另一份"
                )
            if windows := await _windows_of(session, document.policies, self._clock().date()):
                raise RevisionError(f"还有 {windows} 个申报期没有截止，请先在申报期页删除或改期")
            row.retired, row.is_default = True, False
            await session.execute(
                update(_R)
                .where(_R.document == document_id, _R.state == RevisionState.DRAFT)
                .values(state=RevisionState.DISCARDED)
            )
            return document


def _of(library: Library, document_id: str) -> Document:
    document = library.document(document_id)
    if document is None:
        raise RevisionError(f"没有编号为 {document_id} 的文件")
    return document


async def _held(session: AsyncSession, document_id: str) -> tables.DocumentRow:
    row = await session.get(_D, document_id)
    if row is None or row.retired:
        known = "、".join(one.id for one in (await documents_of(session)).documents)
        raise RevisionError(f"没有编号为 {document_id} 的文件；现有：{known or '（无）'}")
    return row


async def _windows_of(session: AsyncSession, policies: Iterable[Policy], today: object) -> int:
    table = tables.WindowRow
    query = select(func.count()).where(
        table.withdrawn_at.is_(None),
        table.closes_on >= today,
        table.policy_id.in_([policy.key for policy in policies]),
    )
    return await session.scalar(query) or 0


async def _list_items(session: AsyncSession, publication_id: int, document_id: str) -> None:
    """Note the document's revisions as what the publication made new."""
    new = select(literal(publication_id), _R.subject, null(), _R.id).where(
        _R.document == document_id, _R.state == RevisionState.PUBLISHED
    )
    columns = ["publication_id", "subject", "before_id", "after_id"]
    await session.execute(insert(tables.PublicationItem).from_select(columns, new))


def _under(keys: Iterable[int], document: Document) -> Document:
    """Return a document whose clauses have these keys, in their order."""
    given = dict(zip((policy.key for policy in document.policies), keys, strict=True))
    policies = tuple(policy.model_copy(update={"key": given[policy.key]}) for policy in document.policies)
    order = tuple(given[key] for key in document.order)
    return document.model_copy(update={"policies": policies, "order": order})


_SUM = re.compile(r"amounts\[(\d+)\]")


def _with_sound_sums(document: Document, tracks: Collection[str]) -> Document:
    """Return a document without the sums that the rules read wrongly; that one is missing is then told."""
    return document.model_copy(
        update={"policies": tuple(_sound(policy, tracks) for policy in document.policies)}
    )


def _sound(policy: Policy, tracks: Collection[str]) -> Policy:
    faults = check_policy(policy, tracks, (), "")
    wrong = {int(found[1]) for fault in faults if (found := _SUM.match(fault.field))}
    if not wrong:
        return policy
    kept = tuple(amount for at, amount in enumerate(policy.amounts) if at not in wrong)
    # Once more: what an amount may leave unsaid depends on the others.
    return _sound(policy.model_copy(update={"amounts": kept}), tracks)
