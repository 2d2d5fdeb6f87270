"""公告: compose with a preview of each channel, submit, approved by another person, sent."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import aiohttp_jinja2
from aiohttp import web
from pydantic import TypeAdapter, ValidationError
from sqlalchemy import func, or_, select

from alerts.campaigns import STATUS_NAMES, Action, CampaignError, Status, counts_of
from alerts.channels import CHANNEL_NAMES, Channel, offer, template_values
from alerts.content import Content, Kind
from alerts.mass import JobStatus, month_began
from alerts.tables import Campaign, MassJob
from alerts.wording import facts, one
from console.api.broadcast_models import Body, Link, Title
from console.broadcasts import BroadcastError, Draft
from console.desk import DESK
from console.pages import done, operator_of, page, refused
from console.roles import Role, Route
from storage.clock import SHANGHAI
from subscriptions import recipients
from subscriptions.followers import followers
from subscriptions.tables import Member

_BROADCASTS = "/console/broadcasts"
_AUTO = "auto"
_STEPS = {
    "submit": (Action.SUBMIT, "已提交，等待另一位同事审批"),
    "approve": (Action.APPROVE, "已审批，将按时发送"),
    "pause": (Action.PAUSE, "已暂停，未发出的不再发送，直到继续"),
    "resume": (Action.RESUME, "已继续发送"),
    "cancel": (Action.CANCEL, "已取消，未发出的不再发送"),
}
_UNDER_WAY = (("pause", "暂停"), ("cancel", "取消"))
_STEERING = dict.fromkeys(Status, ()) | {
    Status.DRAFT: (("cancel", "取消"),),
    Status.SUBMITTED: (("cancel", "取消"),),
    Status.SCHEDULED: _UNDER_WAY,
    Status.SENDING: _UNDER_WAY,
    Status.PAUSED: (("resume", "继续"), ("cancel", "取消")),
}
"""What an editor may do to a broadcast of a state, beside submitting and approving."""
_WRONG = {
    "title": "标题为 1–64 个字，不能换行",
    "body": "正文为 1–600 个字",
    "url": "链接以 http:// 或 https:// 开头",
    "send_at": "发送时间应如 2026-12-01T09:00",
}


@dataclass(frozen=True, slots=True)
class Preview:
    """What each channel would show, and to how many each is open now."""

    text: str
    text_bytes: int
    card: dict[str, str]
    people: int
    in_window: int


async def broadcasts_page(request: web.Request) -> web.StreamResponse:
    broadcasts = await request.app[DESK].broadcasts.newest()
    return await page(request, "broadcasts.html", broadcasts=broadcasts, statuses=STATUS_NAMES)


async def compose_page(request: web.Request) -> web.StreamResponse:
    """An empty form, or `?from=` one filled as that broadcast is."""
    model = request.query.get("from", "")
    if not (model.isdecimal() and len(model) < 10):
        return await _compose(request, {"channel": _AUTO, "audience": "tracks"}, [])
    campaign = await _numbered(request, int(model))
    return await _compose(request, _as_typed(campaign), list(campaign.audience.get("tracks", ())))


async def preview_fragment(request: web.Request) -> web.StreamResponse:
    """The phone of the compose page, for what is typed so far."""
    form = await request.post()
    shown = await _preview(request, _typed(form), [str(track) for track in form.getall("tracks", [])])
    return await aiohttp_jinja2.render_template_async("phone.html", request, {"preview": shown})


async def create(request: web.Request) -> web.StreamResponse:
    """Keep the draft; nothing is sent before it was submitted and another person approved."""
    desk, operator = request.app[DESK], operator_of(request)
    form = await request.post()
    typed, tracks = _typed(form), [str(track) for track in form.getall("tracks", [])]
    problems = _problems(typed, tracks)
    if problems:
        return await _compose(request, typed, tracks, problems=problems, status=422)
    draft = Draft(
        title=typed["title"],
        body=typed["body"],
        url=typed["url"],
        channel=typed["channel"],
        everyone=typed["audience"] == "everyone",
        tracks=tuple(tracks) if typed["audience"] == "tracks" else (),
        send_at=_moment(typed["send_at"]),
    )
    try:
        async with desk.database.write() as session:
            made = await desk.broadcasts.draft(session, draft, actor=operator.name, now=desk.clock())
    except BroadcastError as error:
        return await _compose(request, typed, tracks, problems={error.field or "": str(error)}, status=422)
    return await done(request, f"{_BROADCASTS}/{made}", "草稿已保存，可先测试发送，再提交审批")


async def broadcast_page(request: web.Request) -> web.StreamResponse:
    """One broadcast: as it will look, where it stands, what can be done next."""
    desk = request.app[DESK]
    campaign = await _found(request)
    async with desk.database.read() as session:
        counts = await counts_of(session, campaign.id)
    return await page(
        request,
        "broadcast.html",
        campaign=campaign,
        counts=counts,
        preview=await _preview(request, _as_typed(campaign), list(campaign.audience.get("tracks", ()))),
        statuses=STATUS_NAMES,
        tracks={track.id: track.name for track in (await desk.store.tracks()).tracks},
        own=campaign.submitted_by == operator_of(request).name,
        waits=campaign.status == Status.SUBMITTED,
        is_draft=campaign.status == Status.DRAFT,
        steps=_STEERING[Status(campaign.status)],
        testers=await desk.testers.all(),
    )


async def step(request: web.Request) -> web.StreamResponse:
    """Submit, approve what another person submitted, pause, resume or cancel."""
    desk, operator = request.app[DESK], operator_of(request)
    campaign = await _found(request)
    action, said = _STEPS[request.match_info["step"]]
    path = f"{_BROADCASTS}/{campaign.id}"
    try:
        await desk.broadcasts.act(campaign.id, action, actor=operator.name, now=desk.clock())
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


async def _compose(
    request: web.Request,
    typed: dict[str, str],
    tracks: list[str],
    *,
    problems: dict[str, str] | None = None,
    status: int = 200,
) -> web.StreamResponse:
    desk = request.app[DESK]
    return await page(
        request,
        "broadcast_form.html",
        status=status,
        typed=typed,
        chosen=tracks,
        problems=problems or {},
        tracks=(await desk.store.tracks()).tracks,
        followers=(await followers(desk.database)).by_track,
        channels={
            _AUTO: "自动选择",
            **{one.value: CHANNEL_NAMES[one] for one in Channel if one is not Channel.INBOX},
        },
        preview=await _preview(request, typed, tracks),
        sent_this_month=await _mass_sends_this_month(request),
        monthly=desk.account.mass_sends_per_fan_a_month,
    )


def _as_typed(campaign: Campaign) -> dict[str, str]:
    """The form that makes such a broadcast; when it is sent is chosen anew."""
    content = Content.model_validate(campaign.content)
    return {
        "title": content.title,
        "body": content.body,
        "url": content.url,
        "channel": campaign.channel,
        "audience": "everyone" if campaign.audience.get("everyone") else "tracks",
    }


def _typed(form: Any) -> dict[str, str]:
    names = ("title", "body", "url", "channel", "audience", "send_at")
    return {name: str(form.get(name, "")).replace("\r\n", "\n").strip() for name in names}


def _problems(typed: dict[str, str], tracks: list[str]) -> dict[str, str]:
    checks: list[tuple[str, Any]] = [("title", Title), ("body", Body), ("url", Link)]
    problems = {}
    for name, kind in checks:
        if name == "url" and not typed[name]:
            continue
        try:
            TypeAdapter(kind).validate_python(typed[name])
        except ValidationError:
            problems[name] = _WRONG[name]
    if typed["audience"] == "tracks" and not tracks:
        problems["tracks"] = "请至少选择一个赛道，或改为全部关注者"
    try:
        _moment(typed["send_at"])
    except ValueError:
        problems["send_at"] = _WRONG["send_at"]
    return problems


def _moment(value: str) -> datetime | None:
    return datetime.fromisoformat(value).replace(tzinfo=SHANGHAI) if value else None


async def _preview(request: web.Request, typed: dict[str, str], tracks: list[str]) -> Preview:
    desk = request.app[DESK]
    content = Content(title=typed.get("title", ""), body=typed.get("body", ""), url=typed.get("url", ""))
    alert, today = (Kind.ANNOUNCEMENT, content), desk.clock().astimezone(SHANGHAI).date()
    known = facts([alert], today)
    offered = offer(Kind.ANNOUNCEMENT, typed.get("channel") or _AUTO, known, desk.account, desk.templates)
    text = one(alert, today, desk.public_url)
    people, in_window = await _reach(request, typed.get("audience") == "everyone", tracks)
    return Preview(
        text=text,
        text_bytes=len(text.encode()),
        card=template_values(offered.template.fields, known) if offered.template else {},
        people=people,
        in_window=in_window if offered.custom else 0,
    )


async def _reach(request: web.Request, everyone: bool, tracks: list[str]) -> tuple[int, int]:
    """People the audience has now, and how many of all followers a customer-service message would reach."""
    desk = request.app[DESK]
    people = 0
    if everyone or tracks:
        audience = recipients.Audience(everyone=everyone, tracks=() if everyone else tuple(tracks))
        people = await recipients.count(desk.database, audience)
    now = desk.clock()
    open_now = or_(
        (Member.message_until > now) & (Member.message_left > 0),
        (Member.action_until > now) & (Member.action_left > 0),
    )
    async with desk.database.read() as session:
        in_window = await session.scalar(
            select(func.count()).select_from(Member).where(Member.following, open_now)
        )
    return people, min(people, in_window or 0)


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
    Route("GET", r"/broadcasts/{id:\d{1,9}}", broadcast_page, Role.VIEWER),
    Route("POST", r"/broadcasts/{id:\d{1,9}}/test", send_test, Role.EDITOR),
    Route("POST", r"/broadcasts/{id:\d{1,9}}/{step:submit|pause|resume|cancel}", step, Role.EDITOR),
    Route("POST", r"/broadcasts/{id:\d{1,9}}/{step:approve}", step, Role.APPROVER),
)
