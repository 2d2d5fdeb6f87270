"""人工: conversations that wait for a person; an operator answers, and hands back to the bot."""

from datetime import datetime
from typing import Any

from aiohttp import web
from sqlalchemy import select

from console.access.audit import record
from console.access.roles import Role, Route
from console.services.desk import DESK
from console.services.member_replies import MAX_REPLY_BYTES, ReplyStatus
from console.web.pages import done, operator_of, page, refused
from storage.clock import system_clock
from subscriptions.tables import Member

_PEOPLE = "/console/people"
_MOST_WAITING = 100
_MOST_ENDED = 50
_BY_PERSON = "【工作人员】"
"""Marks an operator's words in the chat, beside the words of the bot."""


async def people_page(request: web.Request) -> web.StreamResponse:
    """Open conversations, the longest unanswered first, and those that ended last."""
    desk = request.app[DESK]
    waiting = await desk.handoffs.waiting(limit=_MOST_WAITING)
    return await page(
        request,
        "people.html",
        waiting=waiting,
        ended=await desk.handoffs.ended(limit=_MOST_ENDED),
        unanswered=await desk.handoffs.unanswered(),
        now=system_clock(),
    )


async def conversation_page(request: web.Request) -> web.StreamResponse:
    """Show a conversation with what was said in it; one that has ended is only read."""
    return await _conversation(request)


async def answer(request: web.Request) -> web.StreamResponse:
    """Send the reply. Only a reply that WeChat accepted is kept in the conversation."""
    desk, operator = request.app[DESK], operator_of(request)
    number = int(request.match_info["id"])
    member = await _open_with(request)
    content = str((await request.post()).get("content", "")).replace("\r\n", "\n").strip()
    if not content:
        return await refused(request, f"{_PEOPLE}/{number}", "请填写回复内容")
    result = await desk.replies.send(member, f"{_BY_PERSON}{content}")
    if result.status is not ReplyStatus.SENT:
        status = (
            202 if result.status is ReplyStatus.UNKNOWN else 409
        )  # what may have arrived is not tried again
        return await _conversation(request, problem=result.sentence, typed=content, status=status)
    async with desk.database.write() as session:
        await desk.handoffs.answer(number, operator.name, content)
        record(session, operator.name, "人工回复", ("hand_over", number))
    return await done(request, f"{_PEOPLE}/{number}", result.sentence)


async def hand_back(request: web.Request) -> web.StreamResponse:
    """End the conversation: the bot answers the member again."""
    desk, operator = request.app[DESK], operator_of(request)
    number = int(request.match_info["id"])
    async with desk.database.write() as session:
        if not await desk.handoffs.close(number, operator.name):
            raise web.HTTPNotFound(text="没有这个对话，或对话已结束。")
        record(session, operator.name, "结束人工", ("hand_over", number))
    return await done(request, _PEOPLE, "对话已交还，之后由机器人回答")


async def _conversation(
    request: web.Request, *, problem: str = "", typed: str = "", status: int = 200
) -> web.StreamResponse:
    desk, number = request.app[DESK], int(request.match_info["id"])
    found = await desk.handoffs.find(number)
    if found is None:
        raise web.HTTPNotFound(text="没有这个对话。")
    return await page(
        request,
        "conversation.html",
        status=status,
        number=number,
        member=found.member_id,
        found=found,
        lines=await desk.handoffs.lines(number),
        problem=problem,
        typed=typed,
        longest=MAX_REPLY_BYTES - len(_BY_PERSON.encode()),
        **await _window(request, found.member_id),
    )


async def _window(request: web.Request, member: int) -> dict[str, Any]:
    """Say how many messages WeChat still lets us send the member, and until when."""
    async with request.app[DESK].database.read() as session:
        row = (
            await session.execute(
                select(Member.message_until, Member.message_left, Member.following).where(Member.id == member)
            )
        ).one()
    until: datetime | None = row.message_until
    is_open = row.following and until is not None and until > system_clock()
    return {"until": until, "left": row.message_left if is_open else 0}


async def _open_with(request: web.Request) -> int:
    """Return the member of the conversation, which is still open."""
    found = await request.app[DESK].handoffs.find(int(request.match_info["id"]))
    if found is None or found.ended_at is not None:
        raise web.HTTPNotFound(text="没有这个对话，或对话已结束。")
    return found.member_id


ROUTES = (
    Route("GET", "/people", people_page, Role.VIEWER),
    Route("GET", r"/people/{id:[0-9]{1,9}}", conversation_page, Role.VIEWER),
    Route("POST", r"/people/{id:[0-9]{1,9}}", answer, Role.EDITOR),
    Route("POST", r"/people/{id:[0-9]{1,9}}/hand-back", hand_back, Role.EDITOR),
)
