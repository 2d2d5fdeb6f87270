"""20,000 clauses in 200 documents: how long a start, a question, a publication and a comparison take.

Run: .venv/bin/python -m bench.documents [--documents 200] [--clauses 100]

The clauses are those of `bench.search`, shared out to documents. Everything runs on a SQLite file in a folder of its own, as
`policybot up` has it. Shown are processor times of the process, all threads together, so that other work on the machine doesn't
count; and for how long the event loop stood still, by the clock, which other work lengthens, and in processor time: what the
process did, in any thread, between two turns of the loop.
"""

import argparse
import asyncio
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import psutil
from sqlalchemy import select, update

from bench.search import varied
from bot.roles.startup_gc import freeze_startup_objects
from bot.schema.migrate import upgrade_database
from policies.approval.columns import RevisionState
from policies.district.folder import load_district
from policies.knowledge import Knowledge
from policies.library import tables
from policies.library.changes import changes_between
from policies.library.library import Library
from policies.library.library_file import load_library
from policies.library.models import Document, Policy
from policies.publishing.documents import Documents
from policies.publishing.drafts import Drafts
from policies.publishing.earlier_editions import earlier_editions
from policies.publishing.store import PolicyStore
from policies.questions.evaluating import read_questions
from storage.clock import system_clock
from storage.sql.database import Database

_QUESTIONS = Path(__file__).parents[1] / "tests" / "data" / "questions-ours.jsonl"
_STEP_S = 0.002


def shelves(documents: int, clauses: int) -> Library:
    """So many documents of so many clauses; keys run on, numbers begin anew in each."""
    policies = varied(load_library(), documents * clauses).policies
    real = load_library().documents[0]
    return Library.of(
        _document(real, at, policies[at * clauses : (at + 1) * clauses]) for at in range(documents)
    )


def _document(real: Document, at: int, policies: tuple[Policy, ...]) -> Document:
    name = f"document-{at}"
    own = (
        policy.model_copy(update={"document": name, "label": str(number), "section": 1})
        for number, policy in enumerate(policies, 1)
    )
    title = {"id": name, "title": f"{at}号文件{real.title}", "sections": real.sections[:1], "contact": None}
    return real.model_copy(update={**title, "policies": tuple(own)})


@contextmanager
def shown(what: str) -> Iterator[None]:
    """Print the processor time of a step."""
    started = time.process_time()
    yield
    print(f"{what:<44} {time.process_time() - started:8.2f} s", flush=True)


@asynccontextmanager
async def longest_step(what: str) -> AsyncIterator[None]:
    """Print for how long the event loop stood still."""
    longest = busy = 0.0

    async def watch() -> None:
        nonlocal longest, busy
        while True:
            before, spent = time.perf_counter(), time.process_time()
            await asyncio.sleep(_STEP_S)
            longest = max(longest, time.perf_counter() - before - _STEP_S)
            busy = max(busy, time.process_time() - spent)

    watching = asyncio.create_task(watch())
    await asyncio.sleep(0)
    yield
    watching.cancel()
    print(
        f"{what:<44} {longest * 1000:8.0f} ms by the clock, {busy * 1000:.0f} ms of the processor", flush=True
    )


async def run(documents: int, clauses: int, folder: Path) -> None:
    """Play the life of such a library."""
    library = shelves(documents, clauses)
    database = Database.open(f"sqlite+aiosqlite:///{folder / 'library.db'}")
    await upgrade_database(database)
    store, drafts = PolicyStore(database, system_clock), Drafts(database, system_clock)
    with shown("seed"):
        await store.seed(library, load_district())
    knowledge = Knowledge(PolicyStore(database, system_clock))
    async with longest_step("  the loop stood still"):
        with shown("start: read and make the index"):
            await knowledge.refresh()
    freeze_startup_objects()
    _ask(knowledge)
    changed = library.policies[0].model_copy(update={"title": "改过的标题"})
    with shown("draft of one clause"):
        draft = await drafts.begin(changed, author="a")
    with shown("publish one clause"):
        await drafts.publish([draft], publisher="b")
    async with longest_step("  the loop stood still"):
        with shown("the new index after a publication"):
            await knowledge.refresh()
    adding = Documents(database, system_clock)
    new = shelves(1, clauses).documents[0].model_copy(update={"id": "new", "title": "新文件"})
    async with longest_step("  the loop stood still"):
        with shown("add a document"):
            await adding.add(new, by="c", note="")
    async with longest_step("  the loop stood still"):
        with shown("the new index after that"):
            await knowledge.refresh()
    with shown("compare all clauses with all"):
        changes_between(library.policies, (await store.published()).policies)
    await _renew(database)
    async with longest_step("  the loop stood still"):
        with shown("what new editions of all documents changed"):
            earlier = await earlier_editions(database, await store.published())
    assert sum(len(one.changes) for one in earlier.values()) == documents * clauses
    print(f"{'resident':<44} {psutil.Process().memory_info().rss / 1e6:8.0f} MB")
    await database.close()


async def _renew(database: Database) -> None:
    """Give every document that was seeded a later edition, in which each clause was amended, in one publication."""
    table, now = tables.RevisionRow, system_clock()
    async with database.write() as session:
        publication = tables.PublicationRow(publisher="d", published_at=now)
        held = await session.scalars(
            select(table).where(table.state == RevisionState.PUBLISHED, table.document != "new")
        )
        before = list(held.all())
        await session.execute(
            update(table).values(state=RevisionState.REPLACED).where(table.document != "new")
        )
        after = [_amended(one, now) for one in before]
        session.add_all([publication, *after])
        await session.flush()
        session.add_all(
            tables.PublicationItem(
                publication_id=publication.id, subject=new.subject, before_id=old.id, after_id=new.id
            )
            for old, new in zip(before, after, strict=True)
        )
        await session.execute(update(tables.LibraryState).values(version=tables.LibraryState.version + 1))


def _amended(one: tables.RevisionRow, now: datetime) -> tables.RevisionRow:
    """The revision after a published one: other words in a clause, another edition on a cover."""
    words = {"text": f"{one.data['text']}增补。"} if "text" in one.data else {"edition": "2027年1月"}
    return tables.RevisionRow(
        subject=one.subject,
        document=one.document,
        number=one.number + 1,
        state=RevisionState.PUBLISHED,
        data={**one.data, **words},
        author="d",
        created_at=now,
        updated_at=now,
    )


def _ask(knowledge: Knowledge) -> None:
    times = []
    for question in read_questions(_QUESTIONS):
        started = time.process_time()
        knowledge.index.decide(question.q)
        times.append(time.process_time() - started)
    times.sort()
    p50, p99 = (times[int(len(times) * share)] * 1000 for share in (0.5, 0.99))
    print(f"{f'{len(times)} questions, median and p99':<44} {p50:8.1f} {p99:8.1f} ms", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--documents", type=int, default=200)
    parser.add_argument("--clauses", type=int, default=100)
    asked = parser.parse_args()
    with TemporaryDirectory(prefix="policybot-documents-") as folder:
        asyncio.run(run(asked.documents, asked.clauses, Path(folder)))


if __name__ == "__main__":
    main()
