"""Answers each message and event from WeChat. It holds the order in which a message is tried.

The search decides the intent of a question (`policies.search.index.PolicyIndex.decide`), and also whether it is out
of scope (`policies/search/scope.py`). `handlers.table` says which handler answers an intent.
"""

from dataclasses import replace

from handlers.acts_by_meaning import ActsByMeaning
from handlers.answer_cache import AnswerCache
from handlers.answers.courtesies import media
from handlers.answers.english_shorts import in_short
from handlers.answers_by_meaning import WordsDecide
from handlers.application_windows.open_now import OPEN_WINDOWS
from handlers.commands import handoff, open_windows, undoing
from handlers.commands.my_subscriptions import MY_SUBSCRIPTIONS
from handlers.commands.paging import first_part
from handlers.commands.settings import pushing, quieting
from handlers.commands.settings.preferences import preferences
from handlers.commands.subscribing import unsubscribe
from handlers.conversation import english
from handlers.conversation.focus import look_at, note_case, offered
from handlers.conversation.follow_ups import FollowUps
from handlers.conversation.no_answer import declined_in_english, is_unsure
from handlers.events import other_events
from handlers.fallbacks import ASKED_KEPT, Fallbacks
from handlers.framework import sounds_like
from handlers.framework.answer import Answer
from handlers.framework.context import Context
from handlers.framework.edition import Edition
from handlers.framework.list_pages import put_on_screen
from handlers.framework.phrases import cancels
from handlers.framework.registry import FreeText, Turn
from handlers.framework.session import Session
from handlers.meaning_budget import MeaningBudget
from handlers.parsed_message import MessageReader, ParsedMessage
from handlers.reminder_requests.fulfilling import grant
from handlers.reminder_requests.reading import TrackWish, WishReader
from handlers.several_needs import SeveralNeeds
from handlers.table import LAST_RESORTS, NOTHING_DONE, Table
from policies.library.models import TrackList
from policies.search.decision import Intent
from wechat.push.messages import Inbound
from wechat.replies import Text
from wechat.texts import escape_typed

_HEARD_SHOWN = 60
_OFFERS_KEPT = 99
"""A place in a list has two digits at most."""
_TALK_KEPT = 6
_TALK_SHOWN = 40


class Router:
    """Answers one message. Between messages it keeps nothing but the caller's session.

    The order: an event → words that leave, and the dialogue under way → a command → fewer or more messages, settings,
    tracks → the person who has taken over → English → a free text that is sure → what is on the screen → other free
    texts → an act or a fact by meaning, and what the library says.
    """

    def __init__(
        self,
        context: Context,
        words_decide: WordsDecide | None = None,
        budget: MeaningBudget | None = None,
    ) -> None:
        self.context = context
        self.table = Table()
        self._answers = AnswerCache(context, words_decide, budget)
        self._follow_ups = FollowUps(self._answers)
        self._several = SeveralNeeds(context, self._answers)
        self._speech = MessageReader(self.table, context.public_url)
        self._fallbacks = Fallbacks(context, self.table, self._speech, self._answers, self._follow_ups)
        self._acts = ActsByMeaning(context, self._speech, self._answers, self._fallbacks, self._follow_ups)
        self._tracks: TrackList | None = None
        self._wishes = WishReader(())

    async def respond(self, inbound: Inbound, session: Session) -> Answer:
        """Answer a message. The text fits into one WeChat message; the session keeps the rest.

        Args:
            inbound: the message or event.
            session: changed in place. The caller stores it.
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
        speech = self._speech.read(inbound.text)
        said = inbound if speech.said == inbound.text else replace(inbound, text=speech.said)
        turn = Turn(said, session, text=speech.text, lead=speech.lead)
        clause = session.clause
        answer = await self._message(turn, speech)
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

    async def _message(self, turn: Turn, speech: ParsedMessage) -> Answer:
        answer = await self._under_way(turn, leaving=speech.leaves)
        if answer is not None:
            return answer
        waits = await handoff.is_waiting(turn, self.context)
        meant = handoff.asked_meanwhile(turn, self.context) if waits else turn
        answer = await self._command(meant, speech, waits=waits)
        if answer is None and waits and (passed := await handoff.pass_on(turn, meant, self.context)):
            return passed
        if answer is None:
            answer = await (self._english(meant) if speech.is_english else self._question(meant))
        if answer.intent != handoff.PERSON:  # a telephone number may stand in it
            self._remember(turn, answer)
            if waits:
                await handoff.note(turn, answer, self.context)
                answer = handoff.beside(answer)
        return answer

    async def _command(self, turn: Turn, speech: ParsedMessage, *, waits: bool) -> Answer | None:
        """Do a command or a reminder request. Return None for every other message."""
        command, rest = speech.command, speech.rest
        for_person = waits and command is not None and command.is_for_person and not turn.inbound.by_menu_tap
        if command is not None and not for_person:
            answer = await command.handle(Turn(turn.inbound, turn.session, turn.text, rest), self.context)
            return await self._acts.instead(answer, turn)
        if speech.wish is not None:
            return await quieting.quiet(turn, self.context, speech.wish)
        if speech.is_setting:
            return await preferences(replace(turn, rest=turn.text), self.context)
        wishes = self._wishes_of(turn)
        if wishes and (granted := await grant(turn, self.context, wishes)) is not None:
            return await self._acts.instead(granted, turn)
        if speech.closing_wish is not None:
            return await quieting.quiet(turn, self.context, speech.closing_wish)
        return None

    async def _under_way(self, turn: Turn, *, leaving: bool) -> Answer | None:
        """Give the message to the dialogue or handoff under way. Return None if it is meant for neither."""
        session = turn.session
        dialogue = self.table.dialogues.get(session.dialogue)
        if dialogue is not None:
            if leaving:
                session.leave_dialogue()
                return Answer.of("cancel", "好的，已取消。还想了解什么，直接问我就行。")
            answer = await dialogue.handle(turn, self.context)
            if answer is not None:
                return answer
        if not leaving:
            return None
        if await handoff.is_waiting(turn, self.context):
            return await handoff.end(turn, self.context)
        if session.area == MY_SUBSCRIPTIONS and cancels(turn.text):
            return await unsubscribe(replace(turn, rest=""), self.context)
        if (undo := undoing.offer(turn, self.context)) is not None:
            return undo
        return Answer.of(
            "cancel",
            f"好的，{NOTHING_DONE.get(session.area, '现在没有正在办理的事')}。还想了解什么，直接问我就行。",
        )

    async def _english(self, turn: Turn) -> Answer:
        """Answer an English message by the Chinese words that it means."""
        word = english.act_meant(turn.text)
        if word:
            meant = self._speech.read(word)
            if meant.command is not None:
                return await meant.command.handle(replace(turn, text=word, rest=meant.rest), self.context)
            if meant.wish is not None:
                return await quieting.quiet(turn, self.context, meant.wish)
            if meant.is_setting:
                return await preferences(replace(turn, text=word, rest=word), self.context)
        typed, question = turn.text, english.question_meant(turn.text)
        if question:
            turn = turn.saying(question)
        answer = await self._question(turn)
        if answer.gap and english.is_sentence(typed):
            return declined_in_english(answer, self.context.knowledge.index.library)
        return answer.with_line(english.NOTE) if question else answer

    async def _question(self, turn: Turn) -> Answer:
        """Answer a question: from what is on the screen, else from the whole library."""
        session, text = turn.session, turn.inbound.text
        free, said = self._free_text(text)
        if free is not None and free.is_sure(said):
            session.asked = text[:ASKED_KEPT]
            return await free.handle(turn, self.context, said)
        edition = await self._answers.edition()
        await self._follow_ups.prepare(edition.index)
        if again := self._follow_ups.asked_anew(turn, edition):
            turn, text = turn.saying(again), again
            free, said = self._free_text(text)
            answer = None
        else:
            answer = await self._follow_ups.answer(turn, edition)
            answer = answer and await self._acts.instead(answer, turn)
        if answer is None:
            return await self._of_library(turn, free, said, edition)
        session.missed = 0
        return answer

    async def _of_library(self, turn: Turn, free: FreeText | None, said: object, edition: Edition) -> Answer:
        """Answer from the library what is not asked of the screen, or do what else the message may mean.

        `free` is the row of free texts that may fit the message, and `said` is what it read.
        """
        session, text = turn.session, turn.inbound.text
        if free is None:
            otherwise = await self._acts.answer(turn, edition)
            otherwise = otherwise or await self._fallbacks.by_words(turn, edition)
            if otherwise is not None:
                return otherwise
        answer = await self._answers.answer(text, edition)
        told_by_library = answer.intent == OPEN_WINDOWS or (
            free is not None and free.yields(text) and not session.clause and not is_unsure(answer)
        )
        if free is not None and not told_by_library:
            session.asked = text[:ASKED_KEPT]
            return await free.handle(turn, self.context, said)
        answer = await self._several.answer(text, answer, edition) or answer
        answer = self._follow_ups.instead(answer, turn, edition)
        if answer.windows is not None:
            answer = await open_windows.for_member(turn, answer, self.context)
        if is_unsure(answer):
            unread = await self._not_read(turn, answer)
            return unread or await self._fallbacks.answer(turn, answer, edition)
        session.asked = text[:ASKED_KEPT] if answer.asked else ""
        if answer.listing is not None:
            put_on_screen(answer.listing, session)
        if answer.asked:
            self.context.questions.answered(text)
        session.missed = 0
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

    def _wishes_of(self, turn: Turn) -> tuple[TrackWish, ...]:
        """Return the subjects whose reminders the writer wants or no longer wants, in other words than a command."""
        tracks = self.context.knowledge.index.tracks
        if tracks is not self._tracks:
            self._tracks, self._wishes = tracks, WishReader(tracks.tracks)
        return self._wishes.read(turn.text)

    def _free_text(self, text: str) -> tuple[FreeText | None, object]:
        """Return the row of free texts that fits a message, and what it read."""
        for row in self.table.free_texts:
            said = row.reads(text, self.context)
            if said is not None:
                return row, said
        return None, None

    async def _not_read(self, turn: Turn, answer: Answer) -> Answer | None:
        """Give the dialogue under way a message that nothing has understood."""
        dialogue = self.table.dialogues.get(turn.session.dialogue)
        if dialogue is None or dialogue.not_read is None or sounds_like.meant(turn.text, self.table.by_sound):
            return None
        understood = not answer.gap and answer.intent != Intent.AMOUNT
        return None if understood else await dialogue.not_read(turn, self.context)

    def _remember(self, turn: Turn, answer: Answer) -> None:
        """Keep the last messages and the shown clause, for an operator who takes over."""
        said, shown = turn.inbound.text[:_TALK_SHOWN], answer.clause_ids
        if len(shown) == 1:
            said = f"{said}（{self.context.knowledge.index.library.name_of(shown[0])}）"
        turn.session.talk = [*turn.session.talk, said][-_TALK_KEPT:]
