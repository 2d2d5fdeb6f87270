"""办理指南: what is entered for each clause, the form of one, and files in and out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from aiohttp import web

from console.access.entries import record_guide
from console.access.roles import Role, Route
from console.guides.comparing import ReviewedGuide, reviewed_drafts
from console.services.desk import DESK
from console.web.downloads import whole_csv
from console.web.pages import NoticeStyle, done, operator_of, page, refused
from policies.approval.errors import EditConflictError
from policies.guides.guide import Guide
from policies.guides.guide_fields import FIELDS, GuideFieldsError, guide_of, texts_of
from policies.guides.guide_files import (
    MAX_BYTES,
    GuideFileError,
    Listed,
    clause_finder,
    guides_of,
    sample_file,
    write_guides,
)
from policies.guides.store import GuideVersion
from policies.guides.task import read_guides_apart
from policies.library.library import Library
from policies.library.models import Policy
from storage.clock import day_of

GUIDES = "/console/guides"


@dataclass(frozen=True, slots=True)
class GuideLine:
    """A clause in the list, with the state of its guide."""

    policy: Policy
    name: str
    guide: Guide | None
    draft: GuideVersion | None
    old: bool


async def guides_page(request: web.Request) -> web.StreamResponse:
    """Show every clause with the state of its guide; above them the drafts that wait for a second person."""
    return await _show(request)


async def guide_page(request: web.Request) -> web.StreamResponse:
    """Show the form of one clause's guide, what waits, and its history."""
    key = int(request.match_info["id"])
    desk = request.app[DESK]
    draft = await desk.guides.draft_of(key)
    published = await desk.guides.published_of(key)
    begun = draft or published
    return await _form(request, key, texts_of(begun.guide if begun else None), draft)


async def save_guide(request: web.Request) -> web.StreamResponse:
    """Keep what was typed as the draft of the clause's guide; nothing is public before someone else publishes it."""
    desk, operator = request.app[DESK], operator_of(request)
    key = int(request.match_info["id"])
    form = await request.post()
    typed = {name: str(form.get(name, "")) for name in FIELDS}
    draft = await desk.guides.draft_of(key)
    published = await desk.guides.published_of(key)
    if str(form.get("seen", "")) != _mark(draft, published):
        return await _form(request, key, typed, draft, meanwhile=True, status=409)
    try:
        guide = guide_of(typed, day_of(desk.clock()))
        async with desk.database.write() as session:
            saved = await desk.guide_drafts.save(key, guide, author=operator.name, seen=draft)
            if saved is not None:
                before = draft or published
                record_guide(
                    session,
                    operator.name,
                    "保存指南草稿",
                    key,
                    before=before.guide if before else None,
                    after=guide,
                )
    except GuideFieldsError as error:
        return await _form(request, key, typed, draft, problems=error.problems, status=422)
    except EditConflictError:
        draft = await desk.guides.draft_of(key)
        return await _form(request, key, typed, draft, meanwhile=True, status=409)
    if saved is None:
        return await done(request, GUIDES, "没有改动，未生成草稿", NoticeStyle.WARNING)
    return await done(request, f"{GUIDES}/{key}", "草稿已保存，等待另一位同事核对发布")


async def import_guides(request: web.Request) -> web.StreamResponse:
    """Make a draft of each guide of a CSV or Excel file; all of the file or nothing."""
    desk, operator = request.app[DESK], operator_of(request)
    upload = (await request.post()).get("file")
    if not isinstance(upload, web.FileField):
        return await refused(request, GUIDES, "请选择 CSV 或 Excel 文件")
    library = await desk.store.published()
    drafts = {draft.clause_key: draft for draft in await desk.guides.drafts()}
    known = {key: one.guide for key, one in (await desk.guides.published() | drafts).items()}
    made = 0
    try:
        rows = await read_guides_apart(upload.file.read(MAX_BYTES + 1))
        guides = guides_of(rows, clause_finder(library), known, day_of(desk.clock()))
        async with desk.database.write() as session:
            for key, guide in guides.items():
                saved = await desk.guide_drafts.save(key, guide, author=operator.name, seen=drafts.get(key))
                if saved is not None:
                    made += 1
                    record_guide(
                        session, operator.name, "导入指南草稿", key, before=known.get(key), after=guide
                    )
    except GuideFileError as error:
        return await _show(request, faults=error.faults, status=422)
    except EditConflictError as error:
        return await refused(request, GUIDES, str(error))
    said = f"已生成 {made} 份草稿，等待另一位同事核对发布" if made else "与现有内容相同，没有生成草稿"
    return await done(request, GUIDES, said)


async def sample(request: web.Request) -> web.StreamResponse:
    """Send a sample file to fill in. Excel opens it directly."""
    return whole_csv(sample_file(await request.app[DESK].store.published()), "guides-sample.csv")


async def export_guides(request: web.Request) -> web.StreamResponse:
    """Send the published guides; the file can be changed and imported again."""
    desk = request.app[DESK]
    book = await desk.guides.book()
    return whole_csv(write_guides(listed(await desk.store.published(), book.all())), "guides.csv")


def listed(library: Library, guides: Mapping[int, Guide]) -> list[Listed]:
    """Return guides by the labels of their clauses, in the order of the library."""
    return [
        Listed(library.reference(policy), policy.document, guides[policy.key])
        for policy in library.policies
        if policy.key in guides
    ]


def _mark(draft: GuideVersion | None, published: GuideVersion | None) -> str:
    """Identify what a form begins from: the draft if there is one, otherwise the published guide."""
    begun = draft or published
    return begun.mark if begun else "new"


async def _show(request: web.Request, *, faults: Sequence[str] = (), status: int = 200) -> web.StreamResponse:
    desk = request.app[DESK]
    library, today = await desk.store.published(), day_of(desk.clock())
    book = await desk.guides.book()
    reviewed = await reviewed_drafts(desk, operator_of(request).name, library)
    drafts = {one.draft.clause_key: one.draft for one in reviewed}
    lines = [
        _line(policy, library, book.of_clause(policy.key), drafts.get(policy.key), today)
        for policy in library.policies
    ]
    return await page(
        request,
        "guides.html",
        status=status,
        lines=lines,
        reviewed=reviewed,
        filled=sum(line.guide is not None for line in lines),
        old=sum(line.old for line in lines),
        faults=list(faults),
    )


def _line(
    policy: Policy, library: Library, guide: Guide | None, draft: GuideVersion | None, today: date
) -> GuideLine:
    return GuideLine(policy, library.name(policy), guide, draft, guide is not None and guide.is_old(today))


async def _form(
    request: web.Request,
    key: int,
    typed: Mapping[str, str],
    draft: GuideVersion | None,
    *,
    problems: Mapping[str, str] | None = None,
    meanwhile: bool = False,
    status: int = 200,
) -> web.StreamResponse:
    desk = request.app[DESK]
    library = await desk.store.published()
    policy = library.get(key)
    if policy is None:
        raise web.HTTPNotFound(text="没有这一条。")
    published = await desk.guides.published_of(key)
    today = day_of(desk.clock())
    waiting: list[ReviewedGuide] = await reviewed_drafts(desk, operator_of(request).name, library, only=key)
    return await page(
        request,
        "guide.html",
        status=status,
        policy=policy,
        name=library.name(policy),
        typed={**typed, "checked_on": typed.get("checked_on") or today.isoformat()},
        problems=dict(problems or {}),
        meanwhile=meanwhile,
        mark=_mark(draft, published),
        published=published,
        old=published is not None and not published.guide.is_empty and published.guide.is_old(today),
        waiting=waiting,
        history=await desk.guides.history(key),
        today=today,
    )


ROUTES = (
    Route("GET", "/guides", guides_page, Role.VIEWER),
    Route("POST", "/guides/import", import_guides, Role.EDITOR, largest_body=MAX_BYTES + 64 * 1024),
    Route("GET", "/guides/export.csv", export_guides, Role.VIEWER),
    Route("GET", "/guides/sample.csv", sample, Role.VIEWER),
    Route("GET", r"/guides/{id:[0-9]{1,9}}", guide_page, Role.VIEWER),
    Route("POST", r"/guides/{id:[0-9]{1,9}}", save_guide, Role.EDITOR),
)
