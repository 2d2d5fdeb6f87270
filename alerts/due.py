"""What is due: application windows, what was made before and a day give the alerts to make. Pure.

The rules (issue 6):
- A window is announced when it opens, or when it becomes known while open.
- It is recalled N days before it closes, N from the leads in use; a day on which offices are closed moves the
  alert to the working day before, though never before the window opens: its opening says it then.
- One alert a window a day: a member to whom several fall due gets the most urgent, and the ledger says that
  the others were passed over. That holds also for what a downtime missed.
- A lead whose day went by before anyone had it, or before the window was known, was not missed: it is not due.
- A changed closing day is announced at once to where the old one was told; nothing goes out after the close.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from alerts.calendar import working_day_on_or_before
from alerts.content import Kind
from policies.windows import Window
from storage.clock import SHANGHAI

EXPIRY_LEAD = 60
"""Days before a basis document's period ends on which its expiry is announced (issue 6)."""


@dataclass(frozen=True, slots=True)
class Made:
    """An alert made before; one that was called back before any of it had left counts as never made.

    Attributes:
        made_on: the business day it was made.
        left: some member has it, so what it says was told.
    """

    key: str
    window_id: int
    kind: Kind
    closes_on: date
    made_on: date
    left: bool = True


@dataclass(frozen=True, slots=True)
class Due:
    """An alert to make now.

    Attributes:
        key: natural key (window, closing day, lead).
        lead: days before the close, of a deadline alert.
        passed_over_for: leads of the same window due at the same time and more urgent.
        old_closes_on: the closing day told before, of a changed one.
    """

    key: str
    kind: Kind
    window: Window
    lead: int | None = None
    passed_over_for: tuple[int, ...] = ()
    old_closes_on: date | None = None


def due(
    windows: Iterable[Window],
    made: Sequence[Made],
    leads: Collection[int],
    today: date,
    ticked_on: date | None,
) -> list[Due]:
    """The alerts to make on a day.

    Args:
        windows: all that have not closed yet; others give nothing.
        made: what was made for them before, oldest first.
        leads: days before a close that any member is reminded on.
        today: the business day.
        ticked_on: the last day this was asked and acted on; what fell between was missed. None: never.
    """
    by_window: dict[int, list[Made]] = {}
    for one in made:
        by_window.setdefault(one.window_id, []).append(one)
    found: list[Due] = []
    for window in windows:
        if today <= window.closes_on:
            before = by_window.get(window.id, [])
            found += _date_change(window, before) or _reminders(window, before, leads, today, ticked_on)
    return found


def closing_instant(closes_on: date) -> datetime:
    """When a window is over: the end of its last day in Shanghai."""
    return datetime.combine(closes_on + timedelta(days=1), time(), SHANGHAI)


def lead_day(window: Window, lead: int) -> date | None:
    """The day of a deadline alert, or None where the window isn't open by then."""
    day = working_day_on_or_before(window.closes_on - timedelta(days=lead))
    return day if window.opens_on <= day else None


def _date_change(window: Window, before: Sequence[Made]) -> list[Due]:
    told = next((i for i in reversed(range(len(before))) if before[i].left), None)
    if told is None or before[told].closes_on == window.closes_on:
        return []
    if any(one.closes_on == window.closes_on for one in before[told:]):
        return []  # said already, on its way
    old = before[told].closes_on
    changes = sum(one.kind is Kind.DATE_CHANGED for one in before)
    key = f"window:{window.id}:{window.closes_on}:changed:{changes + 1}"
    return [Due(key, Kind.DATE_CHANGED, window, old_closes_on=old)]


def _reminders(
    window: Window, before: Sequence[Made], leads: Collection[int], today: date, ticked_on: date | None
) -> list[Due]:
    if any(one.made_on == today for one in before):
        return []
    keys = {one.key for one in before}
    urgent = [
        lead
        for lead in sorted(set(leads))
        if _falls_due(lead_day(window, lead), today, ticked_on) and _key(window, str(lead)) not in keys
    ]
    found = [
        Due(_key(window, str(lead)), Kind.DEADLINE, window, lead, tuple(urgent[:at]))
        for at, lead in enumerate(urgent)
    ]
    announced = any(one.made_on >= window.opens_on for one in before)
    opening = _key(window, "opening")
    if window.opens_on <= today and not announced and opening not in keys:
        found.append(Due(opening, Kind.OPENING, window, passed_over_for=tuple(urgent)))
    return found


def _falls_due(day: date | None, today: date, ticked_on: date | None) -> bool:
    return day is not None and (day == today or (ticked_on is not None and ticked_on < day < today))


def _key(window: Window, label: str) -> str:
    return f"window:{window.id}:{window.closes_on}:{label}"


def expiry_due(valid_until: date, today: date) -> bool:
    """Whether the coming end of a basis document's period is to be announced by now."""
    return working_day_on_or_before(valid_until - timedelta(days=EXPIRY_LEAD)) <= today <= valid_until
