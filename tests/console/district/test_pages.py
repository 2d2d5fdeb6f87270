"""本区资料 at the desk: an editor changes a department, a track, places and texts; an approver puts it in effect."""

import html
import re

import pytest

from console.access.audit import Filter, entries
from console.district.showing import PART_NAMES
from policies.publishing.store import PolicyStore
from storage.clock import system_clock
from storage.sql.database import Database
from tests.console.conftest import tokens_of

HOME = "/console/district"


async def fields_of(client, part: str, entry: str | None = None) -> dict[str, str]:
    """The form of a part as the page fills it in."""
    query = "" if entry is None else f"?entry={entry}"
    page = await (await client.get(f"{HOME}/{part}{query}")).text()
    [form] = re.findall(r'<form method="post"[^>]*id="edit".*?</form>', page, re.DOTALL)
    inputs = re.findall(r'<input (?=[^>]*name="(\w+)")(?![^>]*checkbox)[^>]*value="([^"]*)"', form)
    areas = re.findall(r'<textarea[^>]*name="(\w+)"[^>]*>(.*?)</textarea>', form, re.DOTALL)
    checked = re.findall(r'name="(\w+)" value="1" checked', form)
    return {name: html.unescape(value) for name, value in (*inputs, *areas)} | dict.fromkeys(checked, "1")


async def save(client, part: str, entry: str | None, **changed: str):
    return await client.post(f"{HOME}/{part}", data=await fields_of(client, part, entry) | changed)


async def approve(client, part: str):
    tokens = await tokens_of(client, f"{HOME}/{part}", f"{HOME}/{part}/approve")
    return await client.post(f"{HOME}/{part}/approve", data=tokens)


@pytest.fixture
def store(sqlite_database: Database) -> PolicyStore:
    return PolicyStore(sqlite_database, system_clock)


async def test_a_telephone_is_in_effect_after_a_second_person_looked_at_it(
    editor, approver, store: PolicyStore, sqlite_database: Database
) -> None:
    saved = await save(editor, "departments", "区财政局", phone="0532-1234567", hours="工作日9:00至17:00")
    assert "另一位同事审批后生效" in await saved.text()
    before = (await store.district()).department("区财政局")
    assert before is not None
    assert not before.phone

    shown = await (await approver.get(f"{HOME}/departments")).text()
    assert "电话 0532-1234567；办公时间 工作日9:00至17:00" in shown
    assert "已生效" in await (await approve(approver, "departments")).text()
    now = (await store.district()).department("区财政局")
    assert now is not None
    assert (now.phone, now.aliases, now.level) == ("0532-1234567", before.aliases, before.level)
    assert now.entered_on is not None

    approved, written = await entries(sqlite_database, Filter(kind="district"))
    assert (approved.actor, approved.action, approved.subject_id) == (
        "approver",
        "生效本区资料",
        "departments",
    )
    assert (written.actor, written.action) == ("editor", "修改本区资料")
    assert written.after is not None
    assert "0532-1234567" in written.after["部门 区财政局"]


async def test_nobody_approves_their_own(approver, store: PolicyStore) -> None:
    await save(approver, "texts", None, account="滨江惠企", welcome="您好，见 https://w.example.cn/1")
    page = await (await approver.get(f"{HOME}/texts")).text()
    assert 'href="https://w.example.cn/1"' in page
    assert "须由另一位同事审批" in page
    assert "批准生效" not in page
    assert (await store.district()).texts.account != "滨江惠企"


async def test_a_part_that_was_sent_back_waits_for_its_authors(editor, approver) -> None:
    await save(editor, "texts", None, account="滨江惠企")
    assert "1 项本区资料的修改等待审批" in await (await editor.get("/console/")).text()
    back = await tokens_of(approver, f"{HOME}/texts", f"{HOME}/texts/return")
    sent = await approver.post(f"{HOME}/texts/return", data=back | {"reason": "名称有误"})
    assert "已退回" in await sent.text()
    overview = await (await editor.get("/console/")).text()
    assert "1 项本区资料已退回，等待修改" in overview
    assert "项本区资料的修改等待审批" not in overview


async def test_a_form_that_is_saved_untouched_changes_nothing(editor, approver, store: PolicyStore) -> None:
    before = await store.district()
    for part in PART_NAMES:
        entry = {"tracks": "ai", "departments": "区工信局"}.get(part)
        assert (await save(editor, part, entry)).status == 200
        page = await (await approver.get(f"{HOME}/{part}")).text()
        assert "与现行内容相同" in page
        assert (await approve(approver, part)).status == 200
    assert await store.district() == before


async def test_a_track_is_added_moved_and_taken_out(editor, approver, store: PolicyStore) -> None:
    await save(editor, "tracks", "", name="养老服务", aliases="养老、助餐", position="2")
    await approve(approver, "tracks")
    tracks = (await store.tracks()).tracks
    assert [(track.name, track.aliases) for track in tracks[1:2]] == [("养老服务", ("养老", "助餐"))]
    assert tracks[0].id == "ai"
    await save(editor, "tracks", tracks[1].id, remove="1")
    await approve(approver, "tracks")
    assert "养老服务" not in {track.name for track in (await store.tracks()).tracks}


@pytest.mark.parametrize(
    ("part", "entry", "changed", "said"),
    [
        ("tracks", "desalination", {"remove": "1"}, "不能删除：desalination"),
        ("departments", "区财政局", {"name": "财政局"}, "不能删除：区财政局"),
        ("departments", "区财政局", {"name": "区工信局"}, "区工信局 出现了两次"),
        ("departments", "", {"name": ""}, "名称要填写"),
        ("departments", "区财政局", {"phone": "1" * 61}, "电话太长，最多 60 个字"),
        ("places", None, {"others": "青岛"}, "青岛 同时写在本区地名和外地地名里"),
        ("places", None, {"levels": "西海岸新区"}, "层级称呼每行写一个层级"),
        ("texts", None, {"welcome": "欢迎，{count}条"}, "没有 {count}"),
        ("texts", None, {"account": "很长" * 30}, "公众号名称太长"),
    ],
)
async def test_what_cannot_be_is_said_and_what_was_typed_stays(
    editor, part: str, entry: str | None, changed: dict[str, str], said: str
) -> None:
    answer = await save(editor, part, entry, **changed)
    assert answer.status == 422
    page = html.unescape(await answer.text())
    assert said in page
    for name, value in changed.items():
        assert name == "remove" or value in page


async def test_two_editors_do_not_overwrite_each_other(editor, approver) -> None:
    seen = await fields_of(editor, "texts")
    await save(approver, "texts", None, short="滨江")
    answer = await editor.post(f"{HOME}/texts", data=seen | {"account": "滨江惠企"})
    assert answer.status == 422
    page = await answer.text()
    assert "已被他人修改" in page
    assert "滨江惠企" in page


async def test_an_earlier_state_comes_back(editor, approver, store: PolicyStore) -> None:
    before = (await store.district()).places
    await save(editor, "places", None, own="滨江", others="", levels="")
    await approve(approver, "places")
    assert (await store.district()).places.own == ("滨江",)
    tokens = await tokens_of(editor, f"{HOME}/places", f"{HOME}/places/restore")
    answer = await editor.post(f"{HOME}/places/restore", data=tokens | {"number": "1"})
    assert "已按第 1 版保存" in await answer.text()
    await approve(approver, "places")
    assert (await store.district()).places == before


async def test_a_button_without_a_label_is_taken_out_of_the_menu(
    editor, approver, store: PolicyStore
) -> None:
    await save(editor, "texts", None, menu_MENU_HELP="")
    await approve(approver, "texts")
    assert (await store.district()).texts.menu == {"MENU_HELP": ""}
