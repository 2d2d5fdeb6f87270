"""测试接收人: an admin names who may get tests of broadcasts."""

from aiohttp import web

from console.access.roles import Role, Route
from console.services.desk import DESK
from console.services.testers import LONGEST_LABEL, TesterError
from console.web.pages import done, operator_of, page, refused

_TESTERS = "/console/testers"


async def testers_page(request: web.Request) -> web.StreamResponse:
    testers = await request.app[DESK].testers.all()
    return await page(request, "testers.html", testers=testers, longest=LONGEST_LABEL)


async def name_tester(request: web.Request) -> web.StreamResponse:
    form = await request.post()
    number = str(form.get("member", "")).strip()
    member = int(number) if number.isascii() and number.isdecimal() and len(number) < 10 else 0
    try:
        named = await request.app[DESK].testers.name(
            member, str(form.get("label", "")), actor=operator_of(request).name
        )
    except TesterError as error:
        return await refused(request, _TESTERS, str(error))
    return await done(request, _TESTERS, f"成员 {named.member_id} 现在可以接收公告的测试消息")


async def remove_tester(request: web.Request) -> web.StreamResponse:
    gone = await request.app[DESK].testers.remove(
        int(request.match_info["id"]), actor=operator_of(request).name
    )
    if not gone:
        return await refused(request, _TESTERS, "没有这位测试接收人")
    return await done(request, _TESTERS, "已移除，不再接收测试消息")


ROUTES = (
    Route("GET", "/testers", testers_page, Role.ADMIN),
    Route("POST", "/testers", name_tester, Role.ADMIN),
    Route("POST", r"/testers/{id:[0-9]{1,9}}/remove", remove_tester, Role.ADMIN),
)
