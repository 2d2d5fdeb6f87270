"""Moves campaigns between their states, by conditional updates (`MOVES` in `campaign_states`)."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Literal, NamedTuple, NoReturn

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Update,
    and_,
    case,
    func,
    literal,
    or_,
    select,
    update,
)
from sqlalchemy.ext.asyncio import AsyncSession

from alerts.model.campaigns.campaign_states import (
    MOVES,
    CampaignAction,
    ChangedCampaignError,
    LateCampaignError,
    NoSuchCampaignError,
    OwnApprovalError,
    PassedCampaignError,
    Status,
    WrongStatusError,
)
from alerts.model.campaigns.new_campaigns import SYSTEM
from alerts.model.tables import LONGEST_REASON, Campaign, CampaignContribution
from policies.approval.four_eyes import Contributions, person_of
from storage.sql.base import UTCDateTime

LASTS = timedelta(hours=24)
"""How late a broadcast may begin without a question to an operator, if its author named no last hour."""
AUTHORS = Contributions(CampaignContribution.campaign_id)
"""Who wrote or submitted a part of a broadcast, and so may not approve it (`policies.approval.four_eyes`)."""


async def act(
    session: AsyncSession,
    campaign_id: int,
    action: CampaignAction,
    now: datetime,
    *,
    by: str = SYSTEM,
    person: str | None = None,
    seen: int | None = None,
    reason: str | None = None,
) -> Status:
    """Do something to a campaign if its state allows it. Return its state afterwards.

    Only an operator resumes a paused campaign (at the desk, by the API or by `policybot alerts resume`); nothing
    resumes it by itself. The next sweep then queues its rows (`alerts.worker.sweep`).

    One conditional update moves the state, so if two act at once, only one succeeds. A resumed campaign is
    `scheduled` again if its recipients have not been listed yet. If its last hour has passed, it gets another day,
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
    asked = _Asked(campaign_id, by, person or by, now)
    more = await _MORE[action](session, asked) if action in _MORE else _More()
    where = [Campaign.id == campaign_id, *more.where]
    if seen is not None:
        where.append(Campaign.edits == seen)
    values = {"reason": reason and reason[:LONGEST_REASON], **more.values}
    moved = await session.scalar(_moving(action, now).where(*where).values(values).returning(Campaign.status))
    if moved is None:
        await _explain(session, asked, action, seen=seen)
    if action is CampaignAction.SUBMIT:
        await AUTHORS.add(session, campaign_id, asked.person, now)
    return Status(str(moved))


async def act_on_all(
    session: AsyncSession,
    where: ColumnElement[bool],
    action: Literal[CampaignAction.START, CampaignAction.PAUSE, CampaignAction.FINISH, CampaignAction.REOPEN],
    now: datetime,
    *,
    reason: str | None = None,
) -> list[int]:
    """Do something to every campaign that meets a condition and whose state allows it. Return their ids.

    Args:
        session: of the transaction to act in.
        where: the condition.
        action: what to do.
        now: the business instant.
        reason: shown to operators. None: the campaign keeps its reason.
    """
    moving = _moving(action, now).where(where)
    if reason is not None:
        moving = moving.values(reason=reason[:LONGEST_REASON])
    moved = await session.scalars(moving.returning(Campaign.id).execution_options(synchronize_session=False))
    return list(moved)


def _moving(action: CampaignAction, now: datetime) -> Update:
    """The move that the table gives. Operators are told of each pause, so `pause_told` begins anew."""
    before, after, unlisted = MOVES[action]
    status: Any = after
    if unlisted is not None:
        status = case((Campaign.snapshot_state == "none", unlisted.value), else_=after.value)
    return (
        update(Campaign)
        .where(Campaign.status.in_(before))
        .values(status=status, pause_told=False, updated_at=now)
    )


class _Asked(NamedTuple):
    """A requested action on one campaign. `person` is the person behind `by`."""

    campaign_id: int
    by: str
    person: str
    now: datetime


@dataclass(frozen=True, slots=True)
class _More:
    """What an action asks of a campaign and writes to it, beside the move."""

    where: Sequence[ColumnElement[bool]] = ()
    values: Mapping[str, Any] = field(default_factory=dict)


async def _submitted(_session: AsyncSession, asked: _Asked) -> _More:
    return _More((~_has_passed(asked.now),), {"submitted_by": asked.by})


async def _approved(session: AsyncSession, asked: _Asked) -> _More:
    last_hour = _instant(await _last_hour(session, asked.campaign_id, asked.now))
    return _More(
        (
            ~_is_author(asked.person),
            ~_has_passed(asked.now),
            or_(Campaign.last_at.is_(None), Campaign.last_at > asked.now),
        ),
        {"approved_by": asked.by, "last_at": func.coalesce(Campaign.last_at, last_hour)},
    )


async def _returned(_session: AsyncSession, _asked: _Asked) -> _More:
    return _More(values={"submitted_by": None})


async def _resumed(_session: AsyncSession, asked: _Asked) -> _More:
    another_day = case((Campaign.last_at <= asked.now, _instant(asked.now + LASTS)), else_=Campaign.last_at)
    return _More(values={"last_at": another_day})


_MORE: Mapping[CampaignAction, Callable[[AsyncSession, _Asked], Awaitable[_More]]] = {
    CampaignAction.SUBMIT: _submitted,
    CampaignAction.APPROVE: _approved,
    CampaignAction.RETURN: _returned,
    CampaignAction.RESUME: _resumed,
}


def _instant(value: datetime) -> BindParameter[datetime]:
    """Return a value inside an expression, with the type of the column it goes into: SQLite would keep its wall clock."""
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
    session: AsyncSession, asked: _Asked, action: CampaignAction, *, seen: int | None
) -> NoReturn:
    campaign = await session.get(Campaign, asked.campaign_id, populate_existing=True)
    if campaign is None:
        raise NoSuchCampaignError(asked.campaign_id)
    if campaign.status not in MOVES[action].before:
        raise WrongStatusError(action, Status(campaign.status))
    authors = {*await AUTHORS.of(session, [campaign.id]), campaign.submitted_by}
    if action is CampaignAction.APPROVE and person_of(asked.person) in authors:
        raise OwnApprovalError
    if seen is not None and campaign.edits != seen:
        raise ChangedCampaignError
    if campaign.last_at is None and campaign.send_at is not None and campaign.send_at <= asked.now - LASTS:
        raise PassedCampaignError
    raise LateCampaignError
