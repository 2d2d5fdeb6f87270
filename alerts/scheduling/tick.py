"""The tick: makes the alerts that are due. A tick that runs twice, or late, makes the same alerts once."""

import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import structlog
from prometheus_client import CollectorRegistry, Counter
from sqlalchemy import String, bindparam, cast, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from alerts.lease.lease import HeldLease, guard
from alerts.member.followed_questions import questions_answered
from alerts.model.campaigns.campaign_states import CampaignAction, WrongStatusError
from alerts.model.campaigns.moves import act
from alerts.model.campaigns.new_campaigns import NewCampaign, create_campaign
from alerts.model.tables import Campaign, Lease
from alerts.scheduling.alert_history import (
    VOID,
    OutdatedAlert,
    campaign_of,
    leads_in_use,
    load_alert_history,
    outdated_alerts,
    waiting_alerts,
)
from alerts.scheduling.announcing import (
    expiry_campaigns,
    latest_of_each_clause,
    publication_campaigns,
    superseded_keys,
)
from alerts.scheduling.by_profile import NO_BENEFITS, by_profile, somebody_wants_alerts
from alerts.scheduling.due import DueAlert
from policies.guides.store import GuideStore
from policies.library.library import Library
from policies.matching.catalogue import Catalogue
from policies.publishing.revisions import Publication
from policies.publishing.store import PolicyStore
from storage.clock import Clock, day_of
from storage.sql.database import Database

LEADS_FRESH_SECONDS = 30.0
"""Seconds for which the leads in use are kept, because finding them walks over all members."""
_KEYS = select(Campaign.key).where(Campaign.key.startswith(bindparam("beginning", type_=String())))

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class TickMetrics:
    """What the tick counts: alerts due, by kind, and unfinished ones called back."""

    due: Counter
    withdrawn: Counter

    @classmethod
    def register(cls, registry: CollectorRegistry) -> "TickMetrics":
        """Make the counters in a registry."""
        return cls(
            Counter("policybot_alerts_due", "Alerts that fell due", ["kind"], registry=registry),
            Counter("policybot_alerts_withdrawn", "Alerts called back unfinished", registry=registry),
        )


class Tick:
    """Makes due alerts, in the process that holds the lease."""

    def __init__(
        self,
        database: Database,
        store: PolicyStore,
        clock: Clock,
        metrics: TickMetrics,
        catalogue: Catalogue = NO_BENEFITS,
    ) -> None:
        self._catalogue = catalogue
        self._database = database
        self._store = store
        self._clock = clock
        self._metrics = metrics
        self._leads: tuple[float, frozenset[int]] | None = None
        self._published: tuple[int, Library] | None = None

    async def __call__(self, held: HeldLease) -> list[int]:
        """Make what is due and call back what a changed window made untrue; the new campaigns' ids.

        What is due is read first, so that a tick that finds nothing writes nothing; the lease guards that no
        other process ticked in between.

        Raises:
            LeaseLostError: another process holds the lease; nothing was made.
            NothingPublishedError: the library has not been seeded.
        """
        today = day_of(self._clock())
        library = await self._library()
        async with self._database.read() as session:
            state = await load_alert_history(session, today, await self._fresh_leads(session))
            untrue = await outdated_alerts(session)
            expiring = expiry_campaigns(library, today, await _keys(session, "expiry:"))
            profiles = await somebody_wants_alerts(session)
        publications = await self._store.publications_after(state.announced)
        new = await self._of_windows(state.due_on(today), library)
        new += [*expiring, *latest_of_each_clause(await self._news(publications, library))]
        if profiles:
            new += by_profile(new, library, self._catalogue)
        if not (new or untrue or publications) and state.ticked_on == today:
            return []
        async with self._database.write() as session:
            await guard(session, held)
            await self._withdraw(session, untrue)
            await self._supersede(session, new)
            made = await self._make(session, new)
            announced = publications[-1].id if publications else state.announced
            await session.execute(
                update(Lease).where(Lease.name == held.name).values(ticked_on=today, announced=announced)
            )
        return made

    async def _library(self) -> Library:
        version = await self._store.version()
        if self._published is None or self._published[0] != version:
            self._published = (version, await self._store.published())
        return self._published[1]

    async def _of_windows(self, alerts: Sequence[DueAlert], library: Library) -> list[NewCampaign]:
        """Return the alerts of windows, each with the present guide of its clause."""
        if not alerts:
            return []
        book = await GuideStore(self._database).book()
        keys = [one.window.policy_id for one in alerts]
        return [campaign_of(one, library, book.of_clause(key)) for one, key in zip(alerts, keys, strict=True)]

    async def _fresh_leads(self, session: AsyncSession) -> frozenset[int]:
        now = time.monotonic()
        if self._leads is None or now - self._leads[0] > LEADS_FRESH_SECONDS:
            self._leads = (now, await leads_in_use(session))
        return self._leads[1]

    async def _news(self, publications: Sequence[Publication], library: Library) -> list[NewCampaign]:
        if not publications:
            return []
        district = await self._store.district()
        changed = {change.key for one in publications for change in one.changes if change.after is not None}
        answered = await questions_answered(self._database, library, district, changed)
        ids = tuple(track.id for track in (await self._store.tracks()).tracks)
        return [
            new
            for publication in publications
            for new in publication_campaigns(publication, ids, library, answered)
        ]

    async def _withdraw(self, session: AsyncSession, untrue: Iterable[OutdatedAlert]) -> None:
        """Cancel unfinished alerts that are no longer true. If nobody has the alert, its key is free again."""
        for one in untrue:
            reason = (
                "申报期已删除，未发出的提醒不再发送。" if one.gone else "申报期已变更，未发出的提醒不再发送。"
            )
            try:
                await act(session, one.campaign_id, CampaignAction.CANCEL, self._clock(), reason=reason)
            except WrongStatusError:
                continue  # finished, or cancelled by an operator, since it was looked at
            self._metrics.withdrawn.inc()
            if not one.was_told:
                void = Campaign.key + VOID + cast(Campaign.id, String)
                await session.execute(update(Campaign).where(Campaign.id == one.campaign_id).values(key=void))

    async def _supersede(self, session: AsyncSession, new: Sequence[NewCampaign]) -> None:
        """Cancel what still waits of earlier alerts on a clause that changed again: a member is told of the last change."""
        patterns = superseded_keys(new)
        for campaign_id in await waiting_alerts(session, patterns) if patterns else ():
            reason = "这一条又有修改，未发出的提醒由最新的代替。"
            try:
                await act(session, campaign_id, CampaignAction.CANCEL, self._clock(), reason=reason)
            except WrongStatusError:
                continue  # finished, or cancelled by an operator, since it was looked at
            self._metrics.withdrawn.inc()

    async def _make(self, session: AsyncSession, new: Iterable[NewCampaign]) -> list[int]:
        made = []
        for campaign in new:
            campaign_id = await create_campaign(session, campaign, self._clock())
            if campaign_id is not None:
                made.append(campaign_id)
                self._metrics.due.labels(campaign.kind).inc()
                _log.info("scheduler.alert_due", campaign=campaign_id, key=campaign.key)
        return made


async def _keys(session: AsyncSession, beginning: str) -> frozenset[str]:
    return frozenset(await session.scalars(_KEYS, {"beginning": beginning}))
