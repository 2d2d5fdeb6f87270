"""政策库: the clauses, their history, and drafts of them."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any

from aiohttp import web

from console.access import audited
from console.access.audit import record
from console.access.roles import Role, Route
from console.approval.comparing import KIND_NAMES
from console.approval.merging import BEGUN, CHOSEN
from console.clauses.choosing import begun_from, differing, merged, sent
from console.clauses.form import SPARE_ROWS, FormError, PolicyForm, blank_row
from console.services.desk import DESK
from console.web.clause_faults import beside_fields
from console.web.formats import moment
from console.web.pages import NoticeStyle, done, names_of, operator_of, page
from policies.approval.columns import RevisionState
from policies.approval.errors import EditConflictError
from policies.library.models import Policy, Support
from policies.publishing.drafts import Drafts
from policies.publishing.revisions import SURROUNDINGS, FaultyDraftError, Revision
from storage.clock import day_of

_LIBRARY = "/console/policies"
DRAFTS = "/console/policies/drafts"


async def library_page(request: web.Request) -> web.StreamResponse:
    """Show every clause, filtered by words, section and department."""
    desk = request.app[DESK]
    library = await desk.store.published()
    words, section, department = (
        request.query.get(name, "").strip() for name in ("q", "section", "department")
    )
    shown = [
        policy
        for policy in library.policies
        if (not words or words in policy.title or words in policy.text or words in policy.keywords)
        and (not section or section in {str(policy.section), f"{policy.document}/{policy.section}"})
        and (not department or department in policy.departments)
    ]
    return await page(
        request,
        "policies.html",
        library=library,
        policies=shown,
        departments=sorted({name for policy in library.policies for name in policy.departments}),
        drafts={draft.subject: draft for draft in await desk.drafts.open()},
        today=day_of(desk.clock()),
        filters={"q": words, "section": section, "department": department},
    )


async def policy_page(request: web.Request) -> web.StreamResponse:
    """Show one clause as published, its draft and its history."""
    desk, number = request.app[DESK], int(request.match_info["id"])
    history = await desk.store.history(number)
    if not history or number <= SURROUNDINGS:
        raise web.HTTPNotFound(text="没有这一条。")
    published = await _published(request, number)
    last = published or next(one.content for one in history if isinstance(one.content, Policy))
    return await page(
        request,
        "policy.html",
        number=number,
        name=names_of(request).name(last),
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
    form, note = PolicyForm.posted(posted), str(posted.get("note", "")).strip()[:500]
    if not begun.is_seen(posted):
        return await _conflict(request, form, note, begun, posted)
    if CHOSEN in posted:
        chosen = merged(form, PolicyForm.of(begun.policy), _begun(posted), posted)
        if chosen is None:
            return await _conflict(request, form, note, begun, posted, unanswered=True)
        form = chosen
    try:
        policy = form.policy(begun.policy)
        if begun.draft is None and policy == begun.policy:
            return await done(
                request, f"{_LIBRARY}/{policy.key}", "没有改动，未生成草稿", NoticeStyle.WARNING
            )
        async with desk.database.write() as session:
            draft = await _kept(desk.drafts, begun, policy, author=operator.name, note=note)
            before, after = audited.differing(audited.of_content(begun.policy), audited.of_content(policy))
            record(session, operator.name, "保存草稿", ("policy", policy.key), before=before, after=after)
    except FormError as error:
        return await _form(request, form, begun, note=note, problems=error.problems, status=422)
    except FaultyDraftError as error:
        problems = beside_fields(error.faults)
        return await _form(request, form, begun, note=note, problems=problems, status=422)
    except EditConflictError:
        return await _conflict(request, form, note, await _draft_or_published(request), posted)
    return await done(request, f"{DRAFTS}/{draft.id}", "草稿已保存，等待另一位同事审核发布")


async def _kept(drafts: Drafts, begun: "_EditBase", policy: Policy, *, author: str, note: str) -> Revision:
    if begun.draft is None:
        return await drafts.begin(policy, author=author, note=note, base=begun.revision.id)
    return await drafts.save(begun.draft.id, policy, seen=begun.draft.edits, author=author, note=note)


@dataclass(frozen=True, slots=True)
class _EditBase:
    """What an edit begins from: the draft if there is one, otherwise the published clause."""

    policy: Policy
    revision: Revision

    @property
    def draft(self) -> Revision | None:
        return self.revision if self.revision.state is RevisionState.DRAFT else None

    @property
    def mark(self) -> str:
        """Identifies the state that the form shows; a save in between changes it."""
        return f"{self.revision.id}.{self.revision.edits}"

    @property
    def what_happened(self) -> str:
        """Say what happened in the meantime, in a sentence for the operator who was editing."""
        if self.draft is None:
            return "您编辑期间，草稿已被发布或放弃，现以现行内容对照。"
        return f"您编辑期间，{self.draft.author} 于 {moment(self.draft.updated_at)} 保存了这份草稿。"

    def is_seen(self, posted: Mapping[str, Any]) -> bool:
        """Whether the form began from this state. A form that names none may begin a draft, but not change one."""
        seen = posted.get("seen")
        return seen == self.mark if seen else self.draft is None


async def _draft_or_published(request: web.Request) -> _EditBase:
    desk, number = request.app[DESK], int(request.match_info["id"])
    draft = await desk.drafts.of(number)
    if draft is not None and draft.policy is not None:
        return _EditBase(draft.policy, draft)
    published = (await desk.store.published_revisions()).get(number)
    if number <= SURROUNDINGS or published is None or published.policy is None:
        raise web.HTTPNotFound(text="没有这一条。")
    return _EditBase(published.policy, published)


async def _published(request: web.Request, number: int) -> Policy | None:
    library = await request.app[DESK].store.published()
    return library.get(number)


async def _conflict(
    request: web.Request,
    form: PolicyForm,
    note: str,
    begun: _EditBase,
    posted: Mapping[str, Any],
    *,
    unanswered: bool = False,
) -> web.StreamResponse:
    """Return both texts of each field that was changed here and differs; the operator chooses, and nothing is kept before."""
    tracks = {track.id: track.name for track in (await request.app[DESK].store.tracks()).tracks}
    with suppress(FormError):  # as it would read once saved, so that a space more is no difference
        form = PolicyForm.of(form.policy(begun.policy))
    return await page(
        request,
        "conflict.html",
        status=409,
        action=f"{_LIBRARY}/{begun.policy.key}/edit",
        what=names_of(request).name(begun.policy),
        why=begun.what_happened,
        mark=begun.mark,
        note=note,
        fields=differing(form, PolicyForm.of(begun.policy), _begun(posted), tracks),
        mine=[(BEGUN, _begun(posted)), *sent(form)],
        unanswered=unanswered,
    )


def _begun(posted: Mapping[str, Any]) -> str:
    return str(posted.get(BEGUN, ""))


async def _form(
    request: web.Request,
    form: PolicyForm,
    begun: _EditBase,
    *,
    note: str | None = None,
    problems: dict[str, str] | None = None,
    status: int = 200,
) -> web.StreamResponse:
    shown = replace(form, amounts=[*form.amounts, *(blank_row() for _ in range(SPARE_ROWS))])
    return await page(
        request,
        "policy_form.html",
        status=status,
        number=begun.policy.key,
        name=names_of(request).name(begun.policy),
        form=shown,
        draft=begun.draft,
        mark=begun.mark,
        begun=begun_from(PolicyForm.of(begun.policy)),
        note=note if note is not None else (begun.draft.note if begun.draft else ""),
        problems=problems or {},
        kinds=KIND_NAMES,
        supports=list(Support),
        tracks=(await request.app[DESK].store.tracks()).tracks,
    )


ROUTES = (
    Route("GET", "/policies", library_page, Role.VIEWER),
    Route("GET", r"/policies/{id:[0-9]{1,6}}", policy_page, Role.VIEWER),
    Route("GET", r"/policies/{id:[0-9]{1,6}}/edit", edit_page, Role.EDITOR),
    Route("POST", r"/policies/{id:[0-9]{1,6}}/edit", save_draft, Role.EDITOR),
)
