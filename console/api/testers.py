"""The API's testers (测试接收人): who may get a test of a broadcast."""

from datetime import datetime
from typing import Annotated

from pydantic import Field

from console.access.roles import Role
from console.api.broadcast_models import Openid
from console.api.endpoints import ApiModel, ApiProblem, ApiRequest, Endpoint
from console.services.testers import LONGEST_LABEL, TesterError

Label = Annotated[str, Field(min_length=1, max_length=LONGEST_LABEL, pattern=r"^[^\x00-\x1f\x7f]+$")]


class TesterIn(ApiModel):
    """A member to be named, by openid; `label`: what the desk calls the phone."""

    openid: Openid
    label: Label


class TesterOut(ApiModel):
    """A tester; `id` is the member's number."""

    id: int
    label: str
    named_by: str
    named_at: datetime


class TesterList(ApiModel):
    items: list[TesterOut]


async def list_testers(call: ApiRequest) -> TesterList:
    named = await call.desk.testers.all()
    return TesterList(items=[_shown(one.member_id, one.label, one.named_by, one.named_at) for one in named])


async def name_tester(call: ApiRequest) -> TesterOut:
    body: TesterIn = call.body
    member = (await call.desk.members.ids_of([body.openid])).get(body.openid, 0)
    try:
        one = await call.desk.testers.name(member, body.label, actor=call.holder.actor)
    except TesterError as error:
        raise ApiProblem(409, "unknown_openid", str(error), "openid") from None
    return _shown(one.member_id, one.label, one.named_by, one.named_at)


async def remove_tester(call: ApiRequest) -> TesterList:
    """Remove a tester, and return those that are left."""
    if not await call.desk.testers.remove(call.id, actor=call.holder.actor):
        raise ApiProblem(404, "not_found", "没有这位测试接收人。")
    return await list_testers(call)


def _shown(number: int, label: str, named_by: str, named_at: datetime) -> TesterOut:
    return TesterOut(id=number, label=label, named_by=named_by, named_at=named_at)


ENDPOINTS = (
    Endpoint("GET", "/testers", list_testers, Role.VIEWER, "Who may get tests of broadcasts", TesterList),
    Endpoint(
        "POST",
        "/testers",
        name_tester,
        Role.ADMIN,
        "Let a member get tests",
        TesterOut,
        takes=TesterIn,
        status=201,
    ),
    Endpoint("POST", "/testers/{id}/remove", remove_tester, Role.ADMIN, "Take a tester back", TesterList),
)
