"""Finds the alerts to make from application windows, earlier alerts and a day. Pure.

The rules:
- A window is announced when it opens, or when it becomes known while open.
- It is recalled N days before it closes, N from the leads in use; a day on which offices are closed moves the
  alert to the working day before, though never before the window opens: its opening says it then.
- One alert a window a day: a member to whom several fall due gets the most urgent, and the ledger says that
  the others were passed over. That holds also for what a downtime missed.
- Where holidays moved a member's last reminder far away from the day it was asked for, the closing morning
  says it once more, if offices work on it.
- A lead whose day went by before anyone had it, or before the window was known, was not missed: it is not due.
- A changed closing day is announced at once to those who were told the old one. A withdrawn window, and one that comes back,
  is announced to those who were told of it. Nothing goes out after the close.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from alerts.model.content import AlertKind
from policies.windows.typed_dates import OPEN_ENDED
from policies.windows.window import Window
from storage.clock import midnight_of
from storage.working_days import is_working_day, working_day_on_or_before
from subscriptions.members.preferences import CLOSING_DAY

EXPIRY_LEAD = 60
"""Days before a basis document's period ends on which its expiry is announced."""
LAST_LEADS = 3
"""A member whose shortest lead is at most this many days expects a reminder near the close."""
_A_WEEKEND = 2
"""Days that a weekend moves a reminder; holidays move it further."""


@dataclass(frozen=True, slots=True)
class MadeAlert:
    """An alert made before. An alert that was cancelled before any message left does not count.

    Attributes:
        closes_on: the closing day that it tells. None: it tells that the window was withdrawn.
        made_on: the business day it was made.
        was_told: at least one member has it.
        lead: days before the close, of a deadline alert.
    """

    key: str
    window_id: int
    kind: AlertKind
    closes_on: date | None
    made_on: date
    was_told: bool = True
    lead: int | None = None


@dataclass(frozen=True, slots=True)
class DueAlert:
    """An alert to make now.

    Attributes:
        key: natural key (window, closing day, lead).
        lead: days before the close, of a deadline alert.
        passed_over_for: leads of the same window that are due at the same time and are more urgent.
        shortest: leads for which a reminder on the closing morning stands in: it is for members whose shortest
            lead is one of these.
        old_closes_on: the closing day told before, of a changed one; None if that was a withdrawal.
        withdrawn: it tells that the window was withdrawn.
    """

    key: str
    kind: AlertKind
    window: Window
    lead: int | None = None
    passed_over_for: tuple[int, ...] = ()
    shortest: tuple[int, ...] = ()
    old_closes_on: date | None = None
    withdrawn: bool = False

    @property
    def concerns_applicants(self) -> bool:
        """Whether it also goes to members who have applied: the window was withdrawn, or is on again."""
        return self.withdrawn or (self.kind is AlertKind.DATE_CHANGED and self.old_closes_on is None)

    @property
    def closes_on(self) -> date | None:
        """The closing day that it tells. None: the window was withdrawn."""
        return None if self.withdrawn else self.window.closes_on


def due(
    windows: Iterable[Window],
    made: Sequence[MadeAlert],
    leads: Collection[int],
    today: date,
    ticked_on: date | None,
    *,
    withdrawn: Iterable[Window] = (),
) -> list[DueAlert]:
    """Return the alerts to make on a day.

    Args:
        windows: all that have not closed yet; others give nothing.
        made: what was made for them before, oldest first.
        leads: the leads that any member has, in days before the close.
        today: the business day.
        ticked_on: the last day for which this ran. Alerts of the days between were missed. None: it never ran.
        withdrawn: windows that were taken away before they closed.
    """
    by_window: dict[int, list[MadeAlert]] = {}
    for one in made:
        by_window.setdefault(one.window_id, []).append(one)
    found: list[DueAlert] = []
    for window in withdrawn:  # first, for another may take its place
        if today <= window.closes_on:
            found += _withdrawal(window, by_window.get(window.id, []))
    for window in windows:
        if today <= window.closes_on:
            before = by_window.get(window.id, [])
            found += _date_change(window, before) or _reminders(window, before, leads, today, ticked_on)
    return found


def closing_instant(closes_on: date) -> datetime:
    """Return when a window is over: the end of its last day in Shanghai."""
    return midnight_of(min(closes_on, OPEN_ENDED) + timedelta(days=1))


def lead_day(window: Window, lead: int) -> date | None:
    """Return the day of a deadline alert; None if the window is not open by then."""
    day = working_day_on_or_before(window.closes_on - timedelta(days=lead))
    return day if window.opens_on <= day else None


def _date_change(window: Window, before: Sequence[MadeAlert]) -> list[DueAlert]:
    told = _last_told(before)
    if told is None or before[told].closes_on == window.closes_on:
        return []
    if any(one.closes_on == window.closes_on for one in before[told:]):
        return []  # said already, on its way
    key = f"window:{window.id}:{window.closes_on}:changed:{_changes(before) + 1}"
    return [DueAlert(key, AlertKind.DATE_CHANGED, window, old_closes_on=before[told].closes_on)]


def _withdrawal(window: Window, before: Sequence[MadeAlert]) -> list[DueAlert]:
    told = _last_told(before)
    if told is None or any(one.closes_on is None for one in before[told:]):
        return []  # nobody knows of it, or it is said already or on its way
    key = f"window:{window.id}:withdrawn:{_changes(before) + 1}"
    return [
        DueAlert(key, AlertKind.DATE_CHANGED, window, old_closes_on=before[told].closes_on, withdrawn=True)
    ]


def _last_told(before: Sequence[MadeAlert]) -> int | None:
    return next((i for i in reversed(range(len(before))) if before[i].was_told), None)


def _changes(before: Sequence[MadeAlert]) -> int:
    return sum(one.kind is AlertKind.DATE_CHANGED for one in before)


def _reminders(
    window: Window, before: Sequence[MadeAlert], leads: Collection[int], today: date, ticked_on: date | None
) -> list[DueAlert]:
    if any(one.made_on == today for one in before):
        return []
    keys = {one.key for one in before}
    shortest = _closing_morning(window, before, leads, today)
    urgent = [
        lead
        for lead in sorted({*leads, *([CLOSING_DAY] if shortest else [])})
        if _falls_due(lead_day(window, lead), today, ticked_on) and _key(window, str(lead)) not in keys
    ]
    found = [
        DueAlert(_key(window, str(lead)), AlertKind.DEADLINE, window, lead, tuple(urgent[:at]), shortest)
        for at, lead in enumerate(urgent)
    ]
    announced = any(one.made_on >= window.opens_on for one in before)
    opening = _key(window, "opening")
    if window.opens_on <= today and not announced and opening not in keys:
        found.append(
            DueAlert(opening, AlertKind.OPENING, window, passed_over_for=tuple(urgent), shortest=shortest)
        )
    return found


def _closing_morning(
    window: Window, before: Sequence[MadeAlert], leads: Collection[int], today: date
) -> tuple[int, ...]:
    """Return leads whose members are told on the closing morning, because holidays took their last reminder away."""
    closes_on = window.closes_on
    if today != closes_on or not is_working_day(closes_on):
        return ()
    late = (one for one in before if closes_on - one.made_on <= timedelta(days=LAST_LEADS))
    if any(one.lead is None or one.made_on != lead_day(window, one.lead) for one in late):
        return ()  # the window opened or moved just now, or a downtime held up its last reminder
    return tuple(
        lead
        for lead in sorted(leads)
        if lead <= LAST_LEADS
        and (closes_on - timedelta(days=lead) - (lead_day(window, lead) or window.opens_on)).days > _A_WEEKEND
    )


def _falls_due(day: date | None, today: date, ticked_on: date | None) -> bool:
    return day is not None and (day == today or (ticked_on is not None and ticked_on < day < today))


def _key(window: Window, label: str) -> str:
    return f"window:{window.id}:{window.closes_on}:{label}"


def expiry_due(valid_until: date, today: date) -> bool:
    """Whether the coming end of a basis document's period is to be announced by now."""
    return working_day_on_or_before(valid_until - timedelta(days=EXPIRY_LEAD)) <= today <= valid_until
