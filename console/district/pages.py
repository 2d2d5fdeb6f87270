"""本区资料: the pages. An editor saves a proposal of a part; another person looks at old and new, and puts it in effect."""

from collections.abc import Mapping

from aiohttp import web
from pydantic import BaseModel

from console.access.audit import record
from console.access.audited import differing
from console.access.roles import Role, Route
from console.district import forms
from console.district.showing import EXAMPLE_NAMES, OFFICE_NAMES, PART_NAMES, TEXT_NAMES, lines_of
from console.services.desk import DESK, Desk
from console.web.pages import done, operator_of, page, refused, step
from policies.approval.errors import RevisionError
from policies.approval.four_eyes import person_of
from policies.district.models import DepartmentList, District, DistrictPart, Places, Texts
from policies.district.revisions import PartRevision
from policies.district.store import PartNow, mark_of
from policies.library.models import TrackList
from storage.clock import day_of

_HOME = "/console/district"
_EMPTY = District()


async def district_page(request: web.Request) -> web.StreamResponse:
    """Show the parts: what is in effect, and what waits for approval."""
    parts = await request.app[DESK].district.parts()
    shown = {part: parts[part] for part in PART_NAMES}
    return await page(request, "district.html", parts=shown, names=PART_NAMES, mark_of=mark_of)


async def part_page(request: web.Request) -> web.StreamResponse:
    """Show one part: what waits, the form, the history. `?entry=` is the track or department that the form edits."""
    return await _show(request)


async def save(request: web.Request) -> web.StreamResponse:
    """Save a proposal. What can't be saved is shown again with what was typed."""
    desk, operator = request.app[DESK], operator_of(request)
    part = _part(request)
    typed = {name: str(value).replace("\r\n", "\n").strip() for name, value in (await request.post()).items()}
    entry = typed.get("entry", "")
    now = (await desk.district.parts())[part]
    try:
        content = _read(desk, part, _content(part, now), entry, typed)
        async with desk.database.write() as session:
            saved = await desk.district.propose(
                part, content, seen=_number(typed.get("seen")), author=operator.name
            )
            changes = _differing(now.latest, saved)
            record(session, operator.name, "修改本区资料", ("district", part), **changes)
    except (forms.FormError, RevisionError) as error:
        return await _show(request, typed=typed, entry=entry, problem=str(error), status=422)
    except KeyError as error:
        raise web.HTTPBadRequest(text="表单不完整，请刷新页面后重填。") from error
    return await done(request, f"{_HOME}/{part}", "已保存，另一位同事审批后生效")


async def approve(request: web.Request) -> web.StreamResponse:
    """Put the proposal in effect as it was looked at."""
    desk, operator = request.app[DESK], operator_of(request)
    part, seen = _part(request), await _seen(request)
    before = (await desk.district.parts())[part].in_effect
    async with step(request, f"{_HOME}/{part}") as session:
        approved = await desk.district.approve(part, seen=seen, by=operator.name)
        changes = _differing(before, approved)
        record(session, operator.name, "生效本区资料", ("district", part), **changes)
    return await done(request, f"{_HOME}/{part}", "已生效")


async def send_back(request: web.Request) -> web.StreamResponse:
    """Return the proposal to its authors with a reason. It can be approved only after another save."""
    desk, operator = request.app[DESK], operator_of(request)
    part, seen = _part(request), await _seen(request)
    reason = str((await request.post()).get("reason", "")).strip()[:500]
    async with step(request, f"{_HOME}/{part}") as session:
        await desk.district.send_back(part, seen=seen, by=operator.name, reason=reason)
        record(session, operator.name, "退回本区资料", ("district", part), after={"原因": reason})
    return await done(request, f"{_HOME}/{part}", "已退回，修改保存后才能生效")


async def discard(request: web.Request) -> web.StreamResponse:
    """Give the proposal up; it stays in the history."""
    desk, operator = request.app[DESK], operator_of(request)
    part, seen = _part(request), await _seen(request)
    async with step(request, f"{_HOME}/{part}") as session:
        gone = await desk.district.discard(part, seen=seen)
        changes = _differing(gone, None)
        record(session, operator.name, "放弃本区资料的修改", ("district", part), **changes)
    return await done(request, f"{_HOME}/{part}", "已放弃，历史中仍可查看")


async def restore(request: web.Request) -> web.StreamResponse:
    """Propose an earlier state of the part again."""
    desk, operator = request.app[DESK], operator_of(request)
    part = _part(request)
    form = await request.post()
    wanted = _number(str(form.get("number", "")))
    earlier = next((one for one in await desk.district.history(part) if one.number == wanted), None)
    if earlier is None:
        return await refused(request, f"{_HOME}/{part}", "没有这个版本")
    now = (await desk.district.parts())[part]
    async with step(request, f"{_HOME}/{part}") as session:
        seen = _number(str(form.get("seen", "")))
        saved = await desk.district.propose(part, earlier.content, seen=seen, author=operator.name)
        changes = _differing(now.latest, saved)
        record(session, operator.name, "恢复本区资料", ("district", part), **changes)
    return await done(request, f"{_HOME}/{part}", f"已按第 {wanted} 版保存，另一位同事审批后生效")


def _differing(before: PartRevision | None, after: PartRevision | None) -> dict[str, dict[str, str]]:
    """Return both sides of what differs, in the form of an audit entry."""
    sides = differing(
        lines_of(before.content if before else None), lines_of(after.content if after else None)
    )
    return {"before": sides[0], "after": sides[1]}


def _part(request: web.Request) -> DistrictPart:
    return DistrictPart(request.match_info["part"])


def _content(part: DistrictPart, now: PartNow) -> BaseModel:
    return now.latest.content if now.latest else _EMPTY.part(part)


def _read(
    desk: Desk, part: DistrictPart, content: BaseModel, entry: str, typed: Mapping[str, str]
) -> BaseModel:
    """Return the part as the form would have it."""
    if isinstance(content, TrackList):
        return forms.with_track(content, entry, typed)
    if isinstance(content, DepartmentList):
        return forms.with_department(content, entry, typed, day_of(desk.clock()))
    return forms.read_places(typed) if part is DistrictPart.PLACES else forms.read_texts(typed, desk.menu)


async def _seen(request: web.Request) -> int:
    return _number(str((await request.post()).get("seen", "")))


def _number(typed: str | None) -> int:
    return int(typed) if typed and typed.isdecimal() and len(typed) < 16 else 0


async def _show(
    request: web.Request,
    *,
    typed: Mapping[str, str] | None = None,
    entry: str | None = None,
    problem: str = "",
    status: int = 200,
) -> web.StreamResponse:
    desk, part = request.app[DESK], _part(request)
    now = (await desk.district.parts())[part]
    content = _content(part, now)
    entry = request.query.get("entry") if entry is None else entry
    old = lines_of(now.in_effect.content if now.in_effect else None)
    before, after = differing(old, lines_of(now.proposal.content)) if now.proposal else ({}, {})
    return await page(
        request,
        "district_part.html",
        status=status,
        part=part,
        name=PART_NAMES[part],
        now=now,
        content=content,
        entry=entry or "",
        editing=entry is not None or part in {DistrictPart.PLACES, DistrictPart.TEXTS},
        values=typed or _values(desk, content, entry or ""),
        seen=mark_of(now.latest),
        changes=[(name, line, after[name]) for name, line in before.items()],
        own=person_of(operator_of(request).name) in now.authors,
        history=await desk.district.history(part),
        problem=problem,
        buttons=desk.menu,
        example_names=EXAMPLE_NAMES,
        office_names=OFFICE_NAMES,
        text_names=TEXT_NAMES,
    )


def _values(desk: Desk, content: BaseModel, entry: str) -> dict[str, str]:
    if isinstance(content, Places):
        return forms.places_values(content)
    if isinstance(content, Texts):
        return forms.texts_values(content, desk.menu)
    return forms.entry_values(content, entry)


_PATH = "/district/{part:tracks|departments|places|texts}"

ROUTES = (
    Route("GET", "/district", district_page, Role.VIEWER),
    Route("GET", _PATH, part_page, Role.VIEWER),
    Route("POST", _PATH, save, Role.EDITOR),
    Route("POST", f"{_PATH}/approve", approve, Role.APPROVER),
    Route("POST", f"{_PATH}/return", send_back, Role.APPROVER),
    Route("POST", f"{_PATH}/discard", discard, Role.EDITOR, confirm="放弃这份修改？"),
    Route("POST", f"{_PATH}/restore", restore, Role.EDITOR),
)
