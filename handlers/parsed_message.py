"""Reads what a message is, whoever sends it: words that leave, a command, fewer messages, a setting, English.

Many people type the same texts, so the reading of a text is kept, like its answer (`answer_cache`).
"""

import re
import unicodedata
from collections.abc import Callable
from typing import NamedTuple

from handlers.commands.settings.preference_words import is_setting
from handlers.commands.settings.quiet_hours import read_hours
from handlers.commands.settings.quiet_parts import read_in_parts
from handlers.commands.settings.quiet_words import QuietWish, read_quiet
from handlers.conversation.english import chinese_words
from handlers.conversation.reading.parts import in_other_words
from handlers.framework.phrases import (
    asks,
    asks_outright,
    goes_on_as_a_noun,
    leaves,
    main_part,
    names_clauses,
    squeeze,
)
from handlers.framework.registry import Command
from handlers.table import Table
from policies.search.words.normalise import make_simplifier
from policies.search.words.text_cache import cache_by_text

_AROUND = " \t\r\n。．.，,！!？?～~、；;：:…"
_LONGEST_TEXT = 700
"""Commands and dialogues read this many characters. WeChat lets people type 2,048 bytes, which is 682 Chinese characters."""
_LONGEST_LINK = 120
_LONGEST_LEAD = 40
_LONGEST_BEFORE = 40
_BETWEEN = re.compile(r"[，,。.！!；;\s]+")
_BETWEEN_CLAUSES = re.compile(r"[,.!?;]+\s*")
_OF_MESSAGES = re.compile(r"推送|提醒|通知|消息|别发|别推")
_STICKER = re.compile(r"\[[\u4e00-\u9fffA-Za-z]{1,8}\]")
"""A WeChat face inside a text (谢谢[玫瑰])."""
_MOST_COURTESIES = 4
_TEXTS_KEPT = 10_000


class ParsedMessage(NamedTuple):
    """The reading of one text.

    Attributes:
        said: what was typed, without the courtesies before it; a link to a clause of ours is that clause's number.
        text: `said` in the spelling that commands and dialogues compare. Spaces inside stay: they separate 1 3 5.
        lead: the courtesies and second thoughts that stood before it (不对，).
        leaves: it gives up what is under way (a dialogue, a handoff).
        command: the command that it is, and `rest`, what follows the command's word.
        wish: a request for fewer messages, or for messages again.
        closing_wish: such a request in the last part, after words that ask nothing (我回来了 恢复推送).
        is_setting: it changes a setting of reminders.
        is_english: it is written in English.
    """

    said: str
    text: str
    lead: str
    leaves: bool
    command: Command | None
    rest: str
    wish: QuietWish | None
    closing_wish: QuietWish | None
    is_setting: bool
    is_english: bool

    @property
    def is_command(self) -> bool:
        """Whether all of it has the words of a command, a request for fewer messages, or a setting."""
        return self.command is not None or self.wish is not None or self.is_setting


class MessageReader:
    """Reads texts with the commands of a table.

    Args:
        table: the commands.
        public_url: the beginning of our own links.
    """

    def __init__(self, table: Table, public_url: str) -> None:
        self._table = table
        self._simplify = make_simplifier()
        ours = rf"(?:{re.escape(public_url)}|^|\s)/p/(?P<clause>\d{{1,6}})(?!\w)"
        self._own_link = re.compile(ours)
        self.read: Callable[[str], ParsedMessage] = cache_by_text(self._read, _TEXTS_KEPT)

    def _read(self, typed: str) -> ParsedMessage:
        if "[" in typed:
            typed = _STICKER.sub(" ", typed)
        link = self._own_link.search(typed[:_LONGEST_LINK]) if "/p/" in typed else None
        said = link["clause"] if link is not None else main_part(typed)
        text = self._simplify(unicodedata.normalize("NFKC", said[:_LONGEST_TEXT])[:_LONGEST_TEXT]).strip()
        command, rest = self.command(text)
        if command is None and (other := in_other_words(text)):
            command, rest = self.command(other)
        last = _last_part(text)
        command = command or self._at_end(last) or self._of_courtesies(text)
        return ParsedMessage(
            said=said,
            text=text,
            lead="" if link is not None else typed.strip().removesuffix(said)[:_LONGEST_LEAD],
            leaves=leaves(text),
            command=command,
            rest=rest,
            wish=read_hours(text) or read_quiet(text) or read_in_parts(text),
            closing_wish=read_quiet(last) if _OF_MESSAGES.search(last) else None,
            is_setting=is_setting(text),
            is_english=chinese_words.is_english(text),
        )

    def _at_end(self, last: str) -> Command | None:
        """Return the command in the last part of a short message, if that command may follow other words."""
        plain = squeeze(last)
        if not plain:
            return None
        return next((command for command in self._table.of_phrase(plain) if command.at_end), None)

    def _of_courtesies(self, text: str) -> Command | None:
        """Return the command of a short message whose parts are all courtesies or anger (什么玩意 问啥都不会)."""
        parts = [part for part in _BETWEEN.split(text[: _LONGEST_BEFORE + 1]) if part]
        if not 1 < len(parts) <= _MOST_COURTESIES or len(text) > _LONGEST_BEFORE:
            return None
        said: list[Command] = []
        for part in parts:
            command = next(self._table.of_phrase(squeeze(part)), None)
            if command is None or not (command.courtesy or command.tact):
                return None  # nearly all messages, at their first part
            said.append(command)
        return next((one for one in said if one.tact), said[-1])

    def command(self, text: str) -> tuple[Command | None, str]:
        """Return the command that a text means, and what follows the command's word."""
        word = text.strip(_AROUND).casefold()
        whole = self._table.by_word.get(word)
        if whole is not None:
            return whole, ""
        plain = squeeze(text)
        if plain and (meant := next(self._table.of_phrase(plain), None)) is not None:
            return meant, ""
        folded = text.casefold()
        if not folded.startswith(self._table.prefixes):  # nearly all messages: one comparison for all
            return None, ""
        for prefix, command in self._table.by_prefix:
            if folded.startswith(prefix):
                rest = text[len(prefix) :].strip(_AROUND)
                if goes_on_as_a_noun(text[len(prefix) :]):
                    return None, ""
                apart = text[len(prefix) : len(prefix) + 1].isspace()
                is_question = (asks_outright if apart else asks)(rest) and not names_clauses(rest)
                # 订阅的事你们管不管, 订阅没给我删吧
                speaks_of_it = not apart and rest.startswith(
                    ("的", "没", "还在", "还留", "被", "不会", "会不会", "要不要")
                )
                return (None, "") if is_question or speaks_of_it else (command, rest)
        return None, ""


def _last_part(text: str) -> str:
    """Return the last part of a short message; "" if there is only one part, or the first one asks something."""
    between = (
        _BETWEEN_CLAUSES if text.isascii() else _BETWEEN
    )  # 'person' is no command at the end of an English clause
    before, *parts = between.split(text[: _LONGEST_BEFORE + 1].strip(_AROUND))
    return parts[-1] if parts and len(text) <= _LONGEST_BEFORE and not asks_outright(before) else ""
