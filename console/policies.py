"""政策库: the clauses, their history, and drafts of them."""

from dataclasses import replace

from aiohttp import web
from sqlalchemy.ext.asyncio import AsyncSession

from console.audit import record
from console.audited import differing, of_content, of_revision
from console.desk import DESK
from console.pages import NoticeKind, done, operator_of, page
from console.policy_form import KIND_NAMES, SPARE_ROWS, FormError, PolicyForm, blank_row
from console.roles import Role, Route
from policies.drafts import Drafts
from policies.models import Policy, Support
from policies.revisions import EDITION, EditConflictError, Revision

_LIBRARY = "/console/policies"
DRAFTS = "/console/policies/drafts"


async def library_page(request: web.Request) -> web.StreamResponse:
    """Every clause, filtered by words, section and department."""
    desk = request.app[DESK]
    compendium = await desk.store.published()
    words, section, department = (
        request.query.get(name, "").strip() for name in ("q", "section", "department")
    )
    shown = [
        policy
        for policy in compendium.policies
        if (not words or words in policy.title or words in policy.text or words in policy.keywords)
        and (not section or str(policy.section) == section)
        and (not department or department in policy.departments)
    ]
    return await page(
        request,
        "policies.html",
        compendium=compendium,
        policies=shown,
        departments=sorted({name for policy in compendium.policies for name in policy.departments}),
        drafts={draft.subject: draft for draft in await desk.drafts.open()},
        filters={"q": words, "section": section, "department": department},
    )


async def policy_page(request: web.Request) -> web.StreamResponse:
    """One clause as published, its draft and its history."""
    desk, number = request.app[DESK], int(request.match_info["id"])
    history = await desk.store.history(number)
    if not history or number == EDITION:
        raise web.HTTPNotFound(text="没有这一条。")
    published = await _published(request, number)
    return await page(
        request,
        "policy.html",
        number=number,
        policy=published,
        history=history,
        draft=await desk.drafts.of(number),
        tracks={track.id: track.name for track in (await desk.store.tracks()).tracks},
    )


async def edit_page(request: web.Request) -> web.StreamResponse:
    begun = await _draft_or_published(request)
    return await _form(request, PolicyForm.of(begun.policy), begun)


async def save_draft(request: web.Request) -> web.StreamResponse:
    """Keep what was typed as the clause's draft; nothing is public before someone else publishes it."""
    desk, operator = request.app[DESK], operator_of(request)
    begun = await _draft_or_published(request)
    posted = await request.post()
    form, note = PolicyForm.posted(posted), str(posted.get("note", "")).strip()
    try:
        policy = form.policy(begun.policy)
        _require_known_tracks(policy, {track.id for track in (await desk.store.tracks()).tracks})
    except FormError as error:
        return await _form(request, form, begun, problems=error.problems, status=422)
    if begun.draft is None and policy == begun.policy:
        return await done(request, f"{_LIBRARY}/{policy.id}", "没有改动，未生成草稿", NoticeKind.WARNING)
    try:
        async with desk.database.write() as session:
            if begun.draft is None:
                draft = await desk.drafts.begin(policy, author=operator.name, note=note)
            else:
                seen = str(posted.get("edits", ""))
                draft = await desk.drafts.save(
                    begun.draft.id,
                    policy,
                    seen=int(seen) if seen.isdecimal() else -1,
                    author=operator.name,
                    note=note,
                )
            before, after = differing(of_content(begun.policy), of_content(policy))
            record(session, operator.name, "保存草稿", ("policy", policy.id), before=before, after=after)
    except EditConflictError as error:
        return await _form(request, form, begun, problems={"conflict": str(error)}, status=409)
    return await done(request, f"{DRAFTS}/{draft.id}", "草稿已保存，等待另一位同事审核发布")


async def record_draft(
    session: AsyncSession, drafts: Drafts, actor: str, action: str, draft: Revision, *, gone: bool = False
) -> None:
    """Keep what a draft changes of what it was made from, in the transaction of the step; `gone`: it is given up."""
    base = await drafts.get(draft.base_id) if draft.base_id else None
    before, after = differing(of_revision(base), of_revision(draft))
    if gone:
        before, after = after, {}
    subject = ("edition", "draft") if draft.subject == EDITION else ("policy", draft.subject)
    record(session, actor, action, subject, before=before, after=after)


class _Begun:
    """What an edit begins from: the draft there is, else the published clause."""

    def __init__(self, policy: Policy, draft: Revision | None) -> None:
        self.policy, self.draft = policy, draft


async def _draft_or_published(request: web.Request) -> _Begun:
    number = int(request.match_info["id"])
    draft = await request.app[DESK].drafts.of(number)
    if draft is not None and draft.policy is not None:
        return _Begun(draft.policy, draft)
    published = await _published(request, number)
    if published is None:
        raise web.HTTPNotFound(text="没有这一条。")
    return _Begun(published, None)


async def _published(request: web.Request, number: int) -> Policy | None:
    compendium = await request.app[DESK].store.published()
    return next((policy for policy in compendium.policies if policy.id == number), None)


def _require_known_tracks(policy: Policy, known: set[str]) -> None:
    unknown = [track for track in policy.tracks if track not in known]
    if unknown:
        raise FormError({"tracks": f"没有这个赛道：{'、'.join(unknown)}"})


async def _form(
    request: web.Request,
    form: PolicyForm,
    begun: _Begun,
    *,
    problems: dict[str, str] | None = None,
    status: int = 200,
) -> web.StreamResponse:
    shown = replace(form, amounts=[*form.amounts, *(blank_row() for _ in range(SPARE_ROWS))])
    return await page(
        request,
        "policy_form.html",
        status=status,
        number=begun.policy.id,
        form=shown,
        draft=begun.draft,
        problems=problems or {},
        kinds=KIND_NAMES,
        supports=list(Support),
        tracks=(await request.app[DESK].store.tracks()).tracks,
    )


ROUTES = (
    Route("GET", "/policies", library_page, Role.VIEWER),
    Route("GET", r"/policies/{id:\d{1,6}}", policy_page, Role.VIEWER),
    Route("GET", r"/policies/{id:\d{1,6}}/edit", edit_page, Role.EDITOR),
    Route("POST", r"/policies/{id:\d{1,6}}/edit", save_draft, Role.EDITOR),
)
