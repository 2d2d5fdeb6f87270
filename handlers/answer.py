"""What a handler gives back: the reply, and what it stands on (for the command line, metrics and tests)."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from wechat.replies import Reply, Text


@dataclass(frozen=True, slots=True)
class Answer:
    """An intent's name, the clauses shown (best first), and the reply as it goes to WeChat."""

    intent: str
    reply: Reply
    clause_ids: tuple[int, ...] = ()

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
