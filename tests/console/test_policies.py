"""An operator edits a clause; another publishes it; the history keeps both."""

import re
from pathlib import Path

import pytest
from aiohttp import FormData
from multidict import MultiDict

from console.policy_form import FormError, PolicyForm
from policies.compendium import load_compendium
from policies.store import PolicyStore
from storage.clock import system_clock
from tests.console.conftest import csrf_of, sign_in

DOCUMENT = Path(__file__).parents[1] / "data" / "compendium.txt"
CLAUSES = {policy.id: policy for policy in load_compendium().policies}


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


async def test_a_change_is_drafted_reviewed_and_published_by_another(desk, sqlite_database) -> None:
    editor, approver = await desk(), await desk()
    await sign_in(editor, "approver")
    sent = posted(PolicyForm.of(CLAUSES[10]))
    sent["text"] = [sent["text"][0].replace("最高10万元", "最高12万元")]
    sent["amount_quote"][0] = sent["amount_quote"][0].replace("10万元", "12万元")
    sent["amount_max_cny"][0] = "12万元"
    sent["csrf"] = [await csrf_of(editor, "/console/policies/10/edit")]
    saved = await editor.post("/console/policies/10/edit", data=sent_back(sent))
    page = await saved.text()
    assert saved.status == 200
    assert "<del>10万元</del>" in page
    assert "<ins>12万元</ins>" in page

    store = PolicyStore(sqlite_database, system_clock)
    listed = await (await editor.get("/console/policies/drafts")).text()
    assert "须由另一位同事发布" in listed
    [ticked] = re.findall(r"drafts/(\d+)\"", listed)[:1]
    own = {"csrf": await csrf_of(editor, "/console/policies/drafts"), "draft": f"{ticked}.0"}
    await editor.post("/console/policies/drafts", data=own)
    assert "最高10万元" in (await store.published()).policies[9].text

    await sign_in(approver, "admin")
    [box] = re.findall(
        r'name="draft" value="([^"]+)"', await (await approver.get("/console/policies/drafts")).text()
    )
    data = {"csrf": await csrf_of(approver, "/console/policies/drafts"), "draft": box}
    assert "已发布 1 条" in await (await approver.post("/console/policies/drafts", data=data)).text()
    assert "最高12万元" in (await store.published()).policies[9].text


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
    form = FormData({"csrf": await csrf_of(client, "/console/policies/import")})
    form.add_field("file", second.encode(), filename="second.txt", content_type="text/plain")
    page = await (await client.post("/console/policies/import", data=form)).text()
    assert "已生成 1 份草稿" in page
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
