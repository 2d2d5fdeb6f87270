"""An operator edits a clause; another publishes it; the history keeps both."""

import html
import re
from pathlib import Path

import pytest
from aiohttp import FormData
from multidict import MultiDict

from console.access.audit import entries
from console.clauses.form import FormError, PolicyForm
from policies.library.library_file import load_library
from policies.publishing.drafts import Drafts
from policies.publishing.store import PolicyStore
from storage.clock import system_clock
from tests.console.conftest import csrf_of, sign_in, tokens_of

DOCUMENT = Path(__file__).parents[2] / "data" / "compendium.txt"
CLAUSES = {policy.key: policy for policy in load_library().policies}


def sent_back(sent: dict[str, list[str]]) -> MultiDict[str]:
    """A form as the desk receives it."""
    return MultiDict((name, value) for name, values in sent.items() for value in values)


def posted(form: PolicyForm) -> dict[str, list[str]]:
    sent = {name: [value] for name, value in form.values.items()}
    sent |= {"support": list(form.support), "tracks": list(form.tracks)}
    for row in form.amounts:
        for name, value in row.items():
            sent.setdefault(f"amount_{name}", []).append(value)
    return sent


@pytest.mark.parametrize("number", sorted(CLAUSES))
def test_a_form_saved_untouched_is_the_same_clause(number: int) -> None:
    clause = CLAUSES[number]
    assert PolicyForm.posted(sent_back(posted(PolicyForm.of(clause)))).policy(clause) == clause


@pytest.mark.parametrize(
    ("column", "typed", "problem"),
    [
        ("amount_quote", "最高一个亿", "不在条文正文中"),
        ("amount_cap_cny", "很多", "不是金额"),
        ("amount_rate", "一半", "不是比例"),
        ("valid_until", "明年", "日期"),
        ("text", "", "正文"),
    ],
)
def test_what_is_wrong_is_said(column: str, typed: str, problem: str) -> None:
    clause = CLAUSES[22]
    sent = posted(PolicyForm.of(clause))
    sent[column][0] = typed
    with pytest.raises(FormError, match=problem):
        PolicyForm.posted(sent_back(sent)).policy(clause)


TEN_TO_TWELVE = ("最高10万元", "最高12万元")


async def typed(client, number: int, *changes: tuple[str, str], **columns: str) -> dict[str, list[str]]:
    """The clause's form as the page shows it, with words replaced everywhere and columns of the first sum set."""
    sent = posted(PolicyForm.of(CLAUSES[number]))
    for old, new in changes:
        for values in sent.values():
            values[:] = [value.replace(old, new) for value in values]
    for column, value in columns.items():
        sent[column][0] = value
    page = await (await client.get(f"/console/policies/{number}/edit")).text()
    hidden = dict(re.findall(r'name="(csrf|seen|begun)" value="([^"]+)"', page))
    return sent | {name: [html.unescape(value)] for name, value in hidden.items()}


async def save(client, number: int, sent: dict[str, list[str]]):
    return await client.post(f"/console/policies/{number}/edit", data=sent_back(sent))


async def raise_ten(client) -> None:
    """Draft clause 10 with 12万元 in the place of 10万元, rightly."""
    saved = await save(client, 10, await typed(client, 10, TEN_TO_TWELVE, amount_max_cny="12万元"))
    assert saved.status == 200, await saved.text()


async def marks(client) -> list[str]:
    """The drafts that this operator may tick."""
    page = await (await client.get("/console/policies/drafts")).text()
    assert "checked" not in page
    return re.findall(r'name="draft" value="([^"]+)"', page)


async def publish(client, *ticked: str) -> str:
    data = MultiDict([("csrf", await csrf_of(client, "/console/policies/drafts"))])
    data.extend(("draft", mark) for mark in ticked)
    return await (await client.post("/console/policies/drafts", data=data)).text()


async def test_a_change_is_drafted_reviewed_and_published_by_another(desk, sqlite_database) -> None:
    editor, approver = await desk(), await desk()
    await sign_in(editor, "approver")
    await raise_ten(editor)
    store = PolicyStore(sqlite_database, system_clock)
    listed = await (await editor.get("/console/policies/drafts")).text()
    assert "<del>10万元</del>" in listed
    assert "<ins>12万元</ins>" in listed
    assert "须由另一位同事发布" in listed
    assert await marks(editor) == []

    await sign_in(approver, "admin")
    [mark] = await marks(approver)
    assert "有您本人编辑的内容" in await publish(editor, mark)
    assert "最高10万元" in (await store.published()).policies[9].text

    asked = await (await approver.get("/console/policies/drafts/publish", params={"draft": mark})).text()
    assert "将提醒 <strong>0</strong> 人" in asked
    assert "现：最高12万元" in asked
    assert "已发布 1 条，没有人需要提醒" in await publish(approver, mark)
    assert "最高12万元" in (await store.published()).policies[9].text


@pytest.mark.parametrize("typed", ["-10万元", "最高10万元", "约10万元"])
def test_a_sum_is_typed_as_a_sum_alone(typed: str) -> None:
    clause = next(one for one in load_library().policies if one.key == 10)
    form = PolicyForm.of(clause)
    form.amounts[0]["max_cny"] = typed
    with pytest.raises(FormError, match="不是金额"):
        form.policy(clause)


async def test_a_wrong_sum_is_refused_beside_its_field_and_the_note_stays(desk, sqlite_database) -> None:
    client = await desk()
    await sign_in(client, "editor")
    sent = await typed(client, 10, amount_max_cny="999万元") | {"note": ["上限调整"]}
    answer = await save(client, 10, sent)
    page = await answer.text()
    assert answer.status == 422
    assert "第 1 笔金额的“最高”：引文里没有 999万元" in page
    assert 'id="amount-0-problem"' in page
    assert 'value="上限调整"' in page
    assert await Drafts(sqlite_database, system_clock).open() == ()


@pytest.mark.parametrize(
    ("column", "value", "problem"),
    [
        ("departments", "", "缺少责任单位"),
        ("departments", "区没有这个局", "原文里没有“区没有这个局”"),
        ("title", "\u200b\u200b", "短标题应有"),
        ("basis", "", "缺少依据文件"),
        ("basis", "某办法 | 第三号", "不像文号"),
        ("tracks", "no-such-track", "没有名为 no-such-track 的赛道"),
        ("text", "\u200b", "缺少正文"),
    ],
)
async def test_whatever_the_check_refuses_can_not_be_saved(
    desk, column: str, value: str, problem: str
) -> None:
    client = await desk()
    await sign_in(client, "editor")
    sent = await typed(client, 49)
    sent[column] = [value]
    if column == "text":
        sent = {name: values for name, values in sent.items() if not name.startswith("amount_")}
    answer = await save(client, 49, sent)
    assert answer.status == 422
    assert problem in await answer.text()


async def test_a_ticked_box_keeps_the_order_of_the_clause(desk) -> None:
    """The form lists tracks and kinds of support in an order of its own; that is no change of the clause."""
    number = next(n for n, clause in CLAUSES.items() if len(clause.tracks) > 1)
    clause = CLAUSES[number]
    sent = posted(PolicyForm.of(clause))
    sent["tracks"].reverse()
    sent["support"].reverse()
    assert PolicyForm.posted(sent_back(sent)).policy(clause) == clause


async def test_saving_the_same_text_again_washes_nobody_off(desk, sqlite_database) -> None:
    li, zhang, wu = await desk(), await desk(), await desk()
    await sign_in(li, "approver")
    await sign_in(zhang, "editor")
    await sign_in(wu, "admin")
    await raise_ten(li)
    await raise_ten(zhang)
    assert await marks(li) == []
    [mark] = await marks(wu)
    assert "有您本人编辑的内容" in await publish(li, mark)
    assert "已发布 1 条" in await publish(wu, mark)


async def test_giving_a_draft_up_and_beginning_anew_washes_nobody_off(desk) -> None:
    li, zhang, wu = await desk(), await desk(), await desk()
    await sign_in(li, "approver")
    await sign_in(zhang, "editor")
    await sign_in(wu, "admin")
    await raise_ten(li)
    draft = (await marks(wu))[0].partition(".")[0]
    path = f"/console/policies/drafts/{draft}"
    await zhang.post(f"{path}/discard", data={"csrf": await csrf_of(zhang, path), "confirmed": "yes"})
    await raise_ten(zhang)
    [mark] = await marks(wu)
    assert "有您本人编辑的内容" in await publish(li, mark)
    assert "已发布 1 条" in await publish(wu, mark)


async def test_after_a_conflict_both_texts_are_shown_and_nothing_is_overwritten_unseen(
    desk, sqlite_database
) -> None:
    li, zhang = await desk(), await desk()
    await sign_in(li, "approver")
    await sign_in(zhang, "editor")
    drafts = Drafts(sqlite_database, system_clock)
    late = await typed(li, 10) | {"title": ["李的标题"], "note": ["李的说明"]}
    await save(zhang, 10, await typed(zhang, 10) | {"title": ["张的标题"], "keywords": ["张的词"]})

    first = await save(li, 10, late)
    page = await first.text()
    assert first.status == 409
    assert "张的标题" in re.sub(r"</?del>", "", page)
    assert "李的标题" in re.sub(r"</?ins>", "", page)
    assert 'value="李的说明"' in page
    assert "take_title" in page
    assert "take_keywords" not in page, "who changed the title alone is not asked to undo another's keywords"
    found = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page)
    hidden = MultiDict([(name, html.unescape(value)) for name, value in found])
    hidden.popall("ask", None)
    again = await li.post("/console/policies/10/edit", data=hidden)
    assert again.status == 409
    assert "还有内容没有选择" in await again.text()
    assert (await drafts.of(10)).policy.title == "张的标题"

    hidden.update(
        {
            "csrf": await csrf_of(li, "/console/policies"),
            "take_title": "mine",
        }
    )
    kept = await li.post("/console/policies/10/edit", data=hidden)
    assert kept.status == 200, await kept.text()
    policy = (await drafts.of(10)).policy
    assert (policy.title, policy.keywords) == ("李的标题", ("张的词",))


async def test_what_was_published_meanwhile_is_not_reverted_unseen(desk, sqlite_database) -> None:
    li, zhang, wu = await desk(), await desk(), await desk()
    for client, name in ((li, "approver"), (zhang, "editor"), (wu, "admin")):
        await sign_in(client, name)
    late = await typed(li, 10) | {"title": ["李的标题"]}
    await raise_ten(zhang)
    [mark] = await marks(wu)
    await publish(wu, mark)
    answer = await save(li, 10, late)
    assert answer.status == 409
    late |= {"seen": re.findall(r'name="seen" value="([^"]+)"', await answer.text()), "chosen": ["1"]}
    assert "草稿已保存" in await (await save(li, 10, late | {"take_title": ["mine"]})).text()
    kept = (await Drafts(sqlite_database, system_clock).of(10)).policy
    assert kept.title == "李的标题"
    assert "最高12万元" in kept.text


async def test_a_conflict_in_the_sums_is_told_in_the_words_of_the_form(desk) -> None:
    li, zhang = await desk(), await desk()
    await sign_in(li, "approver")
    await sign_in(zhang, "editor")
    late = await typed(li, 10) | {"amount_what": ["李的事项"], "tracks": ["ai"]}
    await save(zhang, 10, await typed(zhang, 10) | {"amount_what": ["张的事项"], "tracks": ["ships"]})
    page = await (await save(li, 10, late)).text()
    assert "类型：最高" in page
    assert "类型：max" not in page
    assert "人工智能" in page


async def test_an_approver_sees_old_and_new_of_every_field(editor, approver, sqlite_database) -> None:
    sent = await typed(editor, 10, TEN_TO_TWELVE, amount_max_cny="12万元")
    sent |= {
        "keywords": ["新的词"],
        "audience": ["小微企业"],
        "tracks": ["ai"],
        "valid_until": ["2027-12-31"],
    }
    assert (await save(editor, 10, sent)).status == 200
    page = await (await approver.get("/console/policies/drafts")).text()
    for name in ("正文", "金额", "赛道", "适用对象", "关键词", "有效期"):
        assert f'aria-label="{name}"' in page
    assert f"<del>{'、'.join(CLAUSES[10].keywords)}</del>" in page
    assert "<ins>新的词</ins>" in page


async def test_what_did_not_change_is_folded(editor) -> None:
    sent = await typed(editor, 22, ("600万元", "700万元"), amount_cap_cny="700万元")
    assert (await save(editor, 22, sent)).status == 200
    page = await (await editor.get("/console/policies/drafts")).text()
    assert "未改动" in page


async def test_a_returned_draft_waits_for_another_save(editor, approver, sqlite_database) -> None:
    await raise_ten(editor)
    [mark] = await marks(approver)
    path = f"/console/policies/drafts/{mark.partition('.')[0]}"
    assert "1 份条款草稿等待核对发布" in await (await editor.get("/console/")).text()
    token = {"csrf": await csrf_of(approver, path)}
    assert "请写明退回的原因" in await (await approver.post(f"{path}/return", data=token)).text()
    data = token | {"reason": "依据文号有误"}
    assert "草稿已退回" in await (await approver.post(f"{path}/return", data=data)).text()
    assert await marks(approver) == []
    overview = await (await editor.get("/console/")).text()
    assert "1 份条款草稿已退回，等待修改" in overview
    assert "份条款草稿等待核对发布" not in overview
    current = await Drafts(sqlite_database, system_clock).of(10)
    assert "已退回修改" in await publish(approver, f"{current.id}.{current.edits}")
    assert "依据文号有误" in await (await editor.get("/console/policies/10/edit")).text()
    await raise_ten(editor)
    [mark] = await marks(approver)
    assert "已发布 1 条" in await publish(approver, mark)


async def test_publishing_and_its_audit_entry_are_one_transaction(
    editor, approver, sqlite_database, monkeypatch
) -> None:
    await raise_ten(editor)
    [mark] = await marks(approver)

    def breaks(*_: object, **__: object) -> None:
        raise RuntimeError("the disk is full")

    monkeypatch.setattr("console.access.entries.record", breaks)
    await publish(approver, mark)
    store = PolicyStore(sqlite_database, system_clock)
    assert "最高10万元" in (await store.published()).policies[9].text
    monkeypatch.undo()
    assert "已发布 1 条" in await publish(approver, mark)
    entry = next(one for one in await entries(sqlite_database) if one.action == "发布")
    assert "最高10万元" in entry.before["text"]
    assert "最高12万元" in entry.after["text"]


async def test_an_import_with_a_fault_is_kept_as_drafts_and_can_not_be_published(editor, approver) -> None:
    text = DOCUMENT.read_text(encoding="utf-8")
    assert text.count("再次认定的最高5万元奖补（区新质生产力促进中心）") == 1
    text = text.replace(
        "再次认定的最高5万元奖补（区新质生产力促进中心）", "再次认定的最高5万元奖补（某新设中心）"
    )
    assert "1 份未通过核对" in await import_as_drafts(editor, text)
    assert await marks(approver) == []
    page = await (await approver.get("/console/policies/drafts")).text()
    assert "还不能发布" in page


async def import_as_drafts(client, text: str) -> str:
    form = FormData({"csrf": await csrf_of(client, "/console/policies/import")})
    form.add_field("file", text.encode(), filename="second.txt", content_type="text/plain")
    compared = await client.post("/console/policies/import", data=form)
    here = compared.url.path
    tokens = await tokens_of(client, here, f"{here}/compare")
    return await (await client.post(f"{here}/drafts", data=tokens)).text()


async def test_the_library_filters_and_shows_each_clause(desk) -> None:
    client = await desk()
    await sign_in(client, "viewer")
    assert "共 49 条" in await (await client.get("/console/policies")).text()
    assert (
        "共 2 条"
        in await (await client.get("/console/policies", params={"department": "古镇口融合创新区管委"})).text()
    )
    assert "年度设备投资额的12%，最高600万元" in await (await client.get("/console/policies/22")).text()
    assert (await client.get("/console/policies/999")).status == 404


async def test_a_new_edition_becomes_drafts_clause_by_clause(desk, sqlite_database) -> None:
    client = await desk()
    await sign_in(client, "editor")
    second = DOCUMENT.read_text(encoding="utf-8").replace("再次认定的最高5万元", "再次认定的最高6万元")
    assert "已生成 1 份草稿" in await import_as_drafts(client, second)
    drafts = await (await client.get("/console/policies/drafts")).text()
    assert "<del>5万元</del>" in drafts
    assert "高新技术企业认定奖补" in drafts


async def test_a_file_that_is_no_compendium_is_refused_in_words(desk) -> None:
    client = await desk()
    await sign_in(client, "editor")
    form = FormData({"csrf": await csrf_of(client, "/console/policies/import")})
    form.add_field("file", b"\x00\x01", filename="photo.png", content_type="image/png")
    answer = await client.post("/console/policies/import", data=form)
    assert answer.status == 422
    assert 'role="alert"' in await answer.text()
