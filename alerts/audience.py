"""Who a campaign is for, as data: stored beside the campaign and read when its recipients are listed."""

from typing import Self

from pydantic import BaseModel, ConfigDict, model_validator

from subscriptions import recipients


class Audience(BaseModel):
    """Whom something concerns (see `subscriptions.recipients.Audience`), and who of them gets this alert.

    Attributes:
        everyone: all who follow the account, subscribers or not (announcements).
        tracks: members who follow one of these.
        general: members with any subscription who have not switched 通用 off.
        members: ids of members, never openids.
        lead: only those who are reminded this many days before a close.
        passed_over_for: leads of the same window that go out at the same time and are more urgent; who has
            one of them gets that one, and a row `skipped` here.
    """

    model_config = ConfigDict(frozen=True)

    everyone: bool = False
    tracks: tuple[str, ...] = ()
    general: bool = False
    members: tuple[int, ...] = ()
    lead: int | None = None
    passed_over_for: tuple[int, ...] = ()

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        self.whom()
        return self

    def whom(self) -> recipients.Audience:
        """Those it concerns, before leads are looked at.

        Raises:
            ValueError: not exactly one of everyone, tracks, general and members is given.
        """
        return recipients.Audience(self.tracks, self.everyone, self.general, self.members)

    def with_leads(self, lead: int | None, passed_over_for: tuple[int, ...]) -> "Audience":
        """The same people, as far as they have this lead."""
        return self.model_copy(update={"lead": lead, "passed_over_for": passed_over_for})


def audience_of_policy(tracks: tuple[str, ...]) -> Audience:
    """Those a clause concerns: followers of its tracks, or with none (通用) all who want such clauses."""
    return Audience(tracks=tracks) if tracks else Audience(general=True)
