"""Answers a question that the search declines from the text of the clause in focus. Pure."""

import re
from collections.abc import Callable

from handlers.answers.contact import whose
from handlers.clause_facts.calculation import worked_out
from handlers.clause_facts.fact_keywords import fact_by_sign
from handlers.clause_facts.facts import Fact
from handlers.clause_facts.minimum_sizes import of_bound, of_unit
from handlers.clause_facts.own_sums import of_another_kind
from handlers.clause_facts.passages import (
    first_stated,
    of_levels_named,
    passages,
    quotes_of_figure,
)
from handlers.conversation.follow_ups.offices import REACHED
from handlers.conversation.reading.follow_up import FollowUp
from handlers.conversation.screen.answering import no_rhythm, of_focus, of_guide, quoted, unsaid, which_policy
from handlers.framework.answer import Answer
from handlers.framework.edition import Edition
from handlers.framework.registry import Turn
from policies.library.models import Policy
from policies.search.words.normalise import compact
from policies.search.words.text_terms import holds_noun

_LONGEST_RESCUED = 80
_LONGEST_ASIDE = 30
"""A message of at most so many characters may be an aside on the clause in focus, though it shares no word with it."""


def rescued(
    said: FollowUp | None,
    turn: Turn,
    edition: Edition,
    names_elsewhere: Callable[[str], bool],
    *,
    outright: bool,
) -> Answer | None:
    """Answer from the clause in focus. Without one, ask which policy is meant if the message asks a fact.

    Return None for other messages.

    Args:
        said: the message, taken apart.
        turn: the message.
        edition: what answers are made of.
        names_elsewhere: whether a text names a subject or a place outside the library.
        outright: answer only if the clause's text holds the words; the search has other clauses to offer.
    """
    session = turn.session
    if len(turn.text) > _LONGEST_RESCUED:
        return None
    policy = edition.index.policy(session.clause) if session.clause else None
    if policy is None:
        is_fact = said is not None and said.facts not in ((), (Fact.TIME,)) and not said.rest
        if said is not None and said.facts == (Fact.TIME,) and not said.rest and not session.named:
            return no_rhythm()
        if said is None or not is_fact:
            return None
        is_reach = REACHED.issuperset(said.facts)
        return whose(turn.text, edition.index) if is_reach else which_policy(edition, said.asked)
    stated_so = quotes_of_figure(policy, turn.text)
    sums = () if stated_so else _worked_out(policy, turn.text, edition)
    found = (
        stated_so
        or passages(policy, turn.text, session.asked)
        or _written_of(policy, turn.text)
        or of_unit(policy, turn.text)
        or of_bound(policy, turn.text)
        or of_levels_named(policy, turn.text)
        or (first_stated(policy) if sums else ())
        or (passages(policy, said.rest) if said is not None and said.facts else ())
    )
    if found:
        return quoted(policy, (*found, *sums), edition)
    if outright or len(turn.text) > _LONGEST_ASIDE or names_elsewhere(turn.inbound.text):
        return None
    if (told := of_guide(policy, turn.text, edition)) is not None or edition.index.names_a_subject(turn.text):
        return told
    fact = fact_by_sign(compact(turn.text).lower())
    if fact is Fact.CONDITIONS and said is not None and holds_noun(said.rest):
        return unsaid(policy, edition)  # 员工落户有条件限制么
    return of_focus((fact,), session, edition) if fact is not None else None


def _worked_out(policy: Policy, text: str, edition: Edition) -> tuple[str, ...]:
    """Put the figure of a message into the clause's rules, unless the message names another matter than the clause."""
    sums = worked_out(policy, text)
    return () if sums and of_another_kind(policy, text, edition.index) else sums


_ASKS_WRITTEN = re.compile(
    r"(?P<what>[\u4e00-\u9fff]{2,6}?)的?"
    r"(?:(?:怎么|如何|咋个?|怎样|谁来?|归谁)(?:分|算|定|处理|管|说|规定)?(?:法)?)?"
    r"(?:的)?(?:政策|条文|条款|文件|这)?(?:里面|里头|里|上|中)?"
    r"(?:有没有|有|没有?)(?:写|说|提|讲|规定|明确)(?:到|过|了|清楚|明白)?(?:吗|么|没有|没|不|嘛)?"
)


def _written_of(policy: Policy, text: str) -> tuple[str, ...]:
    """Find what the clause says of a thing if the message asks whether it says anything (收益怎么分有写吗)."""
    asked = _ASKS_WRITTEN.fullmatch(compact(text)) if len(text) <= _LONGEST_ASIDE else None
    return passages(policy, asked["what"]) if asked is not None else ()
