"""Who a campaign is for, as data: stored beside the campaign and read when its recipients are listed."""

from datetime import date
from typing import Self

from pydantic import BaseModel, ConfigDict, model_validator

DEFAULT_LEADS = (30, 14, 7, 3, 1)
"""Days before a window closes on which a member is reminded who has not chosen others (issue 6)."""


class Audience(BaseModel):
    """One of: everyone who follows, followers of tracks, every subscriber who wants 通用, or listed members.

    Attributes:
        everyone: all who follow the account, subscribers or not (announcements).
        tracks: members who follow one of these.
        general: members with any subscription who have not switched 通用 off.
        members: ids of members, never openids.
        lead: only those who are reminded this many days before a close.
        passed_over_for: leads of the same window that go out at the same time and are more urgent; who has
            one of them gets that one, and a row `skipped` here.
        not_applied: only those who have not said 已申报 for the campaign's window.
    """

    model_config = ConfigDict(frozen=True)

    everyone: bool = False
    tracks: tuple[str, ...] = ()
    general: bool = False
    members: tuple[int, ...] = ()
    lead: int | None = None
    passed_over_for: tuple[int, ...] = ()
    not_applied: bool = False

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        ways = (self.everyone, bool(self.tracks), self.general, bool(self.members))
        if sum(ways) != 1:
            raise ValueError("an audience is everyone, tracks, general or members")
        return self


def audience_of_policy(tracks: tuple[str, ...]) -> Audience:
    """Those a clause concerns: followers of its tracks, or with none (通用) everyone who wants such clauses."""
    return Audience(tracks=tracks) if tracks else Audience(general=True)


def wanted_leads(lead_days: list[int] | None) -> frozenset[int]:
    """The days before a close on which a member is reminded; None stands for the default, [] for never."""
    return frozenset(DEFAULT_LEADS if lead_days is None else lead_days)


def closes_within(days: int, closes_on: date | None, today: date) -> bool:
    """Whether it closes in so many days or fewer."""
    return closes_on is not None and (closes_on - today).days <= days
