"""Answers about the list on the screen: a place in it, the next clause, more of its kind, its clauses side by side. Pure."""

import re
from collections.abc import Sequence
from dataclasses import replace

from handlers.answers.clause import clause_block
from handlers.clause_facts.comparing import compare
from handlers.clause_facts.facts import Fact
from handlers.clause_facts.passages import passages
from handlers.commands import paging
from handlers.conversation.reading.follow_up import LONGEST, FollowUp
from handlers.conversation.screen.answering import FOLLOW_UP, of, subject_of
from handlers.conversation.screen.focus import is_list_current, places, these
from handlers.framework.answer import Answer
from handlers.framework.edition import Edition
from handlers.framework.list_pages import pages, show
from handlers.framework.list_places import LAST, all_standing_at, standing_at
from handlers.framework.listing import Listing
from handlers.framework.registry import Turn
from handlers.framework.session import Session
from handlers.framework.taps import clause_tap, number_tap, tap
from policies.library.models import Policy
from policies.numbers.numerals import as_integer
from policies.search.decision import Intent
from policies.search.reading.comparisons import compared_things

_OFFERED = 3
_A_PAIR = 2
_LONGEST_NUMBER = 8
_LISTED = frozenset({Intent.DEPARTMENT, Intent.TRACK, Intent.SECTION})
_NUMBER = re.compile(
    r"[ .。、]*(?:那|我?要|我?选|看|看看|给我看|点|还有)?"
    r"(?:(?P<number>[0-9]{1,3})|第?(?P<spoken>[一二三四五六七八九十]{1,3}))(?:呢|吧)?[ .。、?？]*"
)


def number_typed(turn: Turn) -> int:
    """Return the bare number that is typed (2, 那2呢); 0 for other messages. A tapped number is always a clause's."""
    typed = _NUMBER.fullmatch(turn.text) if len(turn.text) <= _LONGEST_NUMBER else None
    if typed is None or turn.inbound.by_menu_tap:
        return 0
    return int(typed["number"]) if typed["number"] else as_integer(typed["spoken"]) or 0


def of_list(number: int, session: Session, edition: Edition) -> Answer | None:
    """Show the place in the last list that a bare number means, if no clause of the list has this number."""
    on_screen = places(session)
    list_is_last = session.clause == 0 or session.clause in session.listing
    library = edition.index.library
    numbered = library.numbered(number)
    is_listed = any(policy.key in (*session.listing, *on_screen) for policy in numbered)
    if not list_is_last or is_listed or not 1 <= number <= len(on_screen):
        return None
    policy = edition.index.policy(on_screen[number - 1])
    if policy is None:
        return None
    other = tap(library.name(numbered[0])) if numbered else ""
    note = f"\n（列表里的第 {number} 个。要看编号为 {number} 的，请点{other}）" if other else ""
    text = f"{clause_block(policy.key, edition)}{note}"
    return Answer.on(FOLLOW_UP, text, policy.key)


def keys_of(numbers: Sequence[int], edition: Edition) -> list[int]:
    """Return the clauses of the default document that have these numbers."""
    library = edition.index.library
    return [policy.key for number in numbers for policy in library.numbered(number)[:1]]


def moved(said: FollowUp, session: Session, edition: Edition) -> Answer | None:
    """Show a place in the list, the clause before or after the one in focus, or the first clause of the conversation."""
    if said.earliest and session.seen:
        return of(session.seen[-1:], said.facts or (Fact.WHOLE,), edition)
    if said.places:
        return _at_places(said, session, edition)
    if said.other:
        of_two = _other_of_two(session)
        return of((of_two,), said.facts or (Fact.WHOLE,), edition) if of_two else None
    if not (session.clause or places(session)):
        return None
    if said.scrolls and not session.clause and is_list_current(session):
        return paging.turned(session, edition.index, by=said.step)
    neighbour = _neighbour(said, session, edition)
    if neighbour is None:
        return Answer.of(FOLLOW_UP, _no_neighbour(said, session))
    shown = of((neighbour,), said.facts or (Fact.WHOLE,), edition)
    other = _other_before(neighbour, session, edition) if said.step < 0 else ""
    return shown.with_line(other) if shown is not None else None


def _at_places(said: FollowUp, session: Session, edition: Edition) -> Answer | None:
    """Show the places in the list."""
    on_screen = places(session)
    keys: list[int] = []
    for place in said.places:
        among = session.listing if place > len(on_screen) and is_list_current(session) else on_screen
        keys += standing_at(place, among)
    if on_screen and not keys:
        if session.listing and not is_list_current(session):
            return Answer.of(FOLLOW_UP, f"这里没有这一个。想看前面的列表，点 {tap('回到列表')}。")
        count = max(len(session.listing), len(on_screen))
        return Answer.of(FOLLOW_UP, f"上面只列了 {count} 条。点条目或回复条号都可以看全文。")
    if said.places == (LAST,) and (not on_screen or (len(on_screen) < _A_PAIR and "条" in said.typed)):
        keys = [policy.key for policy in _default_clauses(edition)[-1:]]
    return of(keys, said.facts or (Fact.WHOLE,), edition)


def of_named_list(said: FollowUp, edition: Edition) -> Answer | None:
    """Show a place in the list that the message names itself (税务局那几条里的头一个); None if it names no list."""
    if not said.places or not set(said.facts) <= {Fact.WHOLE}:
        return None
    named = edition.index.decide(said.rest)
    if named.intent not in _LISTED:
        return None
    return of(all_standing_at(said.places, named.clauses), (Fact.WHOLE,), edition)


def _no_neighbour(said: FollowUp, session: Session) -> str:
    if not session.clause:
        return "上面是列表，前面没有看过别的条款。点条目或回复条号看全文。"
    return "已经是最后一条了。" if said.step > 0 else "已经是第一条了。"


def _other_before(shown: int, session: Session, edition: Edition) -> str:
    """Offer the other clause that 上一条 may mean: the one shown before, or the one printed before."""
    index, library = edition.index, edition.index.library
    order = [policy.key for policy in library.policies]
    before, at = session.before, order.index(session.clause) if session.clause in order else 0
    if not before or index.policy(before) is None or before in order[max(at - 1, 0) : at + 2]:
        return ""
    if shown != before and session.clause not in (session.listing or session.named[1:]):
        return f"这是条号上的前一条。回到刚才看的：{number_tap(before, library)}"
    printed = order[at - 1] if at else 0
    return (
        f"这是刚才看的。条号上的前一条：{number_tap(printed, library)}" if shown == before and printed else ""
    )


def _default_clauses(edition: Edition) -> Sequence[Policy]:
    document = edition.index.library.default_document
    return document.policies if document else ()


_BY_SIDE = re.compile(r"[后前](?:面|边|头|一)|[上下](?:面|边|头)")
"""Of two clauses, 后面那个 is the second one. 下一个 is the one after the clause just read."""


def _other_of_two(session: Session) -> int:
    """Return the clause of a pair that is not in focus, or the one shown before; 0 if there is none."""
    pair = places(session)
    if len(pair) == _A_PAIR and session.clause in pair:
        return pair[1 - pair.index(session.clause)]
    return session.before if session.clause and len(pair) < _A_PAIR else 0


def _neighbour(said: FollowUp, session: Session, edition: Edition) -> int | None:
    """Return the next clause in the list on the screen, or in the document; None beyond its end."""
    listed, step = session.named or [session.clause], said.step
    is_pair = len(listed) == _A_PAIR and (
        session.clause == 0 or (session.clause in listed and not said.by_clause)
    )
    if is_pair and _BY_SIDE.search(said.typed):
        return listed[0] if step < 0 else listed[1]
    whole = session.listing if session.clause in session.listing else listed
    order = list(whole) if len(whole) > 1 and session.clause in whole and not said.by_clause else []
    if not session.clause and listed:
        return listed[0] if step > 0 else session.before or None
    if not order and step < 0 and not said.by_clause and session.before:
        return session.before
    if not order:
        order = [policy.key for policy in edition.index.library.policies]
    at = order.index(session.clause) + step if session.clause in order else -1
    return order[at] if 0 <= at < len(order) else None


def side_by_side(said: FollowUp, session: Session, edition: Edition) -> Answer | None:
    """Compare the clauses that are meant, or show the sums of the clause in focus (哪个多)."""
    answer = compared(said, session, edition)
    if answer is None and session.clause and not (said.rest or said.clauses):
        return of((session.clause,), (Fact.AMOUNT,), edition)  # 哪个多: two sums of one clause
    return answer


def compares_two(text: str, edition: Edition) -> bool:
    """Whether a message names two things and compares them. The search answers it, whatever is on the screen."""
    return compared_things(text) is not None and bool(edition.index.decide(text).compared)


def compared(said: FollowUp, session: Session, edition: Edition) -> Answer | None:
    """Compare the clauses that are meant: the named ones, the one in focus, the one before it, the list."""
    on_screen = places(session)
    keys = keys_of(said.clauses, edition)
    keys += all_standing_at(said.places, on_screen)
    if len(set(keys)) >= _A_PAIR:
        return compare(keys, edition)  # what is named wins over what is on the screen
    if said.together and session.clause and len(session.seen) < said.together:
        together = dict.fromkeys(filter(None, (session.before, session.clause, *on_screen)))
        keys += list(together)[: said.together]
    elif said.together:
        keys += these(said.together, session)
    named = edition.index.decide(said.rest) if said.rest else None
    if named is not None:
        subject = subject_of(named)
        if not subject or subject == session.clause:
            return None
        keys.append(subject)
    if not (keys or said.pointer) and len(session.seen) > _A_PAIR:
        keys += reversed(session.seen[:_OFFERED])  # three asked one after another, and which gives most
    if len(keys) < 2 and session.clause:
        keys.insert(0, session.clause)
    if len(keys) < 2 and session.before:
        keys.insert(0, session.before)
    told = compare(keys if len(set(keys)) > 1 else on_screen, edition)
    return told.resting_on(said.rest, named) if told is not None and named is not None else told


def of_list_with(named: str, session: Session, edition: Edition) -> Answer | None:
    """Show the clauses of the list that hold the named thing. Return None if none or all of them do."""
    among = session.listing if is_list_current(session) else session.named
    policies = [policy for key in among if (policy := edition.index.policy(key)) is not None]
    found = [policy.key for policy in policies if passages(policy, named) or named in policy.title]
    if not found or len(found) == len(policies):
        return None
    return show(Listing(FOLLOW_UP, f"其中写到“{named}”的，共{len(found)}条：", found), edition.index)


def again(session: Session, edition: Edition) -> Answer | None:
    """Show the list on the screen once more."""
    return paging.turned(session, edition.index, by=0) if session.listing else None


def of_screen(said: FollowUp, session: Session, edition: Edition) -> Answer | None:
    """Show the list once more, more of its kind, or others than those shown."""
    if said.list_again and said.lists and (session.clause or not is_list_current(session)):
        return None  # 都有哪些, with no list on the screen
    act = not_this if said.denied else again if said.list_again else more
    return act(session, edition)


def not_this(session: Session, edition: Edition) -> Answer | None:
    """Answer 不是这个: offer the clauses nearest to the last question and to the clause in focus, and other words."""
    index = edition.index
    policy = index.policy(session.clause) if session.clause else None
    if policy is None and not session.named and not session.asked:
        return None
    shown = {session.clause} if policy is not None else set(session.named)
    near = list(session.named)
    if policy is not None:
        asked = session.asked[:LONGEST]
        is_number = index.decide(asked).intent is Intent.CLAUSE  # nothing is near to a number
        near += [*(() if is_number else index.nearest(asked)), *index.related(policy.key)]
    others = [
        one for key in dict.fromkeys(near) if key not in shown and (one := index.policy(key)) is not None
    ]
    others = others[:_OFFERED]
    lines = ["那您是不是想看：", *(clause_tap(one, index.library) for one in others)] if others else []
    again = "都不是的话，换个说法告诉我" if others else "好的，换个说法告诉我想了解什么"
    lines.append(f"{again}，或看 {tap('目录')}；也可以回复 {tap('人工')}。")
    answer = Answer.of(FOLLOW_UP, "\n".join(lines))
    return replace(answer, named=tuple(one.key for one in others), about=0)


def more(session: Session, edition: Edition) -> Answer | None:
    """Answer 还有别的吗: the rest of the list, the other clauses of the last answer, or clauses like the one in focus."""
    index = edition.index
    if is_list_current(session):
        sheets = pages(session, index)
        if session.page + 1 < len(sheets):
            return paging.turned(session, index, by=1)
        if not session.clause:
            return Answer.of(
                FOLLOW_UP,
                f"这个列表已经全部列出，共 {len(session.listing)} 条。想看别的，直接说就行，或看 {tap('目录')}。",
            )
    policy = index.policy(session.clause) if session.clause else None
    if policy is None:
        return None
    others = [key for key in session.named if key != session.clause]
    others += [key for key in index.related(session.clause) if key not in others]
    if not others:
        return None
    return show(Listing(FOLLOW_UP, f"与{index.library.name(policy)}相近的还有：", others), index)
