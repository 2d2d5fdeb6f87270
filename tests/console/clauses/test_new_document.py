"""A document that is new comes in at the desk as drafts, and is public once another person has published it."""

import re

from aiohttp import FormData
from multidict import MultiDict

from policies.publishing.store import PolicyStore
from storage.clock import system_clock
from storage.sql.database import Database
from tests.console.clauses.test_policies import marks, publish
from tests.console.conftest import csrf_of, tokens_of
from tests.policies.second_document import FILE, NAME, TITLE

TEXT = re.sub(r"（临港新城\w+局）", "（区财政局）", FILE.read_text(encoding="utf-8"))


async def compare(client, text: str, **fields: str):
    """Read a file; the answer with the page that compares it, or says why not."""
    form = FormData({"csrf": await csrf_of(client, "/console/policies/import"), **fields})
    form.add_field("file", text.encode(), filename="lingang.txt", content_type="text/plain")
    return await client.post("/console/policies/import", data=form)


async def import_as(client, text: str, **fields: str) -> str:
    """Read a file and make drafts of all of it; the page that says so, or why not."""
    compared = await compare(client, text, **fields)
    if compared.status != 200:
        return await compared.text()
    here = compared.url.path
    tokens = await tokens_of(client, here, f"{here}/compare")
    return await (await client.post(f"{here}/drafts", data=tokens)).text()


async def test_a_new_document_is_drafted_by_one_and_published_by_another(
    editor, approver, sqlite_database: Database
) -> None:
    assert "新的一份文件" in await (await editor.get("/console/policies/import")).text()
    assert "已有编号为 xihaian 的文件" in await import_as(editor, TEXT, document="+", new_id="xihaian")
    page = await import_as(editor, TEXT, document="+", new_id="lingang")
    assert "已生成 10 份草稿" in page
    assert "未通过核对" not in page  # what a new document does not print is no fault
    store = PolicyStore(sqlite_database, system_clock)
    assert len((await store.published()).documents) == 1
    assert "已发布 9 条" in await publish(approver, *await marks(approver))
    held = await store.published()
    assert [document.title for document in held.documents][1:] == [TITLE]
    assert held.default == "xihaian"
    assert [held.number(policy) for policy in held.documents[1].policies][:2] == ["第一条", "第二条"]
    page = await (await approver.get("/console/policies")).text()
    assert TITLE in page
    assert f"《{NAME}》" in page
    fields = await tokens_of(approver, "/console/policies", "/console/policies/documents/lingang/name")
    named = await approver.post(
        "/console/policies/documents/lingang/name", data={**fields, "name": "服务业措施"}
    )
    assert "简称已改为《服务业措施》" in await named.text()
    assert (await store.published()).name_of(1003) == "《服务业措施》第三条"
    assert "更改文件简称" in await (await approver.get("/console/audit")).text()


async def test_where_a_second_document_is_published_its_short_name_is_asked_for(
    editor, approver, sqlite_database: Database
) -> None:
    await import_as(editor, TEXT, document="+", new_id="lingang")
    ticked = MultiDict(("draft", mark) for mark in await marks(approver))
    page = await (await approver.get("/console/policies/drafts/publish", params=ticked)).text()
    assert f"《{TITLE}》的简称" in page
    assert f'name="short_name:lingang" placeholder="{NAME}"' in page
    assert 'name="short_name:xihaian"' in page
    ticked.add("csrf", await csrf_of(approver, "/console/policies/drafts"))
    too_long = await approver.post(
        "/console/policies/drafts", data=[*ticked.items(), ("short_name:lingang", "简" * 30)]
    )
    assert "简称最多" in await too_long.text()
    store = PolicyStore(sqlite_database, system_clock)
    assert len((await store.published()).documents) == 1
    named = await approver.post(
        "/console/policies/drafts", data=[*ticked.items(), ("short_name:lingang", "服务业")]
    )
    assert "已发布 9 条" in await named.text()
    assert (await store.published()).name_of(1003) == "《服务业》第三条"


async def test_a_file_that_was_only_read_is_listed_as_such(editor) -> None:
    await compare(editor, TEXT, document="+", new_id="lingang")
    assert "已读取，还没有生成草稿" in await (await editor.get("/console/policies/drafts")).text()
    await import_as(editor, TEXT, document="+", new_id="lingang")
    assert "可一次发布或放弃全部" in await (await editor.get("/console/policies/drafts")).text()


async def test_every_clause_of_a_new_document_can_be_read_before_drafts_are_made(editor) -> None:
    page = await (await compare(editor, TEXT, document="+", new_id="lingang")).text()
    assert "新增（9 条）" in page
    for words in (
        "第四条 ",
        "壮大特色消费",  # its part
        "对首次评定为五星级的民宿，给予",  # its text
        "定额15万元",  # its sum
        "区财政局",
        "没有识别到",  # what it does not name
    ):
        assert words in page, words
    assert "对应原条款" not in page  # there is none


async def test_an_edition_is_read_as_one_of_the_document_chosen(
    editor, approver, sqlite_database: Database
) -> None:
    await import_as(editor, TEXT, document="+", new_id="lingang")
    await publish(approver, *await marks(approver))
    page = await import_as(editor, TEXT.replace("15万元奖励", "20万元奖励"), document="lingang")
    assert "已生成 1 份草稿" in page
    drafts = await (await editor.get("/console/policies/drafts")).text()
    assert "第四条 " in drafts
    assert "没有编号为 nowhere 的文件" in await import_as(editor, TEXT, document="nowhere")
