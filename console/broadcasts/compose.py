"""公告: writing a broadcast and changing its draft, beside a preview of each channel."""

from aiohttp import web
from sqlalchemy import func, select

from alerts.channels.mass.jobs import JobStatus, month_began
from alerts.model.campaigns.campaign_states import Status
from alerts.model.channel import Channel
from alerts.model.tables import Campaign, MassJob
from console.access.roles import Role, Route
from console.approval.merging import BEGUN, CHOSEN
from console.broadcasts.finding import BROADCASTS, found_broadcast, numbered_broadcast
from console.broadcasts.form import AUTO, BroadcastForm
from console.broadcasts.preview import preview_of
from console.services.broadcast_drafts import BroadcastError
from console.services.desk import DESK
from console.web.formats import moment
from console.web.pages import done, operator_of, page, refused
from console.web.rendering import render
from console.web.typed_values import whole_number
from subscriptions.members.follower_counts import followers


async def compose_page(request: web.Request) -> web.StreamResponse:
    """Show an empty form, or with `?from=` one that is filled like that broadcast."""
    model = whole_number(request.query.get("from", ""))
    if model is None:
        return await _compose(request, BroadcastForm())
    return await _compose(request, BroadcastForm.of(await numbered_broadcast(request, model)).without_times())


async def preview_fragment(request: web.Request) -> web.StreamResponse:
    """Show the phone of the compose page, for what is typed so far."""
    shown = await preview_of(request, BroadcastForm.posted(await request.post()))
    return await render(request, "phone.html", {"preview": shown})


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
    return await done(request, f"{BROADCASTS}/{made}", "草稿已保存，可先测试发送，再提交审批")


async def edit_page(request: web.Request) -> web.StreamResponse:
    campaign = await _editable(request)
    return await _compose(request, BroadcastForm.of(campaign), campaign=campaign)


async def save(request: web.Request) -> web.StreamResponse:
    """Save a draft again. If somebody else saved it in the meantime, show both texts and let the operator choose."""
    desk, operator = request.app[DESK], operator_of(request)
    campaign = await _editable(request)
    posted = await request.post()
    form, theirs = BroadcastForm.posted(posted), BroadcastForm.of(campaign)
    begun = str(posted.get(BEGUN, ""))
    if posted.get("seen") != str(campaign.edits):
        return await _conflict(request, campaign, form, begun)
    if CHOSEN in posted:
        chosen = form.merged(theirs, begun, posted)
        if chosen is None:
            return await _conflict(request, campaign, form, begun, unanswered=True)
        form = chosen
    if problems := form.problems():
        return await _compose(request, form, problems=problems, status=422, campaign=campaign)
    try:
        await desk.broadcasts.edit(
            campaign.id, form.draft(), seen=campaign.edits, actor=operator.name, now=desk.clock()
        )
    except BroadcastError as error:
        if error.code == "conflict":
            return await _conflict(request, await _editable(request), form, begun)
        problems = {error.field or "": str(error)}
        return await _compose(request, form, problems=problems, status=422, campaign=campaign)
    return await done(request, f"{BROADCASTS}/{campaign.id}", "草稿已保存，请提交审批")


async def _editable(request: web.Request) -> Campaign:
    campaign = await found_broadcast(request)
    if campaign.status not in {Status.DRAFT, Status.SUBMITTED} or campaign.audience.get("members"):
        await refused(request, f"{BROADCASTS}/{campaign.id}", "这则公告不能修改，请照此新写一则")
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
        begun=BroadcastForm.of(campaign).begun if campaign else "",
        problems=problems or {},
        clauses=[
            (policy.key, f"{desk.knowledge.index.library.name(policy)} {policy.title}")
            for policy in desk.knowledge.index.library.policies
            if policy.key in desk.matching.catalogue.by_clause
        ],
        tracks=(await desk.store.tracks()).tracks,
        followers=(await followers(desk.database)).by_track,
        channels={
            AUTO: "自动选择",
            **{one.value: one.label for one in Channel if one is not Channel.INBOX},
        },
        preview=await preview_of(request, form),
        sent_this_month=await _mass_sends_this_month(request),
        monthly=desk.account.mass_sends_per_fan_a_month,
    )


async def _conflict(
    request: web.Request, campaign: Campaign, mine: BroadcastForm, begun: str, *, unanswered: bool = False
) -> web.StreamResponse:
    names = {track.id: track.name for track in (await request.app[DESK].store.tracks()).tracks}
    path = f"{BROADCASTS}/{campaign.id}/edit"
    return await page(
        request,
        "conflict.html",
        status=409,
        action=path,
        what="公告",
        why=f"您编辑期间，同事于 {moment(campaign.updated_at)} 修改了这则公告。",
        mark=campaign.edits,
        fields=mine.differing(BroadcastForm.of(campaign), begun, names),
        mine=[(BEGUN, begun), *mine.sent()],
        note=None,
        unanswered=unanswered,
    )


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
    Route("GET", "/broadcasts/new", compose_page, Role.EDITOR),
    Route("POST", "/broadcasts/new", create, Role.EDITOR),
    Route("POST", "/broadcasts/phone", preview_fragment, Role.EDITOR, repeats=True),
    Route("GET", r"/broadcasts/{id:[0-9]{1,9}}/edit", edit_page, Role.EDITOR),
    Route("POST", r"/broadcasts/{id:[0-9]{1,9}}/edit", save, Role.EDITOR),
)
