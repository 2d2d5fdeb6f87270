"""Reads a change of preferences from a message. Pure."""

import re
from dataclasses import replace
from enum import StrEnum

from policies.numbers.numerals import with_digits
from subscriptions.members.preferences import Digest, PreferenceError, Preferences


class Item(StrEnum):
    """The settings, in the order in which the chat numbers them."""

    LEAD = "lead"
    QUIET = "quiet"
    DIGEST = "digest"
    GENERAL = "general"
    ANNOUNCEMENTS = "announcements"


_GATHERED = r"(?:一次|一回|一条|汇总|发送|推送|提醒|通知|发|推|给我们?|我们?|只|就){1,5}"
_DIGEST_WORDS = {
    Digest.NONE: re.compile(r"(?:即时|立即|马上|实时|不汇总|不要汇总)(?:发送|提醒|发)?"),
    Digest.WEEKLY: re.compile(rf"(?:按周|[每一]个?(?:周|星期|礼拜)){_GATHERED}|周报"),
    Digest.DAILY: re.compile(rf"(?:按天|按日|[每一](?:天|日)){_GATHERED}|日报"),
}
_OFF_WORDS = r"(?:关闭|取消|不要|不用|不需要|不接收|不收|不设|关掉)"
_ON_WORDS = r"(?:接收|打开|开启|需要|要|收)"
_GENERAL = r"通用(?:政策|条款)?(?:提醒)?"
_ANNOUNCEMENTS = r"(?:平台)?(?:公告|通知)"
_OFF = re.compile(rf"{_OFF_WORDS}|不|关")
_ON = re.compile(rf"{_ON_WORDS}|开")
_GENERAL_OFF = re.compile(rf"{_OFF_WORDS}(?:再)?(?:接收|收)?{_GENERAL}|{_GENERAL}{_OFF_WORDS}")
_GENERAL_ON = re.compile(rf"{_ON_WORDS}{_GENERAL}|{_GENERAL}{_ON_WORDS}")
_ANNOUNCEMENTS_OFF = re.compile(
    rf"(?:退订|{_OFF_WORDS})(?:再)?(?:接收|收|发)?{_ANNOUNCEMENTS}|{_ANNOUNCEMENTS}{_OFF_WORDS}"
)
_ANNOUNCEMENTS_ON = re.compile(rf"(?:订阅|恢复|{_ON_WORDS}){_ANNOUNCEMENTS}|{_ANNOUNCEMENTS}{_ON_WORDS}")
_QUIET_OFF = re.compile(rf"{_OFF_WORDS}免打扰|免打扰{_OFF_WORDS}|全天(?:都)?可以")
_TIME = r"(凌晨|早上|上午|中午|下午|晚上)?(\d{1,2})(?:[:：点时](\d{1,2})?(半)?)?分?"
_SPAN = re.compile(rf"{_TIME}(?:-|~|—|–|到|至)(?:次日|第二天)?{_TIME}")
_LONGEST_TEXT = 40
_COURTESY = re.compile(
    r"^"
    r"(?:"
    r"请|帮我|麻烦|我要|我想|改成|改为|换成|设置成|设成|设为|调成|最好|还是|那就?|就|以后|"
    r"今后|往后|之后"
    r"){1,3}|"
    r"(?:就行了?|就好了?|就够了?|就可以了?|即可|吧|可以吗|行吗|好吗|好不好|行不行|谢谢){1,2}$"
)
_NUMBER = re.compile(r"\d+")
_IN_DAYS = re.compile(r"(?P<number>\d{1,2})个?(?P<unit>周|星期|礼拜|月)|(?P<half>半个月)")
_UNITS = {"周": 7, "星期": 7, "礼拜": 7, "月": 30}
_LEAD = re.compile(
    r"(?:只要?|就要?|光|仅|快|在|要){0,3}(?:截止前|提前)?[\d\s,，、天日和及提前截止前各]+(?:的|那)*(?:再|就)?"
    r"(?:提醒|通知|告诉|说|喊|叫|知会|发)?(?:给)?(?:我们?)?(?:吧|就行|就好|就够|即可)?"
)
_ONCE = re.compile(r"(?:那一?|一|1)(?:次|回|声|下|遍|条)")
"""Says how often (喊我一声). It is not a number of days."""


def read_preference(text: str, now: Preferences, item: Item | None = None) -> tuple[Item, Preferences] | None:
    """Return the changed setting, and the preferences after the change. Return None if the message changes none.

    Args:
        text: 提前 7 3 1 天, 免打扰 22:00-8:00, 每天汇总, 不要通用 …
        now: the preferences before the change.
        item: the setting that the bot asked for. A value alone then counts as this setting.

    Raises:
        PreferenceError: the value is not possible.
    """
    plain = _COURTESY.sub("", text.strip(" 。.！!"))
    for one, reader in _READERS.items():
        if one is item or item is None:
            found = reader(plain, now, one is item)
            if found is not None:
                return one, found
    return None


_SIGN = re.compile(
    r"提前|(?:截止|到期)前|免打扰|汇总|日报|周报|通用|公告|通知|即时|立即|马上|实时|只在开始|"
    r"按[天日周]|[每一]个?(?:周|星期|礼拜|天|日).{0,4}[次回条发推提通汇]"
)


def is_setting(text: str) -> bool:
    """Whether the whole message changes a setting (每天汇总, 免打扰 22:00-8:00). It holds outside a dialogue too."""
    if len(text) > _LONGEST_TEXT or not _SIGN.search(text):
        return False
    try:
        return read_preference(text, Preferences()) is not None
    except PreferenceError:
        return True


def _read_lead(text: str, now: Preferences, asked: bool) -> Preferences | None:
    if (text == "默认" and asked) or text == "提前默认":
        return replace(now, lead_days=None)
    if text in {"不提前", "不用提前", "只在开始时", "只在开始时提醒", "不提前提醒"}:
        return replace(now, lead_days=())
    text = _ONCE.sub("", text.replace("俩", "两")) if "前" in text else text
    text = _IN_DAYS.sub(_days_of, _numerals(text).replace("到期前", "截止前"))
    if not _LEAD.fullmatch(text) or not (asked or "天" in text or "提前" in text):
        return None
    days = tuple(int(number[:6]) for number in _NUMBER.findall(text))
    return replace(now, lead_days=days) if days else None


def _days_of(span: re.Match[str]) -> str:
    """Return a span in days: 1周 → 7天."""
    return "15天" if span["half"] else f"{int(span['number']) * _UNITS[span['unit']]}天"


def _read_quiet(text: str, now: Preferences, asked: bool) -> Preferences | None:
    if text == "默认" and asked:
        usual = Preferences()
        return replace(now, quiet_from=usual.quiet_from, quiet_until=usual.quiet_until)
    if _QUIET_OFF.fullmatch(text) or (asked and _OFF.fullmatch(text)):
        return replace(now, quiet_from=0, quiet_until=0)
    span = _SPAN.fullmatch(re.sub(r"\s+|免打扰|时段|改为|改成|设为|[:：](?!\d)", "", _numerals(text)))
    if span is None or not (asked or "免打扰" in text):
        return None
    begins, ends = _minute(*span.groups()[:4]), _minute(*span.groups()[4:])
    if begins == ends:  # kept so, it would mean no quiet hours at all
        raise PreferenceError("免打扰的开始和结束时间相同，请换一段时间；不需要免打扰，请发送“关闭免打扰”。")
    return replace(now, quiet_from=begins, quiet_until=ends)


def _read_digest(text: str, now: Preferences, asked: bool) -> Preferences | None:
    for digest, words in _DIGEST_WORDS.items():
        if words.fullmatch(text) or (asked and words.match(f"{text}发送")):
            return replace(now, digest=digest)
    return None


def _read_general(text: str, now: Preferences, asked: bool) -> Preferences | None:
    if _GENERAL_OFF.fullmatch(text) or (asked and _OFF.fullmatch(text)):
        return replace(now, general=False)
    if _GENERAL_ON.fullmatch(text) or (asked and _ON.fullmatch(text)):
        return replace(now, general=True)
    return None


def _read_announcements(text: str, now: Preferences, asked: bool) -> Preferences | None:
    if _ANNOUNCEMENTS_OFF.fullmatch(text) or (asked and _OFF.fullmatch(text)):
        return replace(now, announcements=False)
    if _ANNOUNCEMENTS_ON.fullmatch(text) or (asked and _ON.fullmatch(text)):
        return replace(now, announcements=True)
    return None


def _numerals(text: str) -> str:
    """Write Chinese numerals as digits: 提前七天, 晚上十点."""
    return text if re.search(r"\d", text) else with_digits(text)


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


_READERS = {
    Item.LEAD: _read_lead,
    Item.QUIET: _read_quiet,
    Item.DIGEST: _read_digest,
    Item.GENERAL: _read_general,
    Item.ANNOUNCEMENTS: _read_announcements,
}
