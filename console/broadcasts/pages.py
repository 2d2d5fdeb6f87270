"""公告: compose with a preview of each channel, submit, approved by another person, sent."""

from dataclasses import dataclass

import aiohttp_jinja2
from aiohttp import web
from sqlalchemy import func, select

from alerts.channels.choice import offer, template_values
from alerts.channels.mass.mass_sends import JobStatus, month_began
from alerts.model.campaigns import STATUS_NAMES, Action, CampaignError, Status, counts_of
from alerts.model.channel import CHANNEL_NAMES, Channel
from alerts.model.content import Content, Kind
from alerts.model.tables import Campaign, MassJob
from alerts.model.wording import facts, one
from console.access.roles import Role, Route
from console.approval.comparing import CHOSEN
from console.approval.reach import BroadcastReach, reach_of_broadcast
from console.broadcasts.form import AUTO, BroadcastForm
from console.services.broadcasts import BroadcastError
from console.services.desk import DESK
from console.web.formats import moment
from console.web.pages import done, operator_of, page, refused
from policies.publishing.four_eyes import person_of
from storage.clock import SHANGHAI
from subscriptions.members import recipients
from subscriptions.members.follower_counts import followers
from wechat.texts import is_blank

_BROADCASTS = "/console/broadcasts"
_PAGE = 50
_STEPS = {
    "submit": (Action.SUBMIT, "已提交，等待另一位同事审批"),
    "approve": (Action.APPROVE, "已审批，将按时发送"),
    "return": (Action.RETURN, "已退回，修改后可重新提交"),
    "pause": (Action.PAUSE, "已暂停，未发出的不再发送，直到继续"),
    "resume": (Action.RESUME, "已继续发送"),
    "cancel": (Action.CANCEL, "已取消，未发出的不再发送"),
}
_CANCEL = "取消这则公告？未发出的不再发送。"
_UNDER_WAY = (("pause", "暂停"), ("cancel", "取消"))
_STEERING = dict.fromkeys(Status, ()) | {
    Status.DRAFT: (("cancel", "取消"),),
    Status.SUBMITTED: (("cancel", "取消"),),
    Status.SCHEDULED: _UNDER_WAY,
    Status.SENDING: _UNDER_WAY,
    Status.PAUSED: (("resume", "继续"), ("cancel", "取消")),
}
"""What an editor may do to a broadcast of a state, beside submitting and approving."""


@dataclass(frozen=True, slots=True)
class Preview:
    """What each channel would show, and to how many it goes by which."""

    text: str
    text_bytes: int
    card: dict[str, str]
    reach: BroadcastReach


async def broadcasts_page(request: web.Request) -> web.StreamResponse:
    """The newest broadcasts, a page at a time."""
    before = request.query.get("before", "")
    before_id = int(before) if before.isascii() and before.isdecimal() and len(before) < 10 else None
    broadcasts = await request.app[DESK].broadcasts.newest(before_id=before_id, limit=_PAGE)
    return await page(
        request,
        "broadcasts.html",
        broadcasts=broadcasts,
        statuses=STATUS_NAMES,
        older=broadcasts[-1].id if len(broadcasts) == _PAGE else None,
    )


async def compose_page(request: web.Request) -> web.StreamResponse:
    """An empty form, or `?from=` one filled as that broadcast is."""
    model = request.query.get("from", "")
    if not (model.isascii() and model.isdecimal() and len(model) < 10):
        return await _compose(request, BroadcastForm())
    return await _compose(request, BroadcastForm.of(await _numbered(request, int(model))).without_times())


async def preview_fragment(request: web.Request) -> web.StreamResponse:
    """The phone of the compose page, for what is typed so far."""
    shown = await _preview(request, BroadcastForm.posted(await request.post()))
    return await aiohttp_jinja2.render_template_async("phone.html", request, {"preview": shown})


async def create(request: web.Request) -> web.StreamResponse:
    """Keep the draft; nothing is sent before it was submitted and another person approved."""
    desk, operator = request.app[DESK], operator_of(request)
    form = BroadcastForm.posted(await request.post())
    if problems := form.problems():
        return await _compose(request, form, problems=problems, status=422)
    try:
        async with desk.database.write() as session:
            made = await desk.broadcasts.draft(session, form.draft(), actor=operator.name, now=desk.clock())
    except BroadcastError as error:
        return await _compose(request, form, problems={error.field or "": str(error)}, status=422)
    return await done(request, f"{_BROADCASTS}/{made}", "草稿已保存，可先测试发送，再提交审批")


async def edit_page(request: web.Request) -> web.StreamResponse:
    campaign = await _editable(request)
    return await _compose(request, BroadcastForm.of(campaign), campaign=campaign)


async def save(request: web.Request) -> web.StreamResponse:
    """Save a draft again; where another did meanwhile, both texts are shown and the operator chooses."""
    desk, operator = request.app[DESK], operator_of(request)
    campaign = await _editable(request)
    posted = await request.post()
    form, theirs = BroadcastForm.posted(posted), BroadcastForm.of(campaign)
    if posted.get("seen") != str(campaign.edits):
        return await _conflict(request, campaign, form)
    if CHOSEN in posted:
        chosen = theirs.merged(form, posted)
        if chosen is None:
            return await _conflict(request, campaign, form, unanswered=True)
        form = chosen
    if problems := form.problems():
        return await _compose(request, form, problems=problems, status=422, campaign=campaign)
    try:
        await desk.broadcasts.edit(
            campaign.id, form.draft(), seen=campaign.edits, actor=operator.name, now=desk.clock()
        )
    except BroadcastError as error:
        if error.code == "conflict":
            return await _conflict(request, await _editable(request), form)
        problems = {error.field or "": str(error)}
        return await _compose(request, form, problems=problems, status=422, campaign=campaign)
    return await done(request, f"{_BROADCASTS}/{campaign.id}", "草稿已保存，请提交审批")


async def broadcast_page(request: web.Request) -> web.StreamResponse:
    """One broadcast: as it will look, to how many by which way, where it stands, what can be done next."""
    desk = request.app[DESK]
    campaign = await _found(request)
    async with desk.database.read() as session:
        counts = await counts_of(session, campaign.id)
    authors = await desk.broadcasts.authors(campaign.id)
    return await page(
        request,
        "broadcast.html",
        campaign=campaign,
        counts=counts,
        authors=authors,
        preview=await _preview(request, BroadcastForm.of(campaign), named=_named(campaign)),
        statuses=STATUS_NAMES,
        tracks={track.id: track.name for track in (await desk.store.tracks()).tracks},
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
    campaign = await _found(request)
    action, said = _STEPS[request.match_info["step"]]
    path = f"{_BROADCASTS}/{campaign.id}"
    form = await request.post()
    reason, seen = str(form.get("reason", "")).strip()[:200], str(form.get("seen", ""))
    if action is Action.RETURN and is_blank(reason):
        return await refused(request, path, "请写明退回的原因")
    try:
        await desk.broadcasts.act(
            campaign.id,
            action,
            actor=operator.name,
            now=desk.clock(),
            seen=int(seen) if seen.isascii() and seen.isdecimal() and len(seen) < 10 else None,
            reason=f"已退回：{reason}" if action is Action.RETURN else None,
        )
    except CampaignError as error:
        return await refused(request, path, str(error))
    return await done(request, path, said)


async def send_test(request: web.Request) -> web.StreamResponse:
    desk, operator = request.app[DESK], operator_of(request)
    campaign = await _found(request)
    whom = str((await request.post()).get("to", "")).strip()
    path = f"{_BROADCASTS}/{campaign.id}"
    member = int(whom) if whom.isascii() and whom.isdecimal() and len(whom) < 10 else 0
    try:
        await desk.broadcasts.preview(campaign.id, member, actor=operator.name, now=desk.clock())
    except BroadcastError as error:
        return await refused(request, path, str(error))
    return await done(request, path, "测试消息已交付发送，请在手机上查看")


async def _found(request: web.Request) -> Campaign:
    return await _numbered(request, int(request.match_info["id"]))


async def _numbered(request: web.Request, number: int) -> Campaign:
    try:
        return await request.app[DESK].broadcasts.one(number)
    except BroadcastError as error:
        raise web.HTTPNotFound(text=str(error)) from None


async def _editable(request: web.Request) -> Campaign:
    campaign = await _found(request)
    if campaign.status not in {Status.DRAFT, Status.SUBMITTED} or campaign.audience.get("members"):
        await refused(request, f"{_BROADCASTS}/{campaign.id}", "这则公告不能修改，请照此新写一则")
    return campaign


async def _compose(
    request: web.Request,
    form: BroadcastForm,
    *,
    campaign: Campaign | None = None,
    problems: dict[str, str] | None = None,
    status: int = 200,
) -> web.StreamResponse:
    desk = request.app[DESK]
    return await page(
        request,
        "broadcast_form.html",
        status=status,
        typed=form.values,
        chosen=form.tracks,
        campaign=campaign,
        problems=problems or {},
        tracks=(await desk.store.tracks()).tracks,
        followers=(await followers(desk.database)).by_track,
        channels={
            AUTO: "自动选择",
            **{one.value: CHANNEL_NAMES[one] for one in Channel if one is not Channel.INBOX},
        },
        preview=await _preview(request, form),
        sent_this_month=await _mass_sends_this_month(request),
        monthly=desk.account.mass_sends_per_fan_a_month,
    )


async def _conflict(
    request: web.Request, campaign: Campaign, mine: BroadcastForm, *, unanswered: bool = False
) -> web.StreamResponse:
    names = {track.id: track.name for track in (await request.app[DESK].store.tracks()).tracks}
    path = f"{_BROADCASTS}/{campaign.id}/edit"
    return await page(
        request,
        "conflict.html",
        status=409,
        action=path,
        what="公告",
        why=f"您编辑期间，同事于 {moment(campaign.updated_at)} 修改了这则公告。",
        mark=campaign.edits,
        fields=BroadcastForm.of(campaign).differing(mine, names),
        mine=mine.sent(),
        note=None,
        unanswered=unanswered,
    )


async def _preview(request: web.Request, form: BroadcastForm, *, named: tuple[int, ...] = ()) -> Preview:
    desk, values = request.app[DESK], form.values
    content = Content(title=values.get("title", ""), body=values.get("body", ""), url=values.get("url", ""))
    alert, today = (Kind.ANNOUNCEMENT, content), desk.clock().astimezone(SHANGHAI).date()
    known, channel = facts([alert], today), values.get("channel") or AUTO
    offered = offer(Kind.ANNOUNCEMENT, channel, known, desk.account, desk.templates)
    text = one(alert, today, desk.public_url)
    audience = None
    if named:
        audience = recipients.Audience(members=named)
    elif form.everyone or form.tracks:
        audience = recipients.Audience(everyone=form.everyone, tracks=() if form.everyone else form.tracks)
    return Preview(
        text=text,
        text_bytes=len(text.encode()),
        card=template_values(offered.template.fields, known) if offered.template else {},
        reach=await reach_of_broadcast(desk, audience, channel, content),
    )


def _named(campaign: Campaign) -> tuple[int, ...]:
    return tuple(campaign.audience.get("members", ()))


async def _mass_sends_this_month(request: web.Request) -> int:
    desk = request.app[DESK]
    since = month_began(desk.clock())
    async with desk.database.read() as session:
        return (
            await session.scalar(
                select(func.count())
                .select_from(MassJob)
                .where(MassJob.sent_at >= since, MassJob.status != JobStatus.AGAIN)
            )
            or 0
        )


ROUTES = (
    Route("GET", "/broadcasts", broadcasts_page, Role.VIEWER),
    Route("GET", "/broadcasts/new", compose_page, Role.EDITOR),
    Route("POST", "/broadcasts/new", create, Role.EDITOR),
    Route("POST", "/broadcasts/phone", preview_fragment, Role.EDITOR, repeats=True),
    Route("GET", r"/broadcasts/{id:[0-9]{1,9}}", broadcast_page, Role.VIEWER),
    Route("POST", r"/broadcasts/{id:[0-9]{1,9}}/test", send_test, Role.EDITOR),
    Route("GET", r"/broadcasts/{id:[0-9]{1,9}}/edit", edit_page, Role.EDITOR),
    Route("POST", r"/broadcasts/{id:[0-9]{1,9}}/edit", save, Role.EDITOR),
    Route("POST", r"/broadcasts/{id:[0-9]{1,9}}/{step:submit|pause|resume}", step, Role.EDITOR),
    Route("POST", r"/broadcasts/{id:[0-9]{1,9}}/{step:cancel}", step, Role.EDITOR, confirm=_CANCEL),
    Route("POST", r"/broadcasts/{id:[0-9]{1,9}}/{step:approve|return}", step, Role.APPROVER),
)
