"""Application windows are kept at the desk: typed, imported, exported, seen on a calendar, fed to a phone's one."""

import re
from datetime import date, timedelta

import icalendar
from aiohttp import FormData

from policies.windows.application_windows import Windows
from storage.clock import SHANGHAI, system_clock
from storage.sql.database import Database
from subscriptions.directory import Members
from subscriptions.members.preferences import STOPPED, Preferences
from subscriptions.members.track_subscriptions import ChangeSource
from tests.console.conftest import csrf_of, sign_in

PATH = "/console/windows"
TODAY = system_clock().astimezone(SHANGHAI).date()
TYPED = {"policy_id": "22", "title": "技改奖补申报", "url": "https://apply.example/22"}


async def put(client, closes_on: date, **changes: str):
    days = {"opens_on": TODAY.isoformat(), "closes_on": closes_on.isoformat()}
    known = {"csrf": await csrf_of(client, PATH), "confirmed": "yes"}
    return await client.post(PATH, data=TYPED | days | known | changes)


async def test_a_window_is_added_moved_and_removed(desk) -> None:
    client = await desk()
    await sign_in(client, "editor")
    assert "申报期已新增" in await (await put(client, TODAY + timedelta(days=9))).text()
    assert "申报期已更新" in await (await put(client, TODAY + timedelta(days=12))).text()
    page = await (await client.get(PATH)).text()
    assert page.count('rel="noopener noreferrer nofollow">https://apply.example/22</a>') == 1
    assert (TODAY + timedelta(days=12)).isoformat() in page
    removed = await client.post(f"{PATH}/1/remove", data={"csrf": await csrf_of(client, PATH)})
    assert "删除这个申报期？" in await removed.text()
    data = {"csrf": await csrf_of(client, PATH), "confirmed": "yes"}
    removed = await client.post(f"{PATH}/1/remove", data=data)
    assert "申报期已删除" in await removed.text()


async def test_an_impossible_window_is_refused_in_words(desk) -> None:
    client = await desk()
    await sign_in(client, "editor")
    answer = await put(client, TODAY - timedelta(days=1))
    assert answer.status == 422
    assert "早于开始日期" in await answer.text()
    assert (
        "请以 https:// 或 http:// 开头" in await (await put(client, TODAY, url="javascript:alert(1)")).text()
    )


async def test_a_csv_goes_out_and_comes_back(desk) -> None:
    client = await desk()
    await sign_in(client, "editor")
    await put(client, TODAY + timedelta(days=9))
    exported = await (await client.get(f"{PATH}/export.csv")).read()
    form = FormData({"csrf": await csrf_of(client, PATH)})
    form.add_field("file", exported, filename="windows.csv", content_type="text/csv")
    assert "未变 1 个" in await (await client.post(f"{PATH}/import", data=form)).text()
    form = FormData({"csrf": await csrf_of(client, PATH)})
    wrong = b"policy_id,opens_on,closes_on,title,url\n99,2026-01-01,2026-02-01,,\n"
    form.add_field("file", wrong, filename="windows.csv", content_type="text/csv")
    assert "没有第 99 条" in await (await client.post(f"{PATH}/import", data=form)).text()


async def test_a_track_has_a_calendar_of_its_closing_days(desk) -> None:
    client = await desk()
    await sign_in(client, "editor")
    await put(client, TODAY + timedelta(days=9), policy_id="45", title="海水淡化项目申报")
    await put(client, TODAY + timedelta(days=10))
    anybody = await desk()
    feeds = {}
    for track in ("desalination", "nev"):
        raw = await (await anybody.get(f"{PATH}/{track}.ics")).read()
        feeds[track] = [str(event["SUMMARY"]) for event in icalendar.Calendar.from_ical(raw).walk("VEVENT")]
    assert feeds == {
        "desalination": ["截止：海水淡化项目申报", "截止：技改奖补申报"],
        "nev": ["截止：技改奖补申报"],
    }


async def test_a_window_without_a_name_takes_its_clauses(desk) -> None:
    client = await desk()
    await sign_in(client, "editor")
    page = await (await put(client, TODAY + timedelta(days=9), title="")).text()
    assert '<a href="/console/policies/22">第22条</a></td><td>企业技术改造设备投资奖补' in page


async def test_a_typed_name_is_cleaned_as_one_of_a_file_is(desk) -> None:
    client = await desk()
    await sign_in(client, "editor")
    await put(client, TODAY + timedelta(days=9), title="技改\t奖补 \u202e申报")
    assert "技改 奖补 申报" in await (await client.get(PATH)).text()
    await put(client, TODAY + timedelta(days=9), title="'=技改")  # in a form the apostrophe is no mark
    assert "&#39;=技改" in await (await client.get(PATH)).text()
    refused = await put(client, TODAY + timedelta(days=9), title="长" * 201)
    assert (refused.status, "最多 200 字" in await refused.text()) == (422, True)


async def followers(database: Database, *wants: Preferences) -> None:
    """Each follows a track of clause 22."""
    members = Members(database, system_clock)
    for number, preferences in enumerate(wants):
        member = await members.ensure(f"o_{number}")
        await members.subscribe(member, ["ai"], source=ChangeSource.CHAT)
        await members.prefer(member, preferences)


async def test_before_a_window_is_saved_it_is_said_how_many_are_reminded_and_when(
    desk, sqlite_database: Database
) -> None:
    await followers(
        sqlite_database,
        Preferences(quiet_from=0, quiet_until=0),
        Preferences(quiet_from=0, quiet_until=0),
        Preferences(paused_until=STOPPED),
    )
    client = await desk()
    await sign_in(client, "editor")
    token = {"csrf": await csrf_of(client, PATH)}
    days = {"opens_on": TODAY.isoformat(), "closes_on": (TODAY + timedelta(days=5)).isoformat()}
    asked = await client.post(PATH, data=TYPED | days | token)
    said = await asked.text()
    assert "将提醒 2 人：今天 2 人、" in said
    assert "另有 1 人已停止、暂停推送" in said
    assert 'href="https://apply.example/22"' in said
    assert await windows_kept(sqlite_database) == 0
    saved = await client.post(PATH, data=TYPED | days | token | {"confirmed": "yes"})
    assert "申报期已新增" in await saved.text()
    other_link = await client.post(PATH, data=TYPED | days | token | {"url": "https://apply.example/other"})
    assert "申报期已更新" in await other_link.text(), "no new reminder, nothing to ask"


async def test_a_window_that_is_over_is_saved_after_a_remark(desk, sqlite_database: Database) -> None:
    client = await desk()
    await sign_in(client, "editor")
    days = {"opens_on": "2020-01-01", "closes_on": "2020-12-31", "confirmed": ""}
    past = TYPED | days | {"csrf": await csrf_of(client, PATH)}
    del past["confirmed"]
    assert "的截止日期 2020-12-31 已过，不会提醒任何人" in await (await client.post(PATH, data=past)).text()
    assert await windows_kept(sqlite_database) == 0


async def test_a_file_waits_in_the_page_that_asks(desk, sqlite_database: Database) -> None:
    await followers(sqlite_database, Preferences(quiet_from=0, quiet_until=0))
    client = await desk()
    await sign_in(client, "editor")
    head, soon, later = (
        "policy_id,opens_on,closes_on,title",
        TODAY + timedelta(days=9),
        TODAY + timedelta(days=40),
    )
    rows = f"{head}\n22,{TODAY},{later},甲\n2,{TODAY},{soon},乙\n"
    form = FormData({"csrf": await csrf_of(client, PATH)})
    form.add_field("file", rows.encode(), filename="windows.csv", content_type="text/csv")
    asked = await (await client.post(f"{PATH}/import", data=form)).text()
    assert "新增或更新 2 个申报期，将发出" in asked
    assert await windows_kept(sqlite_database) == 0
    kept = dict(re.findall(r'<textarea name="(\w+)" hidden>([^<]*)</textarea>', asked))
    kept["csrf"] = await csrf_of(client, PATH)
    assert "新增 2 个" in await (await client.post(f"{PATH}/import", data=kept)).text()


async def windows_kept(database: Database) -> int:
    return len(await Windows(database, system_clock).all())
