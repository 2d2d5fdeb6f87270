"""A question that the search declines, read once more as one about the clause in focus. Pure."""

from collections.abc import Callable

from handlers.conversation.answering import no_rhythm, of_focus, of_guide, quoted, which_policy
from handlers.conversation.follow_up import FollowUp
from handlers.framework.answer import Answer
from handlers.framework.edition import Edition
from handlers.framework.registry import Turn
from handlers.telling.fact_roots import fact_by_sign
from handlers.telling.facts import Fact
from handlers.telling.passages import (
    first_stated,
    of_levels_named,
    passages,
    quotes_of_figure,
)
from handlers.telling.thresholds import of_bound, of_unit
from handlers.telling.working_out import worked_out
from policies.search.words.normalise import compact

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
    """The answer from the clause in focus; without one, which policy is meant where a fact is asked. None for other messages.

    Args:
        said: the message, taken apart.
        turn: the message.
        edition: what answers are made of.
        names_elsewhere: whether a text names a matter or a place that is none of the library's.
        outright: only where the clause's text holds its words; the search has other clauses to offer.
    """
    session = turn.session
    if len(turn.text) > _LONGEST_RESCUED:
        return None
    policy = edition.index.policy(session.clause) if session.clause else None
    if policy is None:
        is_fact = said is not None and said.facts not in ((), (Fact.TIME,)) and not said.rest
        if said is not None and said.facts == (Fact.TIME,) and not said.rest and not session.named:
            return no_rhythm()
        return which_policy(edition, said.asked) if said is not None and is_fact else None
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
    return of_focus((fact,), session, edition) if fact is not None else None
