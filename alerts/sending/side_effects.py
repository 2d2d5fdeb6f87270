"""What follows from WeChat's answers apart from the rows: for members, allowances, APIs and campaigns."""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from alerts.channels.api_holds import hold_api
from alerts.channels.choice import ALLOWANCES
from alerts.channels.mass.jobs import note_job
from alerts.channels.verdicts import SendVerdict
from alerts.ledger.settle import settle
from alerts.model import recipients
from alerts.model.campaigns.campaign_counts import counts_of
from alerts.model.campaigns.campaign_states import CampaignAction, CampaignError
from alerts.model.campaigns.moves import act
from alerts.model.channel import Channel
from alerts.model.rows.row_states import RowState
from alerts.sending.message import Effects, Message

SUSPECT = 20
"""If WeChat has refused this many rows for their content and taken none, the campaign is wrong, and it pauses."""
_log = structlog.get_logger(__name__)
_Judged = tuple[Message, SendVerdict]


def has_side_effects(message: Message, verdict: SendVerdict) -> bool:
    """Whether anything follows apart from the message's rows."""
    if verdict.state is RowState.SENT:
        return False
    told = verdict.next_channel or verdict.unfollowed or verdict.closes or verdict.pause or verdict.systemic
    return bool(told) or verdict.state is RowState.ACCEPTED or message.spent is not None


async def write_effects(session: AsyncSession, effects: Effects, now: datetime, real_now: datetime) -> None:
    """Write outcomes and all that follows from them, in the caller's transaction."""
    if effects.settlements:
        connection = await session.connection()
        await connection.run_sync(settle, effects.settlements, now)
    judged = [each for each in effects.verdicts if has_side_effects(*each)]
    if judged:
        await _members(session, judged, real_now)
        await _hold_apis(session, judged, now)
        await _mass_jobs(session, judged, now)
        await _campaigns(session, judged, now)


async def _members(session: AsyncSession, judged: Iterable[_Judged], real_now: datetime) -> None:
    back: list[tuple[int, recipients.Spent]] = []
    gone: set[int] = set()
    closed: dict[tuple[Channel, str], set[int]] = {}
    for message, verdict in judged:
        ids = [person.id for person in message.recipients]
        if verdict.unfollowed:
            gone.update(ids)
        elif verdict.refused and message.spent is not None:
            back += [(id_, message.spent) for id_ in ids]
        elif verdict.next_channel and not verdict.refused:
            closed.setdefault((message.channel, message.template_id), set()).update(ids)
        elif verdict.state is RowState.PENDING and not verdict.doubt and message.spent is not None:
            back += [(id_, message.spent) for id_ in ids]
    await recipients.give_back(session, back)
    for (channel, template_id), ids_closed in sorted(closed.items()):
        if channel in ALLOWANCES:
            await ALLOWANCES[channel].close(session, template_id, sorted(ids_closed))
    if gone:
        await recipients.note_unfollowed(session, sorted(gone), real_now)


async def _hold_apis(session: AsyncSession, judged: Iterable[_Judged], now: datetime) -> None:
    closed = {(message.channel, verdict.closes): verdict.errcode for message, verdict in judged}
    for (channel, closes), errcode in closed.items():
        if closes is not None:
            until = await hold_api(session, channel, closes, errcode or 0, now)
            _log.warning("worker.api_held", channel=channel.value, errcode=errcode, until=until.isoformat())


async def _mass_jobs(session: AsyncSession, judged: Iterable[_Judged], now: datetime) -> None:
    for message, verdict in judged:
        if verdict.state is RowState.ACCEPTED:
            await note_job(session, message.campaign.id, message.rows[0].id, verdict.message_id, now)


async def _campaigns(session: AsyncSession, judged: Iterable[_Judged], now: datetime) -> None:
    reasons = {message.campaign.id: verdict.pause for message, verdict in judged if verdict.pause}
    suspects = Counter(message.campaign.id for message, verdict in judged if verdict.systemic)
    words = {message.campaign.id: verdict for message, verdict in judged if verdict.systemic}
    for campaign_id in suspects:
        counts = await counts_of(session, campaign_id)
        taken = sum(counts.get(state, 0) for state in (RowState.SENT, RowState.DELIVERED, RowState.ACCEPTED))
        if counts.get(RowState.FAILED, 0) >= SUSPECT and not taken:
            last = words[campaign_id]
            reasons[campaign_id] = (
                f"最先发送的 {SUSPECT} 条全部被微信拒绝：{last.reason}（{last.errcode}）。请检查模板字段与内容后再恢复。"
            )
    for campaign_id, reason in sorted(reasons.items()):
        await _pause(session, campaign_id, reason, now)


async def _pause(session: AsyncSession, campaign_id: int, reason: str | None, now: datetime) -> None:
    try:
        await act(session, campaign_id, CampaignAction.PAUSE, now, reason=reason)
    except CampaignError:
        return  # another answer has paused it, or an operator has cancelled it
    _log.error("campaign.paused", campaign=campaign_id, reason=reason)
