"""Everything an answer from the library depends on besides the text: clauses, application windows, the day."""

from dataclasses import dataclass
from datetime import date

from policies.search.index import PolicyIndex
from policies.windows.window import Window


@dataclass(frozen=True, slots=True)
class Edition:
    """One state of that data. Answers of one edition are cached; another edition may answer differently.

    Attributes:
        windows: all application windows, the earliest closing date first.
        today: the business day in Shanghai.
        public_url: scheme and host of the clauses' pages.
    """

    index: PolicyIndex
    windows: tuple[Window, ...]
    today: date
    public_url: str

    def open_for(self, clause_id: int) -> tuple[Window, ...]:
        """The clause's windows that are open today, the earliest closing date first."""
        return tuple(w for w in self.windows if w.policy_id == clause_id and w.is_open(self.today))

    def page_of(self, clause_id: int) -> str:
        """The address of a clause's page."""
        return f"{self.public_url}/p/{clause_id}"
