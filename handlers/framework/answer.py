"""What a handler returns: the reply, and the facts about it that the command line, metrics and tests read."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from handlers.framework.listing import Listing
from policies.search.decision import Decision
from policies.windows.asked import WindowQuestion
from wechat.replies import Reply, Text


@dataclass(frozen=True, slots=True)
class Answer:
    """A reply and what is known about it.

    Attributes:
        intent: name of the intent, as in logs, metrics and `policybot ask`.
        reply: the reply for WeChat.
        clause_ids: ids of the clauses shown, best first.
        listing: the list whose first page is shown; 下一页 shows the next page.
        asked: it answers a question. 没用 and 人工 then refer to this question.
        windows: it lists application windows for everybody; a member with subscriptions gets a list of their own.
        gap: the library does not answer the question. Operators see the question.
        named: ids of the clauses that stand in the reply, in the order of their places (第二个); None: `clause_ids`.
        about: the clause that a following 电话多少 means. 0: no clause yet. None: the first that is named, unless
            the reply is a list.
        office: the department whose clauses are listed, by its printed name.
        offers: the texts that tapped lines send, in order, if the lines are not clauses. So 第二个 means one of them.
        rests_on: the text that the sentence model must confirm; "" if the answer is sure. The answer is given only if the
            model agrees (`AnswerCache.confirmed`).
    """

    intent: str
    reply: Reply
    clause_ids: tuple[int, ...] = ()
    listing: Listing | None = None
    asked: bool = True
    gap: bool = False
    windows: WindowQuestion | None = None
    named: tuple[int, ...] | None = None
    about: int | None = None
    office: str = ""
    offers: tuple[str, ...] = ()
    rests_on: str = ""

    @classmethod
    def of(cls, intent: str, text: str, clause_ids: Iterable[int] = ()) -> "Answer":
        """Return a text reply of any length. The router sends it in parts."""
        return cls(str(intent), Text(text), tuple(clause_ids))

    @classmethod
    def on(cls, intent: str, text: str, key: int) -> "Answer":
        """Return a text reply on one clause, which a following 电话多少 means."""
        return replace(cls.of(intent, text, (key,)), about=key)

    def offering(self, sends: Iterable[str]) -> "Answer":
        """Return a copy whose listed words send these texts when tapped."""
        return replace(self, offers=tuple(sends))

    def resting_on(self, text: str, decision: Decision) -> "Answer":
        """Return a copy that the sentence model must confirm, if the decision on this text was doubtful."""
        return replace(self, rests_on=text) if decision.unsure else self

    @property
    def counted(self) -> tuple[int, ...]:
        """Ids of the clauses that 第二个 counts, in the order of their places."""
        return self.clause_ids if self.named is None else self.named

    @property
    def text(self) -> str:
        """The text of the reply; "" if there is none."""
        return "" if self.reply is None else self.reply.content

    def with_line(self, line: str) -> "Answer":
        """Return a copy with one more line at its end. An answer without a reply stays as it is."""
        if not line or self.reply is None:
            return self
        return replace(self, reply=Text(f"{self.reply.content}\n\n{line}"))
