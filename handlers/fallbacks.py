"""Finds other meanings of a question before it is declined: the search found nothing, is unsure, or asks back.

The order: a mistyped command, a command in one part, a command in single words; what the last command was about
(reminders, data); the question in other words, or with a name spelt by sound; its subject alone; the clause in focus;
another place; a part about what is on the screen. A message that names no subject is not a question to the library.
"""

import re
from dataclasses import replace

from handlers.answer_cache import AnswerCache
from handlers.clause_facts.other_places import of_named_level, of_other_place
from handlers.commands import open_windows, undoing
from handlers.commands.settings import quieting
from handlers.commands.settings.preferences import preferences
from handlers.commands.settings.quiet_keywords import WAYS, said_in_single_words
from handlers.conversation.by_parts import in_other_words, parts_of
from handlers.conversation.by_section import of_sections
from handlers.conversation.focus import places
from handlers.conversation.follow_ups import FollowUps
from handlers.conversation.no_answer import by_sign, decline, is_unsure, names_no_matter, not_understood
from handlers.framework.answer import Answer
from handlers.framework.context import Context
from handlers.framework.edition import Edition
from handlers.framework.list_pages import put_on_screen
from handlers.framework.phrases import asks_a_sum, asks_outright, main_subject
from handlers.framework.registry import Turn
from handlers.framework.sounds_like import NamesBySound, meant
from handlers.parsed_message import MessageReader
from handlers.several_needs import parts_of_needs
from handlers.table import LAST_RESORTS, REMINDERS, Table
from policies.search.decision import Intent
from policies.search.index import PolicyIndex
from policies.search.words.text_terms import is_noun

ASKED_KEPT = 200
"""Characters of the last question that the session keeps."""
_LONGEST_ASIDE = 14
"""Longest message that may be about the conversation. A longer one tells a situation, which the sentence model reads."""
_SHORT_ASIDE = 10
"""A message up to this length is more likely about the clause in focus than about one of several others."""

_BARE_WORD = 6
_LEVEL = re.compile(r"^(?:省|市|区|县)")


def _is_bare_word(text: str) -> bool:
    """Whether a message is only a word or two (厂房)."""
    return len(text) <= _BARE_WORD and is_noun(text)


class Fallbacks:
    """Answers messages that the search is unsure of."""

    def __init__(
        self,
        context: Context,
        table: Table,
        speech: MessageReader,
        answers: AnswerCache,
        follow_ups: FollowUps,
    ) -> None:
        self._context = context
        self._table = table
        self._speech = speech
        self._answers = answers
        self._follow_ups = follow_ups
        self._index: PolicyIndex | None = None
        self._names = NamesBySound(())

    async def answer(self, turn: Turn, answer: Answer, edition: Edition) -> Answer:
        """Answer a message that the search is unsure of.

        Args:
            turn: the message.
            answer: what the search says.
            edition: what answers are made of.
        """
        session, text = turn.session, turn.inbound.text
        found = await self.otherwise(turn, answer, edition) or await self._not_understood(
            turn, answer, edition
        )
        if found is not None:
            return found
        session.asked = text[:ASKED_KEPT]
        if answer.listing is not None:
            put_on_screen(answer.listing, session)
        if not answer.gap:
            self._context.questions.answered(text)
            return answer
        await self._context.questions.record(text, "declined")
        return decline(answer, text, session, edition)

    async def by_words(self, turn: Turn, edition: Edition) -> Answer | None:
        """Try the conversation's readings of a short message before the sentence model is asked.

        The model knows only clauses, so it would offer clauses for 这钱跟谁要 or 怎么老给我推这些. Return None if the
        model is to be asked, or is not needed.
        """
        text = turn.inbound.text
        of_sum = not turn.session.clause and asks_a_sum(text)
        if of_sum or len(text) > _LONGEST_ASIDE or len(parts_of_needs(text).texts) > 1:
            return None
        answer = await self._answers.in_doubt(text, edition)
        if answer is None or not is_unsure(answer):
            return None
        if turn.session.dialogue:  # it is asked first what it makes of an unread message
            return await self.of_area(turn, edition)
        found, session = await self.otherwise(turn, answer, edition), turn.session
        if found is None and (
            session.clause or session.named or session.area
        ):  # else the model may know (这个政策管几年)
            return await self._not_understood(turn, answer, edition)
        return found

    async def otherwise(self, turn: Turn, answer: Answer, edition: Edition) -> Answer | None:
        """Find another meaning of a message that the search is unsure of. Return None if only the search is left."""
        found = await self.outright(turn, in_part=answer.gap) or await self.of_area(turn, edition)
        if found is not None:
            return found
        found = (
            self._of_sections(turn, answer, edition)
            or await self._in_other_words(turn, answer, edition)
            or await self._by_sound(turn, answer, edition)
            or await self._of_subject(turn, answer, edition)
            or self._rescued(turn, answer, edition)
            or await self._follow_up_in_part(turn, answer, edition)
        )
        if found is not None:
            turn.session.missed = 0
            return found
        return await self._of_no_subject(turn, answer, edition)

    async def outright(self, turn: Turn, *, in_part: bool = True) -> Answer | None:
        """Answer the message as a command or a reminder request in unusual words. With `in_part`, one part is enough."""
        return (
            await self._command_by_sound(turn)
            or (await self._command_in_part(turn) if in_part else None)
            or await self._reminders_in_single_words(turn)
            or self._undo_by_sign(turn)
        )

    async def _of_no_subject(self, turn: Turn, answer: Answer, edition: Edition) -> Answer | None:
        """Answer a message that names no subject: about reminders, or about the clause in focus."""
        session, text = turn.session, turn.inbound.text
        asks_which = answer.offers and not answer.clause_ids and not edition.index.names_a_subject(text)
        if quieting.speaks_of_reminders(text) and (asks_which or names_no_matter(text, answer, edition)):
            return await quieting.about_reminders(turn, self._context)
        if (told := self._follow_ups.not_told(answer, turn, edition)) is not None:
            session.missed = 0
            if answer.gap:
                await self._context.questions.record(text, "declined")
        return told

    async def _not_understood(self, turn: Turn, answer: Answer, edition: Edition) -> Answer | None:
        """Say that the message was not understood, if it names no subject and nothing else is known of it."""
        if not names_no_matter(turn.inbound.text, answer, edition):
            return None
        return await self._by_sign(turn, edition) or not_understood(turn.session, edition)

    async def _command_by_sound(self, turn: Turn) -> Answer | None:
        word = meant(turn.text, self._table.by_sound)
        command, rest = self._speech.command(word) if word else (None, "")
        if command is None:
            return None
        return await command.handle(replace(turn, text=word, rest=rest), self._context)

    async def of_area(self, turn: Turn, edition: Edition) -> Answer | None:
        """Answer a question about what the last command was about (reminders, data), while no clause is in focus.

        A message that names another subject or a place, or is only one word, gets its usual answer.
        """
        area, index, text = LAST_RESORTS.get(turn.session.area), edition.index, turn.text
        if area is None or turn.session.clause:
            return None
        of_something = index.names_a_subject(text) or bool(index.place_named(text)) or asks_a_sum(text)
        if not area.speaks_of(text) and (of_something or _is_bare_word(text)):
            return None
        return await area.answer(turn, self._context)

    def _of_sections(self, turn: Turn, answer: Answer, edition: Edition) -> Answer | None:
        """List the parts of documents that have the name of a wide subject."""
        listed = of_sections(turn.text, edition) if answer.gap else None
        if listed is not None and listed.listing is not None:
            put_on_screen(listed.listing, turn.session)
        return listed

    async def _in_other_words(self, turn: Turn, answer: Answer, edition: Edition) -> Answer | None:
        """Answer the message without what it says of the writer, and with English words in Chinese."""
        said = "" if answer.clause_ids else in_other_words(turn.inbound.text)
        return await self._sure(turn.saying(said), edition) if said else None

    async def _by_sound(self, turn: Turn, answer: Answer, edition: Edition) -> Answer | None:
        """Answer with the department or track whose name is spelt by its sound (人设局管哪些)."""
        if not answer.gap:
            return None
        if self._index is not edition.index:
            self._index = edition.index
            offices = (_LEVEL.sub("", one.name) for one in edition.index.departments)
            self._names = NamesBySound((*offices, *(one.name for one in edition.index.tracks.tracks)))
        spelled = self._names.spelled(turn.inbound.text)
        return await self._sure(turn.saying(spelled), edition) if spelled else None

    async def _sure(self, turn: Turn, edition: Edition) -> Answer | None:
        """Answer what other words of the message surely mean."""
        answer = await self._follow_ups.answer(turn, edition)
        if answer is not None:
            return answer
        answer = await self._answers.answer(turn.inbound.text, edition)
        if is_unsure(answer):
            return None
        turn.session.asked = turn.inbound.text[:ASKED_KEPT]
        return await open_windows.for_member(turn, answer, self._context)

    async def _of_subject(self, turn: Turn, answer: Answer, edition: Edition) -> Answer | None:
        """Answer for the subject named in passing (还有用地那个), or beside what is asked of it (先投后股是啥意思)."""
        in_passing = main_subject(turn.text) if answer.gap else ""
        core = in_passing or (self._follow_ups.subject_asked(turn) if answer.gap else "")
        if not core:
            return None
        of_core = await self._answers.answer(core, edition)
        if not in_passing and (is_unsure(of_core) or turn.session.clause in of_core.clause_ids):
            return None
        if not of_core.clause_ids or of_core.intent in {Intent.AMOUNT, Intent.MAYBE}:
            return None
        turn.session.asked = core
        return of_core

    def _rescued(self, turn: Turn, answer: Answer, edition: Edition) -> Answer | None:
        """Answer from the clause in focus, or answer a question about another place."""
        if (shown := self._follow_ups.of_shown(turn, edition)) is not None:
            return shown
        if (best := self._follow_ups.of_screen_best(turn, answer, edition)) is not None:
            return best
        if (answer.gap or not answer.clause_ids) and (
            elsewhere := of_other_place(turn.text, edition)
        ) is not None:
            return elsewhere
        others = bool(answer.clause_ids) and turn.session.clause not in answer.clause_ids
        if others and answer.intent == Intent.MAYBE:  # what the search half understands is a new subject
            return None
        outright = others and len(turn.text) > _SHORT_ASIDE
        rescued = self._follow_ups.rescue(turn, edition, self._answers.elsewhere(edition), outright=outright)
        if rescued is not None or answer.clause_ids:
            return rescued
        return of_named_level(turn.text, edition)

    async def _command_in_part(self, turn: Turn) -> Answer | None:
        """Do the part that is a command or a request for fewer messages, if the other parts ask nothing."""
        for part in parts_of(turn.text):
            if asks_outright(turn.text.replace(part, "", 1)):
                continue
            speech = self._speech.read(part)
            if speech.wish is not None:
                return await quieting.quiet(turn, self._context, speech.wish)
            if speech.command is not None and not speech.command.courtesy:
                return await speech.command.handle(replace(turn, text=part, rest=speech.rest), self._context)
        return None

    async def _reminders_in_single_words(self, turn: Turn) -> Answer | None:
        """Read single words as a request for fewer messages, if messages are the topic or are stopped."""
        meant = said_in_single_words(turn.text)
        if not meant:
            return None
        is_meant = LAST_RESORTS.get(turn.session.area) is REMINDERS or quieting.speaks_of_reminders(turn.text)
        is_meant |= (
            meant in {WAYS["weekly"], WAYS["daily"], WAYS["night"], WAYS["weekends"]}
            and quieting.OF_SENDING.search(turn.text) is not None
        )
        if not is_meant and not (meant == WAYS["resume"] and await quieting.is_paused(turn, self._context)):
            return None
        wish = self._speech.read(meant).wish
        if wish is not None:
            return await quieting.quiet(turn, self._context, wish)
        return await preferences(replace(turn, text=meant, rest=meant), self._context)

    def _undo_by_sign(self, turn: Turn) -> Answer | None:
        """Offer to undo the last act, if the writer regrets it in other words than a command (手抖了 弄回来)."""
        of_act = (
            undoing.regrets(turn.text)
            and not turn.session.clause
            and LAST_RESORTS.get(turn.session.area) is REMINDERS
        )
        return undoing.offer(turn, self._context) if of_act else None

    async def _by_sign(self, turn: Turn, edition: Edition) -> Answer | None:
        """Offer what a message without a subject is likely about, judged by one word."""
        if quieting.OF_SENDING.search(turn.text) and await quieting.is_paused(turn, self._context):
            return await quieting.about_reminders(turn, self._context)
        return by_sign(turn, edition)

    async def _follow_up_in_part(self, turn: Turn, answer: Answer, edition: Edition) -> Answer | None:
        """Answer a part that asks of what is on the screen. The search does not see parts, for they say less."""
        is_shown = bool(turn.session.clause or places(turn.session))
        for part in parts_of(turn.text) if answer.gap and is_shown else ():
            if (found := await self._follow_ups.answer(turn.saying(part), edition)) is not None:
                return found
        return None
