"""The focus: which clause and which list the last answer showed. The session keeps it as long as itself, half an hour."""

from handlers.applying.open_now import OPEN_WINDOWS
from handlers.framework.answer import Answer
from handlers.framework.session import Session
from policies.search.decision import Intent

_MOST_NAMED = 20
_NO_SUBJECT = frozenset({Intent.NONE, Intent.CONTACT})


def look_at(answer: Answer, session: Session) -> None:
    """Remember what an answer shows. An answer without a clause leaves the focus as it is."""
    if answer.intent == Intent.CONTACT:
        session.office, session.clause, session.named = answer.office, 0, []
        return
    named = answer.clause_ids if answer.named is None else answer.named
    if not named or answer.intent in _NO_SUBJECT:
        return
    session.office = answer.office
    is_list = answer.listing is not None or len(named) > 1
    listed = session.listing if is_list_current(session) else ()
    if is_list or not (
        named[0] in session.named or named[0] in listed
    ):  # a clause of the list: the list stays
        session.named = list(named[:_MOST_NAMED])
    about = answer.about
    if about is None:
        several = answer.listing is not None or (answer.intent == OPEN_WINDOWS and len(named) > 1)
        about = 0 if several else named[0]
    if about != session.clause:
        session.before, session.clause = session.clause, about


def is_list_current(session: Session) -> bool:
    """Whether the conversation is still about the list kept for paging. A later answer on another subject ends that."""
    return bool(session.named) and session.named[0] in session.listing


def places(session: Session) -> list[int]:
    """The clauses that 第二个 counts, in order."""
    return session.named or ([session.clause] if session.clause else [])
