"""Imports of an edition: read and compared first, corrected and decided by an operator, then made into drafts.

Nothing is made of a file before the operator says so. Each method that changes something is one transaction, or a part of the
caller's.
"""

from contextlib import suppress

from sqlalchemy import CursorResult, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from policies.approval.columns import RevisionState
from policies.approval.errors import EditConflictError
from policies.district.store import DistrictStore
from policies.importing.benefit_drafts import propose_benefits, withdraw_benefits
from policies.importing.edition_import import REPLACEMENT, EditionImport, Fates, ImportState, WaitingImport
from policies.importing.pairing.pairs import Choices
from policies.importing.review import FileReading, read_edition, require_document
from policies.importing.structure.outline import Structure
from policies.library import tables
from policies.matching.facts import load_facts
from policies.publishing.belongings import HeldThings
from policies.publishing.documents import Documents
from policies.publishing.drafts import Drafts
from policies.publishing.imported import Imported
from policies.publishing.revisions import Revision, UndecidedError
from policies.publishing.store import PolicyStore
from storage.clock import Clock
from storage.sql.database import Database

_I, _R = tables.EditionImportRow, tables.RevisionRow


class Imports:
    """Reads, keeps and finishes imports."""

    def __init__(self, database: Database, clock: Clock, store: PolicyStore, drafts: Drafts) -> None:
        self._database, self._clock, self._store, self._drafts = database, clock, store, drafts
        self._district = DistrictStore(database, clock)

    async def read(
        self,
        name: str,
        raw: bytes,
        *,
        document: str = "",
        new: bool = False,
        structure: Structure = Structure.AUTO,
        author: str,
    ) -> int:
        """Read a file and compare it with a published document, by default the default one. Return the import's id.

        Args:
            name: of the file.
            raw: the file.
            document: id of the document that it is an edition of. With `new`, the id that the new document gets.
            new: the file is a document of its own.
            structure: which lines are the clauses.
            author: who imports.

        Raises:
            DocumentError: the file can't be read as a document.
            RevisionError: there is no such document, or already one with the id of a new one.
        """
        if new:
            await Documents(self._database, self._clock).refuse_taken(document)
        else:
            await require_document(self._store, document)
        library = await self._store.published()
        document = document or library.default
        published = library.document(document)
        version = await self._store.version()
        reading = await read_edition(
            self._store, name, raw, published, document_id=document, structure=structure
        )
        now = self._clock()
        async with self._database.write() as session:
            row = _I(
                document=document,
                file_name=name[:200],
                structure=structure,
                file=raw,
                state=ImportState.OPEN,
                version=version,
                reading=_kept(reading),
                choices={},
                decisions={},
                author=author,
                created_at=now,
                updated_at=now,
            )
            session.add(row)
            await session.flush()
            return row.id

    async def get(self, import_id: int) -> EditionImport | None:
        """Return an import. An open one is compared again if something was published since then.

        Raises:
            DocumentError: the file can't be compared any more.
        """
        async with self._database.read() as session:
            row = await session.get(_I, import_id)
        if row is None:
            return None
        if row.state == ImportState.OPEN and row.version != await self._store.version():
            with suppress(EditConflictError):  # somebody else's visit compared it just now
                await self._compare(row, _choices(row))
            async with self._database.read() as session:
                row = await session.get_one(_I, import_id)
        before = (await self._store.published()).document(row.document)
        return EditionImport(
            id=row.id,
            document=row.document,
            file_name=row.file_name,
            structure=Structure(row.structure),
            state=ImportState(row.state),
            before=before,
            proposal=FileReading.model_validate(row.reading).against(before),
            choices=_choices(row),
            fates={int(key): fates for key, fates in row.decisions.items()},
            edits=row.edits,
            author=row.author,
            created_at=row.created_at,
        )

    async def waiting(self) -> list[WaitingImport]:
        """Return imports that are not finished, the newest first."""
        left = select(_R.id).where(_R.import_id == _I.id, _R.state == RevisionState.DRAFT).exists()
        drafted = _I.state == ImportState.DRAFTED
        query = select(_I.id, _I.file_name, _I.author, _I.created_at, drafted).where(
            (_I.state == ImportState.OPEN) | ((_I.state == ImportState.DRAFTED) & left)
        )
        async with self._database.read() as session:
            return [WaitingImport(*row) for row in await session.execute(query.order_by(_I.id.desc()))]

    async def compare_again(self, one: EditionImport, choices: Choices) -> None:
        """Compare again with other corrections.

        Raises:
            EditConflictError: someone else changed the import in the meantime.
        """
        async with self._database.read() as session:
            row = await session.get_one(_I, one.id)
        if row.edits != one.edits:
            raise _conflict()
        await self._compare(row, choices)

    async def _compare(self, row: tables.EditionImportRow, choices: Choices) -> None:
        library, version = await self._store.published(), await self._store.version()
        reading = await read_edition(
            self._store,
            row.file_name,
            row.file or b"",
            library.document(row.document),
            document_id=row.document,
            structure=Structure(row.structure),
            choices=choices,
        )
        values = {
            "reading": _kept(reading),
            "version": version,
            "choices": {"origins": dict(choices.origins), "endings": dict(choices.endings)},
        }
        async with self._database.write() as session:
            await self._move(session, row.id, row.edits, ImportState.OPEN, **values)

    async def decide(self, one: EditionImport, fates: Fates) -> None:
        """Keep what becomes of the things that hang on clauses that go.

        Raises:
            EditConflictError: someone else changed the import in the meantime.
        """
        kept = {str(key): dict(chosen) for key, chosen in fates.items()}
        async with self._database.write() as session:
            await self._move(session, one.id, one.edits, ImportState.OPEN, decisions=kept)

    async def held(self, one: EditionImport) -> dict[int, dict[str, HeldThings]]:
        """Return what belongs to the clauses that go, by their keys and the names of its kinds."""
        found: dict[int, dict[str, HeldThings]] = {}
        for name, by_key in (await self._drafts.held(one.leaving)).items():
            for key, held in by_key.items():
                found.setdefault(key, {})[name] = held
        return found

    async def make_drafts(self, one: EditionImport, *, author: str) -> tuple[Revision, ...]:
        """Make a draft of each change, all or none; what is published stays until someone else publishes them.

        The sums of new clauses give drafts of benefits too (`benefit_drafts`).

        Raises:
            UndecidedError: something hangs on a clause that goes, and nothing was decided.
            EditConflictError: a clause has another draft already, or someone changed the import in the meantime.
        """
        undecided = [
            key
            for key, kinds in (await self.held(one)).items()
            if not kinds.keys() <= one.fates.get(key, {}).keys()
        ]
        if undecided:
            raise UndecidedError(f"还有 {len(undecided)} 条将不再收录的条款没有决定其申报期等事项的去向")
        news = {policy.path or policy.label: policy.key for policy in one.proposal.document.policies}
        decisions = {
            key: {what: news.get(to) if to else None for what, to in fates.items() if what != REPLACEMENT}
            for key, fates in one.fates.items()
        }
        imported = Imported(one.changes, one.proposal.surroundings, one.id, decisions)
        async with self._database.write() as session:
            await self._move(
                session, one.id, one.edits, ImportState.OPEN, state=ImportState.DRAFTED, file=None
            )
            made = await self._drafts.begin_all(imported, author=author, note=f"导入 {one.file_name}"[:200])
            new = [draft.policy for draft in made if draft.base_id is None and draft.policy is not None]
            changed = [
                draft.policy for draft in made if draft.base_id is not None and draft.policy is not None
            ]
            facts = load_facts(await self._store.rules())
            await propose_benefits(self._district, new, changed, facts, author=author)
            return made

    async def drafts_of(self, import_id: int) -> tuple[Revision, ...]:
        """Return the drafts of an import that wait."""
        return tuple(draft for draft in await self._drafts.open() if draft.import_id == import_id)

    async def give_up(self, one: EditionImport) -> int:
        """Give an import up: its drafts that wait are discarded, all or none; how many.

        Raises:
            EditConflictError: someone changed the import or a draft in the meantime.
        """
        async with self._database.write() as session:
            await self._move(session, one.id, one.edits, one.state, state=ImportState.DISCARDED, file=None)
            drafts = await self.drafts_of(one.id)
            for draft in drafts:
                await self._drafts.discard(draft.id, seen=draft.edits)
            new = {draft.policy.key for draft in drafts if draft.base_id is None and draft.policy is not None}
            texts = await self._store.texts()
            changed = {draft.subject: texts[draft.subject] for draft in drafts if draft.subject in texts}
            await withdraw_benefits(self._district, new, changed, author=one.author)
            return len(drafts)

    async def _move(
        self, session: AsyncSession, import_id: int, seen: int, was: ImportState, **values: object
    ) -> None:
        moved = await session.execute(
            update(_I)
            .where(_I.id == import_id, _I.edits == seen, _I.state == was)
            .values(edits=_I.edits + 1, updated_at=self._clock(), **values)
        )
        if not isinstance(moved, CursorResult) or moved.rowcount != 1:
            raise _conflict()


def _conflict() -> EditConflictError:
    return EditConflictError("这次导入在此期间已被他人修改、生成草稿或放弃，请刷新后再试")


def _choices(row: tables.EditionImportRow) -> Choices:
    return Choices(row.choices.get("origins", {}), row.choices.get("endings", {}))


def _kept(reading: FileReading) -> dict[str, object]:
    return reading.model_copy(update={"clauses": ()}).model_dump(mode="json")
