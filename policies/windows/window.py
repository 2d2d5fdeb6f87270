"""An application window as a value, and what an import changed of the windows. Pure."""

from dataclasses import dataclass
from datetime import date

from policies.windows.typed_dates import OPEN_ENDED


@dataclass(frozen=True, slots=True)
class Window:
    """An application window; its days are Shanghai days, both included. A `sample` is shown marked 示例."""

    id: int
    policy_id: int
    title: str
    opens_on: date
    closes_on: date
    url: str
    sample: bool

    @property
    def open_ended(self) -> bool:
        """It has no closing day (长期)."""
        return self.closes_on == OPEN_ENDED

    def is_open(self, day: date) -> bool:
        return self.opens_on <= day <= self.closes_on


@dataclass(frozen=True, slots=True)
class WindowChange:
    """A known window that got another closing day or link."""

    window: Window
    old_closes_on: date
    old_url: str

    @property
    def closes_moved(self) -> bool:
        return self.window.closes_on != self.old_closes_on


@dataclass(frozen=True, slots=True)
class WindowImport:
    """What an import did."""

    added: tuple[Window, ...]
    changed: tuple[WindowChange, ...]
    unchanged: int
