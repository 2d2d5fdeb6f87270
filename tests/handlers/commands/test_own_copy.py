"""导出我的数据: everything we hold of a person, and nothing of another."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from aiohttp.test_utils import TestClient
from yarl import URL

from alerts.member.own_copy import OUTCOMES
from alerts.model.campaigns.audience import Audience
from alerts.model.campaigns.campaign_states import Status
from alerts.model.campaigns.new_campaigns import NewCampaign, create_campaign
from alerts.model.content import AlertKind, Content
from alerts.model.rows.row_states import RowState
from alerts.model.tables import Delivery
from bot.runtime.services import Services
from handlers.framework.context import Context
from policies.windows.window_fields import WindowFields
from tests.handlers.chat import Chat


@pytest.fixture(autouse=True)
def plain_http(context: Context) -> None:
    object.__setattr__(context, "public_url", "http://policy.example")


async def alert(services: Services, member: int, title: str, state: str, at: datetime | None) -> None:
    async with services.database.write() as session:
        new = NewCampaign(
            title, AlertKind.DEADLINE, Content(title=title), Audience(everyone=True), Status.SENDING
        )
        made = await create_campaign(session, new, datetime(2026, 3, 1, tzinfo=UTC))
        assert made
        channel = "template" if state == "delivered" else None
        row = Delivery(campaign_id=made, member_id=member, state=state, settled_at=at, channel=channel)
        session.add(row)


@pytest.fixture
async def member(chat: Chat, services: Services, context: Context) -> int:
    """Anna follows 海水淡化, had two alerts, waits for a third, applied once and asked for a person; Bert too."""
    bert = chat.another()
    await bert.says("订阅 人工智能")
    other = await services.members.ensure(bert.openid)
    await alert(services, other, "别人的提醒", "delivered", datetime(2026, 3, 1, 2, tzinfo=UTC))
    await chat.says("订阅 海水淡化")
    anna = await services.members.ensure(chat.openid)
    await alert(services, anna, "<淡化>奖补申报", "delivered", datetime(2026, 3, 1, 2, tzinfo=UTC))
    await alert(services, anna, "技改申报", "unreachable", datetime(2026, 2, 1, 2, tzinfo=UTC))
    await alert(services, anna, "首台套申报", "pending", None)
    today = datetime(2026, 3, 2, tzinfo=UTC).date()
    await context.windows.put([WindowFields(45, today, today.replace(day=30), "淡化申报", "")])
    [window] = await context.windows.all()
    await chat.says(f"已申报 {window.id}")
    await chat.says("人工")
    await chat.says("设备是去年买的，能申请吗")
    await chat.says("取消")
    return anna


async def test_the_chat_tells_the_alerts_and_their_outcome(chat: Chat, member: int) -> None:
    told = (await chat.says("导出我的数据")).text
    assert "最近的提醒（共 3 条）" in told
    assert "2026-02-01 申报提醒：技改申报（未能送达）" in told
    assert "首台套申报（待发送）" in told
    assert "别人的提醒" not in told


async def test_the_file_holds_everything_of_this_person_alone(
    chat: Chat, member: int, web: "TestClient[Any, Any]"
) -> None:
    await chat.says("我的订阅")
    [address] = chat.last.links.values()
    await web.post("/me/enter", data={"t": URL(address).query["t"]})
    async with web.get("/me/data.json") as answer:
        text = await answer.text()
    copy = json.loads(text)
    assert copy["openid"] == chat.openid
    assert copy["提醒"][0] == {
        "时间": "2026-03-01T10:00:00+08:00",
        "类别": "申报提醒",
        "标题": "<淡化>奖补申报",
        "结果": "已送达",
        "渠道": "模板消息",
    }
    assert [one["结果"] for one in copy["提醒"]] == ["已送达", "待发送", "未能送达"]
    assert copy["已申报的项目"] == ["淡化申报"]
    assert "能申请吗" in copy["人工对话"][-1]["内容"]
    assert copy["订阅变更"][0]["赛道"] == "海水淡化"
    assert "别人的提醒" not in text
    assert "人工智能" not in text


def test_every_state_of_the_ledger_has_a_word_for_people() -> None:
    assert set(OUTCOMES) == set(RowState)
