"""Operators see who follows what, confirm and remove members, and take harmless exports; openids stay inside."""

import io

import openpyxl
import pytest
from sqlalchemy import select

from alerts.model.campaigns.audience import Audience
from alerts.model.campaigns.campaign_states import Status
from alerts.model.content import AlertKind
from alerts.model.tables import Campaign
from storage.clock import system_clock
from storage.sql.database import Database
from subscriptions.directory import Members
from subscriptions.members.track_subscriptions import ChangeSource
from tests.console.conftest import sign_in, tokens_of

CODE = "91370211MA3DQ0RX6H"
PATH = "/console/subscribers"


@pytest.fixture
async def member(sqlite_database: Database, desk) -> int:
    """A member who claims a company whose name is a formula."""
    members = Members(sqlite_database, system_clock)
    made = (await members.follow("o_secret_person")).member_id
    await members.subscribe(made, ["ai"], source=ChangeSource.CHAT)
    await members.companies.bind(made, CODE, "=cmd|' /C calc'!A0")
    return made


async def test_a_claim_is_confirmed_and_a_member_removed(desk, member: int) -> None:
    client = await desk()
    await sign_in(client, "editor")
    page = await (await client.get(PATH)).text()
    assert f"成员 {member}" in page
    assert "o_secret_person" not in page
    data = await tokens_of(client, PATH, f"{PATH}/members/{member}/confirm")
    assert "已确认" in await (await client.post(f"{PATH}/members/{member}/confirm", data=data)).text()
    assert "已确认" in await (await client.get(f"{PATH}/companies/1")).text()
    assert "订阅" in await (await client.get(f"{PATH}/members/{member}")).text()
    data = await tokens_of(client, f"{PATH}/companies/1", f"{PATH}/members/{member}/remove") | {
        "confirmed": "yes"
    }
    assert "已移出企业" in await (await client.post(f"{PATH}/members/{member}/remove", data=data)).text()


@pytest.mark.parametrize("decision", ["confirm", "remove"])
async def test_a_decision_on_a_claim_holds_for_what_was_seen_alone(
    desk, member: int, sqlite_database: Database, decision: str
) -> None:
    client = await desk()
    await sign_in(client, "editor")
    path = f"{PATH}/members/{member}/{decision}"
    seen = await tokens_of(client, PATH, path) | {"confirmed": "yes"}
    companies = Members(sqlite_database, system_clock).companies
    await companies.bind(member, CODE, "另一个名称")
    page = await (await client.post(path, data=seen)).text()
    assert 'class="notice error" role="alert"' in page
    assert "该成员的企业信息在此期间有变动" in page
    [claim] = await companies.claims()
    assert (claim.as_typed, claim.confirmed) == ("另一个名称", False)


@pytest.mark.parametrize(("decision", "title"), [("confirm", "企业绑定已确认"), ("remove", "企业绑定未通过")])
async def test_the_member_is_told_of_the_decision_on_their_claim(
    desk, member: int, sqlite_database: Database, decision: str, title: str
) -> None:
    client = await desk()
    await sign_in(client, "editor")
    path = f"{PATH}/members/{member}/{decision}"
    await client.post(path, data=await tokens_of(client, PATH, path) | {"confirmed": "yes"})
    async with sqlite_database.read() as session:
        [told] = (await session.scalars(select(Campaign))).all()
    assert (told.kind, told.title, told.status) == (AlertKind.COMPANY, title, Status.SCHEDULED)
    assert Audience.model_validate(told.audience) == Audience(members=(member,))
    assert "=cmd|' /C calc'!A0" in told.content["body"]


async def test_exports_hold_no_formula(desk, member: int) -> None:
    client = await desk()
    await sign_in(client, "admin")
    confirm = f"{PATH}/members/{member}/confirm"
    await client.post(confirm, data=await tokens_of(client, PATH, confirm))
    text = await (await client.get(f"{PATH}/export.csv")).text()
    assert "'=cmd" in text
    book = openpyxl.load_workbook(io.BytesIO(await (await client.get(f"{PATH}/export.xlsx")).read()))
    [_, row] = book["subscribers"].iter_rows(values_only=True)
    assert row[1].startswith("'=cmd")
    assert row[3] == "人工智能"


async def test_a_viewer_exports_nothing(desk) -> None:
    client = await desk()
    await sign_in(client, "viewer")
    assert (await client.get(f"{PATH}/export.csv")).status == 403


async def test_a_company_is_found_by_a_part_of_its_name_or_the_head_of_its_code(desk, member: int) -> None:
    client = await desk()
    await sign_in(client, "viewer")
    row = 'href="/console/subscribers/companies/1"'
    for asked, found in (("cmd", True), (CODE[:12].lower(), True), ("没有这家", False), ("%", False)):
        listed = (await (await client.get(PATH, params={"company": asked})).text()).partition("查找")[2]
        assert (row in listed) is found, asked
