"""What a handler gives back: the reply, and what it stands on (for the command line, metrics and tests)."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from handlers.framework.listing import Listing
from wechat.replies import Reply, Text


@dataclass(frozen=True, slots=True)
class Answer:
    """What a handler says.

    Attributes:
        intent: its name.
        reply: as it goes to WeChat.
        clause_ids: the clauses shown, best first.
        listing: the list of which it shows the first page; 下一页 turns it.
        asked: it answers a question, which 没用 and 人工 speak of.
        gap: a question the compendium says nothing to; operators are told.
    """

    intent: str
    reply: Reply
    clause_ids: tuple[int, ...] = ()
    listing: Listing | None = None
    asked: bool = True
    gap: bool = False

    @classmethod
    def of(cls, intent: str, text: str, clause_ids: Iterable[int] = ()) -> "Answer":
        """A text reply; of any length, the router shows it in parts."""
        return cls(str(intent), Text(text), tuple(clause_ids))

    @property
    def text(self) -> str:
        """The reply as plain text; "" where there is none."""
        return self.reply.content if isinstance(self.reply, Text) else ""

    def with_line(self, line: str) -> "Answer":
        """The same answer with a line of its own under it; other kinds of reply stay as they are."""
        if not line or not isinstance(self.reply, Text):
            return self
        return replace(self, reply=Text(f"{self.reply.content}\n\n{line}"))
