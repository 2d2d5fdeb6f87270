"""The API keeps its document, its rules and its keys."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import redis.asyncio
import schemathesis
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from sqlalchemy import select, update

from alerts.channels.template.settings import Templates
from alerts.model.campaigns.campaign_states import CampaignAction, OwnApprovalError
from alerts.model.tables import Delivery
from console.access.api_keys import ApiKeys
from console.access.operators import Operators
from console.access.roles import Role
from console.api.app import Api
from console.api.routes import ENDPOINTS
from console.services.broadcasts import Broadcasts
from console.tables import RememberedAnswer
from policies.district.folder import load_district
from policies.library.library_file import load_library
from policies.library.tables import TrackRow
from storage.clock import system_clock
from storage.redis.shared_counters import shared_counters
from storage.sql.database import Database
from subscriptions.tables import Member
from tests.console.conftest import make_desk
from tests.kit.properties import HealthCheck, examples, given
from wechat.api.client import WeChatClient

BROADCAST = {"title": "停电通知", "body": "周六上午停电检修。", "audience": {"all": True}}
Client = TestClient[web.Request, web.Application]


@pytest.fixture
async def keys(sqlite_database: Database) -> dict[str, str]:
    """A key of each role and a second approver, each made by another operator; `wu` made two."""
    made = ApiKeys(sqlite_database)

    async def key(name: str, role: Role, owner: str | None) -> str:
        return await made.create(name, role, actor=owner or "policybot operator", owner=owner)

    named = {role.value: await key(role.value, role, f"{role}'s owner") for role in Role}
    more = {"second": "zhou", "of_wu": "wu", "also_of_wu": "wu", "of_a_shell": None, "also_of_a_shell": None}
    return named | {name: await key(name, Role.APPROVER, owner) for name, owner in more.items()}


@pytest.fixture
async def api(
    sqlite_database: Database,
    operators: Operators,
    wechat_client: WeChatClient,
    redis_client: "redis.asyncio.Redis",
) -> AsyncIterator[Client]:
    app = web.Application()
    desk = make_desk(sqlite_database, operators, wechat_client)
    await desk.store.seed(load_library(), load_district())
    await desk.knowledge.refresh()
    app.add_subapp("/api/v1/", Api(desk, shared_counters(redis_client), ENDPOINTS).app())
    async with TestClient(TestServer(app)) as client:
        yield client


def bearer(key: str, **more: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {key}"} | {
        name.replace("_", "-"): value for name, value in more.items()
    }


async def draft(
    api: Client, key: str, idempotency: str = "k-1", **changes: Any
) -> tuple[int, dict[str, Any]]:
    headers = bearer(key, Idempotency_Key=idempotency)
    answer = await api.post("/api/v1/broadcasts", json=BROADCAST | changes, headers=headers)
    return answer.status, await answer.json()


async def act(api: Client, key: str, identity: int, action: str) -> tuple[int, dict[str, Any]]:
    answer = await api.post(f"/api/v1/broadcasts/{identity}/{action}", headers=bearer(key))
    return answer.status, await answer.json()


async def test_a_broadcast_goes_from_draft_over_a_second_approver_to_cancelled(api: Client, keys) -> None:
    status, made = await draft(api, keys["approver"])
    assert (status, made["status"], made["counts"]["total"]) == (201, "draft", 0)
    assert (await act(api, keys["approver"], made["id"], "submit"))[1]["status"] == "submitted"
    refused = await act(api, keys["approver"], made["id"], "approve")
    assert (refused[0], refused[1]["error"]["code"]) == (409, "own_approval")
    assert (await act(api, keys["second"], made["id"], "approve"))[1]["status"] == "scheduled"
    assert (await act(api, keys["editor"], made["id"], "pause"))[1]["status"] == "paused"
    assert (await act(api, keys["editor"], made["id"], "resume"))[1]["status"] == "scheduled"
    assert (await act(api, keys["editor"], made["id"], "cancel"))[1]["status"] == "cancelled"
    again = await act(api, keys["editor"], made["id"], "resume")
    assert (again[0], again[1]["error"]["code"]) == (409, "wrong_status")


async def test_two_keys_of_one_person_are_one_pair_of_eyes(
    api: Client, keys, sqlite_database: Database
) -> None:
    """A key is its maker's, who has seen it: what it writes they wrote, at the desk too."""
    _, made = await draft(api, keys["of_wu"])
    await act(api, keys["editor"], made["id"], "submit")
    for key in ("of_wu", "also_of_wu"):
        refused = await act(api, keys[key], made["id"], "approve")
        assert (refused[0], refused[1]["error"]["code"]) == (409, "own_approval")
    desk = Broadcasts(sqlite_database, Templates({}))
    with pytest.raises(OwnApprovalError):
        await desk.act(made["id"], CampaignAction.APPROVE, actor="wu", now=system_clock())
    assert (await act(api, keys["second"], made["id"], "approve"))[1]["status"] == "scheduled"


async def test_keys_made_at_the_shell_are_a_pair_of_eyes_each(api: Client, keys) -> None:
    """Whoever has the shell makes keys for others: each stands for itself."""
    _, made = await draft(api, keys["of_a_shell"])
    await act(api, keys["of_a_shell"], made["id"], "submit")
    refused = await act(api, keys["of_a_shell"], made["id"], "approve")
    assert (refused[0], refused[1]["error"]["code"]) == (409, "own_approval")
    assert (await act(api, keys["also_of_a_shell"], made["id"], "approve"))[1]["status"] == "scheduled"


async def change(
    api: Client, key: str, identity: int, version: int, **changes: Any
) -> tuple[int, dict[str, Any]]:
    body = BROADCAST | {"version": version} | changes
    answer = await api.put(f"/api/v1/broadcasts/{identity}", json=body, headers=bearer(key))
    return answer.status, await answer.json()


async def test_a_draft_is_changed_while_nobody_else_has_changed_it(api: Client, keys) -> None:
    _, made = await draft(api, keys["editor"])
    status, saved = await change(api, keys["approver"], made["id"], made["version"], body="改过的正文")
    assert (status, saved["body"], saved["version"]) == (200, "改过的正文", made["version"] + 1)
    late = await change(api, keys["editor"], made["id"], made["version"], body="没看见的改动")
    assert (late[0], late[1]["error"]["code"]) == (409, "conflict")
    await act(api, keys["editor"], made["id"], "submit")
    refused = await act(api, keys["approver"], made["id"], "approve")
    assert refused[1]["error"]["code"] == "own_approval"
    old = await act(api, keys["second"], made["id"], f"approve?version={made['version']}")
    assert (old[0], old[1]["error"]["code"]) == (409, "conflict")
    new = await act(api, keys["second"], made["id"], f"approve?version={saved['version']}")
    assert new[1]["status"] == "scheduled"
    gone = await change(api, keys["editor"], made["id"], saved["version"], body="太晚了")
    assert (gone[0], gone[1]["error"]["code"]) == (409, "wrong_status")


async def test_a_broadcast_is_returned_with_a_reason(api: Client, keys) -> None:
    _, made = await draft(api, keys["editor"])
    await act(api, keys["editor"], made["id"], "submit")
    path = f"/api/v1/broadcasts/{made['id']}/return"
    blank = await api.post(path, json={"reason": "\u200b"}, headers=bearer(keys["second"]))
    assert blank.status == 422
    answer = await api.post(path, json={"reason": "时间有误"}, headers=bearer(keys["second"]))
    body = await answer.json()
    assert (body["status"], body["reason"]) == ("draft", "已退回：时间有误")


async def test_a_broadcast_has_a_last_hour_a_day_after_it_should_begin(api: Client, keys) -> None:
    begins = datetime.now(UTC).replace(microsecond=0) + timedelta(hours=2)
    _, made = await draft(api, keys["editor"], send_at=begins.isoformat())
    await act(api, keys["editor"], made["id"], "submit")
    _, approved = await act(api, keys["second"], made["id"], "approve")
    assert datetime.fromisoformat(approved["last_at"]) == begins + timedelta(hours=24)


async def test_the_same_request_again_makes_no_second_broadcast(api: Client, keys) -> None:
    answers = await asyncio.gather(*(draft(api, keys["editor"]) for _ in range(5)))
    assert {status for status, _ in answers} == {201}
    assert len({body["id"] for _, body in answers}) == 1
    assert (await draft(api, keys["editor"], title="另一个"))[0] == 409
    assert (await draft(api, keys["editor"], "k-2"))[1]["id"] != answers[0][1]["id"]


@pytest.mark.parametrize(
    ("changes", "status", "field"),
    [
        ({"title": ""}, 422, "title"),
        ({"title": "\u0000"}, 422, "title"),
        ({"title": "\u200b\u3164"}, 422, "title"),
        ({"title": "\u202e甲"}, 422, "title"),
        ({"body": "甲\u2066乙"}, 422, "body"),
        ({str(number): 1 for number in range(1001)}, 400, None),
        ({"audience": {"openids": [{}] * 1001}}, 400, None),
        ({"audience": {"openids": [1] * 9999}}, 422, "audience.Everyone.all"),
        ({"body": "\u2060 \n"}, 422, "body"),
        ({"last_at": "2026-01-01T09:00:00+08:00"}, 409, "last_at"),
        ({"body": "x" * 601}, 422, "body"),
        ({"audience": {}}, 422, None),
        ({"audience": {"all": True, "tracks": ["ai"]}}, 422, None),
        ({"audience": {"tracks": ["nothing"]}}, 409, "audience.tracks"),
        ({"audience": {"openids": ["o_unknown"]}}, 409, "audience.openids"),
        ({"channel": "pigeon"}, 422, "channel"),
        ({"channel": "template"}, 409, "channel"),
        ({"send_at": "2026-12-01T09:00:00"}, 422, "send_at"),
        ({"send_at": "2000-01-01T00:00:00Z"}, 409, "send_at"),
        ({"url": "http://["}, 422, "url"),
        ({"url": "http://a:99999999/"}, 422, "url"),
        ({"url": "http://a:99999/"}, 422, "url"),
        ({"url": "https://xn--zz/"}, 422, "url"),
        ({"url": 'https://a.b/"onclick=x'}, 422, "url"),
        ({"url": f"https://a.b/{'x' * 1000}"}, 422, "url"),
        ({"more": 1}, 422, "more"),
    ],
)
async def test_a_wrong_field_is_named(api: Client, keys, changes, status: int, field: str | None) -> None:
    got, body = await draft(api, keys["editor"], **changes)
    assert got == status
    assert body["error"]["message"]
    if field:
        assert body["error"]["field"] == field


async def test_people_and_tracks_are_looked_up(api: Client, keys, sqlite_database: Database) -> None:
    async with sqlite_database.write() as session:
        session.add(Member(openid="o_one", followed_at=datetime.now(UTC)))
        await session.merge(TrackRow(id="ai", name="人工智能", aliases=[], position=1, provisional=True))
    assert (await draft(api, keys["editor"], "a", audience={"openids": ["o_one"]}))[0] == 201
    assert (await draft(api, keys["editor"], "b", audience={"tracks": ["ai"]}))[0] == 201


@pytest.mark.parametrize("endpoint", ENDPOINTS, ids=lambda e: f"{e.method} {e.path}")
async def test_each_call_opens_to_its_role_and_those_above(api: Client, keys, endpoint) -> None:
    path = "/api/v1" + endpoint.path.replace("{id}", "1")
    assert (await api.request(endpoint.method, path)).status == 401
    assert (await api.request(endpoint.method, path, headers=bearer("pb_guessed"))).status == 401
    for role in Role:
        status = (await api.request(endpoint.method, path, headers=bearer(keys[role.value]))).status
        assert (status == 403) is not role.may(endpoint.role)


async def test_a_revoked_key_is_refused_at_once(api: Client, keys, sqlite_database: Database) -> None:
    assert (await api.get("/api/v1/broadcasts", headers=bearer(keys["viewer"]))).status == 200
    stored = ApiKeys(sqlite_database)
    [viewer] = [key for key in await stored.all() if key.name == "viewer"]
    await stored.revoke(viewer.id, actor="test")
    assert (await api.get("/api/v1/broadcasts", headers=bearer(keys["viewer"]))).status == 401


async def test_the_ledger_is_paged_and_names_no_openid(api: Client, keys, sqlite_database: Database) -> None:
    _, made = await draft(api, keys["editor"])
    async with sqlite_database.write() as session:
        for number in range(5):
            member = Member(openid=f"o_{number}", followed_at=datetime.now(UTC))
            session.add(member)
            await session.flush()
            row = Delivery(campaign_id=made["id"], member_id=member.id, next_attempt_at=datetime.now(UTC))
            session.add(row)
    path, seen, after = f"/api/v1/broadcasts/{made['id']}/deliveries", [], 0
    while after is not None:
        answer = await api.get(f"{path}?limit=2&after={after}", headers=bearer(keys["viewer"]))
        body = await answer.json()
        seen += [row["member_id"] for row in body["items"]]
        assert "o_" not in await answer.text()
        after = body["next"]
    assert len(seen) == len(set(seen)) == 5


async def test_schemathesis_finds_no_server_error_and_no_lie_in_the_document(api: Client, keys) -> None:
    document = await (await api.get("/api/v1/openapi.json")).json()
    schema = schemathesis.openapi.from_dict(document)
    root = str(api.make_url("/api/v1"))

    def try_all() -> int:
        tried = 0
        for found in schema.get_all_operations():

            @examples(25, suppress_health_check=list(HealthCheck), database=None)
            @given(case=found.ok().as_strategy())
            def once(case) -> None:
                nonlocal tried
                tried += 1
                case.call_and_validate(base_url=root, headers=bearer(keys["admin"]))

            once()
        return tried

    assert await asyncio.to_thread(try_all) > 100


async def test_a_test_goes_to_a_named_tester_alone(
    api: Client, keys: dict[str, str], sqlite_database: Database
) -> None:
    async with sqlite_database.write() as session:
        session.add(Member(openid="o_me", followed_at=system_clock()))
    _, made = await draft(api, keys["editor"])
    path, body = f"/api/v1/broadcasts/{made['id']}/preview", {"openid": "o_me"}
    answer = await api.post(path, json=body, headers=bearer(keys["editor"]))
    assert (answer.status, (await answer.json())["error"]["code"]) == (409, "not_a_tester")
    named = {"openid": "o_me", "label": "值班手机"}
    assert (await api.post("/api/v1/testers", json=named, headers=bearer(keys["editor"]))).status == 403
    assert (await api.post("/api/v1/testers", json=named, headers=bearer(keys["admin"]))).status == 201
    assert (await api.post(path, json=body, headers=bearer(keys["editor"]))).status == 200
    left = await api.post("/api/v1/testers/1/remove", headers=bearer(keys["admin"]))
    assert (await left.json())["items"] == []
    assert (await api.post(path, json=body, headers=bearer(keys["editor"]))).status == 409


async def test_an_answer_is_remembered_for_a_day(
    api: Client, keys: dict[str, str], sqlite_database: Database
) -> None:
    _, first = await draft(api, keys["editor"], "k-old")
    assert (await draft(api, keys["editor"], "k-old"))[1] == first
    async with sqlite_database.write() as session:
        old = system_clock() - timedelta(days=1, seconds=1)
        await session.execute(update(RememberedAnswer).values(at=old))
    await draft(api, keys["editor"], "k-new")
    async with sqlite_database.read() as session:
        assert (await session.scalars(select(RememberedAnswer.idempotency_key))).all() == ["k-new"]


async def test_a_company_is_matched_by_program_and_facts_and_benefits_are_data(
    api: Client, keys: dict[str, str]
) -> None:
    told = {
        "org_kind": "enterprise",
        "place": "new_area",
        "equipment_investment_cny": 30_000_000,
        "linked_with_holder": True,
    }
    body = {"facts": told, "as_of": "2026-03-02"}
    answer = await api.post("/api/v1/match", json=body, headers=bearer(keys["viewer"]))
    assert answer.status == 200
    found = {f"{one['clause']}{one['benefit']}": one for one in (await answer.json())["results"]}
    assert found["22a"]["verdict"] == "likely"
    assert found["22a"]["sum"]["most_cny"] == 3_600_000
    for wrong in ({"colour": "red"}, {"place": "moon"}):
        refused = await api.post("/api/v1/match", json={"facts": wrong}, headers=bearer(keys["viewer"]))
        assert (refused.status, (await refused.json())["error"]["field"]) == (409, "facts")
    facts = await (await api.get("/api/v1/facts", headers=bearer(keys["viewer"]))).json()
    benefits = await (await api.get("/api/v1/benefits", headers=bearer(keys["viewer"]))).json()
    assert {"id", "question", "type"} <= set(facts["facts"][0])
    assert {"id", "clause", "conditions"} <= set(benefits["benefits"][0])


async def test_a_broadcast_goes_to_companies_that_fit_a_clause(api: Client, keys: dict[str, str]) -> None:
    status, made = await draft(api, keys["editor"], "fits", audience={"fits": 22})
    assert (status, made["status"]) == (201, "draft")
    status, refused = await draft(api, keys["editor"], "fits-none", audience={"fits": 9_999})
    assert (status, refused["error"]["field"]) == (409, "audience.fits")
