"""Answers a question that the search declines from the text of the clause in focus. Pure."""

from collections.abc import Callable

from handlers.answers.contact import whose
from handlers.clause_facts.calculation import worked_out
from handlers.clause_facts.fact_keywords import fact_by_sign
from handlers.clause_facts.facts import Fact
from handlers.clause_facts.minimum_sizes import of_bound, of_unit
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
    sums = () if stated_so else worked_out(policy, turn.text)
    found = (
        stated_so
        or passages(policy, turn.text, session.asked)
        or of_unit(policy, turn.text)
        or of_bound(policy, turn.text)
        or of_levels_named(policy, turn.text)
        or (first_stated(policy) if sums else ())
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
