"""政策库: importing an edition, reviewing drafts, publishing what another person wrote."""

from dataclasses import dataclass

from aiohttp import web

from alerts.announcing import publication_campaigns
from alerts.campaigns import NewCampaign
from console.audit import record
from console.desk import DESK
from console.pages import done, operator_of, page, refused
from console.policies import DRAFTS, record_draft
from console.roles import Role, Route
from policies.changes import PolicyChange
from policies.importing.errors import DocumentError
from policies.importing.review import apply, review
from policies.revisions import EDITION, Publication, Revision, RevisionError, change_of
from storage.clock import system_clock
from subscriptions import recipients

_LARGEST_UPLOAD = 20 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Reviewed:
    """A draft beside what it replaces."""

    draft: Revision
    change: PolicyChange | None
    """None for what surrounds the clauses."""


@dataclass(frozen=True, slots=True)
class Foreseen:
    """An alert that publishing would send, and to how many."""

    title: str
    summary: str
    people: int


async def drafts_page(request: web.Request) -> web.StreamResponse:
    """Every draft that waits, with the alerts that publishing all of them would send."""
    desk = request.app[DESK]
    reviewed = await _reviewed(request, await desk.drafts.open())
    return await page(request, "drafts.html", reviewed=reviewed, foreseen=await _foreseen(request, reviewed))


async def draft_page(request: web.Request) -> web.StreamResponse:
    """One draft, old and new side by side."""
    draft = await _draft(request)
    [reviewed] = await _reviewed(request, (draft,))
    return await page(
        request, "draft.html", one=reviewed, draft=draft, foreseen=await _foreseen(request, [reviewed])
    )


async def publish(request: web.Request) -> web.StreamResponse:
    """Publish the drafts that were ticked, as they were shown; nobody publishes their own."""
    desk, operator = request.app[DESK], operator_of(request)
    form = await request.post()
    wanted = {str(one) for one in form.getall("draft", [])}
    seen = [draft for draft in await desk.drafts.open() if f"{draft.id}.{draft.edits}" in wanted]
    if len(seen) != len(wanted):
        return await refused(request, DRAFTS, "草稿在此期间有变动，请重新核对后发布")
    try:
        async with desk.database.write() as session:
            publication = await desk.drafts.publish(
                seen, publisher=operator.name, note=str(form.get("note", "")).strip()
            )
            for draft in seen:
                await record_draft(session, desk.drafts, operator.name, "发布", draft)
    except RevisionError as error:
        return await refused(request, DRAFTS, str(error))
    count = len(publication.changes)
    return await done(request, "/console/policies", f"已发布 {count} 条，提醒将随后发出")


async def discard(request: web.Request) -> web.StreamResponse:
    desk, operator = request.app[DESK], operator_of(request)
    draft = await _draft(request)
    try:
        async with desk.database.write() as session:
            await desk.drafts.discard(draft.id, seen=draft.edits)
            await record_draft(session, desk.drafts, operator.name, "放弃草稿", draft, gone=True)
    except RevisionError as error:
        return await refused(request, DRAFTS, str(error))
    return await done(request, DRAFTS, "草稿已放弃，历史中仍可查看")


async def import_page(request: web.Request) -> web.StreamResponse:
    return await page(request, "import.html", error="", proposal=None)


async def import_document(request: web.Request) -> web.StreamResponse:
    """Make a draft of each difference between a document and what is published; publishes nothing."""
    desk, operator = request.app[DESK], operator_of(request)
    upload = (await request.post()).get("file")
    if not isinstance(upload, web.FileField) or not upload.filename:
        return await page(request, "import.html", status=422, error="请选择文件", proposal=None)
    try:
        proposal = await review(desk.store, upload.filename, upload.file.read())
        async with desk.database.write() as session:
            drafts = await apply(
                desk.drafts, proposal, author=operator.name, note=f"导入 {upload.filename}"[:200]
            )
            done_ = {"文件": upload.filename[:200], "草稿": len(drafts)}
            record(session, operator.name, "导入汇编", ("edition", "draft"), after=done_)
            for draft in drafts:
                await record_draft(session, desk.drafts, operator.name, "保存草稿", draft)
    except (DocumentError, RevisionError) as error:
        return await page(request, "import.html", status=422, error=str(error), proposal=None)
    return await page(request, "import.html", error="", proposal=proposal, drafts=drafts)


async def _draft(request: web.Request) -> Revision:
    draft = await request.app[DESK].drafts.get(int(request.match_info["id"]))
    if draft is None:
        raise web.HTTPNotFound(text="没有这份草稿。")
    return draft


async def _reviewed(request: web.Request, drafts: tuple[Revision, ...]) -> list[Reviewed]:
    desk = request.app[DESK]
    found = []
    for draft in drafts:
        base = await desk.drafts.get(draft.base_id) if draft.base_id else None
        found.append(Reviewed(draft, None if draft.subject == EDITION else change_of(base, draft)))
    return found


async def _foreseen(request: web.Request, reviewed: list[Reviewed]) -> list[Foreseen]:
    desk = request.app[DESK]
    changes = tuple(one.change for one in reviewed if one.change is not None)
    imagined = Publication(0, "", "", system_clock(), changes, edition_changed=False)
    tracks = [track.id for track in (await desk.store.tracks()).tracks]
    return [await _counted(request, campaign) for campaign in publication_campaigns(imagined, tracks)]


async def _counted(request: web.Request, campaign: NewCampaign) -> Foreseen:
    people = await recipients.count(request.app[DESK].database, campaign.audience.whom())
    return Foreseen(campaign.content.title, campaign.content.summary, people)


ROUTES = (
    Route("GET", "/policies/drafts", drafts_page, Role.VIEWER),
    Route("POST", "/policies/drafts", publish, Role.APPROVER),
    Route("GET", "/policies/import", import_page, Role.EDITOR),
    Route("POST", "/policies/import", import_document, Role.EDITOR, largest_body=_LARGEST_UPLOAD),
    Route("GET", r"/policies/drafts/{id:\d{1,9}}", draft_page, Role.VIEWER),
    Route("POST", r"/policies/drafts/{id:\d{1,9}}/discard", discard, Role.EDITOR),
)
