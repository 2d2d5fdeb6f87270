"""Reads requests for fewer messages, or for messages again: 别发了, TD, 周末别发, 只要截止提醒, 恢复推送. Pure."""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from pathlib import Path

from handlers.framework.phrases import squeeze, whole
from policies.numbers.numerals import as_integer
from policies.search.words.pattern_files import read_patterns
from policies.search.words.pattern_sieve import PatternSieve


class QuietRequest(StrEnum):
    """What is requested. The values name the sections of `quiet_words.txt`, which holds the words."""

    STOP = "stop"
    PAUSE = "pause"
    RESUME = "resume"
    LEAVE_ALL = "leave_all"
    DEADLINES_ONLY = "deadlines_only"
    ALL_KINDS = "all_kinds"
    NO_WEEKENDS = "no_weekends"
    WEEKENDS = "weekends"
    NIGHT = "night"
    NO_ANNOUNCEMENTS = "no_announcements"
    WEEKLY = "weekly"
    DAILY = "daily"
    CHOICE = "choice"


@dataclass(frozen=True, slots=True)
class QuietWish:
    """A request. 0 means: not said.

    Attributes:
        wish: what is wanted.
        days: how long a pause lasts.
        weeks: the pause lasts to the end of this week (1) or the next one (2).
        this_month: it lasts to the end of this month.
        month, day: it lasts to that day; without a month, to the next day of that number.
        is_day_free: messages may come again on that day (15号再发).
        begins, ends: quiet hours, in minutes after midnight; None: not said.
        is_sure: these hours are surely meant. If not, they are only offered.
    """

    wish: QuietRequest
    days: int = 0
    weeks: int = 0
    this_month: bool = False
    month: int = 0
    day: int = 0
    is_day_free: bool = False
    begins: int | None = None
    ends: int | None = None
    is_sure: bool = True


_N = r"(?:\d{1,3}|[一二两三四五六七八九十半]{1,3})"
_READERS: tuple[tuple[QuietRequest, re.Pattern[str]], ...] = tuple(
    (QuietRequest(name), whole(*patterns))
    for name, patterns in read_patterns(Path(__file__).with_name("quiet_words.txt")).items()
)
_READERS_IN = PatternSieve([pattern for _, pattern in _READERS])
_UNITS = {"天": 1, "日": 1, "周": 7, "星期": 7, "礼拜": 7, "月": 30, "年": 365}
_WHILES = {
    "下周": 7,
    "下星期": 7,
    "过两天": 2,
    "过几天": 7,
    "几天": 7,
    "这几天": 7,
    "些日子": 7,
    "这周": 7,
    "最近": 7,
    "一会": 1,
    "一会儿": 1,
    "今天": 1,
}
_SIGN = re.compile(
    # 英文
    r"td|^t$|stop|unsub|pause|resume|startagain|onlydead|"
    # 停、退、别
    r"停|退|别|不|勿|甭|莫|关|取消|屏蔽|"
    # 恢复、打开
    r"恢复|继续|重新|接着|打开|开启|开通|启用|"
    # 只、少、太多
    r"再|只|仅|就|光|少|多|频|吵|烦|密|勤|"
    # 周末、晚上
    r"周末|双休|星期|晚|夜|"
    # 关、消停、歇
    r"拒|免|完|闭|可以|又|还是|消停|安静|清|歇|缓|回|"
    # 工作日、全部
    r"工作日|平日|过|全|所有|各|什么|暂|截止|休息|节假|"
    # 怎么、减少
    r"怎么|如何|咋|能|解除|减|降低|推送"
)
_TOO_OFTEN = re.compile(r"天天|每天|老|总|一直|不停|这么|那么|太多|频繁")
"""Says that messages come too often (别天天发). The writer may want fewer or none, so the settings are offered."""
_ASKS_STATE = re.compile(r"了(?:吗|么|没|没有|嘛|不)$")
"""Asks about the state (停了吗) and requests nothing."""
_SOFTENERS = re.compile(r"^(?:那)?算了|能不能|可不可以|可以(?!发)|能否|麻烦|请|只是|其实|就是|也(?=别|不)")
"""Words that soften a request (周末能不能别发)."""
_MISTYPED = re.compile(r"退[定丁顶汀]")
_NO_WISH = frozenset({"继续", "取消", "退订"})
"""Alone, these words are other commands: the next page, the end of a dialogue, a choice of tracks."""


def read_quiet(text: str) -> QuietWish | None:
    """Return the request in a message. Return None if the message says anything else."""
    plain = squeeze(text)
    if not plain or plain in _NO_WISH or not _SIGN.search(plain) or _ASKS_STATE.search(plain):
        return None
    plain = _MISTYPED.sub("退订", plain)
    forms = dict.fromkeys((plain, _SOFTENERS.sub("", plain)))
    wish = next(filter(None, map(_meant, forms)), None)
    if wish is not None and wish.wish is QuietRequest.STOP and _TOO_OFTEN.search(plain):
        return QuietWish(QuietRequest.CHOICE)
    return wish


def _meant(plain: str) -> QuietWish | None:
    for place in _READERS_IN.may_match(plain):
        wish, pattern = _READERS[place]
        found = pattern.fullmatch(plain)
        if found is not None:
            return _pause_of(found) if wish is QuietRequest.PAUSE else QuietWish(wish)
    return None


def _pause_of(found: re.Match[str]) -> QuietWish:
    said = {value for name, value in found.groupdict().items() if name.startswith("while") and value}
    if "这个月" in said:
        return QuietWish(QuietRequest.PAUSE, this_month=True)
    return (
        QuietWish(QuietRequest.PAUSE, weeks=1)
        if "这周" in said
        else QuietWish(QuietRequest.PAUSE, _days(found))
    )


_SPAN_TOLD = re.compile(rf"(?P<number>{_N})个?(?P<unit>天|周|星期|礼拜|月)(?!前|初|底)")


def days_of(text: str) -> int:
    """Return the length of a span in a text, in days (这两周在外地); 0 if there is none."""
    found = _SPAN_TOLD.search(text)
    return _days(found) if found is not None else 0


def _days(found: re.Match[str]) -> int:
    said = {name.rstrip("23"): value for name, value in found.groupdict().items() if value}
    if "unit" in said:
        number = 0.5 if said["number"] == "半" else as_integer(said["number"]) or 0
        return max(1, min(round(number * _UNITS[said["unit"]]), 3650))
    return _WHILES.get(said.get("while", ""), 0)


def until(wish: QuietWish, today: date) -> date:
    """Return the last day of a pause. It is a month long if no time was said."""
    if wish.weeks:
        return today + timedelta(days=7 * wish.weeks - today.isoweekday())
    if wish.this_month:
        return _month_end(today)
    if wish.day:
        return _next_day(wish, today)
    return today + timedelta(days=(wish.days or 30) - (1 if wish.days == 1 else 0))


def _month_end(day: date) -> date:
    return day.replace(day=monthrange(day.year, day.month)[1])


def _next_day(wish: QuietWish, today: date) -> date:
    """Return the next day of that month and number, or the day before it if messages may come again on that day."""
    month = today.replace(day=1)
    for _ in range(_MONTHS_AHEAD):
        found = month.replace(day=min(wish.day, _month_end(month).day))
        last = found - timedelta(days=wish.is_day_free)
        if wish.month in {0, month.month} and last >= today:
            return last
        month = _month_end(month) + timedelta(days=1)
    return today


_MONTHS_AHEAD = 14
