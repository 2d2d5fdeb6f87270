"""What is known of one message on its way through the steps."""

from dataclasses import dataclass, field
from typing import NamedTuple

from handlers.conversation.reading.follow_up import FollowUp
from handlers.framework.answer import Answer
from handlers.framework.edition import Edition
from handlers.framework.registry import FreeText, Turn
from handlers.intent_by_meaning.rule import ActMeant
from handlers.parsed_message import ParsedMessage
from handlers.steps.tools import Tools


class Wanted(NamedTuple):
    """What a message wants, as the sentence model says. One of `plain_fact`, `fact` and `act` is set.

    Attributes:
        meant: the likely acts and facts.
        answer: the model's answer from the library.
        plain_fact: the fact that is surely asked of the clause in focus.
        fact: the fact that is likely asked of it.
        act: the act that is sure or likely.
    """

    meant: ActMeant
    answer: Answer
    plain_fact: str = ""
    fact: str = ""
    act: str = ""


@dataclass(slots=True)
class Walk:
    """One message on its way through the steps. Steps read it, and leave in it what later steps need.

    Attributes:
        tools: what the steps work with.
        typed: the message as it came.
        speech: what its text is, whoever sends it.
        turn: the message as the steps read it. A step may put other words in its place (an English question in Chinese).
        waits: a person has taken over.
        english: the text of a question in English; "" for all other messages.
        in_chinese: `turn` says the English question in Chinese.
        free: the row of free texts that may fit the message, and `said`, what it read.
        is_anew: `turn` asks the last question anew, with another figure, department or period.
        kept: the doubtful answer of an earlier step. It is given unless an act or a fact is meant.
        wanted: the act or fact that is meant.
        found: what the search says.
        doubt: what the search says, if it is unsure.
        by_words: words alone left the message in doubt, so that it was read in other ways before the sentence model decided.
        searched: `found` is what the whole search says, the sentence model too.
        tried: the parts that are tried once, and were.
        text: the text of `turn` as the search reads it.
        edition: what answers are made of, once a step has read it.
    """

    tools: Tools
    typed: Turn
    speech: ParsedMessage
    turn: Turn = field(init=False)
    waits: bool = False
    english: str = ""
    in_chinese: bool = False
    free: FreeText | None = None
    said: object = None
    is_anew: bool = False
    kept: Answer | None = None
    wanted: Wanted | None = None
    found: Answer | None = None
    doubt: Answer | None = None
    searched: bool = False
    by_words: bool = False
    tried: set[object] = field(default_factory=set)
    text: str = field(init=False)
    edition: Edition = field(init=False)

    def __post_init__(self) -> None:
        self.say(self.typed)

    def say(self, turn: Turn) -> None:
        """Put other words in place of the message."""
        self.turn, self.text = turn, turn.inbound.text

    async def read_edition(self) -> Edition:
        """Read what answers are made of. Steps after this one find it in `edition`."""
        self.edition = await self.tools.answers.edition()
        return self.edition

    def follow_up(self) -> FollowUp | None:
        """Return what the message says of the screen. The reading of a text is kept."""
        return self.tools.follow_ups.read(self.text)

    def read_free_text(self) -> None:
        """Find the row of free texts that may fit the message."""
        self.free, self.said = self.tools.free_text(self.text, self.edition)
