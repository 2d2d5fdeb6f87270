"""问答缺口: groups of questions that were not answered well. A word that is added to a clause can answer them."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from aiohttp import web

from console.access.audit import record
from console.access.roles import Role, Route
from console.services.desk import DESK
from console.web.kept_forms import CONFIRMED, confirm_first
from console.web.pages import NoticeStyle, done, names_of, operator_of, page, refused
from policies.questions.confirmed import ConfirmedError
from policies.questions.lessons import Lesson, LessonError
from policies.questions.log import SimilarQuestions, without_personal_data
from policies.questions.word_effect import AnswerChange, TriedQuestion, answer_changes, own_questions
from policies.search.decision import Decision, Intent
from policies.search.index import PolicyIndex

_QUESTIONS = "/console/questions"
_PAGE = 50
_CLAUSES_SHOWN = 3
_CONFIRMED_SHOWN = 50
_NO_CLAUSE = "none"
_OUTSIDE = "不在政策范围"
_BEGINNING = 120
"""Characters of a clause that are shown before it is confirmed as an answer."""
_CHANGES_SHOWN = 50
"""Changed answers on one page; the worse ones are the first."""


@dataclass(frozen=True, slots=True)
class Gap:
    """A group of questions, and how the most asked wording is answered now; `near`: the clauses that may be meant."""

    group: SimilarQuestions
    answered: str
    clauses: tuple[int, ...]
    near: tuple[int, ...]


async def questions_page(request: web.Request) -> web.StreamResponse:
    """Show the most asked first; `?try=` shows how any question is answered now."""
    desk = request.app[DESK]
    index = desk.knowledge.index
    offset = request.query.get("offset", "")
    start = int(offset) if offset.isdecimal() and len(offset) < 8 else 0
    groups = await desk.questions.groups(limit=_PAGE, offset=start)
    asked = request.query.get("try", "").strip()[:200]
    return await page(
        request,
        "questions.html",
        gaps=await asyncio.to_thread(_gaps, index, groups),
        waiting=await desk.questions.count(),
        next_offset=start + _PAGE if len(groups) == _PAGE else None,
        titles={policy.key: policy.title for policy in index.library.policies},
        lessons=await desk.lessons.all(),
        confirmed=(await desk.lessons.confirmed.all())[:_CONFIRMED_SHOWN],
        asked=asked,
        tried=await asyncio.to_thread(index.decide_fully, asked) if asked else None,
        intents=INTENT_NAMES,
    )


def _gaps(index: PolicyIndex, groups: Sequence[SimilarQuestions]) -> list[Gap]:
    """Return the chat's answer to each group, with the sentence model. Call it in a thread, because the model is slow."""
    return [_gap(index, group) for group in groups]


def _gap(index: PolicyIndex, group: SimilarQuestions) -> Gap:
    asked = group.wordings[0].text if group.wordings else ""
    decision: Decision = index.decide_fully(asked)
    found = dict.fromkeys((*decision.clauses, *(key for part in decision.parts for key in part.clauses)))
    wordings = tuple(
        replace(one, text=without_personal_data(one.text)) for one in group.wordings
    )  # kept by an earlier version
    shown = replace(group, wordings=wordings)
    near = tuple(dict.fromkeys((*found, *index.nearest(asked, _CLAUSES_SHOWN))))[:_CLAUSES_SHOWN]
    return Gap(shown, INTENT_NAMES[decision.intent], tuple(found)[:_CLAUSES_SHOWN], near)


async def effect_page(request: web.Request) -> web.StreamResponse:
    """Show what a word would change over the last month's questions, before it is kept."""
    clause, word = await _named_word(request, request.query)
    changed = await _effect(request, clause, word)
    return await _effect_shown(request, clause, word, changed, lesson=None)


async def waiting_page(request: web.Request) -> web.StreamResponse:
    """Show what a word that waits for a second person would change over the last month's questions."""
    number = int(request.match_info["id"])
    found = next((one for one in await request.app[DESK].lessons.all() if one.id == number), None)
    if found is None:
        raise web.HTTPNotFound(text="没有这个词语。")
    changed = await _effect(request, found.policy_id, found.word) if found.waits else []
    return await _effect_shown(request, found.policy_id, found.word, changed, lesson=found)


async def teach(request: web.Request) -> web.StreamResponse:
    """Add a word to a clause. It holds within a second. If it worsens an answer, a second person must confirm it first."""
    desk, operator = request.app[DESK], operator_of(request)
    clause, word = await _named_word(request, await request.post())
    worse = sum(one.worse for one in await _effect(request, clause, word))
    async with desk.database.write() as session:
        await desk.lessons.teach(clause, word, operator.name, waits=bool(worse))
        after = {"词语": word, "状态": "待确认" if worse else "生效"}
        record(session, operator.name, "添加词语", ("policy", clause), after=after)
    if worse:
        said = f"“{word}”会影响 {worse} 个已答好的问题，须由另一位同事确认后生效"
        return await done(request, _QUESTIONS, said, NoticeStyle.WARNING)
    await desk.knowledge.refresh()
    back = f"{_QUESTIONS}?try={word}" if word.isalnum() else _QUESTIONS
    return await done(request, back, f"已为{names_of(request).name_of(clause)}添加“{word}”，现在起生效")


async def confirm(request: web.Request) -> web.StreamResponse:
    """Confirm a word that another person added."""
    desk, operator = request.app[DESK], operator_of(request)
    number = int(request.match_info["id"])
    try:
        async with desk.database.write() as session:
            await desk.lessons.confirm(number, operator.name)
            word = next(one for one in await desk.lessons.all() if one.id == number)
            after = {"词语": word.word, "状态": "生效"}
            record(session, operator.name, "确认词语", ("policy", word.policy_id), after=after)
    except LessonError as error:
        return await refused(request, f"{_QUESTIONS}/words/{number}", str(error))
    await desk.knowledge.refresh()
    return await done(request, _QUESTIONS, f"“{word.word}”已确认，现在起生效")


async def _named_word(request: web.Request, form: Mapping[str, Any]) -> tuple[int, str]:
    desk = request.app[DESK]
    clause, word = str(form.get("policy_id", "")), str(form.get("word", "")).strip()
    is_number = clause.isascii() and clause.isdecimal() and len(clause) < 10
    if not is_number or desk.knowledge.index.policy(int(clause)) is None:
        await refused(request, _QUESTIONS, "请选择条款")
    try:
        return int(clause), desk.lessons.plain(word)
    except LessonError as error:
        await refused(request, _QUESTIONS, str(error))
        raise


async def _effect(request: web.Request, clause: int, word: str) -> list[AnswerChange]:
    desk = request.app[DESK]
    now = desk.knowledge.index
    recent = await desk.questions.recent()
    questions = [TriedQuestion(word, 0), *recent, *own_questions(now.library.policies)]
    then = await desk.knowledge.with_word(clause, word)
    return await asyncio.to_thread(answer_changes, questions, now.decide, then.decide)


async def _effect_shown(
    request: web.Request, clause: int, word: str, changed: list[AnswerChange], *, lesson: Lesson | None
) -> web.StreamResponse:
    return await page(
        request,
        "word.html",
        clause=clause,
        word=word,
        lesson=lesson,
        changed=[
            replace(one, asked=replace(one.asked, text=without_personal_data(one.asked.text)))
            for one in changed[:_CHANGES_SHOWN]
        ],
        more=max(0, len(changed) - _CHANGES_SHOWN),
        worse=sum(one.worse for one in changed),
        intents=INTENT_NAMES,
        titles={policy.key: policy.title for policy in request.app[DESK].knowledge.index.library.policies},
    )


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
    """Mark a group as done; it comes back when somebody asks again."""
    desk, operator = request.app[DESK], operator_of(request)
    number = int(request.match_info["id"])
    async with desk.database.write() as session:
        settled = await desk.questions.settle(number, operator.name)
        if settled:
            record(session, operator.name, "处理问题", ("question", number), after={"状态": "已处理"})
    if not settled:
        return await done(request, _QUESTIONS, "这组问题已处理过", NoticeStyle.WARNING)
    return await done(request, _QUESTIONS, "已处理")


async def answer(request: web.Request) -> web.StreamResponse:
    """Say which clause answers a group of questions, or that none does. Questions alike are answered so within a second.

    It is a public answer by one person, so question and answer are shown together once before.
    """
    desk, operator = request.app[DESK], operator_of(request)
    form = await request.post()
    number, chosen = int(request.match_info["id"]), str(form.get("policy_id", ""))
    clause = int(chosen) if chosen.isascii() and chosen.isdecimal() and len(chosen) < 10 else None
    if chosen != _NO_CLAUSE and (clause is None or desk.knowledge.index.policy(clause) is None):
        return await refused(request, _QUESTIONS, "请选择条款")
    if form.get(CONFIRMED) is None:
        said = "确认后，问到下面的问题，马上照此回答所有人；可以在“已确认的问题”里撤回。"
        return await confirm_first(
            request, said, confirmed=True, told=await _as_answered(request, number, clause)
        )
    try:
        async with desk.database.write() as session:
            kept = await desk.lessons.confirmed.confirm_group(number, clause, operator.name)
            await desk.questions.settle(number, operator.name)
            after = {"条款": clause or _OUTSIDE, "问法": kept}
            record(session, operator.name, "确认答案", ("question", number), after=after)
    except ConfirmedError as error:
        return await refused(request, _QUESTIONS, str(error))
    await desk.knowledge.refresh()
    where = names_of(request).name_of(clause) if clause else _OUTSIDE
    return await done(request, _QUESTIONS, f"已确认 {kept} 种问法的答案：{where}，现在起照此回答")


async def _as_answered(request: web.Request, number: int, clause: int | None) -> list[tuple[str, str]]:
    """Return a group's wordings, and how they would be answered."""
    desk = request.app[DESK]
    asked = map(without_personal_data, await desk.lessons.confirmed.wordings_of(number))
    told = [("问题", "\n".join(asked))]
    policy = desk.knowledge.index.policy(clause) if clause is not None else None
    if policy is None:
        return [*told, ("回答", f"{_OUTSIDE}：说明这里没有这方面的政策")]
    begins = policy.text.split("。")[0][:_BEGINNING]
    return [
        *told,
        ("回答", f"{names_of(request).name(policy)} {policy.title}"),
        ("条文", begins if begins == policy.text else f"{begins}……"),
    ]


async def withdraw(request: web.Request) -> web.StreamResponse:
    """Take a confirmed question back."""
    desk, operator = request.app[DESK], operator_of(request)
    number = int(request.match_info["id"])
    async with desk.database.write() as session:
        was = await desk.lessons.confirmed.withdraw(number)
        if was is not None:
            before = {"问题": was.text, "条款": was.policy_id or "不在政策范围"}
            record(session, operator.name, "撤回答案", ("question", number), before=before)
    if was is None:
        return await refused(request, _QUESTIONS, "没有这个问题")
    await desk.knowledge.refresh()
    return await done(request, _QUESTIONS, "已撤回")


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
    Intent.MAYBE: "待选",
}

ROUTES = (
    Route("GET", "/questions", questions_page, Role.VIEWER),
    Route("POST", "/questions/words", teach, Role.EDITOR),
    Route("GET", "/questions/words/effect", effect_page, Role.EDITOR),
    Route("GET", r"/questions/words/{id:[0-9]{1,9}}", waiting_page, Role.VIEWER),
    Route("POST", r"/questions/words/{id:[0-9]{1,9}}/confirm", confirm, Role.APPROVER),
    Route("POST", r"/questions/words/{id:[0-9]{1,9}}/forget", forget, Role.EDITOR, confirm="撤回这个词语？"),
    Route("POST", r"/questions/{id:[0-9]{1,9}}/settle", settle, Role.EDITOR),
    Route("POST", r"/questions/{id:[0-9]{1,9}}/answer", answer, Role.EDITOR),
    Route(
        "POST",
        r"/questions/confirmed/{id:[0-9]{1,9}}/withdraw",
        withdraw,
        Role.EDITOR,
        confirm="撤回这个答案？",
    ),
)
