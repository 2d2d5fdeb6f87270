"""Operators hear of a paused campaign in their group, once."""

from collections.abc import AsyncIterator
from datetime import date
from typing import Any

import pytest
from aiohttp import web

from alerts.audience import Audience
from alerts.campaigns import Action, NewCampaign, Status, act, create_campaign
from alerts.content import Content, Kind
from alerts.lease import Held
from alerts.notices import PauseNotices
from storage.database import Database
from tests.alerts.conftest import SetClock
from wechat.transport import open_http_client


class Group:
    """A group robot that keeps what it was told."""

    def __init__(self) -> None:
        self.heard: list[str] = []
        self.answer: dict[str, Any] = {"errcode": 0, "errmsg": "ok"}
        self.url = ""

    async def hear(self, request: web.Request) -> web.Response:
        message = await request.json()
        assert message["msgtype"] == "text"
        self.heard.append(message["text"]["content"])
        return web.json_response(self.answer)


@pytest.fixture
async def group() -> AsyncIterator[Group]:
    group = Group()
    app = web.Application()
    app.router.add_post("/send", group.hear)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    host, port = runner.addresses[0][:2]
    group.url = f"http://{host}:{port}/send?key=secret"
    yield group
    await runner.cleanup()


@pytest.fixture
async def notices(database: Database, group: Group) -> AsyncIterator[PauseNotices]:
    async with open_http_client() as http:
        yield PauseNotices(database, http, group.url, "https://bot.example.test/console")


@pytest.fixture
def addresses(unused_tcp_port: int) -> tuple[str, ...]:
    """Of nobody: nothing listens there, or it is no address at all."""
    return f"http://127.0.0.1:{unused_tcp_port}/send?key=secret", "https://?key=secret"


@pytest.fixture
async def campaign(database: Database, clock: SetClock) -> int:
    """A campaign on its way."""
    new = NewCampaign(
        key="deadline:7",
        kind=Kind.DEADLINE,
        content=Content(
            title="数字化改造补助", summary="", policy_id=7, closes_on=date(2026, 12, 20), body="正文"
        ),
        audience=Audience(everyone=True),
        channel="auto",
        status=Status.SENDING,
        closes_on=date(2026, 12, 20),
        expires_at=None,
    )
    async with database.write() as session:
        made = await create_campaign(session, new, clock())
    assert made is not None
    return made


async def do(
    database: Database, campaign: int, action: Action, clock: SetClock, reason: str | None = None
) -> None:
    async with database.write() as session:
        await act(session, campaign, action, clock(), reason=reason)


async def test_each_pause_is_told_once(
    database: Database, held: Held, clock: SetClock, group: Group, notices: PauseNotices, campaign: int
) -> None:
    await notices(held)
    assert group.heard == []
    await do(database, campaign, Action.PAUSE, clock, "模板编号不存在（40037），请核对设置")
    await notices(held)
    await notices(held)
    assert group.heard == [
        "推送“数字化改造补助”已暂停。\n原因：模板编号不存在（40037），请核对设置\n"
        f"处理：https://bot.example.test/console/campaigns/{campaign}"
    ]
    await do(database, campaign, Action.RESUME, clock)
    await do(database, campaign, Action.PAUSE, clock)
    await notices(held)
    assert len(group.heard) == 2
    assert "由工作人员暂停" in group.heard[1]


async def test_what_the_group_did_not_take_is_told_again(
    database: Database, held: Held, clock: SetClock, group: Group, notices: PauseNotices, campaign: int
) -> None:
    await do(database, campaign, Action.PAUSE, clock)
    group.answer = {"errcode": 45009, "errmsg": "too often"}
    await notices(held)
    group.answer = {"errcode": 0}
    await notices(held)
    await notices(held)
    assert len(group.heard) == 2


async def test_a_group_that_is_away_breaks_nothing_and_its_key_is_not_logged(
    database: Database,
    held: Held,
    clock: SetClock,
    campaign: int,
    addresses: tuple[str, ...],
    capsys: pytest.CaptureFixture[str],
) -> None:
    await do(database, campaign, Action.PAUSE, clock)
    for address in addresses:
        async with open_http_client() as http:
            await PauseNotices(database, http, address, "https://bot.example.test/console")(held)
        said = capsys.readouterr()
        assert "operators_not_told" in said.out + said.err
        assert "secret" not in said.out + said.err
