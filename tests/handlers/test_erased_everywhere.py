"""Whoever asks to be erased stands in no file of the data folder and in nothing that Redis holds."""

from collections.abc import AsyncIterator
from pathlib import Path
from shutil import copy

import pytest
from redis.asyncio import Redis

from bot.roles.conversation import Conversation
from bot.runtime.services import Services, open_services
from bot.runtime.settings import Settings
from bot.runtime.valkey import EmbeddedValkey
from storage.pseudonym import pseudonym
from tests.handlers.chat import Chat

LINES = tuple(f"我是石老人村的鞠小姐，第{number}次问冷链补贴的事，请回电" for number in range(40))
ASKED = "藏马山脚下那家做海参罐头的小厂能申报什么"


@pytest.fixture
async def services(
    sqlite_template: Path, own_valkey: EmbeddedValkey, tmp_path: Path
) -> AsyncIterator[Services]:
    """Everything in one data folder, as `policybot up` has it."""
    copy(sqlite_template, tmp_path / "var" / "policybot.db")
    settings = Settings(_env_file=None, data_dir=tmp_path / "var", redis_url=own_valkey.url)
    async with open_services(settings) as opened:
        yield opened


async def everything_in(redis: Redis) -> bytes:
    """Keys and values, of each type there is."""
    held = []
    async for key in redis.scan_iter():
        held += [key, await redis.dump(key)]
    return b"\n".join(held)


def files_with(folder: Path, sought: str) -> list[str]:
    files = [file for file in folder.rglob("*") if file.is_file()]
    return [file.name for file in files if sought.encode() in file.read_bytes()]


async def test_no_file_and_no_key_tells_of_an_erased_person(
    chat: Chat, conversation: Conversation, services: Services, tmp_path: Path
) -> None:
    others = [chat.another() for _ in range(20)]
    for person in (chat, *others):
        await person.follows()
        await person.says("订阅 人工智能")
    await chat.says("绑定企业 青岛藏马山海参罐头有限公司 91350100M000100Y43")
    await chat.says(ASKED)
    await chat.says("人工")
    for line in LINES:
        await chat.says(line)
    for person in others:
        await person.says("人工")
        await person.says("请问补贴怎么申报")
    await conversation.service_windows.flush()
    folder, who = tmp_path / "var", pseudonym(services.secret, chat.openid)
    assert files_with(folder, chat.openid)
    assert files_with(folder, LINES[7])
    assert who.encode() in await everything_in(services.redis)
    await chat.says("结束人工")

    await chat.says("删除我的数据")
    reply = await chat.taps("确认删除")

    assert "已全部删除" in reply.text
    await conversation.service_windows.flush()
    await conversation.context.questions.flush()
    for sought in (chat.openid, who, *LINES):
        assert files_with(folder, sought) == []
    held = await everything_in(services.redis)
    for sought in (chat.openid, ASKED, *LINES):
        assert sought.encode() not in held
    mine = [key async for key in services.redis.scan_iter(match=f"*{who}*")]
    assert [
        key for key in mine if b":dedup:" not in key
    ] == []  # the farewell is kept for its retries, ten minutes
    assert len(mine) == 1
