"""A clause's application windows (申报期) in lines: what is open now, what comes, what is over."""

from datetime import date, timedelta

from handlers.framework.edition import Edition
from handlers.framework.taps import tap
from policies.library.clause_lines import in_chinese_order
from policies.windows.window import Window
from wechat.texts import escape_typed, link

_LATELY = timedelta(days=400)
"""A window that closed earlier than this is not mentioned: a yearly one would have come again by now."""
_NEAR = {0: "今天", 1: "明天", 2: "后天"}


def window_lines(clause_id: int, edition: Edition) -> list[str]:
    """Return the windows of a clause that matter now: open ones, or coming ones, or the last one; [] if there are none."""
    today, windows = edition.today, edition.windows_of(clause_id)
    lines = [open_line(window, today) for window in windows if window.is_open(today)]
    lines += [coming_line(window) for window in windows if window.opens_on > today]
    if lines or not windows:
        return lines
    last = windows[-1]
    return [_over_line(last, edition)] if last.closes_on >= today - _LATELY else []


def window_state(clause_id: int, edition: Edition) -> list[str]:
    """Return `window_lines`, or a sentence if there are none, for a person who asks when."""
    name = edition.index.library.name_of(clause_id)
    return window_lines(clause_id, edition) or [
        f"目前没有{name}的申报通知，申报时间尚未公布；{_follow(clause_id, edition)}后，开始申报时会提醒您。"
    ]


def open_line(window: Window, today: date) -> str:
    """Return an open window: title, closing day, time left, and where to apply."""
    sample = "（示例）" if window.sample else ""
    return f"正在申报{sample}：{escape_typed(window.title)}，{closing(window, today)}{way_in(window)}"


def coming_line(window: Window) -> str:
    """Return a window that opens later."""
    until = "长期受理" if window.open_ended else f"{in_chinese_order(window.closes_on)}截止"
    return f"即将申报：{titled(window)}，{in_chinese_order(window.opens_on)}开始，{until}"


def closing(window: Window, today: date) -> str:
    """Return the closing day of an open window and the time until then."""
    if window.open_ended:
        return "长期受理"
    days = (window.closes_on - today).days
    left = f"（{_NEAR[days]}）截止" if days in _NEAR else f"截止，还有 {days} 天"
    return f"{in_chinese_order(window.closes_on)}{left}"


def titled(window: Window) -> str:
    """Return the title as it was typed, with the mark of a sample."""
    return escape_typed(window.title) + ("（示例）" if window.sample else "")


def way_in(window: Window) -> str:
    """Return a link to the place of application; "" if none was entered."""
    return f"　{link('申报入口', window.url)}" if window.url else ""


def _over_line(window: Window, edition: Edition) -> str:
    day = in_chinese_order(window.closes_on)
    follow = _follow(window.policy_id, edition)
    return f"{titled(window)}已于{day}截止，{follow}后下次开始会提醒您。"


def _follow(clause_id: int, edition: Edition) -> str:
    return tap("订阅", f"订阅 {edition.index.library.name_of(clause_id)}")
