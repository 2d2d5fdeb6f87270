"""The table of everything that people can say: the rows of each module, in the order in which they are tried."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from types import ModuleType

from handlers.answers import (
    amount,
    browse,
    clarifying_question,
    clause,
    contact,
    multiple_needs,
    out_of_scope,
    search,
    section,
    track,
)
from handlers.answers.courtesies import asides, small_talk, welcome_and_help
from handlers.application_windows import how_to_apply
from handlers.clause_facts import offices
from handlers.commands import (
    calling_back,
    company,
    feedback,
    handoff,
    my_data,
    my_subscriptions,
    open_windows,
    paging,
    reminders,
    subscribing,
    subscription_offer,
    undoing,
)
from handlers.commands.settings import preferences, pushing, quieting, ways_to_less
from handlers.events import follow_and_scan, other_events, receipts
from handlers.framework.phrases import whole
from handlers.framework.registry import (
    Command,
    Dialogue,
    EventHandler,
    FreeText,
    Handler,
    IntentHandler,
    Postscript,
)
from handlers.framework.sounds_like import by_sound
from handlers.matching import company_statements, interview, kept_profile
from handlers.topics import following
from policies.search.decision import Intent
from policies.search.words.pattern_sieve import PatternSieve, sieve_of

MODULES: tuple[ModuleType, ...] = (
    welcome_and_help,
    asides,
    small_talk,
    paging,
    browse,
    contact,
    calling_back,
    handoff,
    feedback,
    undoing,
    following,
    subscription_offer,
    subscribing,
    my_subscriptions,
    preferences,
    quieting,
    ways_to_less,
    pushing,
    company,
    how_to_apply,
    interview,
    kept_profile,
    company_statements,
    my_data,
    follow_and_scan,
    open_windows,
    reminders,
    receipts,
    other_events,
)
"""Modules with COMMANDS, DIALOGUES, FREE_TEXTS, EVENTS or POSTSCRIPTS; add yours here."""

INTENTS: Mapping[Intent, IntentHandler] = {
    Intent.CLAUSE: clause.answer,
    Intent.SECTION: section.answer,
    Intent.DEPARTMENT: offices.answer,
    Intent.AMOUNT: amount.answer,
    Intent.TRACK: track.answer,
    Intent.SEARCH: search.answer,
    Intent.CONTACT: contact.answer,
    Intent.MULTI: multiple_needs.answer,
    Intent.MAYBE: clarifying_question.offer_nearest,
    Intent.NONE: out_of_scope.answer,
}


@dataclass(frozen=True, slots=True)
class LastResort:
    """The answer about the topic of the last command, if nothing else answers the question.

    Attributes:
        answer: tells the present state, and what the person can say.
        speaks_of: whether the text's own words are about that topic, whatever else it names.
    """

    answer: Handler
    speaks_of: Callable[[str], bool]


REMINDERS = LastResort(quieting.about_reminders, quieting.speaks_of_reminders)
_DATA = LastResort(my_data.about_data, my_data.speaks_of_data)
_BINDING = LastResort(company.about_binding, company.speaks_of_binding)
LAST_RESORTS: Mapping[str, LastResort] = {
    subscribing.SUBSCRIBE: REMINDERS,
    subscribing.UNSUBSCRIBE: REMINDERS,
    my_subscriptions.MY_SUBSCRIPTIONS: REMINDERS,
    preferences.PREFERENCES: REMINDERS,
    quieting.QUIET: REMINDERS,
    ways_to_less.WAYS_TOLD: REMINDERS,
    **dict.fromkeys((my_data.MY_DATA, my_data.EXPORT, my_data.ERASE), _DATA),
    **dict.fromkeys((company.BIND, company.UNBIND, company.MY_COMPANY), _BINDING),
}
"""The key is the intent of the last command."""


NOTHING_DONE: Mapping[str, str] = {
    **dict.fromkeys((my_data.MY_DATA, my_data.EXPORT, my_data.ERASE), "没有删除任何数据，您的信息都还在"),
    **dict.fromkeys((subscribing.SUBSCRIBE, subscribing.UNSUBSCRIBE, quieting.QUIET), "订阅和设置都没有改动"),
}
"""The text for somebody who changes their mind (算了先不删). The key is the intent of the last command."""


@dataclass(frozen=True)
class Table:
    """The rows of some modules, indexed for the router.

    Raises:
        ValueError: two commands have the same word, prefix or menu key.
    """

    modules: tuple[ModuleType, ...] = MODULES

    @cached_property
    def commands(self) -> tuple[Command, ...]:
        return tuple(row for module in self.modules for row in getattr(module, "COMMANDS", ()))

    @cached_property
    def by_word(self) -> Mapping[str, Command]:
        return _index((word.casefold(), row) for row in self.commands for word in row.words)

    @cached_property
    def by_phrase(self) -> tuple[tuple[re.Pattern[str], Command], ...]:
        """Return the patterns of whole messages, in the order of the modules."""
        return tuple((whole(*row.phrases), row) for row in self.commands if row.phrases)

    @cached_property
    def _phrases_in(self) -> PatternSieve:
        return sieve_of(tuple(pattern for pattern, _ in self.by_phrase))

    def of_phrase(self, plain: str) -> Iterator[Command]:
        """Yield the commands that a whole squeezed message means, in their order."""
        for place in self._phrases_in.may_match(plain):
            pattern, command = self.by_phrase[place]
            if pattern.fullmatch(plain):
                yield command

    @cached_property
    def by_sound(self) -> Mapping[str, str]:
        """Return commands by their sound, for a message that mistypes a whole command."""
        return by_sound(self.by_word)

    @cached_property
    def by_prefix(self) -> tuple[tuple[str, Command], ...]:
        """Return the prefixes, the longest first."""
        rows = _index((prefix.casefold(), row) for row in self.commands for prefix in row.prefixes)
        return tuple(sorted(rows.items(), key=lambda item: -len(item[0])))

    @cached_property
    def prefixes(self) -> tuple[str, ...]:
        return tuple(prefix for prefix, _ in self.by_prefix)

    @cached_property
    def by_menu_key(self) -> Mapping[str, Command]:
        return _index((row.menu_key, row) for row in self.commands if row.menu_key)

    @cached_property
    def dialogues(self) -> Mapping[str, Dialogue]:
        rows = (row for module in self.modules for row in getattr(module, "DIALOGUES", ()))
        return {row.name: row for row in rows}

    @cached_property
    def free_texts(self) -> tuple[FreeText, ...]:
        return tuple(row for module in self.modules for row in getattr(module, "FREE_TEXTS", ()))

    @cached_property
    def events(self) -> Mapping[str, tuple[EventHandler, ...]]:
        rows: dict[str, tuple[EventHandler, ...]] = {}
        for module in self.modules:
            for row in getattr(module, "EVENTS", ()):
                rows[row.event] = (*rows.get(row.event, ()), row)
        return rows

    @cached_property
    def postscripts(self) -> tuple[Postscript, ...]:
        return tuple(row for module in self.modules for row in getattr(module, "POSTSCRIPTS", ()))


def _index(rows: Iterable[tuple[str, Command]]) -> dict[str, Command]:
    indexed: dict[str, Command] = {}
    for key, row in rows:
        if indexed.setdefault(key, row) is not row:
            raise ValueError(f"{key} belongs to both {indexed[key].name} and {row.name}")
    return indexed
