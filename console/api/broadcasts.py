"""The API's broadcasts (公告)."""

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from alerts.model.campaigns.campaign_counts import counts_of
from alerts.model.campaigns.campaign_states import CampaignAction, CampaignError, NoSuchCampaignError
from alerts.model.content import Content
from alerts.model.tables import Campaign, Delivery
from console.access.roles import Role
from console.api.broadcast_models import (
    ApproveQuery,
    BroadcastEdit,
    BroadcastIn,
    BroadcastList,
    BroadcastOut,
    Counts,
    DeliveryOut,
    DeliveryPage,
    DeliveryQuery,
    PreviewIn,
    PreviewOut,
    ReturnIn,
)
from console.api.endpoints import ApiProblem, ApiRequest, Endpoint, PageQuery
from console.api.idempotency import answer_once
from console.services.broadcast_drafts import BroadcastError


async def create_broadcast(call: ApiRequest) -> BroadcastOut:
    """Draft a broadcast, once an `Idempotency-Key`: the same request within a day gets the first answer again."""
    return await answer_once(call, BroadcastOut, _draft)


async def _draft(session: AsyncSession, call: ApiRequest) -> BroadcastOut:
    try:
        made = await call.desk.broadcasts.draft(
            session,
            call.body.draft(),
            actor=call.holder.actor,
            person=call.holder.person,
            now=call.desk.clock(),
        )
    except BroadcastError as error:
        raise ApiProblem(409, error.code, str(error), error.field) from None
    return _shown(await session.get_one(Campaign, made), Counts())


async def edit_broadcast(call: ApiRequest) -> BroadcastOut:
    """Save a draft again; 409 if somebody saved it in the meantime. One that waits for approval must be submitted again."""
    await _found(call)
    body: BroadcastEdit = call.body
    try:
        row = await call.desk.broadcasts.edit(
            call.id,
            body.draft(),
            seen=body.version,
            actor=call.holder.actor,
            person=call.holder.person,
            now=call.desk.clock(),
        )
    except BroadcastError as error:
        raise ApiProblem(409, error.code, str(error), error.field) from None
    return await _with_counts(call, row)


async def list_broadcasts(call: ApiRequest) -> BroadcastList:
    query: PageQuery = call.query
    rows = await call.desk.broadcasts.newest(before_id=query.after or None, limit=query.limit)
    return BroadcastList(items=[await _with_counts(call, row) for row in rows])


async def get_broadcast(call: ApiRequest) -> BroadcastOut:
    return await _with_counts(call, await _found(call))


async def list_deliveries(call: ApiRequest) -> DeliveryPage:
    """List rows of the ledger by rising member. The index of a campaign's members finds a page, however large the ledger is."""
    await _found(call)
    query: DeliveryQuery = call.query
    statement = (
        select(Delivery)
        .where(Delivery.campaign_id == call.id, Delivery.member_id > query.after)
        .order_by(Delivery.member_id)
        .limit(query.limit)
    )
    if query.state:
        statement = statement.where(Delivery.state == query.state)
    async with call.desk.database.read() as session:
        rows = (await session.scalars(statement)).all()
    items = [DeliveryOut(**{name: getattr(row, name) for name in DeliveryOut.model_fields}) for row in rows]
    return DeliveryPage(items=items, next=rows[-1].member_id if len(rows) == query.limit else None)


async def submit_broadcast(call: ApiRequest) -> BroadcastOut:
    return await _act(call, CampaignAction.SUBMIT)


async def approve_broadcast(call: ApiRequest) -> BroadcastOut:
    """Approve. The key's maker must not have written or submitted any part of the broadcast."""
    query: ApproveQuery = call.query
    return await _act(call, CampaignAction.APPROVE, seen=query.version)


async def return_broadcast(call: ApiRequest) -> BroadcastOut:
    """Return it to its authors, who change it and submit it again."""
    body: ReturnIn = call.body
    return await _act(call, CampaignAction.RETURN, reason=f"已退回：{body.reason}")


async def pause_broadcast(call: ApiRequest) -> BroadcastOut:
    return await _act(call, CampaignAction.PAUSE)


async def resume_broadcast(call: ApiRequest) -> BroadcastOut:
    return await _act(call, CampaignAction.RESUME)


async def cancel_broadcast(call: ApiRequest) -> BroadcastOut:
    return await _act(call, CampaignAction.CANCEL)


async def preview_broadcast(call: ApiRequest) -> PreviewOut:
    await _found(call)
    body: PreviewIn = call.body
    member = (await call.desk.members.ids_of([body.openid])).get(body.openid, 0)
    try:
        made = await call.desk.broadcasts.preview(
            call.id, member, actor=call.holder.actor, now=call.desk.clock()
        )
    except BroadcastError as error:
        raise ApiProblem(409, error.code, str(error), error.field) from None
    return PreviewOut(id=made, preview_of=call.id)


async def _act(
    call: ApiRequest, action: CampaignAction, *, seen: int | None = None, reason: str | None = None
) -> BroadcastOut:
    await _found(call)
    try:
        row = await call.desk.broadcasts.act(
            call.id,
            action,
            actor=call.holder.actor,
            person=call.holder.person,
            now=call.desk.clock(),
            seen=seen,
            reason=reason,
        )
    except NoSuchCampaignError as error:
        raise ApiProblem(404, "not_found", str(error)) from None
    except CampaignError as error:
        raise ApiProblem(409, _CODES.get(type(error).__name__, "conflict"), str(error)) from None
    return await _with_counts(call, row)


_CODES = {
    "WrongStatusError": "wrong_status",
    "OwnApprovalError": "own_approval",
    "LateCampaignError": "late",
    "PassedCampaignError": "send_at_passed",
}


async def _found(call: ApiRequest) -> Campaign:
    try:
        return await call.desk.broadcasts.one(call.id)
    except BroadcastError as error:
        raise ApiProblem(404, error.code, str(error)) from None


async def _with_counts(call: ApiRequest, row: Campaign) -> BroadcastOut:
    async with call.desk.database.read() as session:
        counts = await counts_of(session, row.id)
    return _shown(row, Counts(**{name: counts.get(name, 0) for name in Counts.model_fields}))


def _shown(row: Campaign, counts: Counts) -> BroadcastOut:
    content = Content.model_validate(row.content)
    same = (
        "id",
        "status",
        "channel",
        "send_at",
        "last_at",
        "reason",
        "created_by",
        "submitted_by",
        "approved_by",
        "created_at",
    )
    return BroadcastOut(
        **{name: getattr(row, name) for name in same},
        title=content.title,
        body=content.body,
        url=content.url or None,
        version=row.edits,
        counts=counts,
    )


_OF_MANY_OPENIDS = 1024 * 1024
ENDPOINTS = (
    Endpoint(
        "POST",
        "/broadcasts",
        create_broadcast,
        Role.EDITOR,
        "Draft a broadcast",
        BroadcastOut,
        takes=BroadcastIn,
        largest_body=_OF_MANY_OPENIDS,
        status=201,
        idempotent=True,
    ),
    Endpoint(
        "GET",
        "/broadcasts",
        list_broadcasts,
        Role.VIEWER,
        "The newest broadcasts",
        BroadcastList,
        query=PageQuery,
    ),
    Endpoint("GET", "/broadcasts/{id}", get_broadcast, Role.VIEWER, "One broadcast", BroadcastOut),
    Endpoint(
        "GET",
        "/broadcasts/{id}/deliveries",
        list_deliveries,
        Role.VIEWER,
        "Its rows of the ledger",
        DeliveryPage,
        query=DeliveryQuery,
    ),
    Endpoint(
        "POST", "/broadcasts/{id}/submit", submit_broadcast, Role.EDITOR, "Ask for approval", BroadcastOut
    ),
    Endpoint(
        "PUT",
        "/broadcasts/{id}",
        edit_broadcast,
        Role.EDITOR,
        "Save a draft again",
        BroadcastOut,
        takes=BroadcastEdit,
        largest_body=_OF_MANY_OPENIDS,
    ),
    Endpoint(
        "POST",
        "/broadcasts/{id}/approve",
        approve_broadcast,
        Role.APPROVER,
        "Approve",
        BroadcastOut,
        query=ApproveQuery,
    ),
    Endpoint(
        "POST",
        "/broadcasts/{id}/return",
        return_broadcast,
        Role.APPROVER,
        "Send it back to its authors",
        BroadcastOut,
        takes=ReturnIn,
    ),
    Endpoint(
        "POST", "/broadcasts/{id}/pause", pause_broadcast, Role.EDITOR, "Hold the rest back", BroadcastOut
    ),
    Endpoint("POST", "/broadcasts/{id}/resume", resume_broadcast, Role.EDITOR, "Go on", BroadcastOut),
    Endpoint("POST", "/broadcasts/{id}/cancel", cancel_broadcast, Role.EDITOR, "End it", BroadcastOut),
    Endpoint(
        "POST",
        "/broadcasts/{id}/preview",
        preview_broadcast,
        Role.EDITOR,
        "Send it to one tester",
        PreviewOut,
        takes=PreviewIn,
    ),
)
