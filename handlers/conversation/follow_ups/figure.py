"""Repeats the last question with another figure (5000万呢) or period (下个月呢). Finds the clause with a figure. Pure."""

import re
from datetime import date

from handlers.clause_facts.facts import Fact
from handlers.clause_facts.passages import quotes_of_figure
from handlers.conversation.reading.follow_up import LONGEST, FollowUp
from handlers.framework.phrases import squeeze, whole
from handlers.framework.registry import Turn
from policies.numbers.typed import counts_in, sums_in
from policies.search.decision import Intent
from policies.search.index import PolicyIndex
from policies.search.words.normalise import Simplifier, compact, normalise
from policies.windows.asked import Asked, read_window_question
from policies.windows.asked_periods import read_period

_LONGEST_FIGURE = 16
_OFFICES = ("局", "委")
_COUNTED = ("吨", "亩", "人", "名")
_AROUND_FIGURE = re.compile(
    r"那|如果|要是|假如|换成|改成|若|是|呢|的话|的|造价|投资|投入|设备|总|额|买|花|用|只有|有|"
    r"大概|左右|运|了|我们|我|吗|，|,|。|？|\?|\s|为|共|能|补|多少|营收|费用"
)
_OF_TIME = re.compile(r"[天周月日年旬季底]|星期|礼拜")
_AROUND_PERIOD = re.compile(r"那|呢|的|有|没有|吗|么|还|哪些|什么|能|报|可以|申报|截止|要")
_NOUN_OF_FIGURE = re.compile(r"造价|营收|费用")
"""What a figure counts. It only replaces the last question's figure if that question names the same noun."""
_SPENT = re.compile(r"花|买|投|用了")
_EARNED = re.compile(r"营收|营业|收入|产值|销售|利润|注册资|纳税|税收")
"""A sum that a company earns or has. A sum that it spends does not replace it."""


def with_another_figure(turn: Turn) -> str:
    """Return the last question with the new figure of this message (5000万呢); "" if it names no other figure."""
    asked = turn.session.asked
    if not asked or len(turn.text) > _LONGEST_FIGURE or len(now := _figures(turn.text)) != 1:
        return ""
    [(start, end)], before = now, _figures(asked)
    rest = _AROUND_FIGURE.sub("", turn.text[:start] + turn.text[end:])
    if len(before) != 1 or rest or turn.text.strip() in asked:
        return ""
    if any(noun not in asked for noun in _NOUN_OF_FIGURE.findall(turn.text)):
        return ""
    if _SPENT.search(turn.text) and _EARNED.search(asked):
        return ""
    [(begins, ends)] = before
    return f"{asked[:begins]}{turn.text[start:end]}{asked[ends:]}"


def _figures(text: str) -> list[tuple[int, int]]:
    """Return the positions of sums and counts in a text."""
    counts = [(one.start, one.end) for one in counts_in(text, _COUNTED)]
    sums = [(one.start, one.end) for one in sums_in(text)]
    return counts + [
        (start, end) for start, end in sums if all(end <= at or to <= start for at, to in counts)
    ]


_SHARE = r"\d{1,3}(?:\.\d{1,2})?[%％]|百分之[一二三四五六七八九十]{1,3}"
_UNIT = r"亩|吨|个|人|家|项|台|艘|平米?|千瓦|度|套|年"
_FIGURE_NAMED = re.compile(
    rf"(?:那么?|刚才|还有|给|补|奖|有|最高|按)*(?:(?P<share>{_SHARE})|[每一](?P<unit>{_UNIT})(?:补|给|奖|是)?(?P<sum>\d[\d.]{{0,6}}[万千]?)(?:元|块钱?)?"
    rf"|(?P<sum2>\d[\d.]{{0,6}}[万千]?)(?:元|块钱?)?[每一](?P<unit2>{_UNIT})|(?P<alone>\d[\d.]{{0,6}}[万亿]元?))"
    r"(?P<which>(?:的|那|这|个|条|项|种|是|在|属于|到底|哪|一|啥|什么|来着|政策|规定|条款|写|呢|啊|里|第几|几)*)"
)
_FIGURE_SIGN = re.compile(r"\d|百分之")
"""Nearly no message has one of these, which `_FIGURE_NAMED` needs."""
_WHICH = re.compile(r"哪|啥|什么|第?几条")


def clause_with_figure(turn: Turn, index: PolicyIndex) -> str:
    """Return the question which clauses have a figure, if the message names nothing else (12%那个是哪一条, 每亩6000).

    Return "" for others. A figure of the clause in focus is about that clause. A bare sum may be the writer's own,
    unless the message asks which clause it is.
    """
    text = compact(turn.text)
    may_name = len(text) <= LONGEST and _FIGURE_SIGN.search(text) is not None
    named = _FIGURE_NAMED.fullmatch(text) if may_name else None
    if named is None:
        return ""
    asks_which = _WHICH.search(named["which"]) is not None
    policy = index.policy(turn.session.clause) if turn.session.clause else None
    figure = named["share"] or f"{named['sum'] or named['sum2'] or named['alone'].rstrip('元')}元"
    if policy is not None and not asks_which and (named["alone"] or quotes_of_figure(policy, figure)):
        return ""
    if named["alone"] and not asks_which:
        return ""
    unit = named["unit"] or named["unit2"]
    return f"{f'每{unit}' if unit else ''}{figure}的有哪些"


def with_another_office(turn: Turn, said: FollowUp | None, index: PolicyIndex) -> str:
    """After a list of a department's clauses, ask for those of the newly named department (发改的呢); "" if none is named."""
    session = turn.session
    if said is None or not said.goes_on or not said.rest or said.facts or session.intent != Intent.DEPARTMENT:
        return ""
    of_list = session.clause in (0, *session.listing)
    names = (f"{said.rest}{kind}" for kind in ("", *_OFFICES)) if of_list else ()
    return next((f"{name}有哪些政策" for name in names if index.departments_named(name)), "")


_MORE = r"(?:别的|其他的?|其它的?|另外的?|更多的?|哪些|什么|啥|几条|多少)"
_MATTER = r"(?:政策|条款|补贴|补助|奖励|奖补|项目|支持|事)"
_OF_DEPARTMENT = whole(
    # 这个部门还管什么
    r"(?:那|这|该|同一|它的?)(?:个|家)?(?:部门|单位|局|委|机构)(?:的|那里?|这里?|手里)?"
    r"(?:还|也|都|一共|另外){0,2}(?:有没有|有|管|负责|出|发){1,2}(?:着|了)?"
    rf"{_MORE}(?:的)?{_MATTER}?(?:可以|能)?(?:申请|报|看|拿)?",
    # 他们还有别的吗
    r"(?:(?:负责|主管|管(?:这|它)(?:个|条)?)的?(?:那|这)?(?:个|家)?(?:部门|单位|局|委)|他们|人家)"
    r"(?:的|那里?|手里)?(?:还|另外)(?:有没有|有|管|负责|出|发){1,2}(?:着|了)?"
    rf"{_MORE}(?:的)?{_MATTER}?(?:可以|能)?(?:申请|报|看|拿)?",
)


def with_its_department(turn: Turn, index: PolicyIndex) -> str:
    """Return the question for all clauses of this clause's department (那个部门还有别的吗); "" if it does not apply."""
    policy = index.policy(turn.session.clause) if turn.session.clause else None
    if policy is None or not policy.departments or not _OF_DEPARTMENT.fullmatch(squeeze(turn.text)):
        return ""
    return f"{policy.departments[0]}有哪些政策"


_ENDS = re.compile(r"截|到期|关|结束")


def of_followed_track(turn: Turn, said: FollowUp | None, index: PolicyIndex) -> str:
    """Ask when the track just talked about opens or closes (它哪天开始, after 订阅海水淡化); "" if there is no such track."""
    session = turn.session
    if (
        said is None
        or said.facts != (Fact.TIME,)
        or said.rest
        or session.clause
        or session.named
        or not session.area
    ):
        return ""
    for line in reversed(session.talk):
        named = [
            one.name for one in index.tracks.tracks if any(name in line for name in (one.name, *one.aliases))
        ]
        if named:
            asked = "截止" if _ENDS.search(turn.text) else "开始申报"
            return f"{named[0]}什么时候{asked}" if len(named) == 1 else ""
    return ""


def with_another_period(turn: Turn, today: date, simplify: Simplifier) -> str:
    """Return the last question about windows with the new period (下个月呢); "" if the message names none."""
    if len(turn.text) > _LONGEST_FIGURE or not turn.session.asked or not _OF_TIME.search(turn.text):
        return ""
    asked = compact(turn.session.asked[:LONGEST])
    plain = normalise(turn.text, simplify)
    own = read_window_question(plain, today)
    if own is not None and own.asked is not Asked.OPEN:
        return ""  # 这周截止的有吗: it says itself what it asks
    named = read_period(compact(plain), today)
    if named is None or _AROUND_PERIOD.sub("", named[1]):
        return ""
    question = read_window_question(normalise(asked, simplify), today)
    if question is None or question.subject:
        return ""
    before = read_period(asked, today)
    return f"{named[0].words}{before[1] if before else asked}"
