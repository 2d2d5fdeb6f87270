"""Reads a question about application windows: what can be applied for, what closes when, whether a thing is still open. Pure.

The words of such a question stand around its subject (船舶的申报今天截止吗). They are taken off from both ends; what kinds
of words they were tells what is asked, and what is left is the subject, which retrieval reads.
"""

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path

from policies.search.words.normalise import compact
from policies.search.words.pattern_files import read_patterns
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
    COUNT = "count"
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


_WORDS: tuple[tuple[_Kind, str], ...] = tuple(
    (_Kind(name), "|".join(words))
    for name, words in read_patterns(Path(__file__).with_name("asked.txt")).items()
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
    r"截止|截至|到期|过期|结束|申报|申请|报名|受理|开始|开报|启动|开放|[能可在以][报领]|办理|开着|"
    r"来得及|来不及|赶得|赶不?上|错过|没赶上|开的(?:吗|没|么|有|$)|最晚|最迟|到头|还剩|"
    r"[没未]关(?!系)|到点|就关(?![于注联键心税系])|"
    r"还有(?:几天|多久)|到几号|到哪天|快关|停报|几月|口子|收摊|关门|[要快会]关|在报|[要快会]开的|"
    r"[要快]开了|[在还]收(?![购费集入益尾藏割款])|收材料|收件"
)
_ELSE = re.compile(
    # 怎么、条件、电话
    r"多少(?!天|[个项条])|怎么|如何|咋|怎样|条件|(?<!收)材料|资料|流程|步骤|"
    r"电话|地址|地点|哪里|哪儿|(?<!现)在哪|"
    r"去哪|哪个部门|谁|标准|金额|额度|比例|依据|"
    # 为什么、要求
    r"为什么|为啥|区别|需要|需|要求|"
    # 有效期、施行
    r"有效期|政策期限|失效|作废|施行|生效|试行|实施(?:日期|时间|的|了)|"
    r"(?:时候|何时|几号|哪天|哪年|开始|正式)(?:开始)?(?:实施|执行)|"
    # 金额、到账、审核
    r"补多|奖多|给多|到账|拨付|兑现|审核|公示|"
    # 入口、网址
    r"入口|网址|网站|平台|链接|"
    # 命令
    r"提醒|[叫喊]我|订阅(?!的)|退订|推送|通知我|我的|导出|删除|已申报|恢复"
)
"""Words with which something else is asked, or a command is given."""
_FOR_OTHERS = re.compile(
    r"^(?:我|咱|俺|本人|这边)[^,。!?]{1,12}[,。!? ]+"
    r"(?=想?(?:帮|替|给|代)(?:企业|客户|老板|领导|公司|同事|朋友|亲戚)(?:打听|了解|问|看|查))"
)
"""What the writer is, before a question for somebody else (我管园区的，帮企业问下…). It narrows nothing."""
_PART_ENDS = re.compile(r"(?:[，,。；;！!？?\s]|\.(?!\d))+")
_TELLS = re.compile(r"[了过被把]|^(?:我|咱|厂里|公司|客户)")
_CLAUSE = re.compile(r"第?[\d一二三四五六七八九十]{1,5}号?条")


def read_window_question(text: str, today: date) -> WindowQuestion | None:
    """Return the question about windows that a text asks; None if it asks something else.

    Args:
        text: normalised (`policies.search.words.normalise.normalise`).
        today: the business day in Shanghai, for 本周 and 三天内.
    """
    if not _HINT.search(text):  # nearly all messages
        return None
    text = _FOR_OTHERS.sub("", text)
    plain = compact(text)
    if len(plain) > _LONGEST_QUESTION or _ELSE.search(plain):
        return None
    plain = compact(_asking_part(text, today))
    named = read_period(plain, today)
    period, rest = named or (None, plain)
    subject, kinds = _peel(rest)
    if not subject:
        return _about_all(kinds, period)
    return _about_subject(kinds, period, subject) if len(subject) > 1 else None


def _asking_part(text: str, today: date) -> str:
    """Return the last part of a message, if only a story stands before it.

    客户把订单取消了，厂里技改还能申请吗 asks about 厂里技改. The whole text is returned if what stands before may be the
    subject (船舶的，现在还能报吗), or is about windows too.
    """
    *before, last = [part for part in _PART_ENDS.split(text) if part] or [text]
    if not before or not _HINT.search(last) or any(map(_HINT.search, before)):
        return text
    tells = all(_TELLS.search(part) and not _CLAUSE.search(part) for part in before)
    _, rest = read_period(compact(last), today) or (None, compact(last))
    return last if tells and len(_peel(rest)[0]) > 1 else text


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
    if _Kind.COUNT in kinds and kinds.isdisjoint(_NOW):
        return None  # 能报几个: how many of one thing
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
