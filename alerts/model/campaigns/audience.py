"""The audience of a campaign, as data. It is stored with the campaign, and read when its recipients are listed."""

from collections.abc import Sequence
from typing import Self

from pydantic import BaseModel, ConfigDict, model_validator

from policies.library.models import Policy
from subscriptions.members import recipients
from subscriptions.members.preferences import CLOSING_DAY, Preferences
from subscriptions.members.topics import clause_topic, department_topic


class Audience(BaseModel):
    """The members whom an alert concerns (`subscriptions.members.recipients.MemberQuery`), and which of them get it.

    Attributes:
        everyone: all who follow the account, subscribers or not (announcements).
        tracks: members who follow one of these.
        general: members with any subscription who have not switched 通用 off.
        members: ids of members, never openids.
        topics: also members who subscribe to one of these topics, beside tracks or general.
        lead: only those who are reminded this many days before a close.
        passed_over_for: more urgent leads of the same window that go out at the same time. A member who has one of
            them gets that alert, and a row `skipped` here.
        shortest: with lead 0 (the closing day), only members whose shortest lead is one of these.
        by_list: a mass send goes to the members in the ledger, because a follower takes no announcements.
        applied_too: it also goes to members who have applied for the window (已申报).
        told_of: only members who were told of this window, or may have been, and still subscribe to anything.
        fits: members whose kept profile fits this clause and who want to hear of that.
        but_not_tracks, but_not_topics, but_not_general: of these, nobody whom the clause's tracks, topics (or 通用)
            concern anyway.
    """

    model_config = ConfigDict(frozen=True)

    everyone: bool = False
    tracks: tuple[str, ...] = ()
    general: bool = False
    members: tuple[int, ...] = ()
    topics: tuple[str, ...] = ()
    lead: int | None = None
    passed_over_for: tuple[int, ...] = ()
    shortest: tuple[int, ...] = ()
    by_list: bool = False
    applied_too: bool = False
    told_of: int | None = None
    fits: int | None = None
    but_not_tracks: tuple[str, ...] = ()
    but_not_topics: tuple[str, ...] = ()
    but_not_general: bool = False

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        self.whom()
        return self

    def whom(self) -> recipients.MemberQuery:
        """Return the members it concerns, whatever their leads.

        Raises:
            ValueError: not exactly one of everyone, tracks, general, members and fits is given.
        """
        return recipients.MemberQuery(
            self.tracks,
            self.everyone,
            self.general,
            self.members,
            topics=self.topics,
            profiles=self.fits is not None,
            but_not_tracks=self.but_not_tracks,
            but_not_topics=self.but_not_topics,
            but_not_general=self.but_not_general,
        )

    def with_leads(
        self, lead: int | None, passed_over_for: tuple[int, ...], shortest: tuple[int, ...] = ()
    ) -> "Audience":
        """Return this audience, narrowed to members who have this lead."""
        leads = {"lead": lead, "passed_over_for": passed_over_for, "shortest": shortest}
        return self.model_copy(update=leads)

    def has_lead(self, wants: Preferences) -> bool:
        """Whether a member wants a reminder this many days before."""
        return self.lead is None or self._wanted(self.lead, wants)

    def has_more_urgent_lead(self, wants: Preferences) -> bool:
        """Whether a more urgent alert of the same window goes to a member instead."""
        return any(self._wanted(lead, wants) for lead in self.passed_over_for)

    def _wanted(self, lead: int, wants: Preferences) -> bool:
        leads = wants.effective_lead_days
        return lead in leads or (lead == CLOSING_DAY and bool(leads) and min(leads) in self.shortest)


def audience_of_policy(tracks: tuple[str, ...], topics: tuple[str, ...] = ()) -> Audience:
    """Return the members whom a clause concerns.

    These are subscribers of its tracks, without tracks (通用) all who want such clauses; and subscribers of its
    topics.
    """
    return Audience(tracks=tracks, topics=topics) if tracks else Audience(general=True, topics=topics)


def audience_of_clauses(of_clauses: Sequence[tuple[str, ...]], all_tracks: Sequence[str]) -> Audience:
    """Return the members whom several clauses concern together.

    These are subscribers of the tracks that the clauses carry; of clauses for all (通用) alone, all who want such.
    Where there are both, every subscriber, for an audience is one or the other.

    Args:
        of_clauses: the tracks of each clause.
        all_tracks: ids of the tracks that people can follow.
    """
    tracks = sorted(set().union(*of_clauses))
    if not tracks:
        return Audience(general=True)
    return Audience(tracks=tuple(tracks if all(of_clauses) else all_tracks))


def topics_of_policy(policy: Policy) -> tuple[str, ...]:
    """Return the ids of the topics to which news of a clause belongs: the clause itself, and its departments."""
    topics = (clause_topic(policy.key), *map(department_topic, policy.departments))
    return tuple(dict.fromkeys(topic.id for topic in topics))
