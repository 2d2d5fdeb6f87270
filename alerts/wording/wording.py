"""What an alert says in each channel. The days until a close are counted when the message leaves."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Final

from alerts.model.content import AlertKind, Content
from policies.guides.guide_lines import brief_lines
from policies.library.clause_lines import near_day
from policies.windows.typed_dates import OPEN_ENDED
from wechat.texts import TEXT_LIMIT, beginning, escape_typed, link, tappable, web_address

Alert = tuple[AlertKind, Content]

HEADINGS: Final[Mapping[AlertKind, str]] = {
    AlertKind.OPENING: "申报开始",
    AlertKind.DEADLINE: "申报提醒",
    AlertKind.DATE_CHANGED: "申报时间有变",
    AlertKind.NEW_POLICY: "新政策",
    AlertKind.POLICY_CHANGED: "政策有更新",
    AlertKind.EXPIRY: "政策即将到期",
    AlertKind.ANNOUNCEMENT: "公告",
    AlertKind.COMPANY: "企业绑定",
}
FACTS: Final = ("title", "heading", "summary", "body", "opens_on", "closes_on", "days_left", "count", "phone")
"""What the fields of a template may name (`{title}`); dates as 2026年12月1日."""
_SOON = {0: "今天", 1: "明天"}
_A_FIELD = 20
"""Characters of a template's field."""
MY_REMINDERS = "我的提醒"
_STOP = tappable("回复TD退订", "TD")


def day(value: date | None) -> str:
    """Return a date as people write it; "" for none, 长期 for the end of a window that has none."""
    if value == OPEN_ENDED:
        return "长期"
    return f"{value.year}年{value.month}月{value.day}日" if value else ""


def heading(alert: Alert) -> str:
    """Say in a few words what an alert is."""
    kind, content = alert
    if kind is AlertKind.DATE_CHANGED and content.closes_on is None:
        return "申报取消"
    if kind is AlertKind.DATE_CHANGED and content.old_closes_on is None:
        return "申报照常进行"
    return HEADINGS[kind]


def closing(closes_on: date, today: date) -> str:
    """Return a closing day and the time until then, in one phrase."""
    if closes_on == OPEN_ENDED:
        return "长期受理"
    date_ = near_day(closes_on, today)
    days = (closes_on - today).days
    if days in _SOON:
        return f"{date_}（{_SOON[days]}）截止"
    return f"{date_}截止，还有 {days} 天"


def time_left(closes_on: date | None, today: date) -> str:
    """Return the time until a closing day, in words; "" if there is no closing day."""
    if closes_on is None:
        return ""
    if closes_on == OPEN_ENDED:
        return "长期受理"
    if closes_on < today:
        return "已截止"
    days = (closes_on - today).days
    return f"{_SOON[days]}截止" if days in _SOON else f"还有 {days} 天截止"


def summary(alert: Alert, today: date) -> str:
    """Return an alert in one short sentence."""
    kind, content = alert
    if content.summary:
        return content.summary
    return _SUMMARIES[kind](content, today)


def _opening(content: Content, today: date) -> str:
    if _is_over(content, today):
        return "申报已截止"
    return f"已开始申报，{time_left(content.closes_on, today) or '请尽早准备'}"


def _deadline(content: Content, today: date) -> str:
    if _is_over(content, today):
        return "申报已截止"
    return f"{time_left(content.closes_on, today)}，请尽早提交" if content.closes_on else "请尽早提交"


def _is_over(content: Content, today: date) -> bool:
    return content.closes_on is not None and content.closes_on < today


def _date_changed(content: Content, today: date) -> str:
    """The new date comes first, because a template's field may cut the end off."""
    if content.closes_on is None:
        return "本次申报已取消"
    if content.closes_on == OPEN_ENDED:
        return "申报改为长期受理"
    new = near_day(content.closes_on, today)
    if content.old_closes_on is None:
        return f"申报照常进行，{new}截止"
    both = f"截止改为{new}（原{near_day(content.old_closes_on, today)}）"
    return both if len(both) <= _A_FIELD else f"截止日期改为{new}"


def _changed(content: Content, _today: date) -> str:
    return (
        f"{'、'.join(change.what for change in content.changes)}有变化" if content.changes else "内容有更新"
    )


_SUMMARIES: Mapping[AlertKind, Callable[[Content, date], str]] = {
    AlertKind.OPENING: _opening,
    AlertKind.DEADLINE: _deadline,
    AlertKind.DATE_CHANGED: _date_changed,
    AlertKind.NEW_POLICY: lambda _content, _today: "新发布一条与您关注的赛道有关的政策",
    AlertKind.POLICY_CHANGED: _changed,
    AlertKind.EXPIRY: lambda content, _today: (
        f"依据文件所写期限到{day(content.closes_on)}" if content.closes_on else "依据文件所写期限将到"
    ),
    AlertKind.ANNOUNCEMENT: lambda content, _today: content.body[:60] or content.title,
    AlertKind.COMPANY: lambda content, _today: content.title,
}


def facts(alerts: Sequence[Alert], today: date) -> dict[str, str]:
    """Return the facts that a template's fields may name. Of several gathered alerts the first is the most urgent."""
    kind, content = alerts[0]
    is_off = kind is AlertKind.DATE_CHANGED and content.closes_on is None
    name = ("示例：" if content.sample else "") + ("已取消：" if is_off else "") + content.title
    ends = [each.closes_on for _, each in alerts if each.closes_on and each.closes_on != OPEN_ENDED]
    nearest = min(ends, default=None)
    # Of a withdrawn window the day that had been told. A window without an end has none: a card that wants one can't
    # be filled, and another way brings the alert.
    shown = nearest or content.old_closes_on
    found = {
        "title": name,
        "heading": heading(alerts[0]),
        "summary": summary(alerts[0], today),
        "body": content.body,
        "opens_on": day(content.opens_on),
        "closes_on": day(shown),
        "days_left": str((nearest - today).days) if nearest else "",
        "count": str(len(alerts)),
        "phone": content.guide.phone if content.guide else "",
    }
    if len(alerts) > 1:
        found["title"] = _title_of_several(name, len(alerts))
        found["summary"] = f"回复“{MY_REMINDERS}”查看全部 {len(alerts)} 条"
    return found


def _title_of_several(first: str, count: int) -> str:
    """Return the first one's title, marked if it is cut, and how many there are."""
    several = f"等 {count} 条"
    room = _A_FIELD - len(several)
    return (first if len(first) <= room else f"{first[: room - 1]}…") + several


def page_of(alerts: Sequence[Alert], public_url: str) -> str:
    """Return the address that a tap on a card opens: the clause's page, else the announcement's own link."""
    content = alerts[0][1]
    if content.policy_id is not None:
        return f"{public_url}/p/{content.policy_id}"
    return web_address(content.url)


def text(alerts: Sequence[Alert], today: date, public_url: str) -> str:
    """Return a customer-service text, 2048 bytes at most, of one alert or of several gathered."""
    if len(alerts) == 1:
        return one(alerts[0], today, public_url)
    return digest(alerts, today)


def one(alert: Alert, today: date, public_url: str) -> str:
    """Return one alert. A text over 2048 bytes is cut before its links, if possible after a sentence."""
    kind, content = alert
    said = [_headline(alert), *_BODIES.get(kind, _facts_of_window)(content, today), content.reason]
    head = "\n".join(filter(None, said))
    ways = [way for way in _ways_on(kind, content, public_url) if _size(way) <= _LONGEST_WAY]
    tail = "".join(f"\n{way}" for way in ways)
    if _size(head + tail) > TEXT_LIMIT:
        head = beginning(head, TEXT_LIMIT - _size(_CUT + tail)).rstrip() + _CUT
    return head + tail


_CUT = "\n……（内容较长，未全部显示）"
_LONGEST_WAY = 1400
"""Bytes of a link; a longer one is left out, so that there is room for the words."""


def _ways_on(kind: AlertKind, content: Content, public_url: str) -> list[str]:
    ways = []
    address = web_address(content.url) or web_address(content.guide.url if content.guide else "")
    if address and not (kind is AlertKind.DATE_CHANGED and content.closes_on is None):
        ways.append(link("申报入口" if content.window_id is not None else "查看详情", address))
    if content.policy_id is not None:
        ways.append(link("查看政策原文", f"{public_url}/p/{content.policy_id}"))
    if content.clause:
        ways.append(tappable("逐项对照、算一算", f"算一算 {content.clause}"))
    if content.window_id is not None and kind in (AlertKind.OPENING, AlertKind.DEADLINE):
        ways.append(tappable("已申报，不再提醒", f"已申报 {content.window_id}"))
    return ways if kind is AlertKind.COMPANY else [*ways, _STOP]


def digest(alerts: Sequence[Alert], today: date) -> str:
    """Write several alerts in one text. Alerts without room are counted; 我的提醒 shows them."""
    head = f"您有 {len(alerts)} 条提醒："
    items = [
        f"{number}. {_headline(alert)}\n{escape_typed(summary(alert, today))}"
        for number, alert in enumerate(alerts, 1)
    ]
    tail = f"{tappable(f'查看{MY_REMINDERS}', MY_REMINDERS)}　{_STOP}"
    shown = len(items)
    while shown > 1 and _size(_joined(head, items, shown, tail)) > TEXT_LIMIT:
        shown -= 1
    return _joined(head, items, shown, tail)


def _joined(head: str, items: Sequence[str], shown: int, tail: str) -> str:
    more = f"另有 {len(items) - shown} 条。" if shown < len(items) else ""
    return "\n".join(filter(None, (head, *items[:shown], more, tail)))


def _headline(alert: Alert) -> str:
    _, content = alert
    sample = "（示例）" if content.sample else ""
    document = f"（{escape_typed(content.document)}）" if content.document else ""
    return f"【{heading(alert)}】{escape_typed(content.title)}{sample}{document}"


def _facts_of_window(content: Content, today: date) -> list[str]:
    until = "起" if content.closes_on == OPEN_ENDED else f"至{day(content.closes_on)}"
    period = f"申报时间：{day(content.opens_on)}{until}" if content.opens_on else ""
    if not period and content.closes_on:
        period = f"截止日期：{day(content.closes_on)}"
    guide = brief_lines(content.guide) if content.guide else ()
    return [content.summary, period, time_left(content.closes_on, today), *guide]


def _new_date(content: Content, today: date) -> list[str]:
    if content.closes_on is None:
        before = f"（原定{day(content.old_closes_on)}截止）" if content.old_closes_on else ""
        return [f"本次申报已取消{before}，不再接收申报材料，也不再提醒您。"]
    if content.old_closes_on is None:
        return [
            f"本次申报照常进行，截止日期为{day(content.closes_on)}。",
            time_left(content.closes_on, today),
        ]
    if content.closes_on == OPEN_ENDED:
        return [f"原定{day(content.old_closes_on)}截止，现改为长期受理。"]
    moved = f"截止日期由{day(content.old_closes_on)}改为{day(content.closes_on)}。"
    return [moved, time_left(content.closes_on, today)]


def _new_policy(content: Content, today: date) -> list[str]:
    return [escape_typed(summary((AlertKind.NEW_POLICY, content), today))]


def _what_changed(content: Content, today: date) -> list[str]:
    told = [escape_typed(change.in_words) for change in content.changes]
    return told or [escape_typed(summary((AlertKind.POLICY_CHANGED, content), today))]


def _expiry(content: Content, today: date) -> list[str]:
    return [
        summary((AlertKind.EXPIRY, content), today).removesuffix("。")
        + "。之后是否继续执行，请以主管部门答复为准。"
    ]


def _announcement(content: Content, _today: date) -> list[str]:
    return [escape_typed(content.body or content.summary)]


_BODIES: Mapping[AlertKind, Callable[[Content, date], list[str]]] = {
    AlertKind.DATE_CHANGED: _new_date,
    AlertKind.NEW_POLICY: _new_policy,
    AlertKind.POLICY_CHANGED: _what_changed,
    AlertKind.EXPIRY: _expiry,
    AlertKind.ANNOUNCEMENT: _announcement,
    AlertKind.COMPANY: _announcement,
}


def _size(words: str) -> int:
    return len(words.encode())
