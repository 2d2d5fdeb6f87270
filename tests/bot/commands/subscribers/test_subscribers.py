"""`policybot subscribers`, `followers` and `qr`, against a real database and the sandbox's API."""

import io
from pathlib import Path

import pytest
from aiohttp.test_utils import TestServer

from bench.ports import unused_port
from bot.commands.subscribers.followers import synchronise
from bot.commands.subscribers.qr import create_code, write_poster
from bot.commands.subscribers.subscribers import erase_person, export_to, import_file
from bot.roles.conversation import open_conversation
from bot.roles.web_app import make_app
from bot.runtime.process import open_database
from bot.runtime.services import open_services
from bot.runtime.settings import Settings
from console.access.audit import entries
from subscriptions.members.qr_scenes import scene_of
from tests.kit.commands.command_line import Policybot

FILE = "openid,company,uscc,tracks\nopenid-of-anna,甲公司,,海水淡化;人工智能\nopenid-of-bert,,,\n"


@pytest.fixture
def settings(sqlite_url: str, redis_url: str, tmp_path: Path) -> Settings:
    return Settings(
        _env_file=None,
        data_dir=tmp_path,
        database_url=sqlite_url,
        redis_url=redis_url,
        port=unused_port(),
    )


async def test_in_out_and_erased(settings: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    report = await import_file(settings, FILE.encode(), partial=False)
    assert (report.applied, report.members, report.subscriptions) == (True, 2, 2)
    out = io.StringIO()
    await export_to(settings, out, everyone=False)
    assert out.getvalue() == FILE.replace("海水淡化;人工智能", "人工智能;海水淡化")
    assert await erase_person(settings, "openid-of-anna")
    said = capsys.readouterr().out
    assert "已删除该成员" in said
    assert "均无该 openid" in said
    out = io.StringIO()
    await export_to(settings, out, everyone=True)
    assert "openid-of-anna" not in out.getvalue()


async def test_the_log_keeps_imports_and_erasings_but_nothing_of_a_person(settings: Settings) -> None:
    await import_file(
        settings, b"openid,company,uscc,tracks\nopenid-of-anna,,,no such track\n", partial=False
    )
    await import_file(settings, FILE.encode(), partial=False)
    await erase_person(settings, "openid-of-anna")
    assert not await erase_person(settings, "openid-of-nobody")  # it may be mistyped
    async with open_database(settings) as database:
        kept = [
            (entry.action, entry.subject_id, entry.after)
            for entry in await entries(database)
            if entry.actor.startswith("cli")
        ]
    assert kept == [
        ("删除成员数据", "不明", None),
        ("删除成员数据", "1", None),
        ("导入订阅者", "file", {"行数": 2, "新增成员": 2, "新增订阅": 2}),
    ]


async def test_followers_are_paged_and_a_poster_is_made(settings: Settings, tmp_path: Path) -> None:
    async with (
        open_services(settings) as services,
        open_conversation(services) as conversation,
        TestServer(make_app(services, conversation), host="127.0.0.1", port=settings.port),
    ):
        report = await synchronise(settings)
        assert report.listed == report.total
        url = await create_code(settings, scene_of("desalination"), None)
    for name, head in (("a.png", b"\x89PNG"), ("a.svg", b"<?xml")):
        write_poster(url, tmp_path / name, scale=4)
        assert (tmp_path / name).read_bytes().startswith(head)


@pytest.mark.parametrize("openid", ["", " ", "o" * 65])
def test_nobody_is_erased_by_what_is_no_openid(policybot: Policybot, openid: str) -> None:
    assert policybot("subscribers", "erase", openid).exit_code == 2
