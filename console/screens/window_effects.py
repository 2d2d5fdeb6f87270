"""What saving or deleting application windows would do to followers, asked before it is done: nobody approves a window."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date

from alerts.forecast.preview import Forecast, preview_of_windows
from console.services.desk import Desk
from policies.library.clause_lines import near_day
from policies.windows.window import Window
from policies.windows.window_fields import WindowFields, closing_words
from storage.clock import day_of

_SHOWN_DAYS = 6


async def before_saving(desk: Desk, rows: Iterable[WindowFields]) -> str:
    """Return the question before windows are saved: who is reminded when, and what is over already. "": no question.

    Raises:
        WindowFileError: a row is not a possible window.
    """
    windows = await desk.windows.foreseen(rows)
    today = day_of(desk.clock())
    forecasts = await preview_of_windows(
        desk.database, desk.store, desk.clock, windows, catalogue=desk.matching.catalogue
    )
    over = [one for one in windows if one.closes_on < today]
    said = [
        _named(windows) + reminding(forecasts, today, one=len(windows) == 1) if forecasts else "",
        f"{_over(over)}，不会提醒任何人，只作记录。" if over else "",
    ]
    asked = "".join(filter(None, said))
    return f"{asked}申报期不经审批，保存即生效。" if asked else ""


async def before_deleting(desk: Desk, window: Window) -> str:
    """Return the question before a window is deleted: how many people would be told that it is cancelled."""
    today = day_of(desk.clock())
    gone = [] if window.sample else [window]
    forecasts = await preview_of_windows(
        desk.database, desk.store, desk.clock, (), gone, catalogue=desk.matching.catalogue
    )
    told = (
        reminding(forecasts, today, one=True, verb="告知申报取消")
        if any(one.recipients for one in forecasts)
        else "没有人会收到通知。"
    )
    return f"删除这个申报期？“{window.title}”未发出的提醒将撤回，{told}"


def reminding(forecasts: Sequence[Forecast], today: date, *, one: bool, verb: str = "提醒") -> str:
    """将提醒 6 人：今天 6 人、12月4日 5 人。 Of several windows messages are counted, for a person may get more than one."""
    days: Counter[date] = Counter()
    for forecast in forecasts:
        days.update(forecast.arrivals)
    kept = max((forecast.kept for forecast in forecasts), default=0)
    aside = f"另有 {kept} 人已停止、暂停推送或只收截止提醒，只存入“我的提醒”。" if kept else ""
    if not days:
        return f"现在没有人会收到提醒。{aside}"
    unit = "人" if one else "条"
    each = [f"{_day(day, today)} {count} {unit}" for day, count in sorted(days.items())]
    when = "、".join(each[:_SHOWN_DAYS]) + (f"等 {len(each)} 天" if len(each) > _SHOWN_DAYS else "")
    total = f"将{verb} {max(days.values())} 人" if one else f"将发出 {days.total()} 条提醒"
    return f"{total}：{when}。{aside}"


def _named(windows: Sequence[Window]) -> str:
    if len(windows) > 1:
        return f"新增或更新 {len(windows)} 个申报期，"
    [only] = windows
    return f"“{only.title}”（{only.opens_on} 至 {closing_words(only.closes_on)}）"


def _over(windows: Sequence[Window]) -> str:
    if len(windows) > 1:
        return f"其中 {len(windows)} 个的截止日期已过（如“{windows[0].title}”{windows[0].closes_on}）"
    return f"“{windows[0].title}”的截止日期 {windows[0].closes_on} 已过"


def _day(day: date, today: date) -> str:
    return "今天" if day == today else near_day(day, today)
