"""Reads quiet hours, and the day from which messages may come again (夜里十点到早上七点别吵, 月底再发).

A part of a message counts only if it holds a time, and every other word is about messages or is filler. Another part may
say why (孩子睡觉).
"""

import re
from collections.abc import Sequence

from handlers.commands.settings.preference_words import is_setting
from handlers.commands.settings.quiet_keywords import kinds_said
from handlers.commands.settings.quiet_words import QuietRequest, QuietWish
from handlers.framework.phrases import asks_outright
from policies.numbers.numerals import as_integer

_PART = r"凌晨|清[早晨]|早[上晨起]?|上午|中午|晌午|下午|傍晚|晚[上间]?|(?:大|后)?半夜|夜里头?|夜间|深夜|夜"
_N = r"(?:\d{1,2}|[零一二两三四五六七八九十]{1,3})"


def _time(name: str) -> str:
    """Return the pattern of a time of day. The names of its groups end in `name`."""
    return (
        rf"(?P<part{name}>{_PART})?的?(?P<hour{name}>{_N})(?P<mark{name}>点钟?|时|[:：])?"
        rf"(?P<minute{name}>半|一刻|\d{{1,2}}分?)?"
    )


_NEXT = r"(?:第二天|次日|转天|明天)?的?"
_HOURS = (
    re.compile(
        rf"从?{_time('1')}(?:以后|之后)?一?直?(?:(?:到|至|[-~—–～]){{1,2}}|(?=晚)){_NEXT}{_time('2')}(?:之间|这段时间?|期间|中间)?"
    ),
    re.compile(rf"(?:过了)?{_time('1')}(?:钟)?(?:以后|之后|过后|往后|后|开始|起)"),
    re.compile(rf"{_time('2')}(?:钟)?(?:以前|之前|前)"),
)
_MONTH_END = r"(?:这个|本)?月(?:底|末)"
_DAY = re.compile(
    rf"(?P<end>{_MONTH_END}|下个?月(?!\d))|(?P<week>下(?:个)?(?:周|星期|礼拜)(?![一二三四五六日天末\d]))|(?P<year>年底)"
    rf"|(?:(?P<month>{_N})月(?:份)?)?(?P<day>{_N})[号日]"
)
_FROM_DAY = re.compile(r"^(?:以后|之后|过后|后)?(?P<again>再|才)(?:给我|跟我)?(?:发|推|收|说)")
_TILL_DAY = re.compile(r"停到$|^(?:以前|之前|前)")
_AROUND_DAY = re.compile(r"^(?:以后|之后|过后|后|以前|之前|前)?(?:再(?:说|看)(?:吧)?$)?")
_BETWEEN = re.compile(r"[，,。！!；;～\s]+")
_SIGN = re.compile(r"[别甭勿莫免只才再停]|不[要用许准想收]")
_MAY_BE = re.compile(r"[点时:：]|[早晚夜]" + _N + r"|[号日周月年]|礼拜|星期")
_NIGHT, _MORNING = 18 * 60, 12 * 60
_LONGEST_TEXT, _MOST_PARTS, _LONGEST_ASIDE = 40, 4, 12
_LAST_DAY = 31


def read_hours(text: str) -> QuietWish | None:
    """Return the quiet hours, or the day, that a message names. Return None if it says anything else."""
    if len(text) > _LONGEST_TEXT or not _SIGN.search(text) or not _MAY_BE.search(text):  # nearly all messages
        return None
    parts = [part for part in _BETWEEN.split(text.rstrip("。.")) if part]
    if len(parts) > _MOST_PARTS or any(map(asks_outright, parts)) or is_setting(text):
        return None
    for at, part in enumerate(parts):
        others = [*parts[:at], *parts[at + 1 :]]
        if (wish := _hours(part, others) or _day(part, others)) is not None:
            return wish
    return None


def _hours(part: str, others: Sequence[str]) -> QuietWish | None:
    found = next(filter(None, (pattern.search(part) for pattern in _HOURS)), None)
    if found is None:
        return None
    said, again = _said_around(part, found, others)
    times = [_Time(found, name) for name in "12" if f"hour{name}" in found.groupdict()]
    if said is None or not any(time.is_told for time in times):
        return None
    begins, ends = _minutes(times, "night" in said)
    if begins is None and ends is None:
        return None
    if "no" not in said:
        return _other_hours(begins, ends, said, again=again)
    is_night = (begins is None or begins >= _NIGHT or begins < 5 * 60) and (ends is None or ends <= _MORNING)
    is_clear = len(times) == 1 or times[0].is_clear or "night" in said
    return QuietWish(
        QuietRequest.NIGHT, begins=begins, ends=ends, is_sure=is_night and is_clear and begins != ends
    )


def _other_hours(
    begins: int | None, ends: int | None, said: frozenset[str], *, again: bool
) -> QuietWish | None:
    """Return the quiet hours if the writer names the hours for messages (早九点到晚五点再发, 上午9点以后再发)."""
    if not (again or "only" in said) or "send" not in said:
        return None
    return QuietWish(QuietRequest.NIGHT, begins=ends, ends=begins, is_sure=False)


def _day(part: str, others: Sequence[str]) -> QuietWish | None:
    found = _DAY.search(part)
    if found is None:
        return None
    said, _ = _said_around(part, found, others)
    if said is None or "deadline" in said:
        return None
    before, after = part[: found.start()], part[found.end() :]
    again = _FROM_DAY.search(after)
    stays = "no" in said and (_TILL_DAY.search(before) or _TILL_DAY.search(after) or _puts_off(after))
    if again is None and not stays:
        return None
    if found["end"]:
        return QuietWish(QuietRequest.PAUSE, this_month=True)
    if found["week"]:
        return QuietWish(QuietRequest.PAUSE, weeks=1)
    day = _LAST_DAY if found["year"] else as_integer(found["day"]) or 0
    month = 12 if found["year"] else as_integer(found["month"] or "") or 0
    if not 1 <= day <= _LAST_DAY or month > 12:
        return None
    return QuietWish(
        QuietRequest.PAUSE,
        month=month,
        day=day,
        is_day_free=after.startswith(("再", "才", "前", "之前", "以前")),
    )


def _puts_off(after: str) -> bool:
    """Whether it says 月底再说 beside 先别发."""
    return re.fullmatch(r"(?:以后|之后|后)?(?:再)?(?:说|看)(?:吧)?", after) is not None


def _said_around(
    part: str, found: re.Match[str], others: Sequence[str]
) -> tuple[frozenset[str] | None, bool]:
    """Return the kinds of words beside a time, and whether messages come again then (再发).

    The kinds are None if the message says anything else.
    """
    before, after = kinds_said(part[: found.start()]), kinds_said(_AROUND_DAY.sub("", part[found.end() :]))
    if before is None or after is None or any(len(one) > _LONGEST_ASIDE for one in others):
        return None, False
    told = [kinds for one in others if (kinds := kinds_said(one)) is not None]
    again = _FROM_DAY.search(part[found.end() :]) is not None
    return before.union(after, *told), again


class _Time:
    """A time of day as it is typed."""

    def __init__(self, found: re.Match[str], name: str) -> None:
        self.part = found[f"part{name}"] or ""
        self.hour = as_integer(found[f"hour{name}"]) if found[f"hour{name}"] else None
        minute = found[f"minute{name}"] or ""
        self.minute = {"半": 30, "一刻": 15}.get(
            minute, int(minute.rstrip("分") or 0) if minute[:1].isdigit() else 0
        )
        self.is_told = bool(self.part or found[f"mark{name}"])
        self.is_end = name == "2"

    @property
    def is_clear(self) -> bool:
        """Whether it says if the hour is in the morning or in the evening."""
        return bool(self.part) or (self.hour or 0) > 12

    def minutes(self, *, later: bool) -> int | None:
        """Return the minutes after midnight; None if there is no time. With `later`, an unclear hour is in the evening."""
        if self.hour is None or self.hour > 24 or self.minute > 59:
            return None
        hour = self.hour
        if self.part.startswith(("晚", "傍")) or (
            self.part.endswith(("夜", "夜里", "夜间", "头")) and hour > 6
        ):
            hour += 12 if hour <= 12 else 0
        elif self.part in {"下午", "中午", "晌午"}:
            hour += 12 if hour < 10 else 0
        elif not self.part and later:
            hour += 12 if hour < 12 else 0
        return hour % 24 * 60 + self.minute


def _minutes(times: Sequence[_Time], is_night: bool) -> tuple[int | None, int | None]:
    """Return when the hours begin and end; None for an end that is not named."""
    first, last = times[0], times[-1]
    begins = None if first.is_end else first.minutes(later=is_night or (first.hour or 0) >= 7)
    if not last.is_end:
        return begins, None
    of_day = begins is not None and 6 * 60 <= begins < _NIGHT and not last.part
    ends = last.minutes(later=of_day)
    return begins, ends
