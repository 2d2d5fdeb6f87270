"""What every page of the desk shares: the frame, the menu, the notice after a change."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from aiohttp import web
from aiohttp_session import get_session
from sqlalchemy.ext.asyncio import AsyncSession

from alerts.model.kill_switch import Stopped, stop_in_force
from console.access.operators import SignedIn
from console.access.roles import ROLE_NAMES, Role
from console.access.signing_in import OPERATOR, csrf_token, sign_in_token
from console.services.desk import DESK
from console.web.rendering import render
from policies.approval.errors import RevisionError
from policies.library.library import Library

NOTICE = "notice"


class NoticeStyle(StrEnum):
    """How a notice looks and is read out: done, done with a warning, or not done."""

    OK = "ok"
    WARNING = "warning"
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class MenuEntry:
    path: str
    label: str
    role: Role = Role.VIEWER


MENU = (
    MenuEntry("/console/", "总览"),
    MenuEntry("/console/policies", "政策库"),
    MenuEntry("/console/windows", "申报期"),
    MenuEntry("/console/guides", "办理指南"),
    MenuEntry("/console/matching", "企业对照"),
    MenuEntry("/console/subscribers", "订阅"),
    MenuEntry("/console/campaigns", "推送"),
    MenuEntry("/console/broadcasts", "公告"),
    MenuEntry("/console/questions", "问答缺口"),
    MenuEntry("/console/people", "人工"),
    MenuEntry("/console/district", "本区资料"),
    MenuEntry("/console/accounts", "账号"),
    MenuEntry("/console/audit", "审计", Role.APPROVER),
)


_PROBLEMS = {
    403: ("不能进行此操作", "您的角色不能进行此操作，请联系管理员。"),
    404: ("没有找到", "没有这个页面，链接可能写错了，或内容已移除。"),
    413: ("文件太大", "文件或内容太大，请缩小后重试。"),
}


def operator_of(request: web.Request) -> SignedIn:
    """Return the operator behind a request that has passed the gate."""
    return request[OPERATOR]


async def page(request: web.Request, template: str, *, status: int = 200, **values: Any) -> web.Response:
    """Render a page in the desk's frame; `values` are what the template shows."""
    session = await get_session(request)
    context = {
        "csrf": await csrf_token(request) or sign_in_token(request),
        "here": request.path,
        "menu": MENU,
        "notice": session.pop(NOTICE, None),
        "operator": request.get(OPERATOR),
        "role_names": ROLE_NAMES,
        "names": names_of(request),
        "stopped": await _stopped(request) if OPERATOR in request else None,
        **values,
    }
    return await render(request, template, context, status=status)


def names_of(request: web.Request) -> Library:
    """Return the library as the search has it; it names the clauses on the desk's pages."""
    knowledge = request.app[DESK].knowledge
    return knowledge.index.library if knowledge.is_ready else Library()


async def _stopped(request: web.Request) -> Stopped | None:
    return await request.app[DESK].database.run_in_read_transaction(stop_in_force)


async def problem_page(request: web.Request, error: web.HTTPException) -> web.StreamResponse:
    """Return a page that says what went wrong, with a way back. Our own sentence is shown, aiohttp's is not."""
    heading, usual = _PROBLEMS.get(error.status, ("出错了", "这次操作没有完成，请稍后重试。"))
    ours = error.text if error.text and not error.text.startswith(str(error.status)) else usual
    back = referring_page(request)
    return await page(
        request,
        "problem.html",
        status=error.status,
        heading=heading,
        sentence=ours,
        back="/console/" if back == request.path else back,
    )


def referring_page(request: web.Request) -> str:
    """Return the page of the desk that the request came from; 总览 if the browser does not say."""
    path = request.headers.get("Referer", "").partition(f"//{request.host}")[2]
    return path if path.startswith("/console/") else "/console/"


async def done(
    request: web.Request, path: str, notice: str, kind: NoticeStyle = NoticeStyle.OK
) -> web.Response:
    """Answer a request that changed something: go to `path`, and show `notice` there."""
    (await get_session(request))[NOTICE] = {"kind": kind, "text": notice}
    raise web.HTTPSeeOther(path)


async def refused(request: web.Request, path: str, why: str) -> web.Response:
    """Answer a request that changed nothing: go to `path`, and show `why` there as an error."""
    return await done(request, path, why, NoticeStyle.ERROR)


@asynccontextmanager
async def step(request: web.Request, back: str) -> AsyncIterator[AsyncSession]:
    """Open the transaction of a step with a draft. If the step is refused, nothing is kept, and `back` shows why."""
    try:
        async with request.app[DESK].database.write() as session:
            yield session
    except RevisionError as error:
        await refused(request, back, str(error))
