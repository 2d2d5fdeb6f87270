"""Which clauses are on the screen, and what a place in a list means."""

import pytest

from handlers.conversation.screen.focus import look_at, offered, places, these
from handlers.framework.answer import Answer
from handlers.framework.session import Session


def test_a_clause_that_is_shown_is_in_focus_and_the_one_before_is_kept() -> None:
    session = Session()
    look_at(Answer.on("clause", "…", 22), session)
    look_at(Answer.on("clause", "…", 29), session)
    assert (session.clause, session.before, session.seen) == (29, 22, [29, 22])


def test_an_answer_without_a_clause_leaves_the_focus() -> None:
    session = Session(clause=22, named=[22])
    look_at(Answer.of("help", "…"), session)
    assert session.clause == 22


def test_a_clause_of_the_list_leaves_the_list_on_the_screen() -> None:
    session = Session()
    look_at(Answer.of("search", "…", [22, 29, 10]), session)
    look_at(Answer.on("clause", "…", 29), session)
    assert places(session) == [22, 29, 10]


def test_clauses_shown_one_after_another_are_counted_in_their_order() -> None:
    session = Session()
    for key in (22, 29, 10):
        look_at(Answer.on("clause", "…", key), session)
    assert places(session) == [22, 29, 10]
    assert these(2, session) == [29, 10]


@pytest.mark.parametrize(
    ("typed", "sends"), [("第二个", "目录"), ("第九个", ""), ("第一个和第二个", ""), ("技改", "")]
)
def test_a_place_among_offered_texts_is_what_it_sends(typed: str, sends: str) -> None:
    assert offered(typed, Session(offers=["首台套", "目录"])) == sends
