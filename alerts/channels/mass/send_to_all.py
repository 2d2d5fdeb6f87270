"""Sends a campaign to all followers (`is_to_all`): one call, repeated only under the same `clientmsgid`."""

import random
import time
from datetime import datetime
from functools import partial

import structlog
from sqlalchemy import ColumnElement, and_, func, literal_column, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from alerts.channels.mass.channel import words_of
from alerts.channels.mass.jobs import TO_ALL, JobStatus, begin_anew, month_began, sends_to_all
from alerts.channels.outlet import Outlet
from alerts.channels.verdicts import SendVerdict, Try, failed
from alerts.model.campaigns.campaign_cache import CachedCampaign, CampaignCache
from alerts.model.campaigns.campaign_counts import add_counts
from alerts.model.campaigns.campaign_states import CampaignAction, CampaignError, Status
from alerts.model.campaigns.moves import act
from alerts.model.campaigns.send_permission import SendPermission
from alerts.model.channel import Channel
from alerts.model.kill_switch import stopped
from alerts.model.rows.row_reasons import NO_ANSWER, UNFINISHED
from alerts.model.rows.row_states import IS_PENDING, RowState, Timing
from alerts.model.tables import Campaign, Delivery, MassJob
from storage.clock import Clock, day_of, midnight_of
from storage.sql.batches import database_now
from storage.sql.database import Database
from storage.sql.upsert import insert
from wechat.api.errors import ApiFailure, NotSent

_PAGE = 5_000
FORGOTTEN = "微信一直没有答复，群发可能已经发出。请到公众平台核对，再决定视为已送达还是重发。"
_TAKEN = (JobStatus.ACCEPTED, JobStatus.DONE)
MONTH_FULL = "本月群发次数已用完，请等到下月再恢复，或改用其他方式发送。"
DAY_FULL = "订阅号每天只能群发一次，今天已用完，请明天再恢复，或改用其他方式发送。"
_log = structlog.get_logger(__name__)


class SendToAll:
    """Moves sends to all on; any number of workers may call it at once."""

    def __init__(
        self, database: Database, outlet: Outlet, clock: Clock, rng: random.Random, timing: Timing
    ) -> None:
        self._database = database
        self._outlet = outlet
        self._clock = clock
        self._rng = rng
        self._timing = timing
        self._campaigns = CampaignCache()
        self._permission = SendPermission(database)

    async def advance(self, campaign_id: int) -> None:
        """Make the call if it is due, and settle the campaign's rows once WeChat has taken it."""
        async with self._database.read() as session:
            job = await session.scalar(
                select(MassJob).where(MassJob.campaign_id == campaign_id, MassJob.lead_id == TO_ALL)
            )
            connection = await session.connection()
            campaign = (await connection.run_sync(self._campaigns.load, {campaign_id}))[campaign_id]
        if job is not None and job.status in _TAKEN:
            await self._accept(campaign_id, job.message_id)
        elif job is not None and job.status == JobStatus.FAILED:
            await self._fail(campaign_id, job.errcode, UNFINISHED)
        elif job is not None and (job.status == JobStatus.UNKNOWN or await self._is_forgotten(job)):
            await self._leave_to_operator(campaign_id)
        else:
            first = job is None or job.status == JobStatus.AGAIN
            if await self._may_call(campaign, first=first):
                await self._call(campaign, job.message_id if job is not None else None, first=first)

    async def _is_forgotten(self, job: MassJob) -> bool:
        """Give up a call that WeChat never answered and whose id it no longer knows: a repeat might be a second."""
        if job.status != JobStatus.TRYING:
            return False
        async with self._database.read() as session:
            if not await session.scalar(
                select(MassJob.id).where(MassJob.id == job.id, self._outlived(session))
            ):
                return False
        async with self._database.write() as session:
            given_up = await session.execute(
                update(MassJob)
                .where(MassJob.id == job.id, MassJob.status == JobStatus.TRYING, self._rested(session))
                .values(status=JobStatus.UNKNOWN)
            )
        return bool(given_up.rowcount)  # type: ignore[attr-defined]

    def _outlived(self, session: AsyncSession) -> ColumnElement[bool]:
        """WeChat has forgotten the job's id, in real time from its first try on; `sent_at` is that of an earlier release."""
        first = func.coalesce(MassJob.first_tried_at, MassJob.sent_at)
        return first <= database_now(session, -self._timing.mass_remembered_s)

    def _rested(self, session: AsyncSession) -> ColumnElement[bool]:
        """Whether no call is under way, and the last one is a while ago."""
        pause = max(self._timing.try_s, self._timing.backoff_max_s)
        return or_(MassJob.tried_at.is_(None), MassJob.tried_at <= database_now(session, -pause))

    async def _leave_to_operator(self, campaign_id: int) -> None:
        await self._settle_rows(campaign_id, RowState.UNKNOWN, reason=NO_ANSWER)
        async with self._database.write() as session:
            await _act(session, campaign_id, CampaignAction.FAIL, self._clock(), FORGOTTEN)

    async def _may_call(self, campaign: CachedCampaign, *, first: bool) -> bool:
        """Whether this worker may make the call: it adds the job's row, or the last try was a minute ago. `first`: the first
        call of all, or since the send began anew.
        """
        now = self._clock()
        async with self._database.write() as session:
            status = await session.scalar(select(Campaign.status).where(Campaign.id == campaign.id))
            if status != Status.SENDING.value or await stopped(session) is not None:
                return False
            spent = await self._spent(session, now) if first else None
            if spent is not None:
                await _act(session, campaign.id, CampaignAction.PAUSE, now, spent)
                return False
            return await self._won(session, campaign.id, now, first=first)

    async def _spent(self, session: AsyncSession, now: datetime) -> str | None:
        limit = self._outlet.account.mass_sends_per_fan_a_month
        connection = await session.connection()
        if limit is not None:
            this_month = await connection.run_sync(sends_to_all, month_began(now))
            return MONTH_FULL if this_month >= limit else None
        today = midnight_of(day_of(now))
        return DAY_FULL if await connection.run_sync(sends_to_all, today) else None

    async def _won(self, session: AsyncSession, campaign_id: int, now: datetime, *, first: bool) -> bool:
        tried_at = database_now(session)
        if first:
            begun = {
                "status": JobStatus.TRYING,
                "sent_at": now,
                "first_tried_at": tried_at,
                "tried_at": tried_at,
            }
            made = await session.scalar(
                insert(session, MassJob)
                .values(campaign_id=campaign_id, lead_id=TO_ALL, **begun)
                .on_conflict_do_update(
                    index_elements=["campaign_id", "lead_id"],
                    set_=begun,
                    where=and_(MassJob.status == JobStatus.AGAIN, self._rested(session)),
                )
                .returning(MassJob.id)
            )
            return made is not None
        again = await session.scalar(
            update(MassJob)
            .where(MassJob.campaign_id == campaign_id, MassJob.lead_id == TO_ALL)
            .where(MassJob.status == JobStatus.TRYING, self._rested(session))
            .where(~self._outlived(session))
            .values(tried_at=tried_at)
            .returning(MassJob.id)
        )
        return again is not None

    async def _call(self, campaign: CachedCampaign, failed_id: str | None, *, first: bool) -> None:
        words = words_of(self._outlet, campaign, day_of(self._clock()))
        try:
            client_id = campaign.client_id(TO_ALL, failed_id)
            message_id = await self._outlet.client.mass_send_all(
                words, client_msg_id=client_id, gate=partial(self._may_leave, campaign.id)
            )
        except ApiFailure as failure:
            verdict = failed(failure, Try(Channel.MASS), self._timing, self._rng)
            if first and (isinstance(failure, NotSent) or verdict.closes is not None):
                await self._begin_anew(campaign.id)
            else:
                await self._refused(campaign.id, verdict)
            return
        async with self._database.write() as session:
            await session.execute(
                update(MassJob)
                .where(MassJob.campaign_id == campaign.id, MassJob.lead_id == TO_ALL)
                .values(status=JobStatus.ACCEPTED, message_id=message_id)
            )
        await self._accept(campaign.id, message_id)

    async def _may_leave(self, campaign_id: int) -> bool:
        return await self._permission.holds({campaign_id}, until=time.monotonic() + self._timing.request_s)

    async def _begin_anew(self, campaign_id: int) -> None:
        """Begin later, because WeChat surely did not carry out the call. It is not in doubt in the meantime."""
        async with self._database.write() as session:
            await session.execute(
                update(MassJob)
                .where(MassJob.campaign_id == campaign_id, MassJob.lead_id == TO_ALL)
                .where(MassJob.status == JobStatus.TRYING)
                .values(status=JobStatus.AGAIN)
            )

    async def _accept(self, campaign_id: int, message_id: str | None) -> None:
        await self._settle_rows(campaign_id, RowState.ACCEPTED, errcode=0, message_id=message_id)

    async def _refused(self, campaign_id: int, verdict: SendVerdict) -> None:
        """Pause or fail the campaign if the call was surely not sent. A call in doubt, or one that must wait, is made again."""
        if verdict.pause is not None:
            async with self._database.write() as session:
                await begin_anew(session, campaign_id, JobStatus.TRYING)
                await _act(session, campaign_id, CampaignAction.PAUSE, self._clock(), verdict.pause)
        elif verdict.state is not RowState.PENDING:
            async with self._database.write() as session:
                await session.execute(
                    update(MassJob)
                    .where(MassJob.campaign_id == campaign_id, MassJob.lead_id == TO_ALL)
                    .values(status=JobStatus.FAILED, errcode=verdict.errcode, finished_at=self._clock())
                )
            await self._fail(campaign_id, verdict.errcode, verdict.reason or "")

    async def _fail(self, campaign_id: int, errcode: int | None, reason: str) -> None:
        """Make the open rows dead letters. The campaign has failed until an operator sends it again."""
        await self._settle_rows(campaign_id, RowState.FAILED, errcode=errcode, reason=reason)
        async with self._database.write() as session:
            told = f"群发被微信拒绝：{reason}（{errcode}）" if errcode else reason
            await _act(session, campaign_id, CampaignAction.FAIL, self._clock(), told)

    async def _settle_rows(self, campaign_id: int, state: RowState, **values: str | int | None) -> None:
        """Settle the campaign's open rows, page by page."""
        while True:
            page = (
                select(Delivery.id)
                .where(Delivery.campaign_id == campaign_id, IS_PENDING)
                .limit(_PAGE)
                .with_for_update(skip_locked=True)
            )
            async with self._database.write() as session:
                rows = await session.execute(
                    update(Delivery)
                    .where(Delivery.id.in_(page), Delivery.state == literal_column("'pending'"))
                    .values(state=state.value, channel=Channel.MASS.value, settled_at=self._clock(), **values)
                    .execution_options(synchronize_session=False)
                )
                moved = int(rows.rowcount)  # type: ignore[attr-defined]
                await add_counts(session, campaign_id, {"pending": -moved, state.value: moved})
            if moved < _PAGE:
                return


async def _act(
    session: AsyncSession, campaign_id: int, action: CampaignAction, now: datetime, reason: str
) -> None:
    try:
        await act(session, campaign_id, action, now, reason=reason)
    except CampaignError:
        return
    _log.error("campaign.stopped", campaign=campaign_id, action=action.value, reason=reason)
