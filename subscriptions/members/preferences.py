"""How a member wants to be reminded: which days before a deadline, quiet hours, at once or gathered."""

from dataclasses import dataclass
from enum import StrEnum

DEFAULT_LEAD_DAYS = (30, 14, 7, 3, 1)
MAX_LEAD_DAYS = 10
LONGEST_LEAD = 180
CLOSING_DAY = 0
"""The lead of a reminder on the closing day itself; members choose from one day on."""
DAY_MINUTES = 24 * 60


class Digest(StrEnum):
    """When what can wait is sent."""

    NONE = "none"
    """Each alert at once."""
    DAILY = "daily"
    WEEKLY = "weekly"


DIGEST_NAMES = {Digest.NONE: "即时发送", Digest.DAILY: "每天汇总", Digest.WEEKLY: "每周汇总"}


class PreferenceError(ValueError):
    """A wish that can't be kept; `sentence` says in Chinese why and what is possible."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


@dataclass(frozen=True, slots=True)
class Preferences:
    """A member's wishes.

    Attributes:
        lead_days: days before a closing date, longest first; () means only when a window opens;
            None: whatever the house's default is.
        quiet_from: first quiet minute after midnight, Asia/Shanghai.
        quiet_until: first minute that is no longer quiet; equal to `quiet_from`: no quiet hours.
        digest: at once, or gathered daily or weekly.
        general: 通用 clauses, which belong to every track, reach them too.
        announcements: operators' announcements (公告) reach them too; they depend on no track.
    """

    lead_days: tuple[int, ...] | None = None
    quiet_from: int = 21 * 60
    quiet_until: int = 8 * 60 + 30
    digest: Digest = Digest.NONE
    general: bool = True
    announcements: bool = True

    def __post_init__(self) -> None:
        """Refuse what the tables would refuse.

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

    @property
    def effective_lead_days(self) -> tuple[int, ...]:
        """The days that hold, the default where the member chose none."""
        return DEFAULT_LEAD_DAYS if self.lead_days is None else self.lead_days
