"""Answers to questions about application windows: what is open, what closes or opens soon, whether a clause can be applied for.

The answer about one clause, or about the clauses of a track or a department, is the same for everybody. A list of all windows
depends on who asks: the answer then carries the question (`Answer.windows`), and `commands/open_windows.py` answers it.
"""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import date, timedelta

from alerts.wording import wording
from handlers.application_windows.window_lines import (
    coming_line,
    open_line,
    titled,
    way_in,
    window_lines,
    window_state,
)
from handlers.framework.answer import Answer
from handlers.framework.edition import Edition
from handlers.framework.taps import tap
from policies.library.clause_lines import near_day
from policies.search.decision import Decision, Intent
from policies.windows.asked import Asked, WindowQuestion
from policies.windows.window import Window
from wechat.texts import escape_typed, link

OPEN_WINDOWS = "open_windows"
SHOWN = 12
"""Windows that one list shows; the page shows all."""
_SOON = timedelta(days=30)
_OVER_SHOWN = 3
_OTHERS_SHOWN = 3
"""Up to this many windows of other tracks are listed by name. If there are more, only their number is given."""
_NAMED = frozenset({Intent.TRACK, Intent.DEPARTMENT, Intent.SECTION})
"""For these intents the decision holds the subject in the library's words."""
_WHAT_IS_OPEN = WindowQuestion(Asked.OPEN, listed=True)


def answer(question: WindowQuestion, edition: Edition) -> Answer | None:
    """Answer a question about windows. Return None if the library does not know its subject."""
    if not question.subject:
        return replace(listing(question, edition), windows=question)
    decision = edition.index.decide(question.subject)
    keys = _meant(decision)
    if not keys:
        return None
    if len(keys) == 1 and not question.listed:
        told = _of_clause(question, keys[0], edition)
    else:
        named = decision.subject if decision.intent in _NAMED else ""
        told = _of_several(question, named or escape_typed(question.subject), keys, edition)
    return told.resting_on(question.subject, decision)


def _meant(decision: Decision) -> tuple[int, ...]:
    """Return the clauses that a subject means; () if it names none for sure."""
    if decision.ask or decision.intent in {Intent.NONE, Intent.CONTACT}:
        return ()
    if decision.intent is Intent.MULTI:
        return decision.clauses or tuple(part.clauses[0] for part in decision.parts if part.clauses)
    return decision.clauses[:1] if decision.intent is Intent.SEARCH and decision.sure else decision.clauses


def _of_clause(question: WindowQuestion, key: int, edition: Edition) -> Answer:
    """Say yes or no first, then show the clause's windows."""
    policy = edition.index.policy(key)
    if policy is None:
        return listing(_WHAT_IS_OPEN, edition)
    name = f"{edition.index.library.name(policy)} {policy.title}"
    said = _yes_or_no(question, edition.windows_of(key), edition.today) if question.yes_or_no else ""
    head = f"{tap(name, edition.index.library.typed(policy))}：{said}"
    return Answer.of(OPEN_WINDOWS, "\n".join((head, *window_state(key, edition))), (key,))


def _yes_or_no(question: WindowQuestion, windows: Sequence[Window], today: date) -> str:
    is_open = [one for one in windows if one.is_open(today)]
    comes = any(one.opens_on > today for one in windows)
    if not windows:
        return ""
    match question.asked:
        case Asked.CLOSING if is_open and question.period is not None:
            closes = any(question.period.has(one.closes_on) for one in is_open)
            return f"{question.period.words}截止。" if closes else f"{question.period.words}不截止。"
        case Asked.CLOSING:
            return "还没有截止。" if is_open else "还没有开始申报。" if comes else "已经截止。"
        case Asked.OPENING:
            return "已经开始申报。" if is_open else "还没有开始申报。" if comes else "已经截止。"
        case Asked.OPEN:
            return "现在可以申报。" if is_open else "现在不能申报。"


def _of_several(question: WindowQuestion, subject: str, keys: tuple[int, ...], edition: Edition) -> Answer:
    """Show the windows of several clauses. If none is open or coming, show those that closed last."""
    chosen = select(question, edition, keys)
    if question.yes_or_no and not question.listed:
        chosen = chosen or select(_WHAT_IS_OPEN, edition, keys)
    if chosen:
        heading = f"{subject}：{len(chosen)} 项申报"
        return Answer.of(OPEN_WINDOWS, list_text(heading, chosen, edition), _keys_of(chosen))
    current = [line for key in keys for line in _current(key, edition)]
    over = current or [line for key in keys for line in window_lines(key, edition)][:_OVER_SHOWN]
    if over:
        return Answer.of(OPEN_WINDOWS, "\n".join((f"{subject}：{_none(question)}", *over)), keys[:1])
    follow = tap("订阅", f"订阅 {subject}")
    said = f"目前没有“{subject}”的申报通知，申报时间尚未公布；{follow}后，开始申报时会提醒您。"
    return Answer.of(OPEN_WINDOWS, said, keys)


def _current(key: int, edition: Edition) -> list[str]:
    today = edition.today
    windows = edition.windows_of(key)
    return [open_line(one, today) for one in windows if one.is_open(today)] + [
        coming_line(one) for one in windows if one.opens_on > today
    ]


def _none(question: WindowQuestion) -> str:
    words = question.period.words if question.period else ""
    match question.asked:
        case Asked.CLOSING:
            return f"{words}没有要截止的申报。"
        case Asked.OPENING:
            return f"{words}没有即将开始的申报。"
        case Asked.OPEN:
            return f"{words or '目前'}没有正在申报的项目。"


def select(
    question: WindowQuestion, edition: Edition, keys: Collection[int] | None = None
) -> tuple[Window, ...]:
    """Return the windows that a question means, of some clauses or of all. The first to close, or to open, comes first."""
    today, period = edition.today, question.period
    among = [one for one in edition.windows if keys is None or one.policy_id in keys]
    if question.asked is Asked.OPENING:
        coming = [one for one in among if one.opens_on > today and (not period or period.has(one.opens_on))]
        return tuple(sorted(coming, key=lambda one: (one.opens_on, one.id)))
    if question.asked is Asked.CLOSING and period is not None:
        return tuple(one for one in among if period.has(one.closes_on) and one.closes_on >= today)
    if period is not None:
        return tuple(
            one for one in among if one.opens_on <= period.last and one.closes_on >= max(today, period.first)
        )
    is_open = tuple(one for one in among if one.is_open(today))
    if question.asked is Asked.CLOSING:
        return tuple(one for one in is_open if one.closes_on <= today + _SOON) or is_open
    return is_open


def listing(
    question: WindowQuestion,
    edition: Edition,
    keys: Collection[int] | None = None,
    applied: Collection[int] = (),
    first: Collection[int] = (),
) -> Answer:
    """Return the list that a question asks for.

    Args:
        question: a question without a subject.
        edition: what is known now.
        keys: the clauses that concern the member; None: all, for a person without subscriptions to tracks.
        applied: windows that the member said 已申报 for.
        first: the clauses that the member follows one by one; their windows come first, the others stay.
    """
    windows = select(question, edition, keys)
    if not windows:
        return Answer.of(OPEN_WINDOWS, _nothing(question, edition, keys))
    followed = [one for one in windows if one.policy_id in first]
    windows = (*followed, *(one for one in windows if one.policy_id not in first))
    text = list_text(
        _heading(question, len(windows), len(followed)), windows, edition, applied, len(followed)
    )
    closing = [
        *([_of_followed(first, edition)] if first and not followed else ()),
        link("在网页上看全部申报项目", f"{edition.public_url}/p/open"),
        *([] if keys is not None else [f"订阅赛道后，这里只列与您有关的，截止前也会提醒您：{tap('订阅')}"]),
    ]
    return Answer.of(OPEN_WINDOWS, f"{text}\n\n" + "\n".join(closing), _keys_of(windows))


def _of_followed(keys: Collection[int], edition: Edition) -> str:
    """Say that no followed clause is in the list. For a single clause, say when it was or will be open."""
    if len(keys) > 1:
        return f"您关注的 {len(keys)} 条都不在其中，开始申报时会提醒您。"
    (key,) = keys
    known = window_lines(key, edition)
    state = known[0] if known else "还没有申报通知，开始申报时会提醒您。"
    return f"您关注的{edition.index.library.name_of(key)}：{state}"


def open_brief(edition: Edition, keys: Collection[int]) -> str:
    """Return the open windows of some clauses in a line; "" if none is open."""
    is_open = select(_WHAT_IS_OPEN, edition, keys)
    if not is_open:
        return ""
    first, *others = is_open
    more = f"等 {len(is_open)} 项" if others else ""
    way = f"，{tap('查看', '近期可申报')}" if others else way_in(first)
    return f"正在申报：{titled(first)}{more}，{wording.closing(first.closes_on, edition.today)}{way}"


def _heading(question: WindowQuestion, count: int, followed: int) -> str:
    words = question.period.words if question.period else ""
    order = "，按截止时间排列" if count > 1 else ""
    order = "，您关注的在前" if 0 < followed < count else order
    match question.asked:
        case Asked.CLOSING:
            return f"{words or '近期'}截止 {count} 项{order}："
        case Asked.OPENING:
            return f"{words or '即将'}开始申报 {count} 项："
        case Asked.OPEN:
            return f"{words or '近期'}可申报 {count} 项{order}："


def _nothing(question: WindowQuestion, edition: Edition, keys: Collection[int] | None) -> str:
    """Say that there is none, and name what is next."""
    whose = "您关注的范围内，" if keys is not None else ""
    if question.asked is Asked.OPEN and question.period is None:
        lines = ["您关注的赛道暂无正在申报的项目。" if keys is not None else "目前暂无正在申报的项目。"]
    else:
        lines = [f"{whose}{_none(question)}"]
    coming = select(WindowQuestion(Asked.OPENING, listed=True), edition, keys)[:5]
    is_open = select(_WHAT_IS_OPEN, edition, keys)[:5]
    if is_open and question.asked is not Asked.OPEN:
        lines += [
            "正在申报：",
            *(f"{wording.closing(one.closes_on, edition.today)}　{titled(one)}" for one in is_open),
        ]
    if coming and question.asked is not Asked.OPENING:
        lines += [
            "即将开始：",
            *(f"{near_day(one.opens_on, edition.today)}　{titled(one)}" for one in coming),
        ]
    lines += _of_others(question, edition) if keys is not None else []
    lines.append(
        "开始申报时会提醒您。" if keys is not None else f"订阅赛道后，开始申报时会提醒您：{tap('订阅')}"
    )
    return "\n".join(lines)


def _of_others(question: WindowQuestion, edition: Edition) -> list[str]:
    """Return what other tracks have, by name if these are few."""
    windows = select(question, edition)
    if not windows:
        return []
    page = link("在网页上看全部", f"{edition.public_url}/p/open")
    if len(windows) > _OTHERS_SHOWN:
        return [f"其他赛道有 {len(windows)} 项：{page}"]
    return [f"其他赛道有 {len(windows)} 项：", *(_in_a_line(one, edition) for one in windows), page]


def _in_a_line(window: Window, edition: Edition) -> str:
    library, opens = edition.index.library, window.opens_on > edition.today
    policy = library.get(window.policy_id)
    name = f"{tap(library.name(policy), library.typed(policy))}　" if policy else ""
    when = (
        f"{near_day(window.opens_on, edition.today)}开始"
        if opens
        else wording.closing(window.closes_on, edition.today)
    )
    return f"{name}{titled(window)}，{when}"


def list_text(
    heading: str,
    windows: Sequence[Window],
    edition: Edition,
    applied: Collection[int] = (),
    followed: int = 0,
) -> str:
    """Return windows as a numbered list, each with its days, its clause and next steps. The first `followed` are marked."""
    items = [
        _item(number, one, edition, applied, "（您关注的）" if number <= followed else "")
        for number, one in enumerate(windows[:SHOWN], 1)
    ]
    more = len(windows) - len(items)
    rest = [f"另有 {more} 项，请在网页上查看。"] if more else []
    return "\n\n".join((heading, *items, *rest))


def _item(number: int, window: Window, edition: Edition, applied: Collection[int], mark: str = "") -> str:
    library = edition.index.library
    policy = library.get(window.policy_id)
    ways = [tap(library.name(policy), library.typed(policy))] if policy else []
    if window.url:
        ways.append(link("申报入口", window.url))
    if window.id in applied:
        ways.append("已申报")
    elif window.is_open(edition.today):
        ways.append(tap("已申报，不再提醒", f"已申报 {window.id}"))
    when = wording.closing(window.closes_on, edition.today)
    if window.opens_on > edition.today:
        when = f"{near_day(window.opens_on, edition.today)}开始，{when.partition('，')[0]}"
    return f"{number}. {titled(window)}{mark}\n{when}\n{'　'.join(ways)}"


def _keys_of(windows: Sequence[Window]) -> tuple[int, ...]:
    return tuple(dict.fromkeys(one.policy_id for one in windows))
