"""A member's preferences: days before a deadline, quiet hours, digest, 通用 clauses, announcements, pauses.

This module holds the values. `alerts/model/rows/quiet_hours.py` defers a row that falls into quiet hours.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

DEFAULT_LEAD_DAYS = (30, 14, 7, 3, 1)
MAX_LEAD_DAYS = 10
LONGEST_LEAD = 180
CLOSING_DAY = 0
"""The lead of a reminder on the closing day itself. Members can choose one day or more."""
DAY_MINUTES = 24 * 60
STOPPED = date(9999, 12, 31)
"""A pause without an end."""


class Digest(StrEnum):
    """When alerts that can wait are sent."""

    NONE = "none"
    """Each alert at once."""
    DAILY = "daily"
    WEEKLY = "weekly"


DIGEST_NAMES = {Digest.NONE: "即时发送", Digest.DAILY: "每天汇总", Digest.WEEKLY: "每周汇总"}


class PreferenceError(ValueError):
    """A preference is not possible. `sentence` says in Chinese why, and what is possible."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


@dataclass(frozen=True, slots=True)
class Preferences:
    """A member's preferences.

    Attributes:
        lead_days: days before the closing date on which to remind, longest first. (): only when a window opens.
            None: `DEFAULT_LEAD_DAYS`.
        quiet_from: the first quiet minute, in minutes after midnight, Asia/Shanghai.
        quiet_until: the first minute that is not quiet any more. Equal to `quiet_from`: no quiet hours.
        digest: send at once, or collect for a daily or weekly message.
        general: also wants 通用 clauses, which belong to every track.
        announcements: also wants announcements (公告), which belong to no track.
        weekends: messages may come on Saturdays and Sundays.
        deadlines_only: only reminders of a close and changed dates are sent; other reminders wait in the inbox.
        paused_until: through this day (Shanghai) nothing is sent, alerts wait in the inbox. `STOPPED`: until resumed.
    """

    lead_days: tuple[int, ...] | None = None
    quiet_from: int = 21 * 60
    quiet_until: int = 8 * 60 + 30
    digest: Digest = Digest.NONE
    general: bool = True
    announcements: bool = True
    weekends: bool = True
    deadlines_only: bool = False
    paused_until: date | None = None

    def __post_init__(self) -> None:
        """Check the values, as the table's constraints do.

        Raises:
            PreferenceError: days outside 1 to 180, more than ten of them, or a minute outside the day.
        """
        for minute in (self.quiet_from, self.quiet_until):
            if not 0 <= minute < DAY_MINUTES:
                raise PreferenceError("时间请在 0:00 到 23:59 之间。")
        if self.lead_days is None:
            return
        if len(self.lead_days) > MAX_LEAD_DAYS:
            raise PreferenceError(f"提前提醒的日子最多 {MAX_LEAD_DAYS} 个。")
        if any(not 1 <= days <= LONGEST_LEAD for days in self.lead_days):
            raise PreferenceError(f"提前天数请在 1 到 {LONGEST_LEAD} 之间。")
        ordered = tuple(sorted(set(self.lead_days), reverse=True))
        object.__setattr__(self, "lead_days", ordered)

    def is_paused(self, day: date) -> bool:
        """Whether nothing is to be sent on a day."""
        return self.paused_until is not None and day <= self.paused_until

    @property
    def effective_lead_days(self) -> tuple[int, ...]:
        """The days that apply: the member's own, or the default."""
        return DEFAULT_LEAD_DAYS if self.lead_days is None else self.lead_days
