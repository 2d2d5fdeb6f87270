"""Clauses are read by the sentence model once; where words leave a doubt it decides which clause is meant."""

from copy import copy

import pytest
from sqlalchemy import func, select

from bench.shipped_vectors import shipped_readings
from policies.district.models import District
from policies.library.library import Library
from policies.meanings.reading import MeaningReader
from policies.meanings.shipped_vectors import shipped_vectors
from policies.meanings.tables import PassageVector
from policies.search.decision import Intent
from policies.search.index import PolicyIndex
from policies.search.meaning import has_encoder, load_encoder
from storage.sql.database import Database

pytestmark = pytest.mark.skipif(not has_encoder(), reason="the sentence model is an extra")

CLAUSES = {10, 22, 32, 45}


def few(library: Library, asked: int) -> PolicyIndex:
    """Four clauses, as a document is when it was just imported, with so many of the thousand questions that are always known.

    Each of them would be read too.
    """
    [document] = library.documents
    kept = tuple(
        policy.model_copy(update={"document": "few"}) for policy in document.policies if policy.key in CLAUSES
    )
    own = document.model_copy(update={"id": "few", "policies": kept})
    index = copy(PolicyIndex.build(Library.of([own]), District()))
    index.asked = index.asked[:: max(1, len(index.asked) // asked)]
    return index


def reworded(index: PolicyIndex) -> PolicyIndex:
    """The same with a title of each clause that did not come with the program."""
    [document] = index.library.documents
    policies = tuple(one.model_copy(update={"title": f"{one.title}（2027年）"}) for one in document.policies)
    other = copy(index)
    other.library = Library.of([document.model_copy(update={"policies": policies})])
    return other


async def rows_kept(database: Database) -> int:
    async with database.read() as session:
        return await session.scalar(select(func.count()).select_from(PassageVector)) or 0


async def test_what_comes_with_the_program_is_not_read(
    sqlite_database: Database, library: Library, district: District
) -> None:
    meanings = await MeaningReader(sqlite_database).meanings_of(PolicyIndex.build(library, district))
    assert meanings is not None
    assert await rows_kept(sqlite_database) == 0
    assert next(iter(meanings.nearest("请科学家来厂里挂牌指导").clauses)) == 32


async def test_a_passage_is_read_once(database: Database, library: Library) -> None:
    index = reworded(few(library, asked=4))
    told: list[tuple[int, int]] = []
    meanings = await MeaningReader(database, lambda *so_far: told.append(so_far)).meanings_of(index)
    assert meanings is not None
    assert meanings.spent_s == 0  # what reading takes is not taken off the people's share
    count = await rows_kept(database)
    assert count >= len(CLAUSES)
    assert [read for read, _ in told] == [*range(0, count, 20)], "somebody who waits is told how far it is"
    assert {of for _, of in told} == {count}
    meanings = await MeaningReader(database, lambda *so_far: told.append(so_far)).meanings_of(index)
    assert meanings is not None
    assert len(told) == len(range(0, count, 20)), "nothing is read again"
    assert await rows_kept(database) == count
    assert next(iter(meanings.nearest("请科学家来厂里挂牌指导").clauses)) == 32


async def test_an_empty_library_is_not_read(database: Database) -> None:
    index = PolicyIndex.build(Library(), District())
    assert await MeaningReader(database).meanings_of(index) is None


def test_a_shipped_vector_is_what_the_model_reads() -> None:
    encoder, readings = load_encoder(), [*shipped_readings().values()][::1000]
    assert encoder is not None
    for reading in readings:
        shipped, read = shipped_vectors([reading.key])[reading.key], reading.by(encoder)
        assert float(shipped @ read) > 0.999


async def test_meaning_is_asked_only_where_words_leave_a_doubt(
    sqlite_database: Database, library: Library
) -> None:
    index = few(library, asked=100)
    assert not index.decide("海水淡化项目奖补").unsure
    doubtful = "想把咸的海里水弄成能喝的，建个厂有支持吗"
    assert index.decide(doubtful).unsure
    meanings = await MeaningReader(sqlite_database).meanings_of(index)
    assert meanings is not None
    decision = index.with_meanings(meanings).decide_fully(doubtful)
    assert decision.intent in {Intent.SEARCH, Intent.MAYBE}
    assert decision.clauses[0] == 45


@pytest.mark.parametrize(("typed", "clause"), [("高企给多少", 10), ("孵化器有啥", 13)])
async def test_a_question_of_which_nothing_is_left_unexplained_is_answered_as_by_words(
    sqlite_database: Database, library: Library, district: District, typed: str, clause: int
) -> None:
    index = PolicyIndex.build(library, district)
    meanings = await MeaningReader(sqlite_database).meanings_of(index)
    assert meanings is not None
    assert index.decide(typed).unsure
    decision = index.with_meanings(meanings).decide_fully(typed)
    assert (decision.intent, decision.clauses[0]) == (Intent.SEARCH, clause)
