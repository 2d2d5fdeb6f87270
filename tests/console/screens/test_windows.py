"""Application windows are kept at the desk: typed, imported, exported, seen on a calendar, fed to a phone's one."""

from datetime import date, timedelta

import icalendar
from aiohttp import FormData

from storage.clock import SHANGHAI, system_clock
from tests.console.conftest import csrf_of, sign_in

PATH = "/console/windows"
TODAY = system_clock().astimezone(SHANGHAI).date()
TYPED = {"policy_id": "22", "title": "技改奖补申报", "url": "https://apply.example/22"}


async def put(client, closes_on: date, **changes: str):
    days = {"opens_on": TODAY.isoformat(), "closes_on": closes_on.isoformat()}
    return await client.post(PATH, data=TYPED | days | changes | {"csrf": await csrf_of(client, PATH)})


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
