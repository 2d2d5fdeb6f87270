"""Forecasts how many members would get which alert on which day. It plays the ticks of coming days, and makes nothing."""

import asyncio
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cache, partial

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from alerts.forecast.member_segments import member_segments
from alerts.model.campaigns.audience import Audience
from alerts.model.campaigns.campaign_states import Status
from alerts.model.campaigns.new_campaigns import NewCampaign
from alerts.model.content import AlertKind, Content
from alerts.model.rows.quiet_hours import kept_back
from alerts.model.tables import Campaign
from alerts.scheduling.alert_history import AlertHistory, campaign_of, load_alert_history
from alerts.scheduling.announcing import expiry_campaigns, publication_campaigns
from alerts.scheduling.by_profile import (
    NO_BENEFITS,
    by_profile,
    compared_clause,
    fits_of,
    profile_pages,
    somebody_wants_alerts,
)
from alerts.scheduling.due import DueAlert
from alerts.scheduling.list_recipients import concerned_among, done_with, first_attempt_of
from policies.library.library import Library
from policies.matching.catalogue import Catalogue
from policies.publishing.store import PolicyStore
from policies.windows.window import Window
from storage.clock import Clock, day_of, midnight_of
from storage.sql.database import Database
from subscriptions.members import recipients
from subscriptions.members.preferences import Preferences

FORESEEN_DAYS = 366
"""How far the alerts of windows are foreseen."""
_FEW_WINDOWS = 50
"""Of more windows in one step only today's alerts are foreseen."""


@dataclass(slots=True)
class Forecast:
    """One alert that a day's tick would make.

    Attributes:
        day: the day it falls due.
        recipients: rows that would be sent.
        passed_over: rows that would be skipped, because a more urgent alert goes to the member.
        not_fitting: rows that would be skipped, because the profile that the member keeps plainly does not fit the clause.
        kept: rows among `recipients` that would only be laid into the inbox: the member stopped or paused messages, or
            wants deadlines alone.
        arrivals: messages by the day they would arrive, with quiet hours and digests.
    """

    day: date
    campaign: NewCampaign
    recipients: int = 0
    passed_over: int = 0
    not_fitting: int = 0
    kept: int = 0
    arrivals: Counter[date] = field(default_factory=Counter)


async def preview(
    database: Database,
    store: PolicyStore,
    clock: Clock,
    first: date,
    days: int,
    *,
    catalogue: Catalogue = NO_BENEFITS,
) -> list[Forecast]:
    """Return the alerts of some days, by day; nothing is made or sent.

    Windows, subscriptions and what was made so far are taken as they are now. Days between today and the first one
    are played through too, so that what they will have made is not foretold again.
    """
    now = clock()
    today = day_of(now)
    start, end = min(today, first), first + timedelta(days=days)
    library = await store.published()
    async with database.read() as session:
        state = await load_alert_history(session, start)
        noticed = set(await session.scalars(select(Campaign.key).where(Campaign.kind == AlertKind.EXPIRY)))
        planned = await _planned(session, today)
        known = catalogue if await somebody_wants_alerts(session) else NO_BENEFITS
    news = await _news(store, state.announced, library)
    forecasts = [Forecast(today, one) for one in (*news, *by_profile(news, library, known))] + planned
    for day, alerts in _ticks(state, start, (end - start).days):
        notices = expiry_campaigns(library, day, noticed)
        noticed |= {notice.key for notice in notices}
        made = [campaign_of(one, library) for one in alerts]
        forecasts += [
            Forecast(day, campaign) for campaign in (*made, *notices, *by_profile(made, library, known))
        ]
    forecasts = [one for one in forecasts if first <= one.day < end]
    await _count(database, forecasts, now, known)
    return sorted(forecasts, key=lambda one: one.day)


async def preview_of_windows(
    database: Database,
    store: PolicyStore,
    clock: Clock,
    put: Sequence[Window],
    withdrawn: Sequence[Window] = (),
    *,
    catalogue: Catalogue = NO_BENEFITS,
) -> list[Forecast]:
    """Return the alerts that windows would bring until they close, and that would not come without this step.

    Args:
        database: the database.
        store: what is published.
        clock: the business clock.
        put: windows that would be added or changed, as they would be then; the id of a new one is below zero.
        withdrawn: windows that would be withdrawn.
        catalogue: the benefits that profiles are compared with.
    """
    now = clock()
    today = day_of(now)
    library = await store.published()
    async with database.read() as session:
        state = await load_alert_history(session, today)
        known = catalogue if await somebody_wants_alerts(session) else NO_BENEFITS
    is_now, would_be = state.with_windows(put, withdrawn, today)
    last = max((one.closes_on for one in (*put, *withdrawn)), default=today)
    days = 1 + min(max((last - today).days, 0), FORESEEN_DAYS if len(put) <= _FEW_WINDOWS else 0)
    expected = {
        alert.key
        for _, alerts in await asyncio.to_thread(list, _ticks(is_now, today, days))
        for alert in alerts
    }
    made = [
        Forecast(day, campaign_of(alert, library))
        for day, alerts in await asyncio.to_thread(list, _ticks(would_be, today, days))
        for alert in alerts
        if alert.key not in expected
    ]
    made += [Forecast(one.day, new) for one in made for new in by_profile([one.campaign], library, known)]
    await _count(database, made, now, known)
    return made


def _ticks(state: AlertHistory, first: date, days: int) -> Iterator[tuple[date, Sequence[DueAlert]]]:
    """Yield the alerts that are due on each of some days, what the days before made left out."""
    for offset in range(days):
        day = first + timedelta(days=offset)
        alerts = state.due_on(day)
        state = state.after(alerts, day)
        yield day, alerts


async def _news(store: PolicyStore, announced: int, library: Library) -> list[NewCampaign]:
    tracks = tuple(track.id for track in (await store.tracks()).tracks)
    publications = await store.publications_after(announced)
    return [
        new for publication in publications for new in publication_campaigns(publication, tracks, library)
    ]


async def _planned(session: AsyncSession, today: date) -> list[Forecast]:
    """Return announcements that are approved and wait for their time."""
    waiting = await session.scalars(
        select(Campaign).where(Campaign.status == Status.SCHEDULED, Campaign.kind == AlertKind.ANNOUNCEMENT)
    )
    return [
        Forecast(
            max(today, day_of(one.send_at)) if one.send_at else today,
            NewCampaign(
                one.key,
                AlertKind.ANNOUNCEMENT,
                Content.model_validate(one.content),
                Audience.model_validate(one.audience),
                one.channel,
                send_at=one.send_at,
            ),
        )
        for one in waiting
    ]


async def _count(
    database: Database, forecasts: Sequence[Forecast], now: datetime, catalogue: Catalogue
) -> None:
    """Count by the rule that lists recipients. One walk over the members serves all alerts."""
    tallies = [_Tally(one, now) for one in forecasts]
    walked = [tally for tally in tallies if not tally.is_listed]
    windows = {one.campaign.window_id for one in forecasts if one.campaign.window_id is not None}
    if walked:
        topics = {topic for tally in walked for topic in tally.audience.topics}
        async for alike in member_segments(database, windows, topics):
            for tally in walked:
                for profile, members in alike.items():
                    if profile.concerns(tally.audience):
                        tally.add(profile.preferences, members, applied=tally.window in profile.applied)
    for tally in tallies:
        if tally.is_listed:
            await _count_listed(database, tally, catalogue)
        else:
            await _leave_out_unfit(database, tally, catalogue)


async def _count_listed(database: Database, tally: "_Tally", catalogue: Catalogue) -> None:
    """Count an alert for named members, those told of a window, those whose profile fits: it depends on who they are."""
    async for people in recipients.recipients(database, tally.audience.whom()):
        fits = await fits_of(database, tally.audience.fits, people, catalogue)
        async with database.read() as session:
            concerned = await concerned_among(session, tally.audience, people, fits)
            done = await done_with(session, tally.audience, tally.window, concerned)
        for one in concerned:
            tally.add(one.preferences, 1, applied=one.member_id in done)


async def _leave_out_unfit(database: Database, tally: "_Tally", catalogue: Catalogue) -> None:
    """Take out whom listing passes over, because the profile that they keep plainly does not fit the clause."""
    if tally.compared not in catalogue.by_clause:
        return
    async for people, unfit in profile_pages(database, tally.compared, tally.audience, catalogue):
        left_out = [one for one in people if one.member_id in unfit]
        async with database.read() as session:
            done = await done_with(session, tally.audience, tally.window, left_out)
        for one in left_out:
            tally.leave_out(one.preferences, applied=one.member_id in done)


class _Tally:
    """Counts one forecast."""

    def __init__(self, forecast: Forecast, now: datetime) -> None:
        campaign = forecast.campaign
        made_at = max(now, campaign.send_at or midnight_of(forecast.day))
        self.audience, self.window = campaign.audience, campaign.window_id
        self.is_listed = (
            bool(self.audience.members) or self.audience.told_of is not None or self.audience.fits is not None
        )
        self.compared = compared_clause(campaign.kind, campaign.content.policy_id, campaign.audience)
        self._forecast = forecast
        self._is_announcement = campaign.kind is AlertKind.ANNOUNCEMENT
        self._when = cache(
            partial(first_attempt_of, campaign.kind, campaign.channel, campaign.content, made_at)
        )

    def add(self, wants: Preferences, members: int, *, applied: bool) -> None:
        """Add members of its audience who have the same preferences."""
        if not self._is_wanted(wants, applied=applied):
            return
        if self.audience.has_more_urgent_lead(wants):
            self._forecast.passed_over += members
            return
        self._forecast.recipients += members
        self._send(wants, members)

    def leave_out(self, wants: Preferences, *, applied: bool) -> None:
        """Take out a member who was added, because the clause plainly does not fit."""
        if not self._is_wanted(wants, applied=applied) or self.audience.has_more_urgent_lead(wants):
            return
        self._forecast.not_fitting += 1
        self._forecast.recipients -= 1
        self._send(wants, -1)
        self._forecast.arrivals = +self._forecast.arrivals  # days without a message go

    def _send(self, wants: Preferences, members: int) -> None:
        day = self._arrival(wants)
        if kept_back(self._forecast.campaign.kind, wants, day):
            self._forecast.kept += members
        else:
            self._forecast.arrivals[day] += members

    def _is_wanted(self, wants: Preferences, *, applied: bool) -> bool:
        if (applied and not self.audience.applied_too) or not self.audience.has_lead(wants):
            return False
        return wants.announcements or not self._is_announcement

    def _arrival(self, wants: Preferences) -> date:
        return day_of(self._when(wants))
