"""Application windows as a calendar (iCalendar, RFC 5545) and as an RSS 2.0 feed. Pure; both load their library when first used.

RSS is written with the standard library: it is one element for each window, and no kept library does more here.
"""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from xml.etree import ElementTree as ET

from policies.windows.window import Window
from storage.clock import midnight_of
from wechat.texts import web_address

_FEED_NAME = "可申报项目"


def calendar_of(name: str, windows: Iterable[Window], page_of: Callable[[int], str], now: datetime) -> bytes:
    """Return a calendar with an all-day event on each window's closing day. A window without an end has no event.

    Args:
        name: of the calendar, as a phone shows it.
        windows: the windows.
        page_of: the address of a clause's page, by its key.
        now: any instant.
    """
    from icalendar import Calendar, Event  # noqa: PLC0415 - 50 ms, for the first of few calendars

    calendar = Calendar()
    calendar.add("prodid", "-//policybot//windows//ZH")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", f"申报截止：{name}")
    for window in windows:
        if window.open_ended:
            continue
        event = Event()
        event.add("uid", f"window-{window.id}@policybot")
        event.add("dtstamp", now.astimezone(UTC))
        event.add("dtstart", window.closes_on)
        event.add("dtend", window.closes_on + timedelta(days=1))
        event.add("summary", f"截止：{_title(window)}")
        event.add("url", web_address(window.url) or page_of(window.policy_id))
        calendar.add_component(event)
    return bytes(calendar.to_ical())


def rss_of(name: str, windows: Iterable[Window], page_of: Callable[[int], str], address: str) -> bytes:
    """Return a feed with one item for each window, the last to open first.

    Args:
        name: of a track; "" for all windows.
        windows: the windows.
        page_of: the address of a clause's page, by its key.
        address: of the page that the feed belongs to.
    """
    feed = ET.Element("rss", version="2.0")
    channel = ET.SubElement(feed, "channel")
    title = f"{_FEED_NAME}：{name}" if name else _FEED_NAME
    for tag, said in (
        ("title", title),
        ("link", address),
        ("description", "正在申报和即将开始的项目"),
        ("language", "zh-cn"),
    ):
        ET.SubElement(channel, tag).text = said
    for window in sorted(windows, key=lambda one: (one.opens_on, one.id), reverse=True):
        item = ET.SubElement(channel, "item")
        opened = midnight_of(window.opens_on)
        for tag, said in (
            ("title", _title(window)),
            ("link", page_of(window.policy_id)),
            ("description", _period(window)),
            ("pubDate", format_datetime(opened)),
        ):
            ET.SubElement(item, tag).text = said
        ET.SubElement(
            item, "guid", isPermaLink="false"
        ).text = f"window-{window.id}-{window.closes_on}@policybot"
    return bytes(ET.tostring(feed, encoding="utf-8", xml_declaration=True))


def _period(window: Window) -> str:
    first = f"{window.opens_on.year}年{window.opens_on.month}月{window.opens_on.day}日"
    last = window.closes_on
    until = "起，长期受理" if window.open_ended else f"至{last.year}年{last.month}月{last.day}日"
    way = f"，申报入口：{window.url}" if web_address(window.url) else ""
    return f"申报时间：{first}{until}{way}"


def _title(window: Window) -> str:
    return f"{window.title}（示例）" if window.sample else window.title
