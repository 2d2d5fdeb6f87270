"""Every event of docs/wechat.md §2 has an outcome: a text to what a person waits for, else `success`."""

import json
from pathlib import Path

import pytest

from tests.handlers.chat import Chat
from wechat.push.parsing import parse_message

PUSHES: dict[str, str] = json.loads((Path(__file__).parents[2] / "data" / "wechat_pushes.json").read_text())
EVENTS = [name for name, xml in PUSHES.items() if "<Event>" in xml]
ANSWERED = {"subscribe", "scancode_waitmsg", "CLICK"}


@pytest.mark.parametrize("name", EVENTS)
async def test_an_event_has_an_outcome(chat: Chat, name: str) -> None:
    inbound = parse_message(PUSHES[name])
    reply = await chat.event(inbound.event, inbound.key)
    if inbound.event in {event.lower() for event in ANSWERED}:
        assert reply.text
    elif inbound.event != "scan":
        assert reply.xml == ""


@pytest.mark.parametrize("event", ["annual_renew", "card_pass_check", "never_heard_of"])
async def test_an_unknown_event_is_passed_over(chat: Chat, event: str) -> None:
    assert (await chat.event(event)).xml == ""


async def test_a_key_of_an_older_menu_gets_help(chat: Chat) -> None:
    reply = await chat.clicks("MENU_OF_LAST_YEAR")
    assert "菜单刚更新过" in reply.text
    assert "首台套" in reply.taps


@pytest.mark.parametrize(
    "kind",
    ["image", "video", "shortvideo", "location", "link", "file", "miniprogrampage", "voice", "brand_new"],
)
async def test_what_cannot_be_read_asks_kindly_to_type(chat: Chat, kind: str) -> None:
    reply = await chat.sends(kind)
    assert "文字" in reply.text or "打字" in reply.text
    assert "首台套" in reply.taps


async def test_a_recognised_voice_message_is_answered_as_text(chat: Chat) -> None:
    reply = await chat.speaks("海水淡化能补多少")
    assert reply.clauses[0] == 45
    assert "语音识别为：海水淡化能补多少" in reply.text


async def test_an_unrecognised_voice_message_asks_to_type(chat: Chat) -> None:
    assert "打字" in (await chat.speaks("")).text
