"""Campaigns: made once by their natural key, moved between states by conditional updates."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Connection,
    and_,
    case,
    delete,
    func,
    literal,
    or_,
    select,
    update,
)
from sqlalchemy.ext.asyncio import AsyncSession

from alerts.model.audience import Audience
from alerts.model.campaign_states import (
    MOVES,
    Action,
    ChangedCampaignError,
    LateCampaignError,
    NoSuchCampaignError,
    OwnApprovalError,
    PassedCampaignError,
    Status,
    WrongStatusError,
)
from alerts.model.content import Content, Kind
from alerts.model.tables import LONGEST_REASON, Campaign, CampaignContribution, CampaignCount, Delivery
from policies.approval.four_eyes import Contributions, person_of
from storage.sql.base import UTCDateTime
from storage.sql.upsert import insert

LASTS = timedelta(hours=24)
"""How late a broadcast may begin without a question to an operator, if its author named no last hour."""
SYSTEM = "policybot"
"""The author of alerts that no person made."""
AUTHORS = Contributions(CampaignContribution.campaign_id)
"""Who wrote or submitted a part of a broadcast, and so may not approve it (`policies.approval.four_eyes`)."""


@dataclass(frozen=True, slots=True)
class NewCampaign:
    """A campaign to be made.

    Attributes:
        key: natural key; a second campaign of the same key is not made.
        lead: days before the close, of a deadline alert; None: any other alert.
        send_at: not before this business instant; None: at once.
        expires_at: rows not sent by this business instant expire.
        last_at: not after this business instant, unless an operator says so again; None: a broadcast gets
            one when it is approved, an alert has none.
    """

    key: str
    kind: Kind
    content: Content
    audience: Audience
    channel: str = "auto"
    status: Status = Status.SCHEDULED
    window_id: int | None = None
    closes_on: date | None = None
    lead: int | None = None
    send_at: datetime | None = None
    expires_at: datetime | None = None
    last_at: datetime | None = None
    created_by: str = SYSTEM
    reason: str | None = None


async def create_campaign(session: AsyncSession, new: NewCampaign, now: datetime) -> int | None:
    """Make a campaign; its id, or None where one of the same key exists already."""
    statement = (
        insert(session, Campaign)
        .values(
            key=new.key,
            kind=new.kind,
            title=new.content.title[:200],
            content=new.content.model_dump(mode="json"),
            audience=new.audience.model_dump(mode="json", exclude_defaults=True),
            channel=new.channel,
            status=new.status,
            reason=new.reason and new.reason[:LONGEST_REASON],
            window_id=new.window_id,
            closes_on=new.closes_on,
            lead=new.lead,
            send_at=new.send_at,
            expires_at=new.expires_at,
            last_at=new.last_at,
            created_by=new.created_by,
            created_at=now,
            updated_at=now,
        )
        .on_conflict_do_nothing(index_elements=["key"])
        .returning(Campaign.id)
    )
    made: int | None = await session.scalar(statement)
    return made


async def act(
    session: AsyncSession,
    campaign_id: int,
    action: Action,
    now: datetime,
    *,
    by: str = SYSTEM,
    person: str | None = None,
    seen: int | None = None,
    reason: str | None = None,
) -> Status:
    """Do something to a campaign if its state allows it. The result is its state afterwards.

    Only an operator resumes a paused campaign (at the desk, by the API or by `policybot alerts resume`); nothing resumes it
    by itself. The next sweep then queues its rows (`alerts.worker.sweep`).

    The state moves by one conditional update, so that of two who act at once only one succeeds. A resumed campaign is
    `scheduled` again where its recipients have not been listed yet. Where its last hour has passed, it gets another day,
    because the operator who resumes it has decided so.

    Args:
        session: of the transaction to act in.
        campaign_id: the campaign.
        action: what to do.
        now: the business instant.
        by: who acts, as the log names them.
        person: the person behind `by`, where `by` is an API key. Whoever approves must not have written or submitted a part of
            the campaign.
        seen: the count of `edits` that the one who acts has looked at; None: it is not looked at.
        reason: a Chinese sentence for operators, shown with a returned, paused, cancelled or failed campaign.

    Raises:
        NoSuchCampaignError, WrongStatusError, OwnApprovalError, ChangedCampaignError, LateCampaignError,
            PassedCampaignError: nothing was changed.
    """
    before, after = MOVES[action]
    values: dict[str, object] = {
        "status": after,
        "updated_at": now,
        "reason": reason and reason[:LONGEST_REASON],
    }
    where = [Campaign.id == campaign_id, Campaign.status.in_(before)]
    if seen is not None:
        where.append(Campaign.edits == seen)
    if action is Action.RESUME:
        values["status"] = case(
            (Campaign.snapshot_state == "none", Status.SCHEDULED.value), else_=Status.SENDING.value
        )
        values["last_at"] = case((Campaign.last_at <= now, _instant(now + LASTS)), else_=Campaign.last_at)
    elif action is Action.PAUSE:
        values["pause_told"] = False
    elif action is Action.SUBMIT:
        where.append(~_has_passed(now))
        values["submitted_by"] = by
    elif action is Action.APPROVE:
        values["approved_by"] = by
        values["last_at"] = func.coalesce(
            Campaign.last_at, _instant(await _last_hour(session, campaign_id, now))
        )
        where += [
            ~_is_author(person or by),
            ~_has_passed(now),
            or_(Campaign.last_at.is_(None), Campaign.last_at > now),
        ]
    elif action is Action.RETURN:
        values["submitted_by"] = None
    moved = await session.scalar(update(Campaign).where(*where).values(values).returning(Campaign.status))
    if moved is None:
        await _explain(session, campaign_id, action, person or by, now=now, seen=seen)
    if action is Action.SUBMIT:
        await AUTHORS.add(session, campaign_id, person or by, now)
    return Status(str(moved))


def _instant(value: datetime) -> BindParameter[datetime]:
    """A value inside an expression, with the type of the column it goes into: SQLite would keep its wall clock."""
    return literal(value, UTCDateTime())


def _is_author(person: str) -> ColumnElement[bool]:
    """Whether the person wrote or submitted a part of the campaign of a statement."""
    submitted = func.coalesce(Campaign.submitted_by, "") == person_of(person)
    return or_(AUTHORS.has_author(Campaign.id, person), submitted)


def _has_passed(now: datetime) -> ColumnElement[bool]:
    """The broadcast should have begun more than `LASTS` ago, and its author named no last hour. It may not be sent as it is."""
    return and_(
        Campaign.last_at.is_(None), Campaign.send_at.is_not(None), Campaign.send_at <= _instant(now - LASTS)
    )


async def _last_hour(session: AsyncSession, campaign_id: int, now: datetime) -> datetime:
    send_at = await session.scalar(select(Campaign.send_at).where(Campaign.id == campaign_id))
    return max(send_at or now, now) + LASTS


async def _explain(
    session: AsyncSession, campaign_id: int, action: Action, person: str, *, now: datetime, seen: int | None
) -> None:
    campaign = await session.get(Campaign, campaign_id, populate_existing=True)
    if campaign is None:
        raise NoSuchCampaignError(campaign_id)
    if campaign.status not in MOVES[action][0]:
        raise WrongStatusError(action, Status(campaign.status))
    authors = {*await AUTHORS.of(session, [campaign_id]), campaign.submitted_by}
    if action is Action.APPROVE and person_of(person) in authors:
        raise OwnApprovalError
    if seen is not None and campaign.edits != seen:
        raise ChangedCampaignError
    if campaign.last_at is None and campaign.send_at is not None and campaign.send_at <= now - LASTS:
        raise PassedCampaignError
    raise LateCampaignError


async def add_counts(session: AsyncSession, campaign_id: int, changes: Mapping[str, int]) -> None:
    """Move a campaign's counters in the transaction that moves its rows (`{"pending": -3, "sent": 3}`)."""
    moved = {(campaign_id, state): n for state, n in changes.items()}
    await (await session.connection()).run_sync(move_counts, moved)


def move_counts(connection: Connection, changes: Mapping[tuple[int, str], int]) -> None:
    """The same for many campaigns, by campaign and state."""
    rows = [  # in one order everywhere: two transactions on the same campaigns must not wait for each other
        {"campaign_id": campaign_id, "state": state, "n": n}
        for (campaign_id, state), n in sorted(changes.items())
        if n
    ]
    if rows:
        connection.execute(_counting(connection.dialect.name), rows)


@cache
def _counting(dialect: str) -> Any:
    statement = insert(dialect, CampaignCount)
    return statement.on_conflict_do_update(
        index_elements=["campaign_id", "state"], set_={"n": CampaignCount.n + statement.excluded.n}
    )


async def counts_of(session: AsyncSession, campaign_id: int) -> dict[str, int]:
    """Rows of a campaign by state, and their `total`; the ledger is not scanned."""
    found = await session.execute(
        select(CampaignCount.state, CampaignCount.n).where(CampaignCount.campaign_id == campaign_id)
    )
    counts = {state: n for state, n in found if n}
    return {"total": sum(counts.values()), **counts}


async def recount(session: AsyncSession, campaign_id: int) -> None:
    """Set a campaign's counters by its rows; walks over all of them."""
    rows = await session.execute(
        select(Delivery.state, func.count())
        .where(Delivery.campaign_id == campaign_id)
        .group_by(Delivery.state)
    )
    counted: Counter[str] = Counter()
    for state, n in rows:
        counted["pending" if state in {"claimed", "trying"} else state] += n
    await session.execute(delete(CampaignCount).where(CampaignCount.campaign_id == campaign_id))
    await add_counts(session, campaign_id, counted)
