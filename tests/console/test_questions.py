"""A question answered in vain is taught to a clause in two clicks, and answered at once."""

from policies.questions import QuestionLog
from storage.database import Database
from tests.console.conftest import csrf_of, sign_in

PATH = "/console/questions"


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
    forgotten = await client.post(f"{PATH}/words/1/forget", data={"csrf": data["csrf"]})
    assert "词语已撤回" in await forgotten.text()


async def test_what_people_typed_is_shown_as_text(desk, sqlite_database: Database) -> None:
    log = QuestionLog(sqlite_database)
    await log.record('<script>alert("x")</script>泡发海参', "declined")
    await log.flush()
    client = await desk()
    await sign_in(client, "viewer")
    assert "<script>alert" not in await (await client.get(PATH)).text()
