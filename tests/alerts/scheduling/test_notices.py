"""Operators hear of a paused campaign in their group, once."""

from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from aiohttp import web

from alerts.model.audience import Audience
from alerts.model.campaigns import Action, NewCampaign, Status, act, create_campaign
from alerts.model.content import Content, Kind
from alerts.scheduling.lease import Held
from alerts.scheduling.notices import PauseNotices
from storage.sql.database import Database
from tests.alerts.conftest import SetClock
from wechat.api.transport import open_http_client


class Group:
    """A group robot that keeps what it was told."""

    def __init__(self) -> None:
        self.heard: list[str] = []
        self.answer: dict[str, Any] = {"errcode": 0, "errmsg": "ok"}
        self.refuses = ""
        self.refuses_by: Callable[[], web.Response] = lambda: web.json_response({"errcode": 40058})
        self.url = ""

    async def hear(self, request: web.Request) -> web.Response:
        message = await request.json()
        assert message["msgtype"] == "text"
        content = message["text"]["content"]
        if self.refuses and self.refuses in content:
            return self.refuses_by()
        self.heard.append(content)
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
    return await make(database, clock, "数字化改造补助")


async def make(database: Database, clock: SetClock, title: str) -> int:
    new = NewCampaign(
        key=f"deadline:{title}",
        kind=Kind.DEADLINE,
        content=Content(title=title, summary="", policy_id=7, closes_on=date(2026, 12, 20), body="正文"),
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


@pytest.mark.parametrize(
    "refuses_by",
    [
        lambda: web.json_response({"errcode": 40058, "errmsg": "invalid content"}),
        lambda: web.json_response({"errcode": 310000, "errmsg": "keywords not in content"}),
        lambda: web.json_response([]),
        lambda: web.Response(status=400),
    ],
)
async def test_a_notice_that_the_robot_refuses_holds_up_no_other(
    database: Database,
    held: Held,
    clock: SetClock,
    group: Group,
    notices: PauseNotices,
    refuses_by: Callable[[], web.Response],
) -> None:
    titles = [f"第{number}条" for number in range(1, 26)]
    for title in titles:
        await do(database, await make(database, clock, title), Action.PAUSE, clock)
    group.refuses, group.refuses_by = "条", refuses_by
    await notices(held)  # as many as are told at once are refused
    group.refuses = "第3条"
    for _ in range(2):
        await notices(held)
    told = {title for title in titles if any(f"“{title}”" in text for text in group.heard)}
    assert told == set(titles[20:])
    assert len(group.heard) == len(told)


async def test_a_refused_notice_is_told_once_the_robot_is_mended(
    database: Database,
    held: Held,
    clock: SetClock,
    group: Group,
    notices: PauseNotices,
    campaign: int,
) -> None:
    seconds = 1_000.0
    notices = replace(notices, now=lambda: seconds)
    await do(database, campaign, Action.PAUSE, clock)
    group.refuses = "数字化"
    await notices(held)
    group.refuses = ""
    await notices(held)
    assert group.heard == []  # it rests
    seconds += 61
    await notices(held)
    await notices(held)
    assert len(group.heard) == 1
