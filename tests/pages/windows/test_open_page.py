"""`/p/open`: what can be applied for now, as a page, a calendar and a feed."""

from datetime import date, timedelta
from typing import Any
from xml.etree import ElementTree as ET

import icalendar
import pytest
from aiohttp.test_utils import TestClient

from handlers.framework.context import Context
from policies.windows.typed_dates import OPEN_ENDED
from policies.windows.window_fields import WindowFields
from tests.handlers.phone_browser import Phone

TODAY = date(2026, 3, 2)


@pytest.fixture(autouse=True)
async def windows(context: Context) -> None:
    """22 (通用) closes in 3 days, 10 has no end, 45 (海水淡化) opens in 4 days, 41 closed yesterday."""
    rows = (
        (22, -5, 3, "技改奖补申报 <b>", "https://apply.example/22"),
        (45, 4, 40, "海水淡化项目申报", ""),
        (41, -30, -1, "船舶海工申报", ""),
    )
    listed = [
        WindowFields(clause, TODAY + timedelta(days=opens), TODAY + timedelta(days=closes), title, url)
        for clause, opens, closes, title, url in rows
    ]
    await context.windows.put([*listed, WindowFields(10, TODAY, OPEN_ENDED, "高企申报")])


async def test_the_page_lists_what_is_open_and_what_comes(web: "TestClient[Any, Any]") -> None:
    page = await (await web.get("/p/open")).text()
    is_open, _, coming = page.partition('id="coming"')
    assert is_open.index("技改奖补申报 &lt;b&gt;") < is_open.index("高企申报")
    assert "2026年2月25日至2026年3月5日，还有 3 天截止" in is_open
    assert "2026年3月2日起，长期受理" in is_open
    assert "海水淡化项目申报" in coming
    assert "船舶海工申报" not in page
    assert 'href="https://apply.example/22"' in page


async def test_a_track_narrows_page_calendar_and_feed(web: "TestClient[Any, Any]") -> None:
    for path in ("/p/open", "/p/open.ics", "/p/open.rss"):
        of_track = await (await web.get(f"{path}?track=desalination")).text()
        of_another = await (await web.get(f"{path}?track=ships")).text()
        assert "海水淡化项目申报" in of_track
        assert "海水淡化项目申报" not in of_another
        assert "技改奖补申报" in of_another, "it is 通用"
        assert (await web.get(f"{path}?track=nobody")).status == 404


async def test_the_calendar_has_an_event_on_each_closing_day(web: "TestClient[Any, Any]") -> None:
    answer = await web.get("/p/open.ics")
    assert answer.content_type == "text/calendar"
    events = icalendar.Calendar.from_ical(await answer.read()).walk("VEVENT")
    found = {str(event["summary"]): event.decoded("dtstart") for event in events}
    assert found == {
        "截止：技改奖补申报 <b>": TODAY + timedelta(days=3),
        "截止：海水淡化项目申报": TODAY + timedelta(days=40),
    }


async def test_the_feed_is_rss_with_an_item_for_each_window(web: "TestClient[Any, Any]") -> None:
    answer = await web.get("/p/open.rss")
    assert answer.content_type == "application/rss+xml"
    channel = ET.fromstring(await answer.read()).find("channel")
    assert channel is not None
    assert [item.findtext("title") for item in channel.iter("item")] == [
        "海水淡化项目申报",
        "高企申报",
        "技改奖补申报 <b>",
    ]
    last = list(channel.iter("item"))[-1]
    assert last.findtext("link") == "https://policy.example/p/22"
    assert last.findtext("description") == (
        "申报时间：2026年2月25日至2026年3月5日，申报入口：https://apply.example/22"
    )
    assert last.findtext("pubDate") == "Wed, 25 Feb 2026 00:00:00 +0800"


@pytest.mark.browser
async def test_the_page_is_in_order_on_a_phone(phone: Phone) -> None:
    await phone.opens("/p/open")
    await phone.is_in_order()
