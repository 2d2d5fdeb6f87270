"""公告: the list, and one broadcast on its way: submitted, approved by another person, sent."""

from aiohttp import web

from alerts.model.campaigns.campaign_counts import counts_of
from alerts.model.campaigns.campaign_states import STATUS_NAMES, CampaignAction, CampaignError, Status
from alerts.model.tables import Campaign
from console.access.roles import Role, Route
from console.broadcasts.finding import BROADCASTS, found_broadcast
from console.broadcasts.form import BroadcastForm
from console.broadcasts.preview import Preview, preview_of
from console.services.broadcast_drafts import BroadcastError
from console.services.desk import DESK
from console.web.pages import done, operator_of, page, refused
from console.web.typed_values import whole_number
from policies.approval.four_eyes import person_of
from wechat.texts import is_blank

_PAGE = 50
_STEPS = {
    "submit": (CampaignAction.SUBMIT, "已提交，等待另一位同事审批"),
    "approve": (CampaignAction.APPROVE, "已审批，将按时发送"),
    "return": (CampaignAction.RETURN, "已退回，修改后可重新提交"),
    "pause": (CampaignAction.PAUSE, "已暂停，未发出的不再发送，直到继续"),
    "resume": (CampaignAction.RESUME, "已继续发送"),
    "cancel": (CampaignAction.CANCEL, "已取消，未发出的不再发送"),
}
_CANCEL = "取消这则公告？未发出的不再发送。"
_UNDER_WAY = (("pause", "暂停"), ("cancel", "取消"))
_STEERING = dict.fromkeys(Status, ()) | {
    Status.DRAFT: (("cancel", "取消"),),
    Status.SUBMITTED: (("cancel", "取消"),),
    Status.SCHEDULED: _UNDER_WAY,
    Status.SENDING: _UNDER_WAY,
    Status.PAUSED: (("resume", "继续"), ("cancel", "取消")),
    Status.FAILED: (("cancel", "取消"),),
}
"""What an editor may do to a broadcast of a state, beside submitting and approving."""


async def broadcasts_page(request: web.Request) -> web.StreamResponse:
    """Show the newest broadcasts, a page at a time."""
    before_id = whole_number(request.query.get("before", ""))
    broadcasts = await request.app[DESK].broadcasts.newest(before_id=before_id, limit=_PAGE)
    return await page(
        request,
        "broadcasts.html",
        broadcasts=broadcasts,
        statuses=STATUS_NAMES,
        older=broadcasts[-1].id if len(broadcasts) == _PAGE else None,
    )


async def broadcast_page(request: web.Request) -> web.StreamResponse:
    """Show one broadcast: how it will look, how many people each channel reaches, its state, and what can be done next."""
    desk = request.app[DESK]
    campaign = await found_broadcast(request)
    async with desk.database.read() as session:
        counts = await counts_of(session, campaign.id)
    authors = await desk.broadcasts.authors(campaign.id)
    return await page(
        request,
        "broadcast.html",
        campaign=campaign,
        counts=counts,
        authors=authors,
        preview=await _preview(request, campaign),
        statuses=STATUS_NAMES,
        tracks={track.id: track.name for track in (await desk.store.tracks()).tracks},
        clause_name=desk.knowledge.index.library.name_of,
        own=person_of(operator_of(request).name) in authors,
        waits=campaign.status == Status.SUBMITTED,
        is_draft=campaign.status == Status.DRAFT,
        is_late=campaign.last_at is not None and campaign.last_at <= desk.clock(),
        steps=_STEERING[Status(campaign.status)],
        testers=await desk.testers.all(),
    )


async def step(request: web.Request) -> web.StreamResponse:
    """Submit, approve what other people wrote, return with a reason, pause, resume or cancel."""
    desk, operator = request.app[DESK], operator_of(request)
    campaign = await found_broadcast(request)
    action, said = _STEPS[request.match_info["step"]]
    path = f"{BROADCASTS}/{campaign.id}"
    form = await request.post()
    reason, seen = str(form.get("reason", "")).strip()[:200], str(form.get("seen", ""))
    if action is CampaignAction.RETURN and is_blank(reason):
        return await refused(request, path, "请写明退回的原因")
    if action is CampaignAction.APPROVE and await _reaches_nobody(request, campaign):
        return await refused(request, path, "现在没有人会收到这则公告，请检查发送对象后再审批")
    try:
        await desk.broadcasts.act(
            campaign.id,
            action,
            actor=operator.name,
            now=desk.clock(),
            seen=whole_number(seen),
            reason=f"已退回：{reason}" if action is CampaignAction.RETURN else None,
        )
    except CampaignError as error:
        return await refused(request, path, str(error))
    return await done(request, path, said)


async def _preview(request: web.Request, campaign: Campaign) -> Preview:
    named = tuple(campaign.audience.get("members", ()))
    return await preview_of(request, BroadcastForm.of(campaign), named=named)


async def _reaches_nobody(request: web.Request, campaign: Campaign) -> bool:
    """Whether a broadcast that this operator may approve would reach nobody now."""
    authors = await request.app[DESK].broadcasts.authors(campaign.id)
    if person_of(operator_of(request).name) in authors:
        return False
    return (await _preview(request, campaign)).reach.people == 0


async def send_test(request: web.Request) -> web.StreamResponse:
    desk, operator = request.app[DESK], operator_of(request)
    campaign = await found_broadcast(request)
    whom = str((await request.post()).get("to", "")).strip()
    path = f"{BROADCASTS}/{campaign.id}"
    member = whole_number(whom) or 0
    try:
        await desk.broadcasts.preview(campaign.id, member, actor=operator.name, now=desk.clock())
    except BroadcastError as error:
        return await refused(request, path, str(error))
    return await done(request, path, "测试消息已交付发送，请在手机上查看")


ROUTES = (
    Route("GET", "/broadcasts", broadcasts_page, Role.VIEWER),
    Route("GET", r"/broadcasts/{id:[0-9]{1,9}}", broadcast_page, Role.VIEWER),
    Route("POST", r"/broadcasts/{id:[0-9]{1,9}}/test", send_test, Role.EDITOR),
    Route("POST", r"/broadcasts/{id:[0-9]{1,9}}/{step:submit|pause|resume}", step, Role.EDITOR),
    Route("POST", r"/broadcasts/{id:[0-9]{1,9}}/{step:cancel}", step, Role.EDITOR, confirm=_CANCEL),
    Route("POST", r"/broadcasts/{id:[0-9]{1,9}}/{step:approve|return}", step, Role.APPROVER),
)
