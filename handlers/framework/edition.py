"""The data that an answer from the library depends on, besides the text: clauses, windows, guides, changes, the day."""

from dataclasses import dataclass, field
from datetime import date

from handlers.framework.context import Context
from policies.guides.guide import NO_GUIDES, GuideBook
from policies.publishing.earlier_editions import NO_EARLIER, EarlierEditions
from policies.search.index import PolicyIndex
from policies.windows.window import Window


@dataclass(frozen=True, slots=True)
class Edition:
    """One state of the data. Answers are cached for one edition; another edition may answer differently.

    Attributes:
        windows: all application windows, the earliest closing date first.
        today: the business day in Shanghai.
        public_url: scheme and host of the clauses' pages.
        guides: how clauses are applied for, as operators entered it.
        earlier: what the present edition of each document changed.
    """

    index: PolicyIndex
    windows: tuple[Window, ...]
    today: date
    public_url: str
    guides: GuideBook = NO_GUIDES
    earlier: EarlierEditions = field(default_factory=lambda: NO_EARLIER)

    def open_for(self, clause_id: int) -> tuple[Window, ...]:
        """Return the clause's windows that are open today, the earliest closing date first."""
        return tuple(w for w in self.windows_of(clause_id) if w.is_open(self.today))

    @classmethod
    async def now(cls, context: Context, before: "Edition | None" = None) -> "Edition":
        """Return the data that answers are made of now. It reads memory only.

        Args:
            context: the services.
            before: an earlier edition. It is returned if nothing has changed since then.
        """
        knowledge = context.knowledge
        windows, today = await context.windows.recent(), context.today()
        if (
            before is not None
            and before.index is knowledge.index
            and before.windows is windows
            and before.guides is knowledge.guides
            and before.earlier is knowledge.earlier
            and before.today == today
        ):
            return before
        return cls(knowledge.index, windows, today, context.public_url, knowledge.guides, knowledge.earlier)

    def windows_of(self, clause_id: int) -> tuple[Window, ...]:
        """Return all windows of the clause, past ones too, the earliest closing date first."""
        return tuple(w for w in self.windows if w.policy_id == clause_id)

    def page_of(self, clause_id: int) -> str:
        """Return the address of a clause's page."""
        return f"{self.public_url}/p/{clause_id}"
