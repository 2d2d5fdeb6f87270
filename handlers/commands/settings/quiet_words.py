"""Reads requests for fewer messages, or for messages again: 别发了, TD, 周末别发, 只要截止提醒, 恢复推送. Pure."""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum, auto

from handlers.framework.phrases import squeeze, whole
from policies.numbers.numerals import as_integer
from policies.search.words.pattern_sieve import PatternSieve


class QuietRequest(Enum):
    """What is requested."""

    STOP = auto()
    PAUSE = auto()
    RESUME = auto()
    LEAVE_ALL = auto()
    DEADLINES_ONLY = auto()
    ALL_KINDS = auto()
    NO_WEEKENDS = auto()
    WEEKENDS = auto()
    NIGHT = auto()
    NO_ANNOUNCEMENTS = auto()
    WEEKLY = auto()
    DAILY = auto()
    CHOICE = auto()


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
_UNIT = r"天|日|周|星期|礼拜|月|年"
_WHILE = r"一段时间|一阵子?|几天|些日子|一会儿?|这段时间|这几天|这阵子?|这个月|这周|最近|今天|一下"
_SPAN = rf"(?:(?P<number>{_N})个?(?P<unit>{_UNIT})|(?P<while>{_WHILE}))"
_SPAN_FIRST = rf"(?:(?P<number2>{_N})个?(?P<unit2>{_UNIT})|(?P<while2>{_WHILE}))"
_THINGS = r"(?:推送|提醒|通知|消息|信息|短信|微信|东西|内容|推广|广告)"
_NOT = r"(?:别|不要|不用|勿|请勿|甭|莫|不许|不准|不必|不需要|无需)"
_SEND = r"(?:发送|发|推送|推|提醒|通知|打扰|骚扰|吵|烦|收到|接收|收|来)"
_TO_ME = r"(?:再|老|总|总是|一直|天天|给我|向我|对我|我|过来|到我这){0,3}"
_WEEKEND = r"周末|双休日?|星期[六天日]|周[六日]|周六日|周六周日|休息日|礼拜[六天]|休息(?:的)?时候?|节假日"
_WEEKENDS = rf"(?:{_WEEKEND})(?:和|、|及)?(?:节假日|周日)?"
_ENDS = r"(?:的|也|时候?|时间|里|就|都|了|我|消息|推送|提醒|通知|给我){0,3}"

_READERS: tuple[tuple[QuietRequest, re.Pattern[str]], ...] = (
    (
        QuietRequest.NO_ANNOUNCEMENTS,
        whole(
            rf"(?:公告|活动通知|通知公告)(?:就)?(?:{_NOT}|别|不)(?:再)?{_TO_ME}{_SEND}?{_TO_ME}",
            rf"(?:{_NOT}|关闭|关掉|取消|退订|停止|屏蔽|不想|不)(?:再)?{_TO_ME}(?:{_SEND})?{_TO_ME}(?:公告|活动通知)(?:推送|提醒)?",
        ),
    ),
    (
        QuietRequest.WEEKENDS,
        whole(
            rf"{_WEEKENDS}{_ENDS}(?:也|可以|照常|照样|继续|要|恢复|能){{1,3}}{_SEND}?{_ENDS}",
            rf"(?:恢复|打开|开启){_WEEKENDS}{_THINGS}?",
        ),
    ),
    (
        QuietRequest.NO_WEEKENDS,
        whole(
            rf"{_WEEKENDS}{_ENDS}(?:请)?(?:{_NOT}|不|免)(?:再)?{_TO_ME}{_SEND}{_ENDS}",
            rf"{_WEEKENDS}(?:的|就|请|时候?){{0,2}}(?:别|不要|不用|勿)",
            rf"(?:{_NOT}|不)(?:在)?{_WEEKENDS}{_ENDS}{_SEND}{_ENDS}",
            rf"(?:关闭|关掉|取消|停止){_WEEKENDS}(?:的)?{_THINGS}",
            rf"{_WEEKENDS}(?:要)?(?:免打扰|安静|休息)",
            rf"(?:只|仅|就|光)?(?:在|要)?(?:工作日|周一到周五|平日|上班日)(?:里)?(?:再|才)?{_SEND}{_ENDS}",
        ),
    ),
    (
        QuietRequest.NIGHT,
        whole(
            rf"(?:晚上|夜里|夜间|半夜|深夜|晚间|大半夜|睡觉时?|下班后?|下班时间)(?:太晚)?{_ENDS}(?:请)?(?:{_NOT}|不|免)(?:再)?{_TO_ME}{_SEND}{_ENDS}",
            rf"(?:不想|不要|别)(?:在)?(?:晚上|夜里|夜间|半夜|下班后){_ENDS}(?:{_SEND}|看|收到){{1,2}}{_ENDS}",
            rf"(?:{_NOT})(?:在)?(?:晚上|夜里|夜间|半夜|深夜|晚间|大半夜|睡觉时|下班后){_ENDS}{_SEND}{_ENDS}",
        ),
    ),
    (
        QuietRequest.DEADLINES_ONLY,
        whole(
            rf"(?:只|仅|就|光)(?:要|想|需要|接收|收|留|保留|给我|发|推|提醒|在|我){{0,4}}(?:快|临近|要|即将)?(?:截止|到期)(?:前|日|日期|时间|的|时|了){{0,2}}(?:{_SEND}|{_THINGS}|的|给我|我|告诉){{0,4}}(?:就行|就好|即可|就可以)?",
            rf"(?:快|临近|要)?(?:截止|到期)(?:前|的|时)?(?:再|才)(?:{_SEND})(?:我)?(?:就行|就好)?",
            r"其他(?:的)?(?:都)?(?:别发|不要|不用|不收)只要截止(?:的|提醒)?|onlydeadlines?",
        ),
    ),
    (
        QuietRequest.ALL_KINDS,
        whole(
            rf"(?:各类|各种|全部|所有|什么)(?:的)?{_THINGS}(?:都|全)?(?:要|发|收|接收|恢复)(?:了)?",
            rf"(?:恢复|要|接收)(?:全部|所有|各类)(?:的)?{_THINGS}",
            r"不(?:只|光|仅)要截止(?:提醒|的)?",
        ),
    ),
    (
        QuietRequest.LEAVE_ALL,
        whole(
            r"(?:全部|所有|全都|统统|都|一律|一键)(?:的)?(?:赛道|订阅|提醒|关注)?(?:都|全)?(?:给我)?(?:退订|取消订阅|退掉|取消|退|不订|不要)(?:了|掉)?",
            r"(?:退订|取消订阅|取消关注|退掉|取消|退)(?:掉|了|我)?(?:的)?(?:全部|所有|一切|全都)(?:的)?(?:赛道|订阅|提醒|推送|消息)?",
            r"(?:订阅|赛道)(?:全部|都|全)(?:取消|退订|退掉|退|不要)(?:了|掉)?|(?:那|还是|算了){0,2}(?:全|都|全都|统统)(?:退(?:订)?|取消)(?:了|掉)?|unsubscribe(?:from)?all",
        ),
    ),
    (
        QuietRequest.PAUSE,
        whole(
            rf"(?:先|暂时|临时){{0,2}}(?:暂停|停){_SPAN}(?:的)?(?:{_THINGS}|{_SEND}){{0,2}}",
            rf"(?:先|暂时|临时){{0,2}}暂停(?:一下)?(?:的)?(?:接收|所有|全部)?(?:{_THINGS}|{_SEND}){{0,2}}",
            rf"(?:先|暂时|临时){{0,2}}(?:暂停|停)(?:接收|所有|全部)?(?:{_THINGS}|{_SEND}){{1,2}}(?P<number3>{_N})个?(?P<unit3>{_UNIT})",
            rf"{_SPAN_FIRST}(?:之?内|以内|里)?(?:都)?(?:先)?(?:{_NOT}|不)(?:再)?{_TO_ME}{_SEND}{_ENDS}",
            rf"(?:先|暂时)(?:{_NOT})(?:再)?{_TO_ME}{_SEND}{_ENDS}|pause",
            r"(?:能|可以|能不能)?(?:停一停|停停|歇一歇|缓一缓)",
            rf"(?:把)?(?:{_THINGS})?(?:先|暂时)(?:停一停|停一下|停停|歇一歇|歇歇|缓一缓)(?:{_THINGS})?",
            rf"(?:等|到)?(?P<while3>下周|下星期|下个?月|过两天|过几天|过一阵子?|过段时间)(?:之后|以后|后)?(?:再|才){_SEND}{_ENDS}",
        ),
    ),
    (
        QuietRequest.RESUME,
        whole(
            rf"(?:恢复|重新|继续|再次|重启|接着)(?:开始|接收|给我|订阅|打开|开启|开通|发|推|收|提醒|通知|推送|发送){{0,3}}(?:全部|所有|以前的|之前的|原来的)?(?:{_THINGS}|订阅|发|推送|的){{0,2}}",
            r"又(?:想)?要了|(?:重新|再)(?:订|订阅|关注)(?:上|回来|起来)?",
            rf"(?:又|还是|现在)?(?:可以|能)(?:再|继续)?(?:{_SEND})了",
            rf"(?:又|还是|现在又)(?:想|要|可以)?(?:{_SEND})(?:了|到|的|{_THINGS}){{0,2}}|(?:重新|再|还是)(?:开|打开|开启|发)(?:起来|给我|吧)?",
            rf"(?:打开|开启|开通|启用|开始)(?:所有|全部|给我)?(?:{_THINGS}|{_SEND}|接收){{1,2}}",
            rf"(?:可以|又可以|能)?(?:继续|重新|接着|再)(?:{_SEND})(?:给我)?(?:了|吧|我)?|(?:还是)?(?:要|订|加|恢复)回来|取消暂停|解除暂停|别停了?|不(?:要)?(?:暂停|停)了|resume|startagain|unpause",
        ),
    ),
    (
        QuietRequest.CHOICE,
        whole(
            rf"(?:怎么|如何|咋|怎样|哪里|在哪|在哪里|去哪)(?:才)?(?:能|可以)?(?:里)?(?:不(?:再)?|停止|关闭|关掉|取消|屏蔽|退订|暂停|停)(?:再)?{_TO_ME}(?:收到|接收|收|所有|这些|你们的?|全部){{0,2}}(?:{_THINGS}|{_SEND}){{1,2}}",
            rf"(?:太吵了?|太烦了?|太多了?|好烦|烦死了?)?(?:能|可以)?(?:少|别)(?:发|推|推送|提醒)(?:一点|点|一些|些|几条|那么多|这么多|太多)(?:{_THINGS})?",
            rf"(?:你们|这|消息|推送|提醒|发得?|信息|通知|也|真|实在|有点){{0,4}}(?:太|好|真|过于)(?:多|频繁|吵|烦|密|勤)(?:了|人|啊)?(?:{_THINGS})?(?:了)?",
            rf"(?:好?烦死?人?了?|真烦|烦|够了){{0,2}}(?:你们|怎么)?(?:天天|总是?|老是?|一直|每天|不停地?|没完没了地?)(?:给我|的|地|在)?(?:{_SEND})(?:{_THINGS}|个不停|给我|了|呀|啊)?",
            r"(?:能不能|能)?(?:消停|安静|清静|清净)(?:点|些|会儿?|一会儿?|一下|几天)?|(?:全天|一直)?免打扰",
            r"(?:把)?(?:它|这个)?关(?:了|掉|闭)(?:它|这个)?",
            rf"(?:别退|不退|不是要?退订?)?(?:我)?(?:就是|只是|就|只)?(?:想|要|希望)?少(?:{_SEND})(?:一)?(?:点|些|几条)(?:{_THINGS})?",
            rf"(?:先)?(?:暂停|停)到.{{1,6}}|.{{0,4}}(?:节|年|假期?|月底|年底|月初|旺季|淡季)(?:后|之后|以后)?(?:再|才){_SEND}{_ENDS}",
            rf"(?:{_SEND})(?:得)?少(?:一)?(?:点|些)|(?:能不能)?闭嘴|(?:有完没完|没完没了)(?:了|啊)?",
            rf".{{1,6}}(?:期间|之前|以前|前|这段时间)(?:都|先|就)?(?:{_NOT})(?:再)?{_TO_ME}{_SEND}{_ENDS}|(?:先)?停到.{{1,6}}(?:再说|后|以后|之后)?",
            rf"(?:以后|要是|如果|万一|将来)?(?:我)?(?:不想要?|不要|不用|不收|不看|想不收)(?:{_SEND})?(?:了)?(?:的话)?(?:怎么|如何|咋|在哪|怎样)(?:样|才能|能|才)?(?:取消|退订|退|关闭|关|停|弄|办|操作)(?:掉|它)?",
            r"(?:取消|退|关闭|停)?(?:关注|订阅|推送|提醒)(?:要|得)?(?:怎么|如何|咋|在哪|怎样)(?:弄|办|操作|取消|退|关|停|设)(?:掉)?",
            rf"(?:{_THINGS})(?:发)?(?:得)?(?:太|好|过于)(?:多|频繁|密|烦)(?:了)?|减少(?:{_THINGS}|推送频率|频率)|推送频率|降低频率",
        ),
    ),
    (
        QuietRequest.STOP,
        whole(
            rf"(?:全|都|统统|全部)停(?:了|掉)?|(?:这些|那些|你们?|以后)(?:都|全|统统)?{_NOT}(?:再)?{_TO_ME}{_SEND}{_TO_ME}(?:了)?",
            r"(?:回复?|发送?)?(?:td|t)(?:退订|取消)?|退订(?:td|t)|(?:回复?|发送?)n|(?:一条|一个|什么|啥|一点)(?:也|都)(?:不|别)(?:再)?(?:想)?(?:要|收|发|看)(?:了)?",
            r"td|t|stop|stopall|stopit|stopsending|unsub|停(?:止|下|了|掉)?",
            rf"(?:全部|都|一律|所有|给我|马上|立刻|赶紧){{0,2}}(?:停止|停掉|停了|停|关闭|关掉|关了|关|取消|屏蔽|终止|结束|中止|拒收|拒绝|退出|退订)(?:掉|了|一切|所有|全部|给我|对我|这些|这个|你们|的|向我){{0,3}}(?:{_THINGS}|{_SEND}){{1,2}}(?:了)?",
            r"(?:全部|全都|统统|都|一律|所有|给我|马上|立刻|赶紧){1,3}(?:停掉|停了|停|关掉|关了|关|别发|别推)(?:了|掉)?",
            rf"(?:把)?(?:{_THINGS})(?:全部|都|给我)?(?:停|停了|关|停掉|关掉|关闭|停止|取消)(?:了|掉)?",
            rf"(?:好?烦死?了?|烦人|够了|太烦了?)?{_NOT}{_TO_ME}{_SEND}{_TO_ME}(?:任何|这些|什么|你们的?|那么多|了){{0,2}}(?:{_THINGS}){{0,2}}(?:了)?(?:好?烦死?了?|烦人|太烦了?)?",
            rf"(?:不想要|不想再要|不想)(?:再)?(?:任何|你们的?|这些)?{_THINGS}(?:了)?",
            rf"(?:不想|不愿意?|不要|不再|不)(?:再)?(?:收到|接收|收|看到|被)(?:到)?(?:任何|你们的?|这些|这种|打扰|骚扰){{0,2}}(?:{_THINGS}){{0,2}}(?:了)?",
            rf"(?:不要|不需要|不用)(?:任何|这些|你们的?)?{_THINGS}(?:了)?",
        ),
    ),
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
    r"td|^t$|stop|unsub|pause|resume|startagain|onlydead|停|退|别|不|勿|甭|莫|关|取消|屏蔽|恢复|继续|重新|接着|打开|开启|开通|启用|再|只|仅|就|光|"
    r"少|多|频|吵|烦|密|勤|周末|双休|星期|晚|夜|拒|免|完|闭|可以|又|还是|消停|安静|清|歇|缓|回|工作日|平日|过|全|所有|各|什么|暂|截止|休息|节假|怎么|如何|咋|能|解除|减|降低|推送"
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
