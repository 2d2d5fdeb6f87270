"""推送: campaigns with live progress, their ledger, and the one stop for everything outgoing."""

import json
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from aiohttp import web
from aiohttp_sse import sse_response
from sqlalchemy import select

from alerts.channels.mass.jobs import TO_ALL
from alerts.ledger.dead_letters import told_today
from alerts.ledger.overview import put_off
from alerts.model.campaigns.campaign_counts import counts_of
from alerts.model.campaigns.campaign_states import (
    ACTION_NAMES,
    STATUS_NAMES,
    CampaignAction,
    CampaignError,
    Status,
)
from alerts.model.campaigns.moves import act
from alerts.model.content import AlertKind
from alerts.model.kill_switch import resume_sending, stop, stopped
from alerts.model.tables import Campaign, CampaignCount, Delivery, MassJob
from console.access.audit import record
from console.access.roles import Role, Route
from console.access.signing_in import is_still_signed_in
from console.screens.ledger import DEAD, SHOWN_STATES, STATE_NAMES, in_state
from console.services.desk import DESK
from console.web.pages import done, operator_of, page, refused
from console.web.streams import looks
from console.web.typed_values import whole_number

_CAMPAIGNS = "/console/campaigns"
_PAGE = 50
_LIVE_S = 1.0

KIND_NAMES = {
    AlertKind.OPENING: "开始申报",
    AlertKind.DEADLINE: "截止提醒",
    AlertKind.DATE_CHANGED: "日期变更",
    AlertKind.NEW_POLICY: "新政策",
    AlertKind.POLICY_CHANGED: "条款更新",
    AlertKind.EXPIRY: "依据到期",
    AlertKind.ANNOUNCEMENT: "公告",
    AlertKind.COMPANY: "企业绑定",
}


@dataclass(frozen=True, slots=True)
class CampaignRow:
    """A campaign and its counters."""

    campaign: Campaign
    counts: dict[str, int]


async def campaigns_page(request: web.Request) -> web.StreamResponse:
    """Show the newest campaigns; `?status=` and `?kind=` filter."""
    status, kind = request.query.get("status", ""), request.query.get("kind", "")
    query = select(Campaign).order_by(Campaign.id.desc()).limit(_PAGE)
    before = whole_number(request.query.get("before", ""))
    if status in set(Status):
        query = query.where(Campaign.status == status)
    if kind in set(AlertKind):
        query = query.where(Campaign.kind == kind)
    if before is not None:
        query = query.where(Campaign.id < before)
    async with request.app[DESK].database.read() as session:
        campaigns = (await session.scalars(query)).all()
        rows = await session.execute(
            select(CampaignCount).where(CampaignCount.campaign_id.in_([one.id for one in campaigns]))
        )
        listed = _with_counts(campaigns, rows.scalars().all())
    return await page(
        request,
        "campaigns.html",
        listed=listed,
        filters={"status": status, "kind": kind},
        page_size=_PAGE,
        statuses=STATUS_NAMES,
        kinds=KIND_NAMES,
    )


def _with_counts(campaigns: Sequence[Campaign], rows: Sequence[CampaignCount]) -> list[CampaignRow]:
    counts: dict[int, dict[str, int]] = {}
    for row in rows:
        counts.setdefault(row.campaign_id, {})[row.state] = row.n
    return [CampaignRow(one, counts.get(one.id, {})) for one in campaigns]


async def campaign_page(request: web.Request) -> web.StreamResponse:
    """Show one campaign: what it says, how far it is, and its rows of the ledger."""
    campaign, clock = await _campaign(request), request.app[DESK].clock
    state, after = request.query.get("state", ""), whole_number(request.query.get("after", ""))
    query = (
        select(Delivery).where(Delivery.campaign_id == campaign.id).order_by(Delivery.member_id).limit(_PAGE)
    )
    if state in set(SHOWN_STATES):
        query = query.where(in_state(state))
    if after is not None:
        query = query.where(Delivery.member_id > after)
    async with request.app[DESK].database.read() as session:
        counts = await counts_of(session, campaign.id)
        many_wait, first_goes = await put_off(session, campaign.id, clock())
        # The filter has no index: it reads a campaign's rows until a page is full. Where the counter is 0, nothing is read.
        none = state in set(SHOWN_STATES) and not counts.get(state)
        rows = [] if none else (await session.scalars(query)).all()
        send_to_all = await session.scalar(
            select(MassJob.status).where(MassJob.campaign_id == campaign.id, MassJob.lead_id == TO_ALL)
        )
        told = {
            state: await told_today(session, campaign.id, state, clock())
            for state in DEAD
            if counts.get(state)
        }
    return await page(
        request,
        "campaign.html",
        campaign=campaign,
        counts=counts,
        rows=rows,
        state=state,
        page_size=_PAGE,
        statuses=STATUS_NAMES,
        kinds=KIND_NAMES,
        states=STATE_NAMES,
        shown_states=SHOWN_STATES,
        send_to_all=send_to_all,
        told_today=told,
        many_wait=many_wait,
        first_goes=first_goes,
        now=clock(),
        actions=[(action, ACTION_NAMES[action]) for action in _possible(Status(campaign.status))],
    )


def _possible(status: Status) -> list[CampaignAction]:
    running = {Status.SCHEDULED, Status.SENDING}
    actions = (
        [CampaignAction.PAUSE]
        if status in running
        else [CampaignAction.RESUME]
        if status is Status.PAUSED
        else []
    )
    return (
        [*actions, CampaignAction.CANCEL] if status in running | {Status.PAUSED, Status.FAILED} else actions
    )


async def live(request: web.Request) -> web.StreamResponse:
    """Push the counters of a campaign once a second while they move (server-sent events).

    The stream ends with the session, the account or the role that let it begin, and when the server stops.
    """
    campaign = await _campaign(request)
    async with sse_response(request) as response:
        last = ""
        with suppress(ConnectionResetError):  # the page was left between two looks
            async for _ in looks(request, _LIVE_S):
                if not await is_still_signed_in(request):
                    break
                now = json.dumps(await _state(request, campaign.id), ensure_ascii=False)
                if now != last:
                    await response.send(now)
                    last = now
    return response


async def _state(request: web.Request, campaign_id: int) -> dict[str, Any]:
    async with request.app[DESK].database.read() as session:
        status = await session.scalar(select(Campaign.status).where(Campaign.id == campaign_id))
        counts = await counts_of(session, campaign_id)
    return {"status": STATUS_NAMES[Status(str(status))], "counts": counts}


async def steer(request: web.Request) -> web.StreamResponse:
    """Pause, resume or cancel."""
    desk, operator = request.app[DESK], operator_of(request)
    campaign, action = await _campaign(request), CampaignAction(request.match_info["action"])
    try:
        async with desk.database.write() as session:
            before = await session.scalar(select(Campaign.status).where(Campaign.id == campaign.id))
            after = await act(session, campaign.id, action, desk.clock(), by=operator.name)
            record(
                session,
                operator.name,
                ACTION_NAMES[action],
                ("campaign", campaign.id),
                before={"状态": before},
                after={"状态": after},
            )
    except CampaignError as error:
        return await refused(request, f"{_CAMPAIGNS}/{campaign.id}", str(error))
    return await done(request, f"{_CAMPAIGNS}/{campaign.id}", f"已{ACTION_NAMES[action]}")


async def stop_everything(request: web.Request) -> web.StreamResponse:
    """Stop everything outgoing; the stop holds in every process within a second."""
    desk, operator = request.app[DESK], operator_of(request)
    reason = str((await request.post()).get("reason", "")).strip()[:200]
    if not reason:
        return await refused(request, _CAMPAIGNS, "请写明暂停的原因")
    async with desk.database.write() as session:
        if await stop(session, operator.name, reason, desk.clock()):
            record(session, operator.name, "全局暂停", ("outgoing", "all"), after={"原因": reason})
    return await done(request, _CAMPAIGNS, "所有对外推送已暂停")


async def resume_everything(request: web.Request) -> web.StreamResponse:
    desk, operator = request.app[DESK], operator_of(request)
    async with desk.database.write() as session:
        was = await stopped(session)
        if await resume_sending(session):
            before = {"原因": was.reason if was else ""}
            record(session, operator.name, "恢复推送", ("outgoing", "all"), before=before)
    return await done(request, _CAMPAIGNS, "对外推送已恢复")


async def _campaign(request: web.Request) -> Campaign:
    async with request.app[DESK].database.read() as session:
        campaign = await session.get(Campaign, int(request.match_info["id"]))
    if campaign is None:
        raise web.HTTPNotFound(text="没有这个推送。")
    return campaign


ROUTES = (
    Route("GET", "/campaigns", campaigns_page, Role.VIEWER),
    Route("POST", "/campaigns/stop", stop_everything, Role.EDITOR),
    Route("POST", "/campaigns/resume", resume_everything, Role.APPROVER),
    Route("GET", r"/campaigns/{id:[0-9]{1,9}}", campaign_page, Role.VIEWER),
    Route("GET", r"/campaigns/{id:[0-9]{1,9}}/live", live, Role.VIEWER),
    Route("POST", r"/campaigns/{id:[0-9]{1,9}}/{action:pause|resume}", steer, Role.EDITOR),
    Route(
        "POST",
        r"/campaigns/{id:[0-9]{1,9}}/{action:cancel}",
        steer,
        Role.EDITOR,
        confirm="取消后未发出的不再发送，确定取消？",
    ),
)
