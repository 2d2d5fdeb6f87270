"""What a handler gives back: the reply, and what it stands on (for the command line, metrics and tests)."""

from dataclasses import dataclass

from wechat.replies import Reply, Text


@dataclass(frozen=True, slots=True)
class Answer:
    """An intent's name, the clauses shown (best first), and the reply as it goes to WeChat."""

    intent: str
    reply: Reply
    clause_ids: tuple[int, ...] = ()

    @property
    def text(self) -> str:
        """The reply as plain text; "" where there is none."""
        return self.reply.content if isinstance(self.reply, Text) else ""
