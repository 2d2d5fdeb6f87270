"""The focus: which clause and which list the last answer showed. It lives in the session, so half an hour."""

from handlers.application_windows.open_now import OPEN_WINDOWS
from handlers.framework.answer import Answer
from handlers.framework.list_places import read_places, standing_at
from handlers.framework.session import Session
from policies.search.decision import Intent

_MOST_NAMED = 20
_MOST_SEEN = 5
_CASE_KEPT = 120
_NO_SUBJECT = frozenset({Intent.NONE, Intent.CONTACT})


def look_at(answer: Answer, session: Session) -> None:
    """Remember what an answer shows. An answer without a clause does not change the focus."""
    if answer.intent == Intent.CONTACT:
        session.office, session.clause, session.named, session.seen = answer.office, 0, [], []
        return
    named = answer.counted
    if not named or answer.intent in _NO_SUBJECT:
        return
    session.office = answer.office
    listed = {*session.named, *(session.listing if is_list_current(session) else ())}
    kept = named if len(named) == 1 or answer.about == 0 else ()
    if answer.listing is not None or not kept or not listed.issuperset(kept):
        session.named = list(named[:_MOST_NAMED])  # clauses of the list leave the list on the screen
    about = answer.about
    if about is None:
        several = answer.listing is not None or (answer.intent == OPEN_WINDOWS and len(named) > 1)
        about = 0 if several else named[0]
    if about != session.clause:
        session.before, session.clause = session.clause, about
    earlier = [key for key in session.seen if key != about]
    session.seen = [about, *earlier][:_MOST_SEEN] if about else []


def note_case(answer: Answer, text: str, before: int, session: Session) -> None:
    """Keep what the writer says of the clause in focus. `before` was in focus when they said it."""
    if session.clause == before:
        session.case = f"{text}\n{session.case}"[:_CASE_KEPT] if before else ""
    else:
        session.case = text[:_CASE_KEPT] if session.clause and answer.intent == Intent.SEARCH else ""


def offered(text: str, session: Session) -> str:
    """Return what a place in a list of texts sends (第二个, after three examples); "" if there is no such place."""
    places = read_places(text)
    meant = standing_at(places[0], session.offers) if len(places) == 1 else ()
    return meant[0] if meant else ""


def is_list_current(session: Session) -> bool:
    """Whether the conversation is still about the list kept for paging. A later answer on another subject ends that."""
    return bool(session.named) and session.named[0] in session.listing


def places(session: Session) -> list[int]:
    """Return the clauses that 第二个 counts, in order: those of the last list, or those shown one after another."""
    if len(session.named) < 2 and len(session.seen) > 1 and not is_list_current(session):
        return session.seen[::-1]
    return list(dict.fromkeys(session.named)) or ([session.clause] if session.clause else [])


def these(many: int, session: Session) -> list[int]:
    """Return the clauses that 这俩 means: the last ones shown one by one, or the first ones of the list."""
    return session.seen[:many][::-1] if len(session.seen) >= many else places(session)[:many]
