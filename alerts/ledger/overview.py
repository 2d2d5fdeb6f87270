"""Campaigns as the desk shows them: the list, one campaign with its counts and reasons, and dead letters."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from alerts.model.campaigns.campaign_counts import counts_of
from alerts.model.campaigns.campaign_states import NoSuchCampaignError, Status
from alerts.model.content import AlertKind, Content
from alerts.model.kill_switch import Stopped, stopped
from alerts.model.rows.row_states import IS_DEAD, RowState
from alerts.model.tables import Campaign, CampaignCount, Delivery


@dataclass(frozen=True, slots=True)
class Summary:
    """One campaign in a list."""

    id: int
    kind: AlertKind
    title: str
    status: Status
    reason: str | None
    lead: int | None
    closes_on: date | None
    send_at: datetime | None
    created_at: datetime
    counts: dict[str, int]


@dataclass(frozen=True, slots=True)
class CampaignOutcome:
    """How many rows of a campaign ended alike: state, channel, WeChat's errcode and why."""

    state: str
    channel: str | None
    errcode: int | None
    reason: str | None
    n: int


@dataclass(frozen=True, slots=True)
class Detail:
    """One campaign with all that the desk shows. Reading `outcomes` walks over all its rows."""

    summary: Summary
    content: Content
    channel: str
    created_by: str
    approved_by: str | None
    outcomes: tuple[CampaignOutcome, ...]


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """A row that failed, or whose fate WeChat never told; the member by id, never by openid."""

    delivery_id: int
    campaign_id: int
    member_id: int
    state: str
    channel: str | None
    errcode: int | None
    reason: str | None
    attempts: int
    at: datetime | None


@dataclass(frozen=True, slots=True)
class Attention:
    """What waits for an operator.

    Attributes:
        stopped: the global stop, if it is in force.
        paused: campaigns that are paused, with why.
        unsent: failed campaigns without a dead letter. These are sends to all; their people have no rows.
        failed: dead letters of all campaigns.
        unknown: rows whose fate WeChat never told.
    """

    stopped: Stopped | None
    paused: tuple[Summary, ...]
    unsent: tuple[Summary, ...]
    failed: int
    unknown: int


async def put_off(session: AsyncSession, campaign_id: int, now: datetime) -> tuple[int, datetime | None]:
    """Count a campaign's rows that wait for a later instant (quiet hours, a digest, another try), with the first instant."""
    found = await session.execute(
        select(func.count(), func.min(Delivery.next_attempt_at)).where(
            Delivery.campaign_id == campaign_id,
            Delivery.state == RowState.PENDING,
            Delivery.next_attempt_at > now,
        )
    )
    many, first = found.one()
    return many, first


async def attention(session: AsyncSession) -> Attention:
    """Return what needs an operator now. It reads the counters and does not walk over the ledger."""
    rows = await session.execute(
        select(CampaignCount.state, func.sum(CampaignCount.n))
        .where(CampaignCount.state.in_(("failed", "unknown")))
        .group_by(CampaignCount.state)
    )
    counts = {state: int(n or 0) for state, n in rows}
    paused = await summaries(session, statuses=(Status.PAUSED,))
    return Attention(
        await stopped(session),
        tuple(paused),
        tuple(await unsent(session)),
        counts.get("failed", 0),
        counts.get("unknown", 0),
    )


async def unsent(session: AsyncSession) -> list[Summary]:
    """Return the newest failed campaigns without a dead letter. The campaign's reason says what happened."""
    failed = await summaries(session, statuses=(Status.FAILED,))
    return [one for one in failed if not one.counts.get("failed") and not one.counts.get("unknown")]


async def summaries(
    session: AsyncSession, *, statuses: Collection[Status] = (), limit: int = 50
) -> list[Summary]:
    """Return the newest campaigns; only those in these states, if states are given."""
    statement = select(Campaign).order_by(Campaign.id.desc()).limit(limit)
    if statuses:
        statement = statement.where(Campaign.status.in_(statuses))
    campaigns = (await session.scalars(statement)).all()
    counts = await _counts(session, campaigns)
    return [_summary(campaign, counts.get(campaign.id, {})) for campaign in campaigns]


async def _counts(session: AsyncSession, campaigns: Sequence[Campaign]) -> dict[int, dict[str, int]]:
    rows = await session.execute(
        select(CampaignCount.campaign_id, CampaignCount.state, CampaignCount.n).where(
            CampaignCount.campaign_id.in_([campaign.id for campaign in campaigns]), CampaignCount.n != 0
        )
    )
    found: dict[int, dict[str, int]] = {}
    for campaign_id, state, n in rows:
        counts = found.setdefault(campaign_id, {"total": 0})
        counts[state] = n
        counts["total"] += n
    return found


def _summary(campaign: Campaign, counts: dict[str, int]) -> Summary:
    return Summary(
        campaign.id,
        AlertKind(campaign.kind),
        campaign.title,
        Status(campaign.status),
        campaign.reason,
        campaign.lead,
        campaign.closes_on,
        campaign.send_at,
        campaign.created_at,
        counts,
    )


async def detail(session: AsyncSession, campaign_id: int) -> Detail:
    """Return one campaign with what happened to its rows.

    Raises:
        NoSuchCampaignError: no campaign has this id.
    """
    campaign = await session.get(Campaign, campaign_id)
    if campaign is None:
        raise NoSuchCampaignError(campaign_id)
    same = (Delivery.state, Delivery.channel, Delivery.errcode, Delivery.reason)
    rows = await session.execute(
        select(*same, func.count())
        .where(Delivery.campaign_id == campaign_id)
        .group_by(*same)
        .order_by(func.count().desc())
    )
    return Detail(
        _summary(campaign, await counts_of(session, campaign_id)),
        Content.model_validate(campaign.content),
        campaign.channel,
        campaign.created_by,
        campaign.approved_by,
        tuple(CampaignOutcome(*row) for row in rows),
    )


async def dead_letters(
    session: AsyncSession, campaign_id: int | None = None, *, limit: int = 50
) -> list[DeadLetter]:
    """Return rows that failed or are unknown, of one campaign or of all, the newest first."""
    statement = (
        select(
            Delivery.id,
            Delivery.campaign_id,
            Delivery.member_id,
            Delivery.state,
            Delivery.channel,
            Delivery.errcode,
            Delivery.reason,
            Delivery.attempts,
            Delivery.settled_at,
        )
        .where(IS_DEAD)
        .order_by(Delivery.id.desc())
        .limit(limit)
    )
    if campaign_id is not None:
        statement = statement.where(Delivery.campaign_id == campaign_id)
    return [DeadLetter(*row) for row in await session.execute(statement)]
