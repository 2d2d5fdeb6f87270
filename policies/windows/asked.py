"""Reads a question about application windows: what can be applied for, what closes when, whether a thing is still open. Pure.

The words of such a question stand around its subject (船舶的申报今天截止吗). They are taken off from both ends; what kinds
of words they were tells what is asked, and what is left is the subject, which retrieval reads.
"""

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from policies.search.words.normalise import compact
from policies.windows.asked_periods import Period, read_period

_LONGEST_QUESTION = 40
"""Characters of a compact question; in a longer one the words of time are hardly all that is asked."""


class Asked(StrEnum):
    """What is asked about windows."""

    OPEN = "open"
    """What can be applied for now, or whether the subject can."""
    CLOSING = "closing"
    """What closes soon or in a period, or when the subject closes."""
    OPENING = "opening"
    """What opens soon or in a period, or when the subject opens."""


@dataclass(frozen=True, slots=True)
class WindowQuestion:
    """A question about windows.

    Attributes:
        listed: it asks for a list (哪些). If false, it asks for the state of one subject.
        yes_or_no: it wants a yes or a no (截止了吗).
        period: the days it names.
        subject: the words that are left, for the search; "" if all windows are meant.
        may_mean_one: no subject is named and no word asks for several (报到几号为止, 还有机会报吗); if one thing is talked
            about, it is meant.
    """

    asked: Asked
    listed: bool
    yes_or_no: bool = False
    period: Period | None = None
    subject: str = ""
    may_mean_one: bool = False


class _Kind(StrEnum):
    WHEN = "when"
    NOT_CLOSED = "not_closed"
    RUNNING = "running"
    CLOSE = "close"
    ENDING = "ending"  # of other things too: a loan, a contract
    START = "start"
    DECLARE = "declare"
    APPLY = "apply"  # of other things too: a card, a licence
    NOW = "now"
    SOON = "soon"
    WHAT = "what"
    TIME = "time"
    PERIOD = "period"  # 申报期
    LATEST = "latest"
    UNTIL = "until"
    STILL = "still"
    MAY = "may"
    ASK = "ask"
    COMPANY = "company"
    OTHERS = "others"
    FILL = "fill"


_WORDS: tuple[tuple[_Kind, str], ...] = (
    (
        _Kind.WHEN,
        "什么时候|什么时间|啥时候|啥时间|啥时|何时|几时|几月几号|几月几日|几号|几日|哪一天|哪天|多会儿"
        "|几天|多少天|多久|多长时间|哪个月|几月份|几月",
    ),
    (_Kind.UNTIL, "到几月几号|到几号|到哪一天|到哪天|到几月"),
    (_Kind.LATEST, "最晚|最迟|最后"),
    (_Kind.PERIOD, "申报期限|申报期|申报时间|申报日期|申请时间|受理时间|受理期|报名时间|申报日程|申报日历"),
    (_Kind.NOT_CLOSED, "还?(?:没有?|未)(?:截止|结束|过期|到期|关闭)"),
    (
        _Kind.RUNNING,
        "正?在(?:申报|报名|受理|接受申报|报|办)|(?:申报|受理|报名|开放)中|正在开放|正在(?:进行)?|开着|开放着|在报|来得及|来不及|赶得?上|赶得及|赶不上",
    ),
    (_Kind.CLOSE, "截止|截至|停止申报|停止受理|关闭申报|错过|没赶上"),
    (
        _Kind.ENDING,
        "到期|结束|关闭|过期|报完|收尾|收口|到头|关了|关门|收摊|(?<![海相有攻公机难无])关(?![于注联键心税系])|停报|停了",
    ),
    (_Kind.START, "开始|启动|开放|开报|开通|放开|开(?![发展具设工办业户票会店车])"),
    (_Kind.DECLARE, "申报|报名|受理|填报|上报|报"),
    (_Kind.APPLY, "申请|申领|办理|领取|提交|递交|上交|领|办|交"),
    (
        _Kind.NOW,
        "现在|目前|当前|眼下|此刻|当下|这会儿|最近一段时间|最近|近期|近来|近日|这段时间|这阵子|时下|这几天|如今|现阶段|新的|新开的?|新出的?|新一批",
    ),
    (_Kind.SOON, "快要|快到(?!期)|最快|最先|最早|快|先|即将|马上|就要|将要|临近|接近|将|要"),
    (
        _Kind.WHAT,
        "有哪些|都有哪些|有什么|都有什么|有啥|有没有|有没|有几个|哪几个|哪几项|哪几条|哪些|什么|啥|哪个|哪项|哪条|列表|清单|一览|汇总|名单|所有|全部",
    ),
    (_Kind.TIME, "时间节点|时间安排|时间表|时间|日期|期限|日程|日历|最后期限"),
    (_Kind.STILL, "还没有?|还有|还剩|还能不能|还可以|还能|还可|还在|还"),
    (_Kind.MAY, "能不能够?|可不可以|可否|是否|是不是|能够|能|可以|可"),
    (_Kind.ASK, "了没有|了没|没有|吗|么|嘛|没|不|呢|了|吧|啊|呀|哦|哈|呐|哎"),
    (_Kind.COMPANY, "我们公司|我公司|我们企业|我们厂|咱们公司|咱公司|本公司|我司|企业|公司|我们单位"),
    (_Kind.OTHERS, "别的|其他的?|其它的?|另外的?"),
    (
        _Kind.FILL,
        "到底|究竟|我关注的|我订阅的|关注的|订阅的|惠企政策|政策|项目|条款|事项|奖补|补贴|奖励|扶持|资金|通知|窗口|口子|业务|东西|工作|机会|的话|的"
        "|请问|麻烦|我想|我要|我能|想|看一下|看一看|看看|看|查一下|查查|查询|查|一下|帮我|帮忙|帮|给我|告诉我|告诉|了解|知道|问一下|问问|问"
        "|我们|我|咱们|你们|您|你|是|都|会|内|之前|以前|前|剩|到|这边|这里|这个|这条|这项|这一条|该条|本条|这|那个|那么|那|里|就|已经|已|为止|中|期|有|可供|进行|接受|才|上|下|一般|大概|具体|每年|日|一些|些|来|在|离|距离?|今年度?的?",
    ),
)
_TOKENS = [(kind, re.compile(words)) for kind, words in _WORDS]
_TOKENS_AT_END = [(kind, re.compile(f"(?:{words})$")) for kind, words in _WORDS]
_APPLYING = frozenset({_Kind.DECLARE, _Kind.APPLY, _Kind.RUNNING, _Kind.PERIOD})
_WHEN = frozenset({_Kind.WHEN, _Kind.TIME, _Kind.PERIOD})
_NOW = frozenset({_Kind.NOW, _Kind.RUNNING, _Kind.STILL, _Kind.NOT_CLOSED})
_OF_SEVERAL = frozenset({_Kind.WHAT, _Kind.SOON, _Kind.NOT_CLOSED, _Kind.COMPANY, _Kind.OTHERS})
_OF_ONE = frozenset({_Kind.WHEN, _Kind.UNTIL, _Kind.LATEST, _Kind.ASK})
_LONGEST_WORD = 6
_HINT = re.compile(
    r"截止|截至|到期|过期|结束|申报|申请|报名|受理|开始|开报|启动|开放|[能可在以][报领]|办理|开着|来得及|来不及|赶得|赶不?上|错过|没赶上|开的(?:吗|没|么|有|$)"
    r"|最晚|最迟|到头|还剩|还有(?:几天|多久)|到几号|到哪天|快关|停报|几月|口子|收摊|关门|[要快会]关|在报|[要快会]开的|[要快]开了"
)
_ELSE = re.compile(
    r"多少(?!天)|怎么|如何|咋|怎样|条件|材料|资料|流程|步骤|电话|地址|地点|哪里|哪儿|(?<!现)在哪|去哪|哪个部门|谁|标准|金额|额度|比例|依据"
    r"|为什么|为啥|区别|需要|需|要求|有效期|政策期限|失效|作废|施行|生效|试行|实施(?:日期|时间|的|了)|(?:时候|何时|几号|哪天|哪年|开始|正式)(?:开始)?(?:实施|执行)|补多|奖多|给多|到账|拨付|兑现|审核|公示|入口|网址|网站|平台|链接"
    r"|提醒|订阅(?!的)|退订|推送|通知我|我的|导出|删除|已申报|恢复"
)
"""Words with which something else is asked, or a command is given."""


def read_window_question(text: str, today: date) -> WindowQuestion | None:
    """Return the question about windows that a text asks; None if it asks something else.

    Args:
        text: normalised (`policies.search.words.normalise.normalise`).
        today: the business day in Shanghai, for 本周 and 三天内.
    """
    if not _HINT.search(text):  # nearly all messages
        return None
    plain = compact(text)
    if len(plain) > _LONGEST_QUESTION or _ELSE.search(plain):
        return None
    named = read_period(plain, today)
    period, rest = named or (None, plain)
    subject, kinds = _peel(rest)
    if not subject:
        return _about_all(kinds, period)
    return _about_subject(kinds, period, subject) if len(subject) > 1 else None


def _peel(text: str) -> tuple[str, frozenset[_Kind]]:
    """Return what is left without the words of such a question at both ends, and the kinds of these words."""
    kinds: set[_Kind] = set()
    start, end = 0, len(text)
    while start < end:
        head = _longest(text, start, end, at_end=False)
        tail = _longest(text, start, end, at_end=True)
        if head is None and tail is None:
            break
        if head is not None:
            kinds.add(head[0])
            start += head[1]
        elif tail is not None:
            kinds.add(tail[0])
            end -= tail[1]
    return text[start:end], frozenset(kinds)


def _longest(text: str, start: int, end: int, *, at_end: bool) -> tuple[_Kind, int] | None:
    """Return the longest word that begins, or ends, a part of a text: its kind and length; None if there is none."""
    best: tuple[_Kind, int] | None = None
    part = (
        text[max(start, end - _LONGEST_WORD) : end]
        if at_end
        else text[start : min(end, start + _LONGEST_WORD)]
    )
    for kind, pattern in _TOKENS_AT_END if at_end else _TOKENS:
        found = pattern.search(part) if at_end else pattern.match(part)
        if found and (best is None or len(found[0]) > best[1]):
            best = kind, len(found[0])
    return best


def _about_all(kinds: frozenset[_Kind], period: Period | None) -> WindowQuestion | None:
    """Return the question if all windows are meant, of everybody's tracks or of the asker's."""
    asked = _asked_of_all(kinds, named=period is not None)
    may_mean_one = period is None and kinds.isdisjoint(_OF_SEVERAL) and not kinds.isdisjoint(_OF_ONE)
    return WindowQuestion(asked, listed=True, period=period, may_mean_one=may_mean_one) if asked else None


def _asked_of_all(kinds: frozenset[_Kind], *, named: bool) -> Asked | None:
    """Return what is asked of all windows. `named`: a period is named."""
    now = not kinds.isdisjoint({_Kind.NOW, _Kind.RUNNING})
    timed = named or now or _Kind.SOON in kinds
    applies = not kinds.isdisjoint(_APPLYING)
    if _Kind.COMPANY in kinds and not timed:
        return None  # what may fit a company is another question
    if _Kind.NOT_CLOSED in kinds:
        return Asked.OPEN
    if _closes(kinds) or (_Kind.ENDING in kinds and timed):
        return Asked.CLOSING
    if _Kind.START in kinds and (named or not kinds.isdisjoint({_Kind.SOON, _Kind.WHEN})):
        return Asked.OPENING
    if applies and _Kind.WHEN in kinds:
        return Asked.OPENING
    return Asked.OPEN if _is_open(kinds, timed=timed, now=now) else None


def _is_open(kinds: frozenset[_Kind], *, timed: bool, now: bool) -> bool:
    """Whether the words ask what can be applied for."""
    applies = not kinds.isdisjoint(_APPLYING)
    which = not kinds.isdisjoint({_Kind.WHAT, _Kind.MAY, _Kind.STILL, _Kind.TIME})
    told = not kinds.isdisjoint({_Kind.DECLARE, _Kind.PERIOD})
    return (
        (applies and timed) or (told and which) or (_Kind.START in kinds and now) or (_Kind.PERIOD in kinds)
    )


def _closes(kinds: frozenset[_Kind]) -> bool:
    """Whether the words ask for the end, whatever the subject: 截止, 最晚哪天, 还剩几天, 申报到几号."""
    applies = not kinds.isdisjoint(_APPLYING)
    when = not kinds.isdisjoint({_Kind.WHEN, _Kind.UNTIL})
    return (
        not kinds.isdisjoint({_Kind.CLOSE, _Kind.UNTIL})
        or (_Kind.ENDING in kinds and (applies or when))
        or (_Kind.WHEN in kinds and not kinds.isdisjoint({_Kind.LATEST, _Kind.STILL}))
    )


def _about_subject(kinds: frozenset[_Kind], period: Period | None, subject: str) -> WindowQuestion | None:
    """Return the question if a clause, a track or another subject is meant."""
    asks = not kinds.isdisjoint({_Kind.ASK, _Kind.MAY})
    applies = not kinds.isdisjoint(_APPLYING)
    when = not kinds.isdisjoint(_WHEN)
    asked: Asked | None = None
    if _closes(kinds):
        asked = Asked.CLOSING
    elif (_Kind.START in kinds and (asks or when or applies)) or (applies and when):
        asked = Asked.OPENING
    elif applies and (period is not None or not kinds.isdisjoint(_NOW)):
        asked = Asked.OPEN
    if asked is None:
        return None
    listed = _Kind.WHAT in kinds
    return WindowQuestion(asked, listed=listed, yes_or_no=asks and not when, period=period, subject=subject)
