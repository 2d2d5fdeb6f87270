"""政策库: a new edition is read, looked at pair by pair, corrected and decided, and only then made into drafts."""

import asyncio
from collections.abc import Mapping

from aiohttp import web

from console.access.audit import record
from console.access.entries import record_draft
from console.access.roles import Role, Route
from console.approval.reach import reach_of
from console.clauses.edition_rows import SHOWN, EditionView
from console.clauses.fates import leaving_of, posted_fates
from console.clauses.policies import DRAFTS
from console.clauses.publishing import stopped_by
from console.services.desk import DESK
from console.web.pages import NoticeStyle, done, operator_of, page, refused, step
from policies.approval.errors import RevisionError
from policies.importing.document.errors import DocumentError
from policies.importing.edition_import import EditionImport, ImportState
from policies.importing.structure.outline import Structure

_NEW = "+"
"""What the form chooses for a document that is new."""
_IMPORTS = "/console/policies/imports"
_LARGEST_UPLOAD = 20 * 1024 * 1024
STRUCTURE_NAMES = {
    Structure.AUTO: "自动识别",
    Structure.ARTICLES: "第一条、第二条…",
    Structure.NUMBERS: "1.、2.… 或（一）、（二）…",
    Structure.PARAGRAPHS: "每段一条",
    Structure.TABLE: "表格每行一条",
}


async def import_page(request: web.Request) -> web.StreamResponse:
    """Show the form for a file, and the imports that are not finished."""
    return await _form(request)


async def _form(request: web.Request, error: str = "", status: int = 200) -> web.StreamResponse:
    desk = request.app[DESK]
    library = await desk.store.published()
    return await page(
        request,
        "import.html",
        status=status,
        error=error,
        library=library,
        structures=STRUCTURE_NAMES,
        waiting=await desk.imports.waiting(),
    )


async def read_document(request: web.Request) -> web.StreamResponse:
    """Read a file and compare it with what is published. Nothing is made of it."""
    desk, operator = request.app[DESK], operator_of(request)
    posted = await request.post()
    upload = posted.get("file")
    if not isinstance(upload, web.FileField) or not upload.filename:
        return await _form(request, "请选择文件", 422)
    structure, document = str(posted.get("structure", "auto")), str(posted.get("document", ""))
    try:
        import_id = await desk.imports.read(
            upload.filename,
            upload.file.read(),
            document=str(posted.get("new_id", "")).strip() if document == _NEW else document,
            new=document == _NEW,
            structure=Structure(structure) if structure in set(Structure) else Structure.AUTO,
            author=operator.name,
        )
    except (DocumentError, RevisionError) as error:
        return await _form(request, str(error), 422)
    raise web.HTTPSeeOther(f"{_IMPORTS}/{import_id}")


async def edition_page(request: web.Request) -> web.StreamResponse:
    """Show the pairs by kind, what hangs on clauses that go, and who would be told what."""
    one = await _import(request)
    if one.state is ImportState.OPEN:
        return await _comparison(request, one)
    drafts = await request.app[DESK].imports.drafts_of(one.id)
    view = await asyncio.to_thread(EditionView, one)
    return await page(
        request, "edition_made.html", one=one, drafts=drafts, counts=view.counts if drafts else {}
    )


async def _comparison(
    request: web.Request, one: EditionImport, *, error: str = "", status: int = 200
) -> web.StreamResponse:
    desk = request.app[DESK]
    view = await asyncio.to_thread(EditionView, one)
    only, first = request.query.get("kind", ""), request.query.get("from", "0")
    groups = await asyncio.to_thread(
        view.groups, only, int(first) if first.isdecimal() and len(first) < 7 else 0
    )
    names = {key: view.old_name(key) for key in one.leaving}
    return await page(
        request,
        "edition.html",
        status=status,
        one=one,
        error=error,
        counts=view.counts,
        groups=groups,
        only=only,
        step=SHOWN,
        olds=view.old_options(),
        news=view.new_options(),
        leaving=leaving_of(desk, one, await desk.imports.held(one), names),
        reach=await reach_of(desk, one.changes, one.within(await desk.store.published())),
        report=one.proposal.report,
        remarks=one.proposal.remarks,
    )


async def compare_again(request: web.Request) -> web.StreamResponse:
    """Keep the corrections and decisions of the form. Compare again if a pair was corrected."""
    one, posted = await _posted(request)
    try:
        if error := await _kept(request, one, posted):
            return await _comparison(request, one, error=error, status=422)
    except (DocumentError, RevisionError) as error:
        return await refused(request, f"{_IMPORTS}/{one.id}", str(error))
    return await done(request, f"{_IMPORTS}/{one.id}", "已保存并重新对照，尚未生成草稿")


async def make_drafts(request: web.Request) -> web.StreamResponse:
    """Keep what the form says, then make a draft of each change. Nothing is published."""
    desk, operator = request.app[DESK], operator_of(request)
    one, posted = await _posted(request)
    here = f"{_IMPORTS}/{one.id}"
    try:
        if error := await _kept(request, one, posted):
            return await _comparison(request, one, error=error, status=422)
        now = await _import(request)
        if now.choices != one.choices:
            return await done(
                request, here, "配对有改动，已重新对照，请核对后再生成草稿", NoticeStyle.WARNING
            )
        async with desk.database.write() as session:
            drafts = await desk.imports.make_drafts(now, author=operator.name)
            made = {"文件": one.file_name, "草稿": len(drafts)}
            record(session, operator.name, "导入文件", ("edition", "draft"), after=made)
            for draft in drafts:
                await record_draft(session, desk.drafts, operator.name, "保存草稿", draft)
    except (DocumentError, RevisionError) as error:
        return await refused(request, here, str(error))
    if not drafts:
        return await done(request, here, "与现行内容没有差别，未生成草稿")
    said = f"已生成 {_counted(len(drafts), now)}，由另一位同事核对发布"
    if now.proposal.benefits:
        said += "；新条款的金额已拟成测算条目，请到“企业对照”补上条件"
    if stopped := stopped_by(desk, drafts):
        said += f"；{len(stopped)} 项测算的原话不在新条文里，发布后停用，按新条文的金额已拟了条目"
    faulty = sum([bool(await desk.drafts.faults_of(draft.policy)) for draft in drafts if draft.policy])
    if not faulty:
        return await done(request, here, said)
    return await done(
        request, here, f"{said}。其中 {faulty} 份未通过核对，修改前不能发布", NoticeStyle.WARNING
    )


def _counted(drafts: int, one: EditionImport) -> str:
    """Say how many drafts there are, and how many change no word of a clause: 39 份草稿，其中 37 份仅编号或位置变动."""
    moved = sum(change.only_moves for change in one.changes)
    parts = [f"{moved} 份仅编号或位置变动"] if moved else []
    parts += ["1 份是前言与分部"] if one.proposal.surroundings else []
    return f"{drafts} 份草稿" + (f"（其中 {'，'.join(parts)}）" if parts else "")


async def give_up(request: web.Request) -> web.StreamResponse:
    """Discard an import with all its drafts that wait."""
    desk, operator = request.app[DESK], operator_of(request)
    one = await _import(request)
    async with step(request, f"{_IMPORTS}/{one.id}") as session:
        count = await desk.imports.give_up(one)
        gone = {"文件": one.file_name, "草稿": count}
        record(session, operator.name, "放弃导入", ("edition", "draft"), before=gone, after={})
    said = f"已放弃这次导入及其 {count} 份草稿，历史中仍可查看" if count else "已放弃这次导入"
    return await done(request, DRAFTS if count else "/console/policies/import", said)


async def _kept(request: web.Request, one: EditionImport, posted: Mapping[str, str]) -> str:
    """Keep corrections and decisions. If a typed clause does not exist, keep nothing and return a sentence that says so."""
    desk = request.app[DESK]
    if one.state is not ImportState.OPEN or posted.get("seen") != str(one.edits):
        raise RevisionError("这次导入在此期间有变动，请按现在的内容重新核对")
    choices, wrong = (await asyncio.to_thread(EditionView, one)).corrected(posted, one.choices)
    if wrong:
        return f"没有找到这些条款：{'、'.join(wrong)}。请填写条款的编号，或从列表中选择。"
    fates = posted_fates(desk, one, posted)
    if fates != one.fates:
        await desk.imports.decide(one, fates)
        one = await _import(request)
    if choices != one.choices:
        await desk.imports.compare_again(one, choices)
    return ""


async def _posted(request: web.Request) -> tuple[EditionImport, dict[str, str]]:
    posted = await request.post()
    return await _import(request), {name: str(value) for name, value in posted.items()}


async def _import(request: web.Request) -> EditionImport:
    try:
        one = await request.app[DESK].imports.get(int(request.match_info["id"]))
    except DocumentError as error:  # something was published since, and the file can't be compared with that
        raise web.HTTPUnprocessableEntity(text=str(error)) from error
    if one is None:
        raise web.HTTPNotFound(text="没有这次导入。")
    return one


_ONE = r"/policies/imports/{id:[0-9]{1,9}}"
ROUTES = (
    Route("GET", "/policies/import", import_page, Role.EDITOR),
    Route("POST", "/policies/import", read_document, Role.EDITOR, largest_body=_LARGEST_UPLOAD),
    Route("GET", _ONE, edition_page, Role.VIEWER),
    Route("POST", f"{_ONE}/compare", compare_again, Role.EDITOR),
    Route("POST", f"{_ONE}/drafts", make_drafts, Role.EDITOR),
    Route("POST", f"{_ONE}/discard", give_up, Role.EDITOR),
)
