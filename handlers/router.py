"""Answers each message and event from WeChat: one loop over `handlers.order`, and what stands around it.

Around it: what was offered and is pointed at, the focus and the topic that the session keeps, the talk that an operator
sees later, lines under the answer, and the cut into messages that WeChat takes.
"""

from dataclasses import replace
from typing import NamedTuple

from handlers.answer_cache import AnswerCache
from handlers.answers.courtesies import media
from handlers.answers.english_shorts import in_short
from handlers.answers_by_meaning import WordsDecide
from handlers.commands import handoff
from handlers.commands.paging import first_part
from handlers.commands.settings import pushing
from handlers.conversation.english import chinese_words
from handlers.conversation.fallbacks.no_answer import declined_in_english
from handlers.conversation.follow_ups.follow_ups import FollowUps
from handlers.conversation.screen.focus import look_at, note_case, offered
from handlers.events import other_events
from handlers.framework.answer import Answer
from handlers.framework.context import Context
from handlers.framework.registry import Turn
from handlers.framework.session import Session
from handlers.meaning_budget import MeaningBudget
from handlers.order import ORDER
from handlers.parsed_message import MessageReader, ParsedMessage
from handlers.steps.step import Part, Step
from handlers.steps.tools import Tools
from handlers.steps.walk import Walk
from handlers.table import LAST_RESORTS, Table
from wechat.push.messages import Inbound
from wechat.replies import Text
from wechat.texts import escape_typed


class StepTried(NamedTuple):
    """A step in which a message was tried. `answer` is the step's answer; the last one is given, an earlier one kept."""

    part: Part
    step: Step
    answer: Answer | None


Tried = list[StepTried]
"""The steps in which a message was tried, in order."""
_HEARD_SHOWN = 60
_OFFERS_KEPT = 99
"""A place in a list has two digits at most."""
_TALK_KEPT = 6
_TALK_SHOWN = 40


class Router:
    """Answers one message. Between messages it keeps nothing but the caller's session."""

    def __init__(
        self,
        context: Context,
        words_decide: WordsDecide | None = None,
        budget: MeaningBudget | None = None,
    ) -> None:
        self.context = context
        self.table = Table()
        answers = AnswerCache(context, words_decide, budget)
        reader = MessageReader(self.table, context.public_url)
        self._tools = Tools(context, self.table, reader, answers, FollowUps(answers))

    async def respond(self, inbound: Inbound, session: Session, tried: Tried | None = None) -> Answer:
        """Answer a message. The text fits into one WeChat message; the session keeps the rest.

        Args:
            inbound: the message or event.
            session: changed in place. The caller stores it.
            tried: gets the steps that are tried. The last one answers.
        """
        if inbound.kind == "event":
            answer = await self._event(inbound, session)
            notice = await pushing.paused_notice(Turn(inbound, session), self.context, answer)
            return first_part(answer.with_line(notice), session)
        if inbound.kind not in {"text", "voice"} or not inbound.text.strip() or media.stands_in(inbound.text):
            return media.answer(inbound, self.context.knowledge.index)
        heard = inbound.text
        if session.offers and (picked := offered(inbound.text, session)):
            inbound = replace(inbound, text=picked)
        speech = self._tools.reader.read(inbound.text)
        said = inbound if speech.said == inbound.text else replace(inbound, text=speech.said)
        turn = Turn(said, session, text=speech.text, lead=speech.lead)
        clause = session.clause
        answer = await self._message(turn, speech, tried)
        if speech.is_english:
            answer = answer.with_line(in_short(answer.text))
        look_at(answer, session)
        note_case(answer, said.text, clause, session)
        self._keep_area(answer, session)
        if inbound.kind == "voice":
            answer = answer.with_line(f"（语音识别为：{escape_typed(heard[:_HEARD_SHOWN])}）")
        for postscript in self.table.postscripts:
            if line := await postscript(turn, self.context, answer):
                answer = answer.with_line(line)
        return first_part(answer, session)

    async def _event(self, inbound: Inbound, session: Session) -> Answer:
        turn = Turn(inbound, session)
        if inbound.event == "click":
            command = self.table.by_menu_key.get(inbound.key)
            answer = await (command.handle if command else other_events.unknown_key)(turn, self.context)
            look_at(answer, session)
            self._keep_area(answer, session)
            return answer
        rows = self.table.events.get(inbound.event, ())
        answers = [await row.handle(turn, self.context) for row in rows]
        text = "\n\n".join(answer.text for answer in answers if answer.text)
        session.offers = [sends for answer in answers for sends in answer.offers]
        is_known = rows or inbound.event in other_events.NOTHING_TO_DO
        intent = inbound.event if is_known else other_events.UNKNOWN
        return Answer(intent, Text(text) if text and inbound.awaits_answer else None)

    async def _message(self, turn: Turn, speech: ParsedMessage, tried: Tried | None) -> Answer:
        walk = Walk(self._tools, turn, speech)
        part, answer = await _walked(walk, tried)
        if walk.english:
            answer = _in_english(answer, walk)
        if part.noted and answer.intent != handoff.PERSON:  # a telephone number may stand in it
            self._remember(turn, answer)
            if walk.waits:
                await handoff.note(turn, answer, self.context)
                answer = handoff.beside(answer)
        return answer

    def _keep_area(self, answer: Answer, session: Session) -> None:
        """Remember what is offered, and the topic of the conversation (reminders, data, a company).

        An answer with clauses ends the topic.
        """
        session.offers = [] if len(answer.counted) > 1 else list(answer.offers[:_OFFERS_KEPT])
        if answer.intent in LAST_RESORTS:
            session.area = answer.intent
        elif answer.clause_ids:
            session.area = ""

    def _remember(self, turn: Turn, answer: Answer) -> None:
        """Keep the last messages and the shown clause, for an operator who takes over."""
        said, shown = turn.inbound.text[:_TALK_SHOWN], answer.clause_ids
        if len(shown) == 1:
            said = f"{said}（{self.context.knowledge.index.library.name_of(shown[0])}）"
        turn.session.talk = [*turn.session.talk, said][-_TALK_KEPT:]


async def _walked(walk: Walk, tried: Tried | None) -> tuple[Part, Answer]:
    """Go through the order. Return the first answer, and the part that it is from.

    Raises:
        LookupError: no step answers, not even the last one, which always does.
    """
    for part in ORDER:
        if not part.when.holds(walk) or (part.once and part in walk.tried):
            continue
        if part.once:
            walk.tried.add(part)
        for step in part.steps:
            answer = await step.answer(walk)
            if tried is not None:
                tried.append(StepTried(part, step, answer))
            if answer is None:
                continue
            if step.ends_misses:
                walk.turn.session.missed = 0
            if not (step.yields and answer.rests_on and not answer.clause_ids):
                return part, answer
            walk.kept = answer
            break
    raise LookupError("no step answers the message")


def _in_english(answer: Answer, walk: Walk) -> Answer:
    """Add a note in English, or decline in English."""
    if answer.gap and chinese_words.is_sentence(walk.english):
        return declined_in_english(answer, walk.tools.context.knowledge.index.library)
    return answer.with_line(chinese_words.NOTE) if walk.in_chinese else answer
