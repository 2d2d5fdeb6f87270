"""From what WeChat pushed to the answer: the order in which a message is tried.

Retrieval decides the intent of a question (`policies.search.index.PolicyIndex.decide`), and also that a question
is out of scope (`policies/search/scope.py`). `handlers.table` says which handler answers an intent.
"""

import unicodedata

from handlers.answer_cache import AnswerCache
from handlers.answers import media
from handlers.commands import open_windows
from handlers.commands.paging import first_part
from handlers.events import other_events
from handlers.framework.answer import Answer
from handlers.framework.context import Context
from handlers.framework.list_pages import put_on_screen
from handlers.framework.registry import Command, Turn
from handlers.framework.session import Session
from handlers.table import Table
from policies.search.words.normalise import make_simplifier
from wechat.push.messages import Inbound
from wechat.replies import Text
from wechat.texts import escape_typed

_AROUND = " \t\r\n。．.，,！!？?～~、；;：:…"
_HEARD_SHOWN = 60
_ASKED_KEPT = 200
_LONGEST = 700
"""Characters that commands and dialogues read. WeChat lets people type 2,048 bytes, which is 682 Chinese characters."""
_LEAVE_WORDS = frozenset({"取消", "退出", "算了", "不办了"})


class Router:
    """Answers one message. Between messages it keeps nothing but the caller's session.

    The order: an event → 取消 and the dialogue under way → a command → free texts → what the library says.
    """

    def __init__(self, context: Context, table: Table | None = None) -> None:
        self.context = context
        self.table = table or Table()
        self._answers = AnswerCache(context)
        self._simplify = make_simplifier()

    async def respond(self, inbound: Inbound, session: Session) -> Answer:
        """The answer to a message. Its text fits into one WeChat message; the rest is kept in the session.

        Args:
            inbound: the message or event.
            session: changed in place. The caller stores it.
        """
        if inbound.kind == "event":
            return first_part(await self._event(inbound, session), session)
        if inbound.kind not in {"text", "voice"} or not inbound.text.strip():
            return media.answer(inbound, self.context.knowledge.index)
        turn = Turn(inbound, session, text=self._plain(inbound.text))
        answer = await self._message(turn)
        if inbound.kind == "voice":
            answer = answer.with_line(f"（语音识别为：{escape_typed(inbound.text[:_HEARD_SHOWN])}）")
        for postscript in self.table.postscripts:
            answer = answer.with_line(await postscript(turn, self.context, answer))
        return first_part(answer, session)

    async def _event(self, inbound: Inbound, session: Session) -> Answer:
        turn = Turn(inbound, session)
        if inbound.event == "click":
            command = self.table.by_menu_key.get(inbound.key)
            return await (command.handle if command else other_events.unknown_key)(turn, self.context)
        rows = self.table.events.get(inbound.event, ())
        answers = [await row.handle(turn, self.context) for row in rows]
        text = "\n\n".join(answer.text for answer in answers if answer.text)
        intent = (
            inbound.event if rows or inbound.event in other_events.NOTHING_TO_DO else other_events.UNKNOWN
        )
        return Answer(intent, Text(text) if text and inbound.awaits_answer else None)

    async def _message(self, turn: Turn) -> Answer:
        session = turn.session
        dialogue = self.table.dialogues.get(session.dialogue)
        word = turn.text.strip(_AROUND).casefold()
        if dialogue is not None:
            if word in _LEAVE_WORDS:
                session.leave_dialogue()
                return Answer.of("cancel", "好的，已取消。还想了解什么，直接问我就行。")
            answer = await dialogue.handle(turn, self.context)
            if answer is not None:
                return answer
        elif word in _LEAVE_WORDS:
            return Answer.of("cancel", "现在没有正在办理的事，不用取消。")
        command, rest = self._command(word, turn.text)
        if command is not None:
            return await command.handle(Turn(turn.inbound, session, turn.text, rest), self.context)
        for row in self.table.free_texts:
            said = row.reads(turn.inbound.text, self.context)
            if said is not None:
                return await row.handle(turn, self.context, said)
        return await self._asked(turn)

    async def _asked(self, turn: Turn) -> Answer:
        """The answer from the library. The session keeps its list, and the question log records the question."""
        text, session = turn.inbound.text, turn.session
        answer = await self._answers.answer(text)
        if answer.windows is not None:
            answer = await open_windows.for_member(turn, answer, self.context)
        session.asked = text[:_ASKED_KEPT] if answer.asked else ""
        if answer.listing is not None:
            put_on_screen(answer.listing, session)
        if answer.gap:
            await self.context.questions.record(text, "declined")
        elif answer.asked:
            self.context.questions.answered(text)
        return answer

    def _command(self, word: str, text: str) -> tuple[Command | None, str]:
        whole = self.table.by_word.get(word)
        if whole is not None:
            return whole, ""
        folded = text.casefold()
        if not folded.startswith(self.table.prefixes):  # nearly all messages: one comparison for all
            return None, ""
        for prefix, command in self.table.by_prefix:
            if folded.startswith(prefix):
                return command, text[len(prefix) :].strip(_AROUND)
        return None, ""

    def _plain(self, text: str) -> str:
        """The spelling that commands and dialogues compare. Spaces inside stay, because they separate 1 3 5."""
        return self._simplify(unicodedata.normalize("NFKC", text[:_LONGEST])[:_LONGEST]).strip()
