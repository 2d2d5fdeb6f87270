"""The records of mass sends (群发): what WeChat took on, and how it ended.

WeChat tells counts only, so the rows of a mass send are `accepted`. The rows of a list follow its first row. A send to
all is a record of its own, because it also reaches people who are not in the ledger.
"""

import re
from collections.abc import Collection
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import Connection, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from alerts.model.campaigns.campaign_counts import add_counts
from alerts.model.campaigns.campaign_states import CampaignAction, WrongStatusError
from alerts.model.campaigns.moves import act
from alerts.model.rows.row_reasons import UNFINISHED
from alerts.model.tables import Delivery, MassJob
from storage.clock import day_of, midnight_of
from storage.sql.batches import id_in
from storage.sql.upsert import insert

TO_ALL = 0
"""`MassJob.lead_id` of the send to all."""

_REFUSED_FOR = {
    10001: "涉嫌广告",
    20001: "涉嫌政治",
    20002: "涉嫌色情",
    20004: "涉嫌社会",
    20006: "涉嫌违法犯罪",
    20008: "涉嫌欺诈",
    20013: "涉嫌版权",
    21000: "涉嫌其他",
    22000: "涉嫌互推",
    30001: "原创校验出错，且选择了不转载",
    30002: "原创校验未通过",
    30003: "被判定为转载，且选择了不转载",
    40001: "管理员拒绝了群发",
    40002: "管理员 30 分钟内没有确认群发",
}
_CODE = re.compile(r"err\((\d+)\)")


class JobStatus(StrEnum):
    """The state of a mass send."""

    TRYING = "trying"
    ACCEPTED = "accepted"
    DONE = "done"
    FAILED = "failed"
    AGAIN = "again"
    """WeChat did not do it. It begins again, with another id if WeChat had taken it before."""
    UNKNOWN = "unknown"
    """WeChat never answered and has forgotten our id. An operator decides on the campaign's rows."""


@dataclass(frozen=True, slots=True)
class JobReport:
    """How a mass send ended, by MASSSENDJOBFINISH or by asking. Only the event brings counts."""

    message_id: str
    succeeded: bool
    reason: str = ""
    total: int | None = None
    filtered: int | None = None
    sent: int | None = None
    failed: int | None = None


def failure_of(status: str) -> str:
    """Return why a mass send failed, in Chinese; "" if it succeeded ("send success" or "sendsuccess")."""
    plain = status.replace(" ", "").lower()
    if plain == "sendsuccess":
        return ""
    code = _CODE.search(plain)
    return _REFUSED_FOR.get(int(code[1]), f"未通过审核（{code[1]}）") if code else UNFINISHED


async def note_job(
    session: AsyncSession, campaign_id: int, lead_id: int, message_id: str | None, now: datetime
) -> None:
    """Note a list that WeChat took, so that it counts towards the month and its end can be asked for."""
    values = {"message_id": message_id, "status": JobStatus.ACCEPTED, "sent_at": now}
    await session.execute(
        insert(session, MassJob)
        .values(campaign_id=campaign_id, lead_id=lead_id, **values)
        .on_conflict_do_update(index_elements=["campaign_id", "lead_id"], set_=values)
    )


async def begin_anew(session: AsyncSession, campaign_id: int, *statuses: JobStatus) -> bool:
    """Let a campaign's send to all go again when the campaign goes on. Return False if no send is in these statuses."""
    begun = await session.execute(
        update(MassJob)
        .where(MassJob.campaign_id == campaign_id, MassJob.lead_id == TO_ALL, MassJob.status.in_(statuses))
        .values(status=JobStatus.AGAIN, errcode=None, finished_at=None, tried_at=None)
    )
    return bool(begun.rowcount)  # type: ignore[attr-defined]


async def take_as_sent(session: AsyncSession, campaign_id: int, now: datetime) -> bool:
    """Take a campaign's send to all as arrived, by an operator's word. False: its end is known."""
    taken = await session.execute(
        update(MassJob)
        .where(MassJob.campaign_id == campaign_id, MassJob.lead_id == TO_ALL)
        .where(MassJob.status == JobStatus.UNKNOWN)
        .values(status=JobStatus.DONE, finished_at=now)
    )
    return bool(taken.rowcount)  # type: ignore[attr-defined]


def full(connection: Connection, member_ids: Collection[int], limit: int, now: datetime) -> set[int]:
    """Return the members who have had as many mass sends this month as WeChat delivers."""
    since = month_began(now)
    to_all = sends_to_all(connection, since)
    if to_all >= limit:
        return set(member_ids)
    reached = connection.scalars(
        select(Delivery.member_id)
        .join(MassJob, (MassJob.message_id == Delivery.message_id) & (MassJob.lead_id != TO_ALL))
        .where(id_in(connection, Delivery.member_id, member_ids), Delivery.channel == "mass")
        .where(Delivery.state == "accepted", Delivery.settled_at >= since)
        .group_by(Delivery.member_id)
        .having(func.count() >= limit - to_all)
    )
    return set(reached)


def sends_to_all(connection: Connection, since: datetime) -> int:
    """Return the number of sends to all that WeChat took since an instant."""
    taken = MassJob.status.in_((JobStatus.ACCEPTED, JobStatus.DONE))
    count = connection.scalar(
        select(func.count()).where(MassJob.lead_id == TO_ALL, taken, MassJob.sent_at >= since)
    )
    return count or 0


def month_began(now: datetime) -> datetime:
    """Return the first instant of the calendar month in Asia/Shanghai."""
    return midnight_of(day_of(now).replace(day=1))


async def report(session: AsyncSession, told: JobReport, now: datetime) -> bool:
    """Record how a mass send ended. Return False if it is not ours or was reported before.

    If it failed, its rows become dead letters. A failed send to all makes its campaign failed, because it may have no
    row.
    """
    job = (
        await session.execute(
            update(MassJob)
            .where(MassJob.message_id == told.message_id, MassJob.status == JobStatus.ACCEPTED)
            .values(
                status=JobStatus.DONE if told.succeeded else JobStatus.FAILED,
                total=told.total,
                filtered=told.filtered,
                sent=told.sent,
                failed=told.failed,
                finished_at=now,
            )
            .returning(MassJob.campaign_id, MassJob.lead_id)
        )
    ).one_or_none()
    if job is None:
        return await _complete(session, told)
    if not told.succeeded:
        await _fail_rows(session, job.campaign_id, told)
        if job.lead_id == TO_ALL:
            with suppress(WrongStatusError):  # cancelled meanwhile
                await act(
                    session,
                    job.campaign_id,
                    CampaignAction.FAIL,
                    now,
                    reason=f"微信报告群发失败：{told.reason}",
                )
    return True


async def _complete(session: AsyncSession, told: JobReport) -> bool:
    """Add the counts of an event that came after the status had been asked for."""
    if told.total is None:
        return False
    completed = await session.execute(
        update(MassJob)
        .where(
            MassJob.message_id == told.message_id, MassJob.total.is_(None), MassJob.status != JobStatus.TRYING
        )
        .values(total=told.total, filtered=told.filtered, sent=told.sent, failed=told.failed)
    )
    return bool(completed.rowcount)  # type: ignore[attr-defined]


async def _fail_rows(session: AsyncSession, campaign_id: int, told: JobReport) -> None:
    rows = await session.execute(
        update(Delivery)
        .where(Delivery.campaign_id == campaign_id, Delivery.message_id == told.message_id)
        .where(Delivery.state == "accepted")
        .values(state="failed", reason=told.reason)
        .execution_options(synchronize_session=False)
    )
    failed = int(rows.rowcount)  # type: ignore[attr-defined]
    await add_counts(session, campaign_id, {"accepted": -failed, "failed": failed})


async def unreported(session: AsyncSession, before: datetime) -> list[str]:
    """Return ids of mass sends that WeChat took before an instant and whose end is unknown."""
    return list(
        await session.scalars(
            select(MassJob.message_id).where(
                MassJob.status == JobStatus.ACCEPTED,
                MassJob.sent_at <= before,
                MassJob.message_id.is_not(None),
            )
        )
    )


ASK_AFTER = timedelta(minutes=35)
"""MASSSENDJOBFINISH may take half an hour, and an administrator's confirmation as long (docs/wechat.md §2.4, §5.4)."""
