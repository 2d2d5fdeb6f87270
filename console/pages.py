"""What every page of the desk shares: the frame, the menu, the notice after a change."""

from dataclasses import dataclass
from typing import Any

import aiohttp_jinja2
from aiohttp import web
from aiohttp_session import get_session

from alerts.stop import Stopped, stopped
from console.desk import DESK
from console.operators import SignedIn
from console.roles import ROLE_NAMES, Role
from console.signing_in import OPERATOR, csrf_token

NOTICE = "notice"


@dataclass(frozen=True, slots=True)
class MenuEntry:
    path: str
    label: str
    role: Role = Role.VIEWER


MENU = (
    MenuEntry("/console/", "总览"),
    MenuEntry("/console/policies", "政策库"),
    MenuEntry("/console/windows", "申报期"),
    MenuEntry("/console/subscribers", "订阅"),
    MenuEntry("/console/campaigns", "推送"),
    MenuEntry("/console/broadcasts", "公告"),
    MenuEntry("/console/questions", "问答缺口"),
    MenuEntry("/console/people", "人工"),
    MenuEntry("/console/accounts", "账号与审计"),
)


def operator_of(request: web.Request) -> SignedIn:
    """The operator behind a request that has passed the gate."""
    return request[OPERATOR]


async def page(request: web.Request, template: str, *, status: int = 200, **values: Any) -> web.Response:
    """Render a page in the desk's frame; `values` are what the template shows."""
    session = await get_session(request)
    context = {
        "csrf": await csrf_token(request),
        "here": request.path,
        "menu": MENU,
        "notice": session.pop(NOTICE, None),
        "operator": request.get(OPERATOR),
        "role_names": ROLE_NAMES,
        "stopped": await _stopped(request) if OPERATOR in request else None,
        **values,
    }
    return await aiohttp_jinja2.render_template_async(template, request, context, status=status)


async def _stopped(request: web.Request) -> Stopped | None:
    async with request.app[DESK].database.read() as session:
        return await stopped(session)


def place_of_origin(request: web.Request) -> str:
    """The page of the desk that a request came from, for a way back; 总览 where the browser does not say."""
    path = request.headers.get("Referer", "").partition(f"//{request.host}")[2]
    return path if path.startswith("/console/") else "/console/"


async def done(request: web.Request, path: str, notice: str) -> web.Response:
    """Answer a changing request: go to `path`, where `notice` tells what happened."""
    (await get_session(request))[NOTICE] = notice
    raise web.HTTPSeeOther(path)
