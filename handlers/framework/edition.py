"""What answers from the compendium are made of: one moment's clauses, windows and day, the same for everybody."""

from dataclasses import dataclass
from datetime import date

from policies.search.index import PolicyIndex
from policies.windows.window import Window


@dataclass(frozen=True, slots=True)
class Edition:
    """Everything besides the text that such an answer depends on; another edition may answer otherwise.

    Attributes:
        windows: every application window, the first to close first.
        today: the business day in Shanghai.
        public_url: where the clauses' pages are.
    """

    index: PolicyIndex
    windows: tuple[Window, ...]
    today: date
    public_url: str

    def open_for(self, clause_id: int) -> tuple[Window, ...]:
        """A clause's windows that are open today, the first to close first."""
        return tuple(w for w in self.windows if w.policy_id == clause_id and w.is_open(self.today))

    def page_of(self, clause_id: int) -> str:
        """The address of a clause's page."""
        return f"{self.public_url}/p/{clause_id}"
