"""Questions in vain are kept without who asked; taught words reach the index."""

import asyncio

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import OperationalError
from structlog.testing import capture_logs

from policies.district.folder import load_district
from policies.knowledge import Knowledge, NotReadyError
from policies.library.library_file import load_library
from policies.publishing.store import PolicyStore
from policies.questions.lessons import LessonError, Lessons
from policies.questions.log import QuestionLog, without_personal_data
from policies.questions.tables import AskedQuestion, QuestionGroup
from policies.search.decision import Intent
from storage.sql.database import Database
from tests.kit.clocks import SetClock


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("我电话13812345678，补贴多少", "我电话＊，补贴多少"),
        ("身份证37020219900101123x查一下", "身份证＊查一下"),
        ("发到a.b@example.com", "发到＊"),
        ("我们是青岛海大生物科技有限公司，能申请吗", "我们是＊，能申请吗"),
        ("91370211MA3DQ0RX6H符合吗", "＊符合吗"),
        ("代码 9137 0211 MA3D Q0RX 6H", "代码 ＊"),
        ("有限公司和合作社都可以申请吗", "有限公司和合作社都可以申请吗"),
        ("最高2000万的政策", "最高2000万的政策"),
        ("2520项产品", "2520项产品"),
    ],
)
def test_what_could_tell_who_asked_is_struck_out(typed: str, kept: str) -> None:
    assert without_personal_data(typed) == kept


async def test_questions_alike_are_one_group(database: Database, clock: SetClock) -> None:
    log = QuestionLog(database, clock)
    for asked in ("请问低空经济补贴多少", "低空经济有补贴吗", "低空经济有补贴吗", "冷链物流的扶持"):
        await log.record(asked, "declined")
    groups = await log.groups()
    assert [(group.times, len(group.wordings)) for group in groups] == [(3, 2), (1, 1)]


async def test_a_settled_group_comes_back_when_asked_again(database: Database, clock: SetClock) -> None:
    log = QuestionLog(database, clock)
    await log.record("冷链物流的扶持", "declined")
    (group,) = await log.groups()
    assert await log.settle(group.id, "王")
    assert await log.groups() == []
    assert not await log.settle(group.id, "王")
    await log.record("冷链物流的扶持", "useless")
    assert (await log.groups())[0].times == 2
    assert await log.count() == 1


async def test_a_flood_of_nonsense_keeps_nobody_waiting_who_writes_something_else(
    database: Database, clock: SetClock
) -> None:
    log = QuestionLog(database, clock)
    for number in range(1_000):
        await log.record(f"{chr(0x4E00 + number * 7)}{chr(0x5E00 + number * 5)}在哪里买{number}", "declined")
    flushing = asyncio.create_task(log.flush())
    await asyncio.sleep(0)
    async with database.write() as session:
        await session.execute(select(1))
    assert not flushing.done()
    await flushing
    async with database.read() as session:
        assert await session.scalar(select(func.sum(AskedQuestion.times))) == 1_000
        assert await session.scalar(select(func.sum(QuestionGroup.times))) == 1_000


async def test_emoji_alone_are_not_kept(database: Database, clock: SetClock) -> None:
    log = QuestionLog(database, clock)
    await log.record("😀", "declined")
    assert await log.groups() == []


async def test_a_taught_word_takes_effect_and_is_taken_back(database: Database, clock: SetClock) -> None:
    store, lessons = PolicyStore(database, clock), Lessons(database, clock)
    knowledge = Knowledge(store, lessons)
    with pytest.raises(NotReadyError):
        _ = knowledge.index
    await store.seed(load_library(), load_district())
    assert await knowledge.refresh()
    assert not await knowledge.refresh()
    before = knowledge.index
    await lessons.teach(22, "鲲鹏工程", "王")
    await lessons.teach(22, "鲲鹏工程", "李")
    assert await knowledge.refresh()
    assert knowledge.index.decide("鲲鹏工程").clauses[0] == 22
    assert before.decide("鲲鹏工程").intent is Intent.NONE
    (lesson,) = await lessons.all()
    assert await lessons.forget(lesson.id)
    assert await knowledge.refresh()
    assert knowledge.index.decide("鲲鹏工程").intent is Intent.NONE


@pytest.mark.parametrize("word", ["", "，", "一", "长" * 25])
async def test_words_too_short_or_long_are_not_taught(sqlite_database: Database, word: str) -> None:
    with pytest.raises(LessonError):
        await Lessons(sqlite_database).teach(22, word, "王")


async def test_what_was_written_before_a_flush_broke_off_is_not_counted_twice(
    sqlite_database: Database,
) -> None:
    log = QuestionLog(sqlite_database)
    for number in range(150):
        await log.record(f"问题{number:03}", "declined")
    async with (
        sqlite_database.write() as session
    ):  # the second hundred meets an error that is not of its values
        await session.execute(
            text(
                "CREATE TRIGGER refusal BEFORE INSERT ON asked_questions WHEN NEW.text = '问题120' "
                "BEGIN SELECT json('{'); END"
            )
        )
    with pytest.raises(OperationalError):
        await log.flush()
    async with sqlite_database.write() as session:
        assert await session.scalar(select(func.sum(AskedQuestion.times))) == 100
        await session.execute(text("DROP TRIGGER refusal"))
    await log.flush()
    await log.flush()
    async with sqlite_database.read() as session:
        assert await session.scalar(select(func.sum(AskedQuestion.times))) == 150


async def test_a_question_that_the_database_refuses_does_not_hold_back_the_others(
    sqlite_database: Database,
) -> None:
    log = QuestionLog(sqlite_database)
    for number in range(150):
        await log.record(f"问题{number:03}", "declined")
    async with sqlite_database.write() as session:
        await session.execute(
            text(
                "CREATE TRIGGER refusal BEFORE INSERT ON asked_questions WHEN NEW.text = '问题120' "
                "BEGIN SELECT RAISE(ABORT, 'no'); END"
            )
        )
    with capture_logs() as logs:
        groups = await log.groups(limit=200)
    assert {wording.text for group in groups for wording in group.wordings} == {
        f"问题{number:03}" for number in range(150) if number != 120
    }
    assert [(line["event"], line["error"]) for line in logs] == [("questions.refused", "IntegrityError")]
