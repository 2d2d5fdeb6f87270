"""Receipts: what WeChat tells after it took a message. They settle rows; a late or repeated receipt changes nothing.

Where the member refuses messages of that kind, the row goes on to the next way. A receipt is in the database before
its event is answered. Many at once share a transaction.
"""

import asyncio
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, String, and_, case, delete, exists, null, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from alerts.channels.mass.jobs import JobReport, failure_of, report
from alerts.channels.verdicts import usable_id
from alerts.model.campaigns.campaign_counts import add_counts
from alerts.model.campaigns.campaign_states import Status
from alerts.model.rows.row_states import RowState
from alerts.model.tables import Campaign, Delivery, Receipt
from storage.clock import Clock
from storage.sql.base import LARGEST_INTEGER
from storage.sql.batches import database_now, rows_as_table
from storage.sql.database import Database
from storage.sql.upsert import insert
from subscriptions.tables import Member
from wechat.api.errcodes import UNKNOWN, ErrcodeAction, explain

USER_BLOCKED = "用户拒收模板消息"
SYSTEM_FAILED = "微信系统未能送达"
_KEPT_S = 24 * 3600
_GATHER_S = 0.02


@dataclass(frozen=True, slots=True)
class SendReport:
    """What a receipt says of one message to one person.

    Attributes:
        openid: whose it was. Personal data: never logged.
        state: DELIVERED, FAILED, or UNREACHABLE: the member takes no message of this kind. The row then usually becomes
            PENDING and goes by the next way (`_settle`).
    """

    openid: str
    message_id: str
    state: RowState
    reason: str | None = None


def template_receipt(openid: str, raw: Mapping[str, Any]) -> SendReport | None:
    """Read TEMPLATESENDJOBFINISH (docs/wechat.md §2.4). Return None if it names no message."""
    message_id = usable_id(str(raw.get("MsgID") or ""))
    status = str(raw.get("Status") or "").replace(" ", "").lower()
    if message_id is None:
        return None
    if status == "success":
        return SendReport(openid, message_id, RowState.DELIVERED)
    if "userblock" in status:
        return SendReport(openid, message_id, RowState.UNREACHABLE, USER_BLOCKED)
    return SendReport(openid, message_id, RowState.FAILED, SYSTEM_FAILED)


def notification_receipts(openid: str, raw: Mapping[str, Any]) -> list[SendReport]:
    """Read subscribe_msg_sent_event (docs/wechat.md §2.5): one or several receipts."""
    event = raw.get("SubscribeMsgSentEvent")
    entries = event.get("List") if isinstance(event, Mapping) else None
    if isinstance(entries, Mapping):
        entries = [entries]
    told = []
    for entry in entries or ():
        if not isinstance(entry, Mapping):
            continue
        message_id = usable_id(str(entry.get("MsgID") or ""))
        if message_id is not None:
            told.append(SendReport(openid, message_id, *_of_errcode(_number(entry.get("ErrorCode") or 0))))
    return told


def _of_errcode(errcode: int | None) -> tuple[RowState, str | None]:
    """Return what a notification's code means; None if it was not a number."""
    if errcode == 0:
        return RowState.DELIVERED, None
    row = UNKNOWN if errcode is None else explain(errcode)
    if row.action in {ErrcodeAction.NEXT_CHANNEL, ErrcodeAction.MEMBER_REFUSES}:
        return RowState.UNREACHABLE, row.meaning
    return RowState.FAILED, f"微信未能送达（{'原因不明' if errcode is None else errcode}）"


def mass_report(raw: Mapping[str, Any]) -> JobReport | None:
    """Read MASSSENDJOBFINISH (docs/wechat.md §2.4). Return None if it names no job."""
    message_id = usable_id(str(raw.get("MsgID") or ""))
    if message_id is None:
        return None
    reason = failure_of(str(raw.get("Status") or ""))
    counts = [_number(raw.get(name)) for name in ("TotalCount", "FilterCount", "SentCount", "ErrorCount")]
    return JobReport(message_id, not reason, reason, *counts)


def _number(value: Any) -> int | None:
    """Return a number from WeChat if it fits into a column; else None."""
    with suppress(TypeError, ValueError):
        number = int(value)
        return number if abs(number) <= LARGEST_INTEGER else None
    return None


class ReceiptWriter:
    """Writes receipts. Receipts that come at nearly the same time share one transaction."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self._waiting: list[SendReport] = []
        self._flush: asyncio.Task[None] | None = None

    async def settle(self, told: Sequence[SendReport]) -> None:
        """Write receipts; returns when they are in the database.

        Raises:
            SQLAlchemyError, OSError: the receipts could not be written. WeChat does not send them again.
        """
        if not told:
            return
        self._waiting += told
        if self._flush is None:
            self._flush = asyncio.create_task(self._write())
        await asyncio.shield(self._flush)

    async def finish_mass(self, told: JobReport) -> None:
        """Write down how a mass send ended."""
        async with self._database.write() as session:
            await report(session, told, self._clock())

    async def _write(self) -> None:
        await asyncio.sleep(_GATHER_S)
        told, self._waiting, self._flush = self._waiting, [], None
        async with self._database.write() as session:
            await settle_told(session, told, self._clock())


async def settle_told(session: AsyncSession, told: Sequence[SendReport], now: datetime) -> int:
    """Settle the rows of these receipts, and keep the receipts that came too early. The result counts settled rows."""
    rows = sorted(
        {(each.openid, each.message_id): each for each in told}.values(), key=lambda each: each.openid
    )
    given = rows_as_table(
        session,
        [[each.openid, each.message_id, each.state, each.reason] for each in rows],
        openid=String,
        message_id=String,
        state=String,
        reason=String,
    )
    known = select(Member.id.label("member_id"), given.c.message_id, given.c.state, given.c.reason).join(
        given, given.c.openid == Member.openid
    )
    settled = await _settle(session, known.subquery("told"), now)
    if len(settled) < len(rows):
        await _keep(session, known.subquery("told"))
    return len(settled)


async def match_early(session: AsyncSession, now: datetime) -> int:
    """Settle rows whose receipt came before their send's answer was written. The result counts settled rows."""
    told = select(
        Receipt.member_id, Receipt.message_id, Receipt.outcome.label("state"), Receipt.reason
    ).subquery("told")
    settled = await _settle(session, told, now)
    answered = (
        select(Delivery.id)
        .where(Delivery.member_id == Receipt.member_id, Delivery.message_id == Receipt.message_id)
        .exists()
    )
    old = Receipt.came_at <= database_now(session, -_KEPT_S)
    await session.execute(delete(Receipt).where(answered | old).execution_options(synchronize_session=False))
    return len(settled)


async def _settle(session: AsyncSession, told: Any, now: datetime) -> list[tuple[int, str]]:
    """Move each `sent` row once, as its receipt says. A row in any other state stays as it is.

    A row becomes `delivered` or `failed`. If the member refuses messages of this kind, it becomes `pending` and takes
    the next channel. This holds for a finished campaign too, which then continues (`scheduling.campaign_progress`).
    If the campaign was cancelled, has failed or has expired, the row becomes `unreachable`.
    """
    goes_on = and_(told.c.state == RowState.UNREACHABLE.value, _has_time(now))
    found = await session.execute(
        update(Delivery)
        .where(Delivery.member_id == told.c.member_id, Delivery.message_id == told.c.message_id)
        .where(Delivery.state == RowState.SENT.value)
        .values(
            state=case((goes_on, RowState.PENDING.value), else_=told.c.state),
            reason=told.c.reason,
            refused=case((goes_on, Delivery.channel), else_=Delivery.refused),
            channel=case((~goes_on, Delivery.channel)),
            settled_at=case((~goes_on, Delivery.settled_at)),
            tried_at=case((~goes_on, Delivery.tried_at)),
            lead_id=case((~goes_on, Delivery.lead_id)),
            queued_until=null(),
        )
        .returning(Delivery.campaign_id, Delivery.state)
        .execution_options(synchronize_session=False)
    )
    settled = [(campaign_id, state) for campaign_id, state in found]
    moved: dict[int, dict[str, int]] = {}
    for campaign_id, state in settled:
        changes = moved.setdefault(campaign_id, {})
        changes[state] = changes.get(state, 0) + 1
        changes[RowState.SENT] = changes.get(RowState.SENT, 0) - 1
    for campaign_id, changes in sorted(moved.items()):
        await add_counts(session, campaign_id, changes)
    return settled


def _has_time(now: datetime) -> ColumnElement[bool]:
    """The row's campaign may still send it."""
    there = exists().where(
        Campaign.id == Delivery.campaign_id,
        Campaign.status.in_((Status.SENDING, Status.PAUSED, Status.DONE)),
        or_(Campaign.expires_at.is_(None), Campaign.expires_at > now),
    )
    return there.correlate(Delivery)


async def _keep(session: AsyncSession, told: Any) -> None:
    """Keep receipts that match no row yet, because the answer to the send is not written yet."""
    answered = (
        select(Delivery.id)
        .where(Delivery.member_id == told.c.member_id, Delivery.message_id == told.c.message_id)
        .exists()
    )
    unknown = select(
        told.c.member_id, told.c.message_id, told.c.state, told.c.reason, database_now(session)
    ).where(~answered)
    await session.execute(
        insert(session, Receipt)
        .from_select(["member_id", "message_id", "outcome", "reason", "came_at"], unknown)
        .on_conflict_do_nothing()
    )
