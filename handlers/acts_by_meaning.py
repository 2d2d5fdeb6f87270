"""Does what a message means, if the words leave a doubt: an act of the bot, or a fact of the clause in focus.

An act that only shows something is done at once. An act that changes something is only offered as a tap. A fact is
told only if a clause is in focus. `handlers/intent_by_meaning` says what is meant.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cached_property

from handlers.answer_cache import AnswerCache
from handlers.clause_facts.fact_lines import is_told
from handlers.clause_facts.facts import Fact
from handlers.commands import open_windows
from handlers.conversation.answering import of_focus
from handlers.conversation.follow_ups import FollowUps
from handlers.fallbacks import Fallbacks
from handlers.framework.answer import Answer
from handlers.framework.context import Context
from handlers.framework.edition import Edition
from handlers.framework.registry import Turn
from handlers.framework.session import Session
from handlers.framework.taps import taps
from handlers.intent_by_meaning.bank import Act, load_bank
from handlers.intent_by_meaning.rule import ActMeant
from handlers.parsed_message import MessageReader
from handlers.table import LAST_RESORTS, REMINDERS
from policies.search.decision import Intent

OFFERED = "act_offered"
_MOST_OFFERED = 2
_MOST_TAPS = 4


class ActsByMeaning:
    """Answers messages whose act is read by meaning.

    Args:
        context: the services.
        speech: reads the words of commands.
        answers: asks the sentence model.
        fallbacks: does what single words surely mean, and answers while the conversation is about reminders or data.
        follow_ups: says what the clause in focus does not tell.
    """

    def __init__(
        self,
        context: Context,
        speech: MessageReader,
        answers: AnswerCache,
        fallbacks: Fallbacks,
        follow_ups: FollowUps,
    ) -> None:
        self._context = context
        self._speech = speech
        self._answers = answers
        self._fallbacks = fallbacks
        self._follow_ups = follow_ups

    @cached_property
    def _acts(self) -> Mapping[str, Act]:
        return {act.name: act for act in load_bank().acts}

    @cached_property
    def _facts(self) -> Mapping[str, Fact]:
        return {fact.name: fact.tells for fact in load_bank().facts}

    async def answer(self, turn: Turn, edition: Edition) -> Answer | None:
        """Answer a doubtful message as an act or a fact. Return None if neither is meant.

        If a dialogue is under way, and it is not about reminders, it first reads the message that nothing else
        understood.
        """
        if turn.session.dialogue and LAST_RESORTS.get(turn.session.dialogue) is not REMINDERS:
            return None
        judged = await self._answers.judged(turn.inbound.text, edition)
        if judged is None or judged.act is None:
            return None
        answers = judged.decision.intent not in {Intent.NONE, Intent.MAYBE} and judged.decision.sure
        if judged.act.fact and turn.session.clause and not answers:
            told = await self._of_shown(judged.act, judged.answer, turn, edition)
            if told is not None:
                return told
        return await self._of(judged.act, turn, edition, only_sure=answers)

    async def instead(self, answer: Answer, turn: Turn) -> Answer:
        """Return the answer, or the act or fact that the whole message means if the answer names nothing known."""
        if not answer.rests_on or answer.clause_ids:
            return answer
        return await self.answer(turn, await self._answers.edition()) or answer

    async def _of_shown(self, meant: ActMeant, answer: Answer, turn: Turn, edition: Edition) -> Answer | None:
        """Tell the fact that is likely meant while a clause is in focus. Return None if another subject is named.

        A likelier act is offered beside it. If nobody wrote which papers are needed, a question about one of them
        (要不要发票) is told that the clause does not say.
        """
        if not meant.fact_is_plain and edition.index.names_a_subject(turn.inbound.text):
            return None
        if (outright := await self._fallbacks.outright(turn, in_part=False)) is not None:
            return outright
        fact = self._facts[meant.fact]
        if fact is Fact.MATERIALS and not is_told(fact, turn.session.clause, edition):
            unsaid = self._follow_ups.not_told(answer, turn, edition)
            if unsaid is not None:
                turn.session.missed = 0
                return unsaid
        told = self._told(meant.fact, turn.session, edition)
        is_act = meant.is_sure and meant.names[0] in self._acts
        return told.with_line(offered.text) if told and is_act and (offered := self._offered(meant)) else told

    async def _of(self, meant: ActMeant, turn: Turn, edition: Edition, *, only_sure: bool) -> Answer | None:
        session = turn.session
        offered = self._offered(meant)
        if not meant.names or (not meant.is_sure and (only_sure or session.clause)):
            return None
        first = meant.names[0]
        if first in self._facts:
            names_another = not turn.text.isascii() and edition.index.names_a_subject(turn.inbound.text)
            is_asked = meant.is_sure and bool(session.clause) and not names_another
            return self._told(first, session, edition) if is_asked else None
        if (outright := await self._fallbacks.outright(turn)) is not None:
            return outright
        of_area = await self._fallbacks.of_area(turn, edition)
        session.missed = 0
        if not meant.is_sure or self._acts[first].changes:
            return (
                of_area.with_line(offered.text)
                if of_area and offered and meant.is_sure
                else of_area or offered
            )
        is_of_area = of_area is not None and self._is_of_area(first, turn)
        return of_area if is_of_area else await self._done(self._acts[first].sends[0], turn)

    def _told(self, name: str, session: Session, edition: Edition) -> Answer | None:
        """Tell a fact of the clause in focus."""
        session.missed = 0
        return of_focus((self._facts[name],), session, edition, session.case)

    def _is_of_area(self, name: str, turn: Turn) -> bool:
        """Whether an act is about the topic of the conversation (reminders, data). That topic's own answer says more."""
        command = self._speech.read(self._acts[name].sends[0]).command
        area = LAST_RESORTS.get(turn.session.area)
        return command is not None and area is not None and LAST_RESORTS.get(command.name) is area

    async def _done(self, word: str, turn: Turn) -> Answer | None:
        """Do a command of the bot, as if the person had typed it."""
        speech = self._speech.read(word)
        said = replace(turn, inbound=replace(turn.inbound, text=word), text=word, rest=speech.rest)
        if speech.command is not None:
            return await speech.command.handle(said, self._context)
        edition = await self._answers.edition()
        answer = await self._answers.answer(word, edition)
        return await open_windows.for_member(said, answer, self._context)

    def _offered(self, meant: ActMeant) -> Answer | None:
        return _offered([self._acts[name] for name in meant.names if name in self._acts])


def _offered(acts: Sequence[Act]) -> Answer | None:
    """Ask in one line which of these acts is meant, with words to tap. Return None for courtesies."""
    likely = [act for act in acts if act.wish][:_MOST_OFFERED]
    if not likely or not acts[0].wish:
        return None
    ways = list(dict.fromkeys(way for act in likely for way in act.sends))[:_MOST_TAPS]
    asked = "，还是".join(act.wish for act in likely)
    asked += "吗" if len(likely) == 1 else ""
    said = f"您是想{asked}？可以点：{taps(*ways)}\n都不是的话，换个说法告诉我就行。"
    return replace(Answer.of(OFFERED, said), asked=False).offering(ways)
