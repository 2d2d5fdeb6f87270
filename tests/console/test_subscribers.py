"""Operators see who follows what, confirm and remove members, and take harmless exports; openids stay inside."""

import io

import openpyxl
import pytest

from storage.clock import system_clock
from storage.database import Database
from subscriptions.members import Members
from subscriptions.tracking import Way
from tests.console.conftest import csrf_of, sign_in

CODE = "91370211MA3DQ0RX6H"
PATH = "/console/subscribers"


@pytest.fixture
async def member(sqlite_database: Database, desk) -> int:
    """A member who claims a company whose name is a formula."""
    members = Members(sqlite_database, system_clock)
    made = (await members.follow("o_secret_person")).member_id
    await members.subscribe(made, ["ai"], way=Way.CHAT)
    await members.companies.bind(made, CODE, "=cmd|' /C calc'!A0")
    return made


async def test_a_claim_is_confirmed_and_a_member_removed(desk, member: int) -> None:
    client = await desk()
    await sign_in(client, "editor")
    page = await (await client.get(PATH)).text()
    assert f"成员 {member}" in page
    assert "o_secret_person" not in page
    data = {"csrf": await csrf_of(client, PATH)}
    assert "已确认" in await (await client.post(f"{PATH}/members/{member}/confirm", data=data)).text()
    assert "已确认" in await (await client.get(f"{PATH}/companies/1")).text()
    assert "订阅" in await (await client.get(f"{PATH}/members/{member}")).text()
    data = {"csrf": await csrf_of(client, f"{PATH}/companies/1")}
    assert "已移出企业" in await (await client.post(f"{PATH}/members/{member}/remove", data=data)).text()


async def test_exports_hold_no_formula(desk, member: int) -> None:
    client = await desk()
    await sign_in(client, "admin")
    await client.post(f"{PATH}/members/{member}/confirm", data={"csrf": await csrf_of(client, PATH)})
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
