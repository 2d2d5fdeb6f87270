"""How reminders are wished for in words: read from a message, and told in a line. Pure."""

import re
from dataclasses import replace
from enum import StrEnum

from cn2an import transform

from subscriptions.preferences import Digest, PreferenceError, Preferences

DIGEST_NAMES = {Digest.NONE: "即时发送", Digest.DAILY: "每天汇总", Digest.WEEKLY: "每周汇总"}


class Item(StrEnum):
    """What can be set; in the order in which the chat numbers it."""

    LEAD = "lead"
    QUIET = "quiet"
    DIGEST = "digest"
    GENERAL = "general"


_DIGEST_WORDS = {
    Digest.NONE: ("即时", "立即", "马上", "实时", "不汇总", "不要汇总"),
    Digest.WEEKLY: ("每周", "周报", "一周一次", "按周"),
    Digest.DAILY: ("每天", "每日", "日报", "一天一次", "按天"),
}
_OFF = ("关闭", "取消", "不要", "不用", "不需要", "不接收", "不收", "不设", "关掉", "关")
_ON = ("接收", "打开", "开启", "需要", "要", "收", "开")
_TIME = r"(凌晨|早上|上午|中午|下午|晚上)?(\d{1,2})(?:[:：点时](\d{1,2})?(半)?)?分?"
_SPAN = re.compile(rf"{_TIME}(?:-|~|—|–|到|至)(?:次日|第二天)?{_TIME}")
_NUMBER = re.compile(r"\d+")
_LEAD = re.compile(r"(?:截止前|提前)?[\d\s,，、天日和及提前截止前各]+(?:提醒)?")


def summary(preferences: Preferences) -> str:
    """The settings in a few lines."""
    return f"提前提醒：{lead_days(preferences)}\n免打扰：{quiet(preferences)}\n方式：{DIGEST_NAMES[preferences.digest]}"


def lead_days(preferences: Preferences) -> str:
    """30、14、7、3、1 天 …"""
    days = preferences.effective_lead_days
    return f"截止前 {'、'.join(map(str, days))} 天" if days else "只在开始申报时"


def quiet(preferences: Preferences) -> str:
    """21:00–08:30 …"""
    if preferences.quiet_from == preferences.quiet_until:
        return "未设"
    return f"{clock_time(preferences.quiet_from)}–{clock_time(preferences.quiet_until)}"


def clock_time(minute: int) -> str:
    """21:00, for 1260 minutes after midnight."""
    return f"{minute // 60:02}:{minute % 60:02}"


def read_wish(text: str, now: Preferences, item: Item | None = None) -> tuple[Item, Preferences] | None:
    """What a message wishes, on top of what holds now; None where it wishes nothing.

    Args:
        text: 提前 7 3 1 天, 免打扰 22:00-8:00, 每天汇总, 不要通用 …
        now: the settings until now.
        item: what was asked for, so that a bare value is understood.

    Raises:
        PreferenceError: it is a wish that can't be kept.
    """
    plain = re.sub(r"\s+", " ", transform(text, "cn2an")) if not re.search(r"\d", text) else text
    for one, reader in _READERS.items():
        if one is item or item is None:
            found = reader(plain, now, one is item)
            if found is not None:
                return one, found
    return None


def _read_lead(text: str, now: Preferences, asked: bool) -> Preferences | None:
    if "默认" in text and (asked or "提前" in text):
        return replace(now, lead_days=None)
    if any(word in text for word in ("不提前", "只在开始", "不用提前")):
        return replace(now, lead_days=())
    if not _LEAD.fullmatch(text.strip()) or not (asked or "天" in text or "提前" in text):
        return None
    days = tuple(int(number) for number in _NUMBER.findall(text) if len(number) < 6)
    return replace(now, lead_days=days) if days else None


def _read_quiet(text: str, now: Preferences, asked: bool) -> Preferences | None:
    about = asked or "免打扰" in text or "打扰" in text
    if about and text.replace("免打扰", "").strip(" 了吧") in {*_OFF, "全天", "默认"}:
        if "默认" in text:
            return replace(now, quiet_from=Preferences().quiet_from, quiet_until=Preferences().quiet_until)
        return replace(now, quiet_from=0, quiet_until=0)
    span = _SPAN.search(re.sub(r"\s+", "", text))
    if not about or span is None:
        return None
    return replace(now, quiet_from=_minute(*span.groups()[:4]), quiet_until=_minute(*span.groups()[4:]))


def _minute(part: str | None, hour: str, minute: str | None, half: str | None) -> int:
    hours = int(hour)
    if part in {"下午", "晚上"} and hours < 12:
        hours += 12
    minutes = 30 if half else int(minute or 0)
    if hours == 24 and minutes == 0:
        hours = 0
    if hours > 23 or minutes > 59:
        raise PreferenceError("时间请写成 22:00-8:30 的样子。")
    return hours * 60 + minutes


def _read_digest(text: str, now: Preferences, asked: bool) -> Preferences | None:
    about = asked or any(word in text for word in ("汇总", "发送", "提醒", "周报", "日报"))
    if not about or len(text) > 12:
        return None
    for digest, words in _DIGEST_WORDS.items():
        if any(word in text for word in words):
            return replace(now, digest=digest)
    return None


def _read_general(text: str, now: Preferences, asked: bool) -> Preferences | None:
    if not (asked or "通用" in text) or len(text) > 12:
        return None
    if any(word in text for word in _OFF):
        return replace(now, general=False)
    if any(word in text for word in _ON):
        return replace(now, general=True)
    return None


_READERS = {
    Item.LEAD: _read_lead,
    Item.QUIET: _read_quiet,
    Item.DIGEST: _read_digest,
    Item.GENERAL: _read_general,
}
