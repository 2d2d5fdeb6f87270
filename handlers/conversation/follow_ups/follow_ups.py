"""Answers what a message says of the clause or the list on the screen. It runs after the commands and before the search.

A new subject wins: a follow-up names no subject, or carries the last question on (那小企业呢). The answer repeats in
half a line what was understood.
"""

import asyncio
from collections.abc import Sequence
from copy import deepcopy
from dataclasses import replace

from handlers.answer_cache import AnswerCache
from handlers.answers.contact import query_office
from handlers.clause_facts.changes import of_document
from handlers.clause_facts.documents.document_facts import ITS_FACTS, document_named, tell_document
from handlers.clause_facts.facts import BESIDE_TEXT, Fact
from handlers.clause_facts.offices import office_answer
from handlers.conversation.follow_ups.figure import (
    clause_with_figure,
    of_followed_track,
    with_another_figure,
    with_another_office,
    with_another_period,
    with_its_department,
)
from handlers.conversation.follow_ups.narrowing import narrowed
from handlers.conversation.follow_ups.numbered import QuestionAndAnswer, carries_on, composed, questions_in
from handlers.conversation.follow_ups.offices import REACHED, is_query_office, of_subject
from handlers.conversation.follow_ups.subject import carry_on, of_each
from handlers.conversation.reading.follow_up import FollowUp, FollowUpReader
from handlers.conversation.screen.answering import (
    of,
    of_focus,
    which,
    which_policy,
)
from handlers.conversation.screen.focus import look_at, places, these
from handlers.conversation.screen.lists import (
    compares_two,
    keys_of,
    moved,
    number_typed,
    of_list,
    of_named_list,
    of_screen,
    side_by_side,
)
from handlers.framework.answer import Answer
from handlers.framework.edition import Edition
from handlers.framework.registry import Turn
from handlers.framework.session import Session
from policies.library.library import Library
from policies.numbers.numerals import as_integer
from policies.search.decision import Intent
from policies.search.index import PolicyIndex
from policies.search.words.gaps import GapFiller
from policies.search.words.normalise import Simplifier, make_simplifier, normalise
from policies.windows.asked import WindowQuestion, read_window_question

_TOLD_OF_ALL = 3
"""With up to this many clauses on the screen, a fact is told of each. With more, the bot asks which one."""
_LONGEST_BESIDE_PLACE = 8
"""Longest text beside a place in a list (第二个打开看看). A longer one tells a situation (做到全国前三，想再冲一冲)."""
_ITS_FORM = frozenset({Fact.MATERIALS, Fact.ENTRY})
"""The answer of the query office holds its form and the download address (申请表哪下)."""


class FollowUps:
    """Reads and answers follow-ups over the current library. Before each message the caller awaits `prepare`."""

    def __init__(self, answers: AnswerCache) -> None:
        """Args:
        answers: judges what is found by words that leave a doubt.
        """
        self._answers = answers
        self._simplify = make_simplifier()
        self._library: Library | None = None
        self._reader: FollowUpReader | None = None
        self._gaps: GapFiller | None = None
        self._preparing = asyncio.Lock()

    async def prepare(self, index: PolicyIndex) -> None:
        """Make the reader of the current library in a thread. 20,000 clauses would block the loop for half a second."""
        if self._library is index.library:
            return
        async with self._preparing:
            if self._library is not index.library:
                reader, gaps = await asyncio.to_thread(_readers_of, index, self._simplify)
                self._library, self._reader, self._gaps = index.library, reader, gaps

    async def answer(self, turn: Turn, edition: Edition) -> Answer | None:
        """Answer a follow-up. Return None if the message is a question of its own."""
        questions = questions_in(turn.inbound.text)
        if questions and carries_on(questions, edition.index):
            return await self._each(questions, turn, edition)
        return await self._answers.confirmed(self._answer(turn, edition), edition)

    async def _each(self, questions: Sequence[str], turn: Turn, edition: Edition) -> Answer | None:
        """Answer the questions in order; each sees the session that the one before left. Return None if all fail."""
        session = deepcopy(turn.session)
        told = []
        for question in questions:
            asked = Turn(replace(turn.inbound, text=question), session, text=question)
            said = await self._answers.confirmed(self._answer(asked, edition), edition)
            answer = said or await self._answers.answer(question, edition)
            session.asked = question
            look_at(answer, session)
            told.append(
                QuestionAndAnswer(question, answer if answer.clause_ids else None, of_library=said is None)
            )
        return composed(told, edition) if any(one.answer for one in told) else None

    def _answer(self, turn: Turn, edition: Edition) -> Answer | None:
        session = turn.session
        if (place := number_typed(turn)) and (picked := of_list(place, session, edition)) is not None:
            return picked
        if (told := narrowed(turn, edition) or self._of_window(turn, edition)) is not None:
            return told
        said = self.read(turn.inbound.text)
        if said is None:
            return None
        if (
            ITS_FACTS.intersection(said.facts)
            and (whole := document_named(turn.inbound.text, edition)) is not None
        ):
            return tell_document(whole, edition)
        if said.compare or len(said.clauses) > 1:
            return self._of_several(said, turn, edition)
        if said.more or said.list_again or said.denied:
            return of_screen(said, session, edition)
        if said.rest:
            told = self._with_subject(said, turn, edition)
            says_more = len(said.rest) > _LONGEST_BESIDE_PLACE or edition.index.names_a_subject(said.rest)
            return told if told or says_more or not said.places else moved(said, session, edition)
        if said.clauses:
            return self._of_numbers(said, turn, edition)
        if said.moves:
            return moved(said, session, edition)
        return self._on_screen(said, session, edition)

    def _of_several(self, said: FollowUp, turn: Turn, edition: Edition) -> Answer | None:
        """Compare clauses, or tell a fact of each that is named by its number (27和28归一个部门管吗)."""
        if len(said.clauses) > 1 and BESIDE_TEXT.intersection(said.facts):
            return of(keys_of(said.clauses, edition), said.facts, edition)
        if said.compare or Fact.AMOUNT in said.facts:
            both_named = said.rest and compares_two(turn.inbound.text, edition)
            return None if both_named else side_by_side(said, turn.session, edition)
        told = self._with_subject if said.rest else self._of_numbers
        return told(said, turn, edition)

    def asked_anew(self, turn: Turn, edition: Edition) -> str:
        """Return the last question with the new figure, department or period (5000万呢, 发改的呢), or the question with the
        name that it half remembers (孵什么器); "" if there is none.
        """
        said = self.read(turn.inbound.text)
        return (
            clause_with_figure(turn, edition.index)
            or with_another_figure(turn)
            or with_its_department(turn, edition.index)
            or with_another_office(turn, said, edition.index)
            or of_followed_track(turn, said, edition.index)
            or with_another_period(turn, edition.today, self._simplify)
            or (self._gaps.filled(turn.inbound.text) if self._gaps is not None else "")
        )

    def read(self, text: str) -> FollowUp | None:
        """Take a message apart. Return None if it says nothing of the screen."""
        return self._reader.read(text) if self._reader is not None else None

    def _window_question(self, turn: Turn, edition: Edition) -> WindowQuestion | None:
        """Return the question about application windows that a message asks. It is answered without the search."""
        return read_window_question(normalise(turn.inbound.text, self._simplify), edition.today)

    def _of_window(self, turn: Turn, edition: Edition) -> Answer | None:
        """Say when the shown clause opens and closes, if the question names no subject (报到几号为止)."""
        shown = [turn.session.clause] if turn.session.clause else places(turn.session)
        if not 0 < len(shown) <= _TOLD_OF_ALL:
            return None
        asked = self._window_question(turn, edition)
        return of(shown, (Fact.TIME,), edition) if asked is not None and asked.may_mean_one else None

    def _of_numbers(self, said: FollowUp, turn: Turn, edition: Edition) -> Answer | None:
        """Tell facts of clauses by their numbers. A fact in the text is told if the search reads no number (29条补多少)."""
        facts: Sequence[Fact] = [fact for fact in said.facts if fact in BESIDE_TEXT]
        if facts == [Fact.TIME] and self._window_question(turn, edition):
            return None
        if not facts and edition.index.decide(turn.inbound.text).intent is Intent.NONE:
            facts = said.facts
        return of(keys_of(said.clauses, edition), facts, edition) if facts else None

    def _on_screen(self, said: FollowUp, session: Session, edition: Edition) -> Answer | None:
        """Tell facts of what is on the screen, or show the clause itself."""
        if said.together and (several := these(said.together, session)):
            return of(several, said.facts or (Fact.WHOLE,), edition)
        facts = said.facts or ((Fact.WHOLE,) if said.pointer else ())
        if not facts or (facts == (Fact.TIME,) and said.lists):
            return None
        if session.clause:
            return of_focus(facts, session, edition, session.case)
        if session.office and is_query_office(session.office, edition) and Fact.HOURS not in facts:
            return query_office(edition.index) if _ITS_FORM.intersection(facts) else None
        if session.office and REACHED.intersection(facts):
            return office_answer(session.office.split("、"), facts, edition)
        on_screen = places(session)
        if not on_screen:
            if said.pointer and REACHED.intersection(facts):
                return which_policy(
                    edition, said.asked
                )  # 它的电话 with nothing shown asks for no office of ours
            return of_document(edition) if facts == (Fact.CHANGES,) else None
        if len(on_screen) <= _TOLD_OF_ALL:
            return of(on_screen, facts, edition)
        return which(on_screen, said.asked, edition)

    def _with_subject(self, said: FollowUp, turn: Turn, edition: Edition) -> Answer | None:
        """Answer a message with a subject: a fact of it, or the last question carried on to it."""
        session, index = turn.session, edition.index
        offices = index.departments_named(said.rest)
        if is_query_office(said.rest, edition) or (said.goes_on and compares_two(turn.inbound.text, edition)):
            return None
        if offices and REACHED.intersection(said.facts):
            return office_answer(offices, said.facts, edition)
        if (of_all := of_each(said, turn.text, edition) or of_named_list(said, edition)) is not None:
            return of_all
        facts = [fact for fact in said.facts if fact in BESIDE_TEXT]
        if said.goes_on and not facts and self._window_question(turn, edition):
            return None
        if said.goes_on and not facts and (session.clause or session.named):
            before = self.read(session.asked) if session.asked else None
            return carry_on(said, before, session, edition)
        if not facts or (facts == [Fact.MATERIALS] and not said.goes_on):
            return None
        if facts == [Fact.TIME] and not said.goes_on and self._window_question(turn, edition):
            return None
        return of_subject(said, facts, turn, edition)


def _readers_of(index: PolicyIndex, simplify: Simplifier) -> tuple[FollowUpReader, GapFiller]:
    names = [track.name for track in index.tracks.tracks]
    for policy in index.library.policies:
        names += (policy.title, *policy.keywords)
    document = index.library.default_document
    numbers = {as_integer(one.label) for one in document.policies} if document else ()
    return FollowUpReader(names, numbers, simplify), GapFiller(names)
