"""A question answered in vain is taught to a clause in two clicks, and answered at once."""

import re

from console.screens.questions import INTENT_NAMES
from policies.questions.lessons import Lessons
from policies.questions.log import QuestionLog
from policies.questions.tables import AskedQuestion, QuestionGroup
from policies.search.decision import Intent
from policies.search.indexing import Taught
from storage.clock import system_clock
from storage.sql.database import Database
from tests.console.conftest import csrf_of, sign_in

PATH = "/console/questions"


def test_every_intent_has_a_name_for_operators() -> None:
    assert set(INTENT_NAMES) == set(Intent)


async def test_a_word_given_to_a_clause_answers_the_question_at_once(desk, sqlite_database: Database) -> None:
    log = QuestionLog(sqlite_database)
    await log.record("翡翠湾计划", "declined")
    await log.flush()
    client = await desk()
    await sign_in(client, "editor")
    before = await (await client.get(PATH)).text()
    assert "翡翠湾计划" in before
    assert "现在：未答" in before
    data = {"csrf": await csrf_of(client, PATH), "word": "翡翠湾计划", "policy_id": "49"}
    taught = await (await client.post(f"{PATH}/words", data=data)).text()
    assert "已为第49条添加" in taught
    assert "现在：检索：第49条" in taught
    settled = await client.post(f"{PATH}/1/settle", data={"csrf": data["csrf"]})
    assert "待处理（0）" in await settled.text()
    confirmed = {"csrf": data["csrf"], "confirmed": "yes"}
    forgotten = await client.post(f"{PATH}/words/1/forget", data=confirmed)
    assert "词语已撤回" in await forgotten.text()


async def test_the_clauses_to_choose_from_are_those_that_the_chat_gives(
    desk, sqlite_database: Database
) -> None:
    """The order of the nearest by words is another one."""
    log = QuestionLog(sqlite_database)
    await log.record("高企奖励和海水淡化补贴", "useless")
    await log.flush()
    client = await desk()
    await sign_in(client, "editor")
    page = await (await client.get(PATH)).text()
    assert "现在：多项：第10条、第45条、第44条" in page
    assert re.findall(r'<button class="plain" name="policy_id" value="(\d+)"', page) == ["10", "45", "44"]
    labels = re.findall(r'<label for="[\w-]+-1">([^<]+)</label>', page)
    assert labels == ["或者选一条", "添加词语", "加到条款"]


async def test_what_people_typed_is_shown_as_text(desk, sqlite_database: Database) -> None:
    log = QuestionLog(sqlite_database)
    await log.record('<script>alert("x")</script>泡发海参', "declined")
    await log.flush()
    client = await desk()
    await sign_in(client, "viewer")
    assert "<script>alert" not in await (await client.get(PATH)).text()


async def test_a_word_that_worsens_answers_shows_it_and_waits_for_a_second_person(
    desk, sqlite_database: Database
) -> None:
    """高企政策 given to clause 3 takes it away from the clauses that answer it."""
    log = QuestionLog(sqlite_database)
    for _ in range(3):
        log.answered("高企政策")
    await log.flush()
    zhang, li = await desk(), await desk()
    await sign_in(zhang, "approver")
    await sign_in(li, "admin")
    shown = await (
        await zhang.get(f"{PATH}/words/effect", params={"policy_id": "3", "word": "高企政策"})
    ).text()
    assert "可能变差" in shown
    assert "高企政策" in shown
    data = {"csrf": await csrf_of(zhang, PATH), "word": "高企政策", "policy_id": "3"}
    assert "须由另一位同事确认后生效" in await (await zhang.post(f"{PATH}/words", data=data)).text()
    lessons = Lessons(sqlite_database)
    assert await lessons.words() == ()
    assert "1 个词语等待另一位同事确认" in await (await li.get("/console/")).text()
    path = f"{PATH}/words/1"
    own = await zhang.post(f"{path}/confirm", data={"csrf": data["csrf"]})
    assert "须由另一位同事确认" in await own.text()
    assert await lessons.words() == ()
    assert "确认生效" in await (await li.get(path)).text()
    confirmed = await li.post(f"{path}/confirm", data={"csrf": await csrf_of(li, path)})
    assert "已确认，现在起生效" in await confirmed.text()
    assert await lessons.words() == (Taught(3, "高企政策"),)


async def test_a_company_and_its_credit_code_are_struck_out_of_what_was_kept_before(
    desk, sqlite_database: Database
) -> None:
    async with sqlite_database.write() as session:
        now = system_clock()
        group = QuestionGroup(core="补贴", times=1, first_at=now, last_at=now)
        session.add(group)
        await session.flush()
        text = "我是青岛海大生物科技有限公司 91370211ma3dq0rx6h 能补贴多少"
        session.add(AskedQuestion(group_id=group.id, text=text, reason="declined", times=1, last_at=now))
    client = await desk()
    await sign_in(client, "viewer")
    page = await (await client.get(PATH)).text()
    assert "能补贴多少" in page
    assert "海大生物" not in page
    assert "91370211ma3dq0rx6h" not in page


async def test_the_right_clause_in_one_click_answers_the_question_and_those_alike(
    desk, sqlite_database: Database
) -> None:
    log = QuestionLog(sqlite_database)
    for asked in ("翡翠湾那个计划怎么报", "翡翠湾计划怎么报"):
        await log.record(asked, "declined")
    await log.flush()
    client = await desk()
    await sign_in(client, "editor")
    data = {"csrf": await csrf_of(client, PATH), "policy_id": "49"}
    first = await (await client.post(f"{PATH}/1/answer", data=data)).text()
    assert "马上照此回答所有人" in first
    assert "翡翠湾计划怎么报" in first
    assert "第49条 " in first
    assert "待处理（1）" in await (await client.get(PATH)).text()
    data["confirmed"] = "yes"
    said = await (await client.post(f"{PATH}/1/answer", data=data)).text()
    assert "已确认 2 种问法的答案" in said
    assert "待处理（0）" in said
    tried = await (await client.get(PATH, params={"try": "翡翠湾计划怎么报"})).text()
    assert '检索：<a href="/console/policies/49"' in tried
    confirmed = {"csrf": data["csrf"], "confirmed": "yes"}
    for number in (1, 2):
        withdrawn = await client.post(f"{PATH}/confirmed/{number}/withdraw", data=confirmed)
        assert "已撤回" in await withdrawn.text()
    tried = await (await client.get(PATH, params={"try": "翡翠湾计划怎么报"})).text()
    assert "检索：" not in tried


async def test_the_choices_look_alike_and_a_question_that_led_to_a_person_was_asked_once(
    desk, sqlite_database: Database
) -> None:
    log = QuestionLog(sqlite_database)
    for reason in ("declined", "person"):
        await log.record("海水淡化厂招人吗", reason)
    await log.flush()
    client = await desk()
    await sign_in(client, "editor")
    page = await (await client.get(PATH)).text()
    [form] = re.findall(
        r'<form method="post" action="/console/questions/1/answer".*?</form>', page, re.DOTALL
    )[:1]
    assert set(re.findall(r"<button([^>]*)name=", form)) == {' class="plain" '}
    assert "共问 1 次" in page


async def test_a_question_that_no_clause_answers_is_declined_from_then_on(
    desk, sqlite_database: Database
) -> None:
    log = QuestionLog(sqlite_database)
    await log.record("海水淡化厂招人吗", "useless")
    await log.flush()
    client = await desk()
    await sign_in(client, "editor")
    data = {"csrf": await csrf_of(client, PATH), "policy_id": "none", "confirmed": "yes"}
    assert "不在政策范围" in await (await client.post(f"{PATH}/1/answer", data=data)).text()
    assert "未答" in await (await client.get(PATH, params={"try": "海水淡化厂招人吗"})).text()
