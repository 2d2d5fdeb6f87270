"""政策库: review drafts, publish what other people wrote, return a draft to its authors."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from console.access.audit import record
from console.access.entries import record_draft, record_short_name
from console.access.roles import Role, Route
from console.approval.comparing import FieldChange, clause_changes, surroundings_changes
from console.approval.reach import PublicationReach, reach_of
from console.clauses.fates import fate_lines
from console.clauses.policies import DRAFTS
from console.services.desk import DESK, Desk
from console.web.pages import done, operator_of, page, refused, step
from policies.approval.four_eyes import person_of
from policies.library.changes import PolicyChange
from policies.library.checking import Fault
from policies.library.models import Policy, Surroundings
from policies.matching.checking import StoppedBenefit, stopped_in
from policies.publishing.documents import Documents
from policies.publishing.revisions import SURROUNDINGS, Publication, Revision, change_of
from policies.publishing.statements import library_with

_SHORT_NAME = "short_name:"
_SEVERAL = 2
"""From this number of documents on, a clause is named with its document."""
_CHANGED_MEANWHILE = "草稿在此期间有变动，请重新核对后发布"


@dataclass(frozen=True, slots=True)
class Reviewed:
    """A draft beside what it replaces.

    Attributes:
        change: None for what surrounds the clauses.
        authors: everybody who wrote a part of it since the clause was last published.
        faults: what `policies.library.checking` finds in the clause by itself.
        own: the present operator wrote a part of it.
        fates: what hangs on a clause that it takes away, and what becomes of that.
    """

    draft: Revision
    change: PolicyChange | None
    fields: list[FieldChange]
    authors: tuple[str, ...]
    faults: tuple[Fault, ...]
    own: bool
    fates: Sequence[str] = ()

    @property
    def may_publish(self) -> bool:
        """Whether the present operator may publish it."""
        return not (self.own or self.faults or self.draft.returned_by)

    @property
    def mark(self) -> str:
        """Identifies the draft as shown here; a later save changes it."""
        return f"{self.draft.id}.{self.draft.edits}"


async def drafts_page(request: web.Request) -> web.StreamResponse:
    """Show every draft that waits, or those of one import; old and new of each field; none is ticked."""
    desk = request.app[DESK]
    reviewed = await _reviewed(request, await _waiting(request))
    return await page(
        request,
        "drafts.html",
        reviewed=reviewed,
        reach=await _reach(request, reviewed),
        imports=await desk.imports.waiting(),
        of_import=request.query.get("import", ""),
    )


async def draft_page(request: web.Request) -> web.StreamResponse:
    """Show one revision, old and new of each field."""
    draft = await _draft(request)
    [reviewed] = await _reviewed(request, (draft,))
    return await page(
        request, "draft.html", one=reviewed, draft=draft, reach=await _reach(request, [reviewed])
    )


async def confirm_page(request: web.Request) -> web.StreamResponse:
    """Show the ticked drafts, or all of an import: what publishing them would send, and to how many people."""
    desk = request.app[DESK]
    wanted = set(request.query.getall("draft", []))
    if "import" in request.query:
        wanted = {f"{draft.id}.{draft.edits}" for draft in await _waiting(request)}
    seen = await _seen(request, wanted)
    if len(seen) != len(wanted):
        return await refused(request, DRAFTS, _CHANGED_MEANWHILE)
    if not seen:
        return await refused(request, DRAFTS, "请先勾选要发布的草稿")
    reviewed = await _reviewed(request, seen)
    return await page(
        request,
        "publish.html",
        reviewed=reviewed,
        reach=await _reach(request, reviewed),
        faults=await desk.drafts.faults(seen),
        stops=_stops(request.app[DESK], seen),
        unnamed=await _unnamed(request, seen),
    )


async def publish(request: web.Request) -> web.StreamResponse:
    """Publish the drafts as they were shown; what is published and its audit entries are one transaction."""
    desk, operator = request.app[DESK], operator_of(request)
    form = await request.post()
    wanted = {str(one) for one in form.getall("draft", [])}
    seen = await _seen(request, wanted)
    if len(seen) != len(wanted):
        return await refused(request, DRAFTS, _CHANGED_MEANWHILE)
    note = str(form.get("note", "")).strip()[:500]
    async with step(request, DRAFTS) as session:
        publication = await desk.drafts.publish(seen, publisher=operator.name, note=note)
        for draft in seen:
            await record_draft(session, desk.drafts, operator.name, "发布", draft)
        documents = Documents(desk.database, desk.clock)
        for document_id, name in _short_names(form).items():
            before, document = await documents.give_short_name(document_id, name)
            record_short_name(session, operator.name, document, before)
    reach = await reach_of(desk, publication.changes)
    return await done(request, "/console/policies", _published(publication, reach.people))


async def send_back(request: web.Request) -> web.StreamResponse:
    """Return a draft to its authors with a reason. It can be published only after another save."""
    desk, operator = request.app[DESK], operator_of(request)
    draft = await _draft(request)
    form = await request.post()
    reason = str(form.get("reason", "")).strip()[:500]
    async with step(request, f"{DRAFTS}/{draft.id}") as session:
        await desk.drafts.send_back(draft.id, seen=_seen_edits(form, draft), by=operator.name, reason=reason)
        record(session, operator.name, "退回草稿", ("policy", draft.subject), after={"原因": reason})
    return await done(request, f"{DRAFTS}/{draft.id}", "草稿已退回，修改保存后才能发布")


async def discard(request: web.Request) -> web.StreamResponse:
    desk, operator = request.app[DESK], operator_of(request)
    draft = await _draft(request)
    seen = _seen_edits(await request.post(), draft)
    async with step(request, DRAFTS) as session:
        await desk.drafts.discard(draft.id, seen=seen)
        await record_draft(session, desk.drafts, operator.name, "放弃草稿", draft, gone=True)
    return await done(request, DRAFTS, "草稿已放弃，历史中仍可查看")


async def _waiting(request: web.Request) -> tuple[Revision, ...]:
    """Return the drafts that wait; only those of one import if the address names it."""
    desk, named = request.app[DESK], request.query.get("import", "")
    if named.isdecimal() and len(named) < 10:
        return await desk.imports.drafts_of(int(named))
    return await desk.drafts.open()


async def _draft(request: web.Request) -> Revision:
    draft = await request.app[DESK].drafts.get(int(request.match_info["id"]))
    if draft is None:
        raise web.HTTPNotFound(text="没有这份草稿。")
    return draft


async def _seen(request: web.Request, marks: set[str]) -> tuple[Revision, ...]:
    """Return the drafts that are still as these marks say."""
    drafts = await request.app[DESK].drafts.open()
    return tuple(draft for draft in drafts if f"{draft.id}.{draft.edits}" in marks)


def _seen_edits(form: Mapping[str, Any], draft: Revision) -> int:
    """Return the number of saves that the page showed; the present number if the form names none."""
    given = str(form.get("seen", ""))
    return int(given) if given.isdecimal() and len(given) < 10 else draft.edits


async def _reviewed(request: web.Request, drafts: Sequence[Revision]) -> list[Reviewed]:
    desk, operator = request.app[DESK], operator_of(request)
    tracks = {track.id: track.name for track in (await desk.store.tracks()).tracks}
    authors = await desk.drafts.authors(drafts)
    fates = await fate_lines(desk, drafts, await desk.store.published())
    found = []
    for draft in drafts:
        base = await desk.drafts.get(draft.base_id) if draft.base_id else None
        policy, before = draft.policy, base.policy if base else None
        fields = clause_changes(before, policy, tracks)
        if isinstance(draft.content, Surroundings):
            surrounded = base.content if base and isinstance(base.content, Surroundings) else None
            fields = surroundings_changes(surrounded, draft.content)
        found.append(
            Reviewed(
                draft,
                None if draft.subject <= SURROUNDINGS else change_of(base, draft),
                fields,
                authors.get(draft.id, ()),
                await desk.drafts.faults_of(policy) if isinstance(policy, Policy) else (),
                person_of(operator.name) in authors.get(draft.id, ()),
                fates.get(draft.id, ()),
            )
        )
    return found


async def _reach(request: web.Request, reviewed: Sequence[Reviewed]) -> PublicationReach:
    changes = [one.change for one in reviewed if one.change is not None]
    desk = request.app[DESK]
    after = library_with(await desk.store.published(), [one.draft for one in reviewed])
    return await reach_of(desk, changes, after)


async def _unnamed(request: web.Request, drafts: Sequence[Revision]) -> list[tuple[str, str, str]]:
    """If a publication adds a document, return id, title and present short name of those that nobody has named."""
    published = await request.app[DESK].store.published()
    after = library_with(published, drafts)
    if len(after.documents) < _SEVERAL or len(after.documents) == len(published.documents):
        return []
    return [(one.id, one.title, after.short_names[one.id]) for one in after.documents if not one.short_name]


def _short_names(form: Mapping[str, Any]) -> dict[str, str]:
    """Return the short names that were typed, by the document's id."""
    return {
        field.removeprefix(_SHORT_NAME): str(name).strip()
        for field, name in form.items()
        if field.startswith(_SHORT_NAME) and str(name).strip()
    }


def stopped_by(desk: Desk, drafts: Sequence[Revision]) -> list[StoppedBenefit]:
    """Return the benefits that publishing these drafts would put out of answers, for their clause loses their words."""
    texts = {draft.subject: draft.policy.text for draft in drafts if draft.policy is not None}
    return stopped_in(desk.matching.catalogue.benefits, texts)


def _stops(desk: Desk, drafts: Sequence[Revision]) -> list[tuple[int, str, tuple[str, ...]]]:
    """Return what the page needs about benefits that would stop: clause, title, the lost words."""
    return [
        (one.benefit.clause, f"{one.benefit.id} {one.benefit.title}", one.gone)
        for one in stopped_by(desk, drafts)
    ]


def _published(publication: Publication, people: int) -> str:
    count = len(publication.changes)
    if not count:
        return "已发布"
    return f"已发布 {count} 条，将提醒 {people} 人" if people else f"已发布 {count} 条，没有人需要提醒"


ROUTES = (
    Route("GET", "/policies/drafts", drafts_page, Role.VIEWER),
    Route("POST", "/policies/drafts", publish, Role.APPROVER),
    Route("GET", "/policies/drafts/publish", confirm_page, Role.APPROVER),
    Route("GET", r"/policies/drafts/{id:[0-9]{1,9}}", draft_page, Role.VIEWER),
    Route("POST", r"/policies/drafts/{id:[0-9]{1,9}}/return", send_back, Role.APPROVER),
    Route(
        "POST", r"/policies/drafts/{id:[0-9]{1,9}}/discard", discard, Role.EDITOR, confirm="放弃这份草稿？"
    ),
)
