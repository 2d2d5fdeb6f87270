"""办理指南: a second person publishes a draft or sends it back; an editor gives one up."""

from aiohttp import web

from console.access.audit import record
from console.access.entries import record_guide
from console.access.roles import Role, Route
from console.guides.pages import GUIDES
from console.services.desk import DESK
from console.web.pages import done, operator_of, refused, step
from policies.guides.store import GuideVersion

_CHANGED_MEANWHILE = "草稿在此期间有变动，请重新核对"


async def publish(request: web.Request) -> web.StreamResponse:
    """Publish the ticked drafts as they were shown; it and its audit entries are one transaction."""
    desk, operator = request.app[DESK], operator_of(request)
    form = await request.post()
    wanted = {str(one) for one in form.getall("draft", [])}
    seen = [draft for draft in await desk.guides.drafts() if draft.mark in wanted]
    if len(seen) != len(wanted):
        return await refused(request, GUIDES, _CHANGED_MEANWHILE)
    if not seen:
        return await refused(request, GUIDES, "请先勾选要发布的草稿")
    before = await desk.guides.published()
    async with step(request, GUIDES) as session:
        await desk.guide_drafts.publish(seen, publisher=operator.name)
        for draft in seen:
            old = before.get(draft.clause_key)
            record_guide(
                session,
                operator.name,
                "发布指南",
                draft.clause_key,
                before=old.guide if old else None,
                after=draft.guide,
            )
    return await done(request, GUIDES, f"已发布 {len(seen)} 份办理指南，对话和网页随即更新")


async def send_back(request: web.Request) -> web.StreamResponse:
    """Return a draft to its authors with a reason. It can be published only after another save."""
    desk, operator = request.app[DESK], operator_of(request)
    form = await request.post()
    reason = str(form.get("reason", "")).strip()[:500]
    draft = await _seen(request, str(form.get("seen", "")))
    here = f"{GUIDES}/{draft.clause_key}"
    async with step(request, here) as session:
        await desk.guide_drafts.send_back(draft, by=operator.name, reason=reason)
        record(session, operator.name, "退回指南草稿", ("guide", draft.clause_key), after={"原因": reason})
    return await done(request, here, "草稿已退回，修改保存后才能发布")


async def discard(request: web.Request) -> web.StreamResponse:
    """Give a draft up; the history keeps it."""
    desk, operator = request.app[DESK], operator_of(request)
    draft = await _seen(request, str((await request.post()).get("seen", "")))
    async with step(request, GUIDES) as session:
        await desk.guide_drafts.discard(draft)
        record_guide(session, operator.name, "放弃指南草稿", draft.clause_key, before=draft.guide, after=None)
    return await done(request, GUIDES, "草稿已放弃，历史中仍可查看")


async def _seen(request: web.Request, mark: str) -> GuideVersion:
    """Return the clause's draft that the page showed. If it has changed since then, the operator must look again."""
    key = int(request.match_info["id"])
    draft = await request.app[DESK].guides.draft_of(key)
    if draft is None or draft.mark != mark:
        await refused(request, f"{GUIDES}/{key}", _CHANGED_MEANWHILE)
        raise web.HTTPSeeOther(f"{GUIDES}/{key}")
    return draft


ROUTES = (
    Route("POST", "/guides/publish", publish, Role.APPROVER),
    Route("POST", r"/guides/{id:[0-9]{1,9}}/return", send_back, Role.APPROVER),
    Route("POST", r"/guides/{id:[0-9]{1,9}}/discard", discard, Role.EDITOR, confirm="放弃这份草稿？"),
)
