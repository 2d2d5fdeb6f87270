"""办理指南 at the desk: filled in, checked by a second person, imported, flagged when it grows old."""

from datetime import timedelta

import pytest
from aiohttp import FormData

from console.access.audit import entries
from policies.guides.drafts import GuideDrafts
from policies.guides.guide import Guide
from policies.guides.store import GuideStore
from storage.clock import SHANGHAI, system_clock
from storage.sql.database import Database
from tests.console.conftest import Browser, csrf_of, sign_in, tokens_of

PATH = "/console/guides"
TODAY = system_clock().astimezone(SHANGHAI).date()
TYPED = {
    "materials": "申报书\n设备发票",
    "where": "区政务中心3楼",
    "phone": "0532-00000001",
    "url": "https://apply.example/22",
    "checked_on": TODAY.isoformat(),
}


@pytest.fixture
def store(sqlite_database: Database) -> GuideStore:
    return GuideStore(sqlite_database)


async def signed_in(desk, name: str) -> Browser:
    client = await desk()
    await sign_in(client, name)
    return client


async def fill(client: Browser, key: int = 22, **changes: str):
    here = f"{PATH}/{key}"
    return await client.post(here, data=TYPED | changes | await tokens_of(client, here, here))


async def test_a_guide_is_public_once_a_second_person_published_it(desk, store: GuideStore) -> None:
    editor, approver = await signed_in(desk, "editor"), await signed_in(desk, "approver")
    assert "草稿已保存，等待另一位同事核对发布" in await (await fill(editor)).text()
    assert (await store.book()).of_clause(22) is None
    assert "1 份办理指南等待核对发布" in await (await approver.get("/console/")).text()
    shown = await (await approver.get(PATH)).text()
    assert "0532-00000001" in shown
    assert 'rel="noopener noreferrer nofollow">https://apply.example/22</a>' in shown
    draft = await store.draft_of(22)
    assert draft is not None
    form = {"csrf": await csrf_of(approver, PATH), "draft": draft.mark}
    assert "已发布 1 份办理指南" in await (await approver.post(f"{PATH}/publish", data=form)).text()
    published = (await store.book()).of_clause(22)
    assert published is not None
    assert published.materials == ("申报书", "设备发票")


async def test_who_filled_it_in_can_not_publish_it(desk, store: GuideStore) -> None:
    approver = await signed_in(desk, "approver")
    await fill(approver)
    assert "须由另一位同事发布" in await (await approver.get(PATH)).text()
    draft = await store.draft_of(22)
    assert draft is not None
    form = {"csrf": await csrf_of(approver, PATH), "draft": draft.mark}
    assert "须由没有参与填写的同事发布" in await (await approver.post(f"{PATH}/publish", data=form)).text()
    assert (await store.book()).of_clause(22) is None


async def test_a_fault_is_named_beside_its_field_and_nothing_typed_is_lost(desk, store: GuideStore) -> None:
    editor = await signed_in(desk, "editor")
    answer = await fill(editor, phone="见通知")
    assert answer.status == 422
    page = await answer.text()
    assert "“见通知”不是电话号码" in page
    assert "区政务中心3楼" in page
    assert await store.drafts() == ()


async def test_what_another_saved_meanwhile_is_shown_and_not_overwritten(desk, store: GuideStore) -> None:
    editor, admin = await signed_in(desk, "editor"), await signed_in(desk, "admin")
    begun = await tokens_of(editor, f"{PATH}/22", f"{PATH}/22")
    await fill(admin, phone="0532-00000009")
    answer = await editor.post(f"{PATH}/22", data=TYPED | begun)
    assert answer.status == 409
    page = await answer.text()
    assert "同事改动了这份指南" in page
    assert "0532-00000009" in page
    assert 'value="0532-00000001"' in page
    draft = await store.draft_of(22)
    assert draft is not None
    assert draft.guide.phone == "0532-00000009"


async def test_a_draft_is_sent_back_with_a_reason_and_given_up(desk, store: GuideStore) -> None:
    editor, approver = await signed_in(desk, "editor"), await signed_in(desk, "approver")
    await fill(editor)
    back = await tokens_of(approver, f"{PATH}/22", f"{PATH}/22/return")
    assert (
        "草稿已退回"
        in await (await approver.post(f"{PATH}/22/return", data=back | {"reason": "电话打不通"})).text()
    )
    assert "电话打不通" in await (await editor.get(f"{PATH}/22")).text()
    overview = await (await editor.get("/console/")).text()
    assert "1 份办理指南已退回，等待修改" in overview
    assert "份办理指南等待核对发布" not in overview
    give_up = await tokens_of(editor, f"{PATH}/22", f"{PATH}/22/discard")
    done = await editor.post(f"{PATH}/22/discard", data=give_up | {"confirmed": "yes"})
    assert "草稿已放弃" in await done.text()
    assert await store.drafts() == ()


async def test_a_file_makes_drafts_and_the_published_ones_go_out_as_a_file(
    desk, store: GuideStore, sqlite_database: Database
) -> None:
    editor = await signed_in(desk, "editor")
    sample = await (await editor.get(f"{PATH}/sample.csv")).read()
    assert "已生成 1 份草稿" in await upload(editor, sample)
    assert "没有生成草稿" in await upload(editor, sample)
    assert "第 2 行，条款号：没有“99”这一条" in await upload(editor, "条款号,电话\n99,12345\n".encode())
    assert (await store.book()).of_clause(22) is None
    guide = Guide(phone="12345", checked_on=TODAY)
    await GuideDrafts(sqlite_database, system_clock).publish_at_once({10: guide}, author="cli:test")
    exported = await (await editor.get(f"{PATH}/export.csv")).text(encoding="utf-8-sig")
    assert f"10,xihaian,,,,,12345,,,{TODAY}" in exported
    actions = [entry.action for entry in await entries(sqlite_database)]
    assert actions.count("导入指南草稿") == 1


async def upload(client: Browser, raw: bytes) -> str:
    form = FormData({"csrf": await csrf_of(client, PATH)})
    form.add_field("file", raw, filename="guides.csv", content_type="text/csv")
    return await (await client.post(f"{PATH}/import", data=form)).text()


async def test_a_guide_that_nobody_checked_for_half_a_year_is_flagged(
    desk, sqlite_database: Database
) -> None:
    old = Guide(phone="12345", checked_on=TODAY - timedelta(days=200))
    await GuideDrafts(sqlite_database, system_clock).publish_at_once({10: old}, author="cli:test")
    viewer = await signed_in(desk, "viewer")
    assert "1 条办理指南超过半年未核对" in await (await viewer.get("/console/")).text()
    assert "请重新核对" in await (await viewer.get(PATH)).text()
    assert "已超过半年" in await (await viewer.get(f"{PATH}/10")).text()


async def test_every_step_is_in_the_audit_log(desk, store: GuideStore, sqlite_database: Database) -> None:
    editor, approver = await signed_in(desk, "editor"), await signed_in(desk, "approver")
    await fill(editor)
    draft = await store.draft_of(22)
    assert draft is not None
    form = {"csrf": await csrf_of(approver, PATH), "draft": draft.mark}
    await approver.post(f"{PATH}/publish", data=form)
    found = [one for one in await entries(sqlite_database) if one.subject_kind == "guide"]
    assert [(one.actor, one.action, one.subject_id) for one in found] == [
        ("approver", "发布指南", "22"),
        ("editor", "保存指南草稿", "22"),
    ]
    assert found[0].after is not None
    assert found[0].after["phone"] == "0532-00000001"
    assert "办理指南 22" in await (await approver.get("/console/audit")).text()
