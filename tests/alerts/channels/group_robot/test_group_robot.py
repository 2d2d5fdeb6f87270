"""What a group robot's answer means; the text is what 企业微信 and 钉钉 both take."""

from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest
from aiohttp import web
from pyreqwest.client import Client

from alerts.channels.group_robot.channel import NOT_NOW, TEXT_BYTES, GroupRobot, RobotAnswer
from tests.alerts.played_group import played_group


class Group:
    """A robot that answers as it is told to, and keeps what was sent."""

    def __init__(self) -> None:
        self.answer: Callable[[], web.Response] = lambda: web.json_response({"errcode": 0})
        self.sent: list[Any] = []
        self.url = ""

    async def hear(self, request: web.Request) -> web.Response:
        self.sent.append(await request.json())
        return self.answer()


@pytest.fixture
async def group() -> AsyncIterator[Group]:
    group = Group()
    async with played_group(group.hear) as group.url:
        yield group


@pytest.fixture
def robot(group: Group, http_client: Client) -> GroupRobot:
    return GroupRobot(http_client, group.url)


@pytest.mark.parametrize(
    ("answer", "meaning"),
    [
        (lambda: web.json_response({"errcode": 0, "errmsg": "ok"}), RobotAnswer.TAKEN),
        *((lambda code=code: web.json_response({"errcode": code}), RobotAnswer.NOT_NOW) for code in NOT_NOW),
        (lambda: web.json_response({"errcode": 93000}), RobotAnswer.REFUSED),
        (lambda: web.json_response({"errcode": 310000}), RobotAnswer.REFUSED),
        (lambda: web.json_response([]), RobotAnswer.REFUSED),
        (lambda: web.Response(status=403), RobotAnswer.REFUSED),
        (lambda: web.Response(status=502), RobotAnswer.NOT_NOW),
        (lambda: web.Response(text="no JSON"), RobotAnswer.NOT_NOW),
    ],
)
async def test_each_answer_has_a_meaning(
    group: Group, robot: GroupRobot, answer: Callable[[], web.Response], meaning: RobotAnswer
) -> None:
    group.answer = answer
    assert await robot.send("推送已暂停") is meaning
    assert group.sent == [{"msgtype": "text", "text": {"content": "推送已暂停"}}]


async def test_a_long_text_is_cut_to_what_the_robot_takes(group: Group, robot: GroupRobot) -> None:
    await robot.send("很长的原因。" * 500)
    [message] = group.sent
    assert TEXT_BYTES - 60 < len(message["text"]["content"].encode()) <= TEXT_BYTES
