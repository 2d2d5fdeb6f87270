"""Moves campaigns from scheduled to done: start them, list their recipients, close rows that cannot leave, finish."""

from collections import Counter
from datetime import datetime

from sqlalchemy import ColumnElement, and_, bindparam, case, exists, false, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from alerts.channels.mass.jobs import TO_ALL, JobStatus
from alerts.lease.lease import HeldLease, guard
from alerts.model.campaigns.campaign_counts import add_counts, recount
from alerts.model.campaigns.campaign_states import CampaignAction, Status
from alerts.model.campaigns.moves import act_on_all
from alerts.model.rows.row_reasons import CANCELLED, EXPIRED, NO_ANSWER
from alerts.model.rows.row_states import IS_LEASED, IS_PENDING, RowState
from alerts.model.tables import Campaign, CampaignCount, Delivery, MassJob
from alerts.scheduling.by_profile import NO_BENEFITS
from alerts.scheduling.list_recipients import list_recipients
from policies.matching.catalogue import Catalogue
from storage.clock import Clock
from storage.sql.database import Database

CLOSING_PAGE = 5_000
LATE = "已过最晚发送时间，未发出的不再自动发送；请决定继续或取消。"
"""Why a broadcast is paused whose last hour has passed."""

_MAY_HAVE_GONE_TO_ALL = exists().where(
    MassJob.campaign_id == Delivery.campaign_id,
    MassJob.lead_id == TO_ALL,
    MassJob.status.not_in((JobStatus.FAILED, JobStatus.AGAIN)),
)
_IS_TO_ALL = and_(
    Campaign.channel == "mass",
    func.coalesce(Campaign.audience["everyone"].as_boolean(), false()),
    ~func.coalesce(Campaign.audience["by_list"].as_boolean(), false()),
)
_SENT_TO_ALL = exists().where(
    MassJob.campaign_id == Campaign.id,
    MassJob.lead_id == TO_ALL,
    MassJob.status.not_in((JobStatus.TRYING, JobStatus.AGAIN)),
)
"""A mass send to all also reaches people without a row, so it is done when WeChat has taken the call."""
_ANY_OPEN = or_(
    exists().where(Campaign.status.in_((Status.SCHEDULED, Status.SENDING))),
    exists().where(CampaignCount.state == RowState.PENDING.value, CampaignCount.n > 0),
)


def _has(rows: ColumnElement[bool]) -> ColumnElement[bool]:
    return exists().where(Delivery.campaign_id == Campaign.id, rows).correlate(Campaign)


_IS_UNSENT = or_(
    Campaign.status == Status.SCHEDULED,
    and_(
        Campaign.status == Status.SENDING,
        or_(Campaign.snapshot_state != "complete", _has(IS_PENDING), and_(_IS_TO_ALL, ~_SENT_TO_ALL)),
    ),
)
_UNLISTED = (
    select(Campaign)
    .where(Campaign.status == Status.SENDING, Campaign.snapshot_state != "complete")
    .order_by(Campaign.closes_on.is_(None), Campaign.closes_on, Campaign.id)
)
_WITH_ROWS_TO_CLOSE = (
    select(Campaign.id, Campaign.status)
    .join(CampaignCount, CampaignCount.campaign_id == Campaign.id)
    .where(
        CampaignCount.state == RowState.PENDING.value,
        CampaignCount.n > 0,
        or_(
            Campaign.status == Status.CANCELLED,
            and_(
                Campaign.status.in_((Status.SENDING, Status.PAUSED)), Campaign.expires_at <= bindparam("now")
            ),
        ),
        _has(IS_PENDING),
    )
)
_IS_OVER = and_(
    Campaign.status == Status.SENDING,
    Campaign.snapshot_state == "complete",
    ~_has(IS_PENDING),
    ~_has(IS_LEASED),
    or_(~_IS_TO_ALL, _SENT_TO_ALL),
)
_ANY_OVER = select(exists().where(_IS_OVER))
_IS_BACK = and_(
    Campaign.status == Status.DONE,
    exists()
    .where(
        CampaignCount.campaign_id == Campaign.id,
        CampaignCount.state == RowState.PENDING.value,
        CampaignCount.n > 0,
    )
    .correlate(Campaign),
    _has(IS_PENDING),
)
_ANY_BACK = select(exists().where(_IS_BACK))
"""The holder of the lease asks these every second or two: to build such a statement takes longer than to run it."""


class CampaignProgress:
    """Moves campaigns on, in the process that holds the lease. The sweep finds the rows it lists."""

    def __init__(self, database: Database, clock: Clock, catalogue: Catalogue = NO_BENEFITS) -> None:
        self._catalogue = catalogue
        self._database = database
        self._clock = clock

    async def any_open(self) -> bool:
        """Whether a campaign waits or is being sent, or rows of one that has ended are open: else there is nothing to move."""
        (any_open,) = await self._database.look(select(_ANY_OPEN))
        return bool(any_open)

    async def start(self, held: HeldLease) -> int:
        """Start the campaigns whose time has come, and pause those whose last hour has passed. The result counts the starts."""
        now = self._clock()
        await self._hold_late(held, now)
        come = and_(
            Campaign.status == Status.SCHEDULED, or_(Campaign.send_at.is_(None), Campaign.send_at <= now)
        )
        async with self._database.read() as session:
            if not await session.scalar(select(exists().where(come))):
                return 0
        async with self._database.write() as session:
            await guard(session, held)
            return len(await act_on_all(session, come, CampaignAction.START, now))

    async def _hold_late(self, held: HeldLease, now: datetime) -> None:
        """Pause broadcasts that are late (a stop, a downtime, a spent quota), so that an operator decides."""
        late = and_(_IS_UNSENT, Campaign.last_at <= now)
        async with self._database.read() as session:
            if not await session.scalar(select(exists().where(late))):
                return
        async with self._database.write() as session:
            await guard(session, held)
            await act_on_all(session, late, CampaignAction.PAUSE, now, reason=LATE)

    async def list_all(self, held: HeldLease) -> int:
        """List the recipients of campaigns being sent, the nearest close first. The result counts completed listings."""
        now = self._clock()
        async with self._database.read() as session:
            campaigns = (await session.scalars(_UNLISTED)).all()
        completed = 0
        for campaign in campaigns:
            if campaign.expires_at is not None and campaign.expires_at <= now:
                await self._list_no_more(held, campaign.id)
                completed += 1
            else:
                completed += await list_recipients(
                    self._database, campaign, self._clock, held, catalogue=self._catalogue
                )
        return completed

    async def _list_no_more(self, held: HeldLease, campaign_id: int) -> None:
        async with self._database.write() as session:
            await guard(session, held)
            await session.execute(
                update(Campaign)
                .where(Campaign.id == campaign_id)
                .values(snapshot_state="complete", reason="截止时尚未列出全部收件人，其余不再发送。")
            )

    async def close_rows(self, held: HeldLease) -> int:
        """Settle the open rows of cancelled and of expired campaigns.

        They are skipped. A row whose try got no answer becomes `unknown`, because its message may have arrived.
        """
        closed = 0
        for campaign_id, reason in await self._with_rows_to_close():
            while await self._close_page(held, campaign_id, reason):
                closed += 1
        return closed

    async def _with_rows_to_close(self) -> list[tuple[int, str]]:
        async with self._database.read() as session:
            rows = await session.execute(_WITH_ROWS_TO_CLOSE, {"now": self._clock()})
            return [
                (campaign_id, CANCELLED if status == Status.CANCELLED else EXPIRED)
                for campaign_id, status in rows
            ]

    async def _close_page(self, held: HeldLease, campaign_id: int, reason: str) -> int:
        page = (
            select(Delivery.id)
            .where(Delivery.campaign_id == campaign_id, IS_PENDING)
            .limit(CLOSING_PAGE)
            .with_for_update(skip_locked=True)
        )
        in_doubt = or_(Delivery.tried_at.is_not(None), _MAY_HAVE_GONE_TO_ALL)
        async with self._database.write() as session:
            await guard(session, held)
            closed = await session.scalars(
                update(Delivery)
                .where(Delivery.id.in_(page), Delivery.state + "" == "pending")
                .values(
                    state=case((in_doubt, RowState.UNKNOWN.value), else_=RowState.SKIPPED.value),
                    reason=case((in_doubt, NO_ANSWER), else_=reason),
                    settled_at=self._clock(),
                )
                .returning(Delivery.state)
                .execution_options(synchronize_session=False)
            )
            states = Counter(closed)
            await add_counts(session, campaign_id, {**states, "pending": -states.total()})
        return states.total()

    async def finish(self, held: HeldLease) -> int:
        """Finish campaigns that are listed and whose rows are all settled. The result counts them.

        A campaign that was done continues if some of its members have refused one way, because their rows are pending again.
        """
        await self._send_on(held)
        async with self._database.read() as session:
            if not await session.scalar(_ANY_OVER):
                return 0
        async with self._database.write() as session:
            await guard(session, held)
            done = await act_on_all(session, _IS_OVER, CampaignAction.FINISH, self._clock())
            return await _recount_drifted(session, done)

    async def _send_on(self, held: HeldLease) -> None:
        async with self._database.read() as session:
            if not await session.scalar(_ANY_BACK):
                return
        async with self._database.write() as session:
            await guard(session, held)
            await act_on_all(session, _IS_BACK, CampaignAction.REOPEN, self._clock())


async def _recount_drifted(session: AsyncSession, done: list[int]) -> int:
    """Count a campaign's rows again if its counters are wrong: erasing a member deletes rows without counting."""
    drifted = await session.scalars(
        select(CampaignCount.campaign_id).where(
            CampaignCount.campaign_id.in_(done), CampaignCount.state == "pending", CampaignCount.n != 0
        )
    )
    for campaign_id in drifted:
        await recount(session, campaign_id)
    return len(done)
