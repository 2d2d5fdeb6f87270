"""The focus: which clause and which list the last answer showed. The session keeps it as long as itself, half an hour."""

import re

from handlers.applying.open_now import OPEN_WINDOWS
from handlers.framework.answer import Answer
from handlers.framework.session import Session
from policies.search.decision import Intent
from policies.search.reading.numerals import as_integer

_MOST_NAMED = 20
_MOST_SEEN = 5
_CASE_KEPT = 120
_LONGEST_PLACE = 12
_PLACE = re.compile(
    r"(?:我|那|就|想|要|看|选|点|问|来){0,3}(?:第(?P<at>\d{1,2}|[一二两三四五六七八九十]{1,2})(?:个|项)|(?P<first>头一?个|首个|最上面那?个)"
    r"|最后一?个|最下面那?个)(?:吧|呢|啊|呀|看看)?[。.！!？?]?"
)
_NO_SUBJECT = frozenset({Intent.NONE, Intent.CONTACT})


def look_at(answer: Answer, session: Session) -> None:
    """Remember what an answer shows. An answer without a clause leaves the focus as it is."""
    if answer.intent == Intent.CONTACT:
        session.office, session.clause, session.named, session.seen = answer.office, 0, [], []
        return
    named = answer.counted
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
    kept = [key for key in session.seen if key != about]
    session.seen = [about, *kept][:_MOST_SEEN] if about else []


def note_case(answer: Answer, text: str, before: int, session: Session) -> None:
    """Keep what is said of the clause in focus; `before` was in focus when it was said."""
    if session.clause == before:
        session.case = f"{text}\n{session.case}"[:_CASE_KEPT] if before else ""
    else:
        session.case = text[:_CASE_KEPT] if session.clause and answer.intent == Intent.SEARCH else ""


def offered(text: str, session: Session) -> str:
    """What the place in a list means that is no list of clauses (第二个, after three examples); "" where it means none."""
    found = _PLACE.fullmatch(text) if len(text) <= _LONGEST_PLACE else None
    if found is None:
        return ""
    place = as_integer(found["at"]) if found["at"] else 1 if found["first"] else len(session.offers)
    return session.offers[place - 1] if place and place <= len(session.offers) else ""


def is_list_current(session: Session) -> bool:
    """Whether the conversation is still about the list kept for paging. A later answer on another subject ends that."""
    return bool(session.named) and session.named[0] in session.listing


def places(session: Session) -> list[int]:
    """The clauses that 第二个 counts, in order: those of the last list, else those shown one after another."""
    if len(session.named) < 2 and len(session.seen) > 1 and not is_list_current(session):
        return session.seen[::-1]
    return session.named or ([session.clause] if session.clause else [])
