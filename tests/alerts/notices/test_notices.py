"""Operators hear in their group what waits for them: each thing once."""

from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from aiohttp import web
from pyreqwest.client import Client

from alerts.channels.group_robot.channel import GroupRobot
from alerts.lease.lease import HeldLease
from alerts.model.campaigns.audience import Audience
from alerts.model.campaigns.campaign_states import CampaignAction, Status
from alerts.model.campaigns.moves import act
from alerts.model.campaigns.new_campaigns import NewCampaign, create_campaign
from alerts.model.content import AlertKind, Content
from alerts.notices.notices import OperatorNotices
from policies.district.models import DistrictPart, Rules, Texts
from policies.district.store import DistrictStore, mark_of
from policies.guides.drafts import GuideDrafts
from policies.guides.guide import Guide
from policies.library.tables import WindowRow
from policies.publishing.drafts import Drafts
from policies.publishing.store import PolicyStore
from storage.sql.database import Database
from subscriptions.handoff import Handoffs
from tests.alerts.conftest import People
from tests.alerts.played_group import played_group
from tests.kit.clocks import SetClock
from tests.kit.databases import ON_SQLITE

DESK = "https://bot.example.test/console"


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
    async with played_group(group.hear) as group.url:
        yield group


@pytest.fixture
def notices(database: Database, group: Group, clock: SetClock, http_client: Client) -> OperatorNotices:
    return OperatorNotices(database, GroupRobot(http_client, group.url), DESK, clock)


@pytest.fixture
def addresses(unused_tcp_port: int) -> tuple[str, ...]:
    """Of nobody: nothing listens there, or it is no address at all."""
    return f"http://127.0.0.1:{unused_tcp_port}/send?key=secret", "https://?key=secret"


@pytest.fixture
async def campaign(database: Database, clock: SetClock) -> int:
    """A campaign on its way."""
    return await make(database, clock, "数字化改造补助")


async def make(
    database: Database,
    clock: SetClock,
    title: str,
    *,
    kind: AlertKind = AlertKind.DEADLINE,
    status: Status = Status.SENDING,
) -> int:
    new = NewCampaign(
        key=f"deadline:{title}",
        kind=kind,
        content=Content(title=title, summary="", policy_id=7, closes_on=date(2026, 12, 20), body="正文"),
        audience=Audience(everyone=True),
        channel="auto",
        status=status,
        closes_on=date(2026, 12, 20),
        expires_at=None,
    )
    async with database.write() as session:
        made = await create_campaign(session, new, clock())
    assert made is not None
    return made


async def do(
    database: Database, campaign: int, action: CampaignAction, clock: SetClock, reason: str | None = None
) -> None:
    async with database.write() as session:
        await act(session, campaign, action, clock(), reason=reason)


async def test_each_pause_is_told_once(
    database: Database,
    held: HeldLease,
    clock: SetClock,
    group: Group,
    notices: OperatorNotices,
    campaign: int,
) -> None:
    await notices(held)
    assert group.heard == []
    await do(database, campaign, CampaignAction.PAUSE, clock, "模板编号不存在（40037），请核对设置")
    await notices(held)
    await notices(held)
    assert group.heard == [
        "推送“数字化改造补助”已暂停。\n原因：模板编号不存在（40037），请核对设置\n"
        f"处理：https://bot.example.test/console/campaigns/{campaign}"
    ]
    await do(database, campaign, CampaignAction.RESUME, clock)
    await do(database, campaign, CampaignAction.PAUSE, clock)
    await notices(held)
    assert len(group.heard) == 2
    assert "由工作人员暂停" in group.heard[1]


@ON_SQLITE
async def test_what_the_group_did_not_take_is_told_again(
    database: Database,
    held: HeldLease,
    clock: SetClock,
    group: Group,
    notices: OperatorNotices,
    campaign: int,
) -> None:
    await do(database, campaign, CampaignAction.PAUSE, clock)
    group.answer = {"errcode": 45009, "errmsg": "too often"}
    await notices(held)
    group.answer = {"errcode": 0}
    await notices(held)
    await notices(held)
    assert len(group.heard) == 2


@ON_SQLITE
async def test_a_group_that_is_away_breaks_nothing_and_its_key_is_not_logged(
    database: Database,
    held: HeldLease,
    clock: SetClock,
    campaign: int,
    addresses: tuple[str, ...],
    http_client: Client,
    capsys: pytest.CaptureFixture[str],
) -> None:
    await do(database, campaign, CampaignAction.PAUSE, clock)
    for address in addresses:
        await OperatorNotices(database, GroupRobot(http_client, address), DESK, clock)(held)
        said = capsys.readouterr()
        assert "operators.not_told" in said.out + said.err
        assert "secret" not in said.out + said.err


@ON_SQLITE
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
    held: HeldLease,
    clock: SetClock,
    group: Group,
    notices: OperatorNotices,
    refuses_by: Callable[[], web.Response],
) -> None:
    titles = [f"第{number}条" for number in range(1, 26)]
    for title in titles:
        await do(database, await make(database, clock, title), CampaignAction.PAUSE, clock)
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
    held: HeldLease,
    clock: SetClock,
    group: Group,
    notices: OperatorNotices,
    campaign: int,
) -> None:
    seconds = 1_000.0
    notices = replace(notices, now=lambda: seconds)
    await do(database, campaign, CampaignAction.PAUSE, clock)
    group.refuses = "数字化"
    await notices(held)
    group.refuses = ""
    await notices(held)
    assert group.heard == []  # it rests
    seconds += 61
    await notices(held)
    await notices(held)
    assert len(group.heard) == 1


async def test_a_request_for_a_person_is_told_once_and_names_nobody(
    database: Database,
    held: HeldLease,
    clock: SetClock,
    group: Group,
    notices: OperatorNotices,
    people: People,
) -> None:
    member, other = await people.add(n=2)
    handoffs = Handoffs(database, clock)
    await handoffs.say(member, "我是张三，电话 13800000000", begin=True)
    for _ in range(2):
        await notices(held)
    assert group.heard == [f"有 1 位用户请求人工服务，请及时回复。\n处理：{DESK}/people"]
    await handoffs.say(member, "请问有人吗")
    await handoffs.say(other, "人工", begin=True)
    await notices(held)
    assert len(group.heard) == 2  # of the other one
    await handoffs.leave(member)
    await notices(held)
    await handoffs.say(member, "人工", begin=True)
    await notices(held)
    assert len(group.heard) == 3


async def test_drafts_that_wait_are_one_notice_and_a_returned_one_waits_again(
    database: Database,
    held: HeldLease,
    clock: SetClock,
    group: Group,
    notices: OperatorNotices,
    store: PolicyStore,
) -> None:
    drafts = Drafts(database, clock)
    policies = {policy.key: policy for policy in (await store.published()).policies}
    begun = [
        await drafts.begin(policies[id_].model_copy(update={"title": f"新标题{id_}"}), author="甲")
        for id_ in range(1, 8)
    ]
    for _ in range(2):
        await notices(held)
    assert group.heard == [
        "有 7 份条款草稿等待核对发布：\n· 第1条\n· 第2条\n· 第3条\n· 第4条\n· 第5条\n"
        f"· 其余 2 项请在工作台查看\n处理：{DESK}/policies/drafts"
    ]
    await drafts.send_back(begun[0].id, seen=begun[0].edits, by="乙", reason="金额不对")
    await notices(held)
    assert len(group.heard) == 1
    changed = policies[1].model_copy(update={"title": "改好的标题"})
    await drafts.save(begun[0].id, changed, seen=begun[0].edits + 1, author="甲")
    await notices(held)
    assert group.heard[1:] == [f"有 1 份条款草稿等待核对发布：\n· 第1条\n处理：{DESK}/policies/drafts"]


async def test_a_guide_and_a_change_of_the_district_that_wait_are_told(
    database: Database, held: HeldLease, clock: SetClock, group: Group, notices: OperatorNotices
) -> None:
    guides, parts = GuideDrafts(database, clock), DistrictStore(database, clock)
    assert await guides.save(22, Guide(phone="0532-1", checked_on=date(2026, 11, 2)), author="甲")
    texts = (await parts.parts())[DistrictPart.TEXTS]
    await parts.propose(DistrictPart.TEXTS, Texts(short="滨江"), seen=mark_of(texts.latest), author="甲")
    benefits = (await parts.parts())[DistrictPart.BENEFITS]
    await parts.propose(
        DistrictPart.BENEFITS, Rules({"benefits": []}), seen=mark_of(benefits.latest), author="甲"
    )
    for _ in range(2):
        await notices(held)
    assert group.heard == [
        f"有 1 份办理指南等待核对发布。\n处理：{DESK}/guides",
        f"有 1 项本区资料的修改等待审批。\n处理：{DESK}/district",
        f"有 1 份测算条件的修改等待审批。\n处理：{DESK}/matching",
    ]


async def test_a_broadcast_is_told_each_time_it_is_submitted(
    database: Database, held: HeldLease, clock: SetClock, group: Group, notices: OperatorNotices
) -> None:
    campaign = await make(
        database, clock, "关于节日值班的公告", kind=AlertKind.ANNOUNCEMENT, status=Status.DRAFT
    )
    await notices(held)
    for _ in range(2):
        await do(database, campaign, CampaignAction.SUBMIT, clock)
        for _ in range(2):
            await notices(held)
        await do(database, campaign, CampaignAction.RETURN, clock)
        await notices(held)
    assert group.heard == [f"有 1 则公告等待审批：\n· 关于节日值班的公告\n处理：{DESK}/broadcasts"] * 2


async def test_a_window_without_an_address_is_told_seven_days_before_it_closes(
    database: Database,
    held: HeldLease,
    clock: SetClock,
    group: Group,
    notices: OperatorNotices,
    people: People,
) -> None:
    opens = date(2026, 11, 2)
    late = await people.window(7, opens, date(2026, 12, 21), "数字化改造补助")
    linked = await people.window(8, opens, date(2026, 12, 20), "有入口的申报")
    await people.window(9, opens, date(2026, 12, 20), "示例申报", sample=True)
    async with database.write() as session:
        (await session.get_one(WindowRow, linked)).url = "https://example.test/apply"
    clock.on(date(2026, 12, 13))
    await notices(held)
    assert group.heard == []
    clock.on(date(2026, 12, 14))
    for _ in range(2):
        await notices(held)
    assert group.heard == [
        f"有 1 项申报在 7 天内截止，尚未填写申报入口：\n· 12月21日截止：数字化改造补助\n处理：{DESK}/windows"
    ]
    assert late != linked


async def test_a_kind_that_the_robot_refuses_holds_up_no_other_and_is_told_later(
    database: Database,
    held: HeldLease,
    clock: SetClock,
    group: Group,
    notices: OperatorNotices,
    people: People,
) -> None:
    seconds = 1_000.0
    notices = replace(notices, now=lambda: seconds)
    (member,) = await people.add()
    await Handoffs(database, clock).say(member, "人工", begin=True)
    await make(database, clock, "公告一", kind=AlertKind.ANNOUNCEMENT, status=Status.SUBMITTED)
    group.refuses = "人工"
    for _ in range(2):
        await notices(held)
    assert [text.split("：")[0] for text in group.heard] == ["有 1 则公告等待审批"]
    group.refuses, seconds = "", seconds + 61
    await notices(held)
    assert len(group.heard) == 2
