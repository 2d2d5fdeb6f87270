"""A benefit is written by one person and put in effect by another; every process matches by it within seconds."""

from collections.abc import Sequence

from aiohttp import web

from console.access.audit import record
from console.access.roles import Role, Route
from console.matching.benefit_form import BenefitFormError, as_rules, read_form
from console.matching.pages import HOME, benefits_now, clause_of, differing, latest_benefits, show_clause
from console.services.desk import DESK
from console.web.pages import done, operator_of, step
from policies.approval.errors import RevisionError
from policies.district.models import DistrictPart, Rules
from policies.matching.benefits import Benefit

_SUBJECT = ("district", DistrictPart.BENEFITS)


async def save(request: web.Request) -> web.StreamResponse:
    """Save a benefit as a proposal, or take one out (`remove`). What can't be saved is shown again."""
    desk, operator, policy = request.app[DESK], operator_of(request), await clause_of(request)
    form = await request.post()
    typed = {name: str(value).replace("\r\n", "\n") for name, value in form.items()}
    latest = latest_benefits(await benefits_now(desk))
    id_ = typed.get("id", "")
    try:
        if typed.get("do") == "remove":
            changed = [one for one in latest if one.id != id_]
        else:
            benefit = read_form(id_, typed, policy, desk.matching.facts, latest)
            changed = _with(latest, benefit)
        async with desk.database.write() as session:
            seen = int(typed["seen"]) if typed.get("seen", "").isdecimal() else 0
            await desk.district.propose(
                DistrictPart.BENEFITS, Rules(as_rules(changed)), seen=seen, author=operator.name
            )
            named = {"条目": id_ or "new", "名称": typed.get("title", "")[:60]}
            record(session, operator.name, "修改测算条件", _SUBJECT, after=named)
    except BenefitFormError as error:
        return await show_clause(request, policy, typed=typed, faults=error.faults, status=422)
    except RevisionError as error:
        return await show_clause(request, policy, typed=typed, faults=(str(error),), status=422)
    return await done(request, f"{HOME}/clauses/{policy.key}", "已保存，另一位同事审批后生效")


def _with(benefits: Sequence[Benefit], changed: Benefit) -> list[Benefit]:
    """Return the benefits with one of them changed, or added after those of its clause."""
    if any(one.id == changed.id for one in benefits):
        return [changed if one.id == changed.id else one for one in benefits]
    at = max((place for place, one in enumerate(benefits, 1) if one.clause <= changed.clause), default=0)
    return [*benefits[:at], changed, *benefits[at:]]


async def approve(request: web.Request) -> web.StreamResponse:
    """Put the proposal in effect as it was looked at."""
    desk, operator = request.app[DESK], operator_of(request)
    changed = differing(await benefits_now(desk))
    async with step(request, HOME) as session:
        await desk.district.approve(DistrictPart.BENEFITS, seen=await _seen(request), by=operator.name)
        named = {"条目": "、".join(id_ for _, id_, *_ in changed)[:200]}
        record(session, operator.name, "生效测算条件", _SUBJECT, after=named)
    return await done(request, HOME, "已生效，对照和测算几秒内按新的条件进行")


async def send_back(request: web.Request) -> web.StreamResponse:
    """Return the proposal to its authors with a reason. It can be approved only after another save."""
    desk, operator = request.app[DESK], operator_of(request)
    reason = str((await request.post()).get("reason", "")).strip()[:500]
    async with step(request, HOME) as session:
        seen = await _seen(request)
        await desk.district.send_back(DistrictPart.BENEFITS, seen=seen, by=operator.name, reason=reason)
        record(session, operator.name, "退回测算条件", _SUBJECT, after={"原因": reason})
    return await done(request, HOME, "已退回，修改保存后才能生效")


async def discard(request: web.Request) -> web.StreamResponse:
    """Give the proposal up; it stays in the history."""
    desk, operator = request.app[DESK], operator_of(request)
    async with step(request, HOME) as session:
        await desk.district.discard(DistrictPart.BENEFITS, seen=await _seen(request))
        record(session, operator.name, "放弃测算条件的修改", _SUBJECT)
    return await done(request, HOME, "已放弃，历史中仍可查看")


async def _seen(request: web.Request) -> int:
    typed = str((await request.post()).get("seen", ""))
    return int(typed) if typed.isdecimal() and len(typed) < 16 else 0


ROUTES = (
    Route("POST", "/matching/clauses/{id:[0-9]{1,9}}", save, Role.EDITOR),
    Route("POST", "/matching/approve", approve, Role.APPROVER),
    Route("POST", "/matching/return", send_back, Role.APPROVER),
    Route("POST", "/matching/discard", discard, Role.EDITOR, confirm="放弃这份修改？"),
)
