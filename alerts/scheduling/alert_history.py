"""Reads application windows, and the alerts made for them, from the database: the input of `due`."""

import json
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import String, and_, bindparam, cast, exists, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from alerts.lease.lease import SCHEDULER
from alerts.model.campaigns.audience import Audience, audience_of_policy, topics_of_policy
from alerts.model.campaigns.campaign_states import Status
from alerts.model.campaigns.new_campaigns import NewCampaign
from alerts.model.content import WINDOW_KINDS, AlertKind, Content
from alerts.model.rows.row_states import TOLD
from alerts.model.tables import Campaign, CampaignCount, Lease
from alerts.scheduling.due import DueAlert, MadeAlert, closing_instant, due
from policies.guides.guide import Guide
from policies.library.library import Library
from policies.library.tables import WindowRow
from policies.windows.application_windows import window_of
from policies.windows.window import Window
from storage.clock import day_of
from subscriptions.members.preferences import DEFAULT_LEAD_DAYS
from subscriptions.tables import Member

VOID = ":void:"
"""Stands in the key of an alert that was cancelled before any member had it. Its original key is free again."""
_UNFINISHED = (Status.SCHEDULED, Status.SENDING, Status.PAUSED)
_WITHDRAWN = WindowRow.withdrawn_at.is_not(None)
_IS_TRUE = and_(
    Campaign.status.in_(_UNFINISHED),
    or_(
        and_(_WITHDRAWN, Campaign.closes_on.is_(None)),
        and_(~_WITHDRAWN, Campaign.closes_on.is_not_distinct_from(WindowRow.closes_on)),
    ),
)
"""Whether what an alert says of its window is true now: its closing day, or that it was withdrawn."""
_SOME_MEMBER_HAS_IT = (
    exists()
    .where(CampaignCount.campaign_id == Campaign.id, CampaignCount.state.in_(TOLD), CampaignCount.n > 0)
    .correlate(Campaign)
)
"""Whether some member has a campaign's alert, by its counters."""
_STANDS = and_(Campaign.status.not_in(_UNFINISHED), ~Campaign.key.contains(VOID)) | _IS_TRUE
_WINDOWS = (
    select(WindowRow)
    .where(WindowRow.closes_on >= bindparam("today"))
    .order_by(WindowRow.closes_on, WindowRow.id)
)
_MADE = (
    select(
        Campaign.key,
        WindowRow.id,
        Campaign.kind,
        Campaign.closes_on,
        Campaign.created_at,
        _SOME_MEMBER_HAS_IT,
        Campaign.lead,
    )
    .join(WindowRow, WindowRow.id == Campaign.window_id)
    .where(WindowRow.closes_on >= bindparam("today"), or_(_STANDS, _SOME_MEMBER_HAS_IT))
    .order_by(Campaign.id)
)
_OUTDATED = (
    select(Campaign.id, or_(WindowRow.id.is_(None), _WITHDRAWN), _SOME_MEMBER_HAS_IT)
    .outerjoin(WindowRow, WindowRow.id == Campaign.window_id)
    .where(
        Campaign.status.in_(_UNFINISHED),
        Campaign.kind.in_(WINDOW_KINDS),
        or_(WindowRow.id.is_(None), ~_IS_TRUE),
    )
)
"""The tick asks these every few seconds: to build such a statement takes longer than to run it on few rows."""


@dataclass(frozen=True, slots=True)
class AlertHistory:
    """The data from which the alerts of a day follow.

    Attributes:
        windows: windows that have not closed yet.
        withdrawn: windows that an operator withdrew before they closed.
        made: alerts made for them, oldest first.
        leads: days before a close that any member is reminded on.
        ticked_on: the last day whose alerts were made.
        announced: the last publication that was announced.
    """

    windows: tuple[Window, ...]
    withdrawn: tuple[Window, ...]
    made: tuple[MadeAlert, ...]
    leads: frozenset[int]
    ticked_on: date | None
    announced: int = 0

    def due_on(self, today: date) -> list[DueAlert]:
        """Return the alerts to make on a day."""
        return due(self.windows, self.made, self.leads, today, self.ticked_on, withdrawn=self.withdrawn)

    def after(self, made: list[DueAlert], today: date) -> "AlertHistory":
        """Return the history once these alerts have been made and sent."""
        new = (
            MadeAlert(one.key, one.window.id, one.kind, one.closes_on, today, lead=one.lead) for one in made
        )
        return replace(self, made=(*self.made, *new), ticked_on=today)

    def with_windows(
        self, put: Collection[Window], withdrawn: Collection[Window], today: date
    ) -> "tuple[AlertHistory, AlertHistory]":
        """Return the history of these windows alone, and the history after they are put and withdrawn.

        An alert with a wrong day that nobody was told is cancelled, and counts as not made.
        """
        closes = {one.id: one.closes_on for one in put} | {one.id: None for one in withdrawn}
        now = replace(
            self,
            windows=tuple(one for one in self.windows if one.id in closes),
            withdrawn=tuple(one for one in self.withdrawn if one.id in closes),
            made=tuple(one for one in self.made if one.window_id in closes),
        )
        then = replace(
            now,
            windows=tuple(one for one in put if one.closes_on >= today),
            withdrawn=tuple(withdrawn),
            made=tuple(one for one in now.made if one.was_told or one.closes_on == closes[one.window_id]),
        )
        return now, then


@dataclass(frozen=True, slots=True)
class OutdatedAlert:
    """An unfinished alert that is no longer true.

    Attributes:
        gone: its window was withdrawn. If false, the window closes on another day, or has come back.
        was_told: some member has it.
    """

    campaign_id: int
    gone: bool
    was_told: bool


async def load_alert_history(
    session: AsyncSession, today: date, leads: frozenset[int] | None = None
) -> AlertHistory:
    """Read the history. `leads`: the leads in use if the caller knows them; None: they are read too."""
    kept = (await session.scalars(_WINDOWS, {"today": today})).all()
    lease = await session.get(Lease, SCHEDULER)
    return AlertHistory(
        windows=tuple(window_of(row) for row in kept if row.withdrawn_at is None),
        withdrawn=tuple(window_of(row) for row in kept if row.withdrawn_at is not None),
        made=await _made(session, today),
        leads=leads if leads is not None else await leads_in_use(session),
        ticked_on=lease.ticked_on if lease else None,
        announced=lease.announced if lease else 0,
    )


async def leads_in_use(session: AsyncSession) -> frozenset[int]:
    """Return the leads in use: each number of days before a close that some member chose, and the default ones."""
    chosen = await session.scalars(
        select(cast(Member.lead_days, String)).where(Member.lead_days.is_not(None)).distinct()
    )
    return frozenset(DEFAULT_LEAD_DAYS).union(*(json.loads(one) for one in chosen))


async def _made(session: AsyncSession, today: date) -> tuple[MadeAlert, ...]:
    """Return the alerts made, without those that were cancelled, or that the next tick cancels, before any member had them."""
    rows = await session.execute(_MADE, {"today": today})
    return tuple(
        MadeAlert(key, window_id, AlertKind(kind), closes_on, day_of(at), bool(was_told), lead)
        for key, window_id, kind, closes_on, at, was_told, lead in rows
    )


async def outdated_alerts(session: AsyncSession) -> list[OutdatedAlert]:
    """Return unfinished alerts of windows that now close on another day, were withdrawn, or came back."""
    rows = await session.execute(_OUTDATED)
    return [OutdatedAlert(id_, gone=bool(lost), was_told=bool(was_told)) for id_, lost, was_told in rows]


async def waiting_alerts(session: AsyncSession, keys: Collection[str]) -> list[int]:
    """Return ids of unfinished alerts whose key is like one of these patterns."""
    alike = or_(*(Campaign.key.like(pattern) for pattern in keys))
    found = await session.scalars(select(Campaign.id).where(Campaign.status.in_(_UNFINISHED), alike))
    return list(found)


def campaign_of(one: DueAlert, library: Library, guide: Guide | None = None) -> NewCampaign:
    """Return the campaign of a window's alert. If its clause is no longer published, it goes to those who want 通用."""
    window = one.window
    policy = library.get(window.policy_id)
    audience = (
        Audience(everyone=True, told_of=window.id)
        if one.withdrawn
        else audience_of_policy(policy.tracks, topics_of_policy(policy))
        if policy
        else audience_of_policy(())
    )
    return NewCampaign(
        key=one.key,
        kind=one.kind,
        content=Content(
            title=window.title or (policy.title if policy else "申报期"),
            url=window.url,
            policy_id=window.policy_id,
            document=library.document_name(policy.document) if policy else "",
            window_id=window.id,
            opens_on=window.opens_on,
            closes_on=one.closes_on,
            old_closes_on=one.old_closes_on,
            guide=None if one.withdrawn else guide,
            sample=window.sample,
        ),
        audience=audience.with_leads(one.lead, one.passed_over_for, one.shortest).model_copy(
            update={"applied_too": one.concerns_applicants}
        ),
        window_id=window.id,
        closes_on=one.closes_on,
        lead=one.lead,
        expires_at=closing_instant(window.closes_on),
    )
