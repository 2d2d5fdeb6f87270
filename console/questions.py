"""问答缺口: questions answered ill or not at all, grouped; a word given to a clause answers them at once."""

from dataclasses import dataclass

from aiohttp import web

from console.audit import record
from console.desk import DESK
from console.pages import NoticeKind, done, operator_of, page, refused
from console.roles import Role, Route
from policies.decision import Decision, Intent
from policies.lessons import LessonError
from policies.questions import Group

_QUESTIONS = "/console/questions"
_PAGE = 50
_SHOWN = 3


@dataclass(frozen=True, slots=True)
class Gap:
    """A group of questions, and how the most asked wording is answered now."""

    group: Group
    answered: str
    clauses: tuple[int, ...]


async def questions_page(request: web.Request) -> web.StreamResponse:
    """The most asked first; `?try=` shows how any question is answered now."""
    desk = request.app[DESK]
    offset = request.query.get("offset", "")
    start = int(offset) if offset.isdecimal() and len(offset) < 8 else 0
    groups = await desk.questions.groups(limit=_PAGE, offset=start)
    asked = request.query.get("try", "").strip()[:200]
    return await page(
        request,
        "questions.html",
        gaps=[_gap(request, group) for group in groups],
        waiting=await desk.questions.count(),
        next_offset=start + _PAGE if len(groups) == _PAGE else None,
        titles={policy.id: policy.title for policy in desk.knowledge.index.compendium.policies},
        lessons=await desk.lessons.all(),
        asked=asked,
        tried=desk.knowledge.index.decide(asked) if asked else None,
        intents=INTENT_NAMES,
    )


def _gap(request: web.Request, group: Group) -> Gap:
    decision: Decision = request.app[DESK].knowledge.index.decide(
        group.wordings[0].text if group.wordings else ""
    )
    return Gap(group, INTENT_NAMES[decision.intent], decision.clauses[:_SHOWN])


async def teach(request: web.Request) -> web.StreamResponse:
    """Give a clause a word; every process answers by it within a second."""
    desk, operator = request.app[DESK], operator_of(request)
    form = await request.post()
    clause, word = str(form.get("policy_id", "")), str(form.get("word", "")).strip()
    back = f"{_QUESTIONS}?try={word}" if word.isalnum() else _QUESTIONS
    if not clause.isdecimal() or desk.knowledge.index.policy(int(clause)) is None:
        return await refused(request, _QUESTIONS, "请选择条款")
    try:
        async with desk.database.write() as session:
            await desk.lessons.teach(int(clause), word, operator.name)
            record(session, operator.name, "添加词语", ("policy", clause), after={"词语": word})
    except LessonError as error:
        return await refused(request, _QUESTIONS, str(error))
    await desk.knowledge.refresh()
    return await done(request, back, f"已为第{clause}条添加“{word}”，现在起生效")


async def forget(request: web.Request) -> web.StreamResponse:
    desk, operator = request.app[DESK], operator_of(request)
    number = int(request.match_info["id"])
    async with desk.database.write() as session:
        word = next((one for one in await desk.lessons.all() if one.id == number), None)
        if word is None or not await desk.lessons.forget(number):
            return await refused(request, _QUESTIONS, "没有这个词语")
        record(session, operator.name, "撤回词语", ("policy", word.policy_id), before={"词语": word.word})
    await desk.knowledge.refresh()
    return await done(request, _QUESTIONS, "词语已撤回")


async def settle(request: web.Request) -> web.StreamResponse:
    """Put a group aside; asked again, it comes back."""
    desk, operator = request.app[DESK], operator_of(request)
    number = int(request.match_info["id"])
    async with desk.database.write() as session:
        settled = await desk.questions.settle(number, operator.name)
        if settled:
            record(session, operator.name, "处理问题", ("question", number), after={"状态": "已处理"})
    if not settled:
        return await done(request, _QUESTIONS, "这组问题已处理过", NoticeKind.WARNING)
    return await done(request, _QUESTIONS, "已处理")


INTENT_NAMES = {
    Intent.CLAUSE: "条款",
    Intent.SECTION: "部分",
    Intent.DEPARTMENT: "部门",
    Intent.AMOUNT: "金额",
    Intent.TRACK: "赛道",
    Intent.SEARCH: "检索",
    Intent.CONTACT: "查询窗口",
    Intent.NONE: "未答",
    Intent.MULTI: "多项",
}

ROUTES = (
    Route("GET", "/questions", questions_page, Role.VIEWER),
    Route("POST", "/questions/words", teach, Role.EDITOR),
    Route("POST", r"/questions/words/{id:\d{1,9}}/forget", forget, Role.EDITOR),
    Route("POST", r"/questions/{id:\d{1,9}}/settle", settle, Role.EDITOR),
)
