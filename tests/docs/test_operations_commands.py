"""Deploy, scale, back up, restore, rotate and upgrade by the commands of docs/operations.md, as they stand there."""

import asyncio
import os
import sqlite3
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from urllib.request import Request, urlopen

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import create_engine

from bench.cluster.postgres import HOST, PostgresNode, programs
from bench.ports import unused_port
from tests.docs.literal_commands import ROOT, Shell, blocks
from tests.kit.commands.forked_cli import command_server
from tests.wechat.played_api import wechat_api
from tests.wechat.pushes import AES_KEY, APP_ID, OTHER_KEY, TOKEN, Sender, path, text_push


@pytest.fixture
def shell(tmp_path: Path) -> Iterator[Shell]:
    made = Shell(tmp_path, {"BOT_PORT": str(unused_port())}, command_server())
    yield made
    made.run("systemctl stop policybot")


async def test_deploy_then_upgrade_then_rotate(shell: Shell) -> None:
    [deploy, _scale] = blocks("Deploy")
    assert '"database": "ok"' in shell.run(deploy)
    shell.run("systemctl stop policybot")
    _one_release_back(f"sqlite:///{shell.folder / 'var' / 'policybot.db'}")
    [upgrade] = blocks("Upgrade")
    shell.settings = {**shell.settings, "BOT_MIGRATE": "0"}  # no start brings the schema up by itself
    said = shell.run(upgrade)
    assert "数据库结构已是最新" in said
    assert "FAIL" not in said
    shell.run("policybot operator add anna --role admin")
    access, app_secret, message_key, secret_key = blocks("Rotate keys")
    assert len(shell.run(access).strip().splitlines()) >= 2
    async with wechat_api() as wechat:
        wechat.answers["/cgi-bin/getcallbackip"] = {"ip_list": ["127.0.0.1"]}
        (shell.folder / "env").write_text(_account(wechat.url, wechat.secret))
        wechat.secret = "changed-at-WeChat"
        shell.settings = {**shell.settings, "NEW_SECRET": wechat.secret}
        assert "WeChat takes them" in await asyncio.to_thread(shell.run, app_secret)
    shell.settings = {**shell.settings, "NEW_KEY": OTHER_KEY}
    shell.run(message_key)
    for key in (AES_KEY, OTHER_KEY):
        assert "第22条" in _answered(shell, key)
    assert "anna" in shell.run(secret_key)
    assert f"BOT_SECRET_KEY={'k' * 40}" not in (shell.folder / "env").read_text()
    assert "第22条" in _answered(shell, OTHER_KEY)


def _account(wechat_api: str, secret: str) -> str:
    return (
        f"BOT_WECHAT_APP_ID={APP_ID}\nBOT_WECHAT_APP_SECRET={secret}\nBOT_WECHAT_TOKEN={TOKEN}\nBOT_WECHAT_AES_KEY={AES_KEY}\n"
        f"BOT_WECHAT_API_BASE={wechat_api}\nBOT_PUBLIC_URL=https://bot.example\nBOT_SECRET_KEY={'k' * 40}\n"
    )


def _one_release_back(url: str) -> None:
    with create_engine(url).begin() as connection:
        config = Config()
        config.set_main_option("script_location", str(ROOT / "bot" / "schema" / "migrations"))
        config.attributes["connection"] = connection
        command.downgrade(config, "-1")


def _answered(shell: Shell, key: str) -> str:
    """What WeChat, which uses this key, gets for a message."""
    wechat = Sender(aes_key=key)
    query, body = wechat.sealed(text_push("第22条", message_id=time.monotonic_ns(), at=int(time.time())))
    address = f"http://127.0.0.1:{shell.settings['BOT_PORT']}{path(query)}"
    with urlopen(Request(address, data=body), timeout=10) as answer:
        return wechat.open_reply(answer.read().decode())


def test_back_up_and_restore_the_embedded_database(shell: Shell) -> None:
    """The backup is of a day of its own in the docs; campaign 12 went out after it."""
    [deploy, _scale] = blocks("Deploy")
    shell.run(deploy)
    with sqlite3.connect(shell.folder / "var" / "policybot.db") as database:
        database.execute(
            "INSERT INTO campaigns (id, key, kind, title, content, audience, channel, status, snapshot_state,"
            " snapshot_after, pause_told, created_by, created_at, updated_at, edits) VALUES (12, 'k', 'announcement', 't',"
            " '{\"title\": \"t\"}', '{\"everyone\": true}', 'auto', 'paused', 'none', 0, 0, 'x', :at, :at, 1)",
            {"at": datetime.now(UTC).strftime("%Y-%m-%d %H:%M:%S.%f")},
        )
    database.close()
    [embedded, *_] = blocks("Back up and restore")
    said = shell.run(embedded.replace("2026-03-02", time.strftime("%Y-%m-%d")))
    assert "已检查完好" in said
    assert "已恢复到" in said
    assert "12" in said
    assert "FAIL" not in shell.run("policybot doctor")


def test_scale_to_many_processes(tmp_path: Path, postgres_url: str, redis_url: str) -> None:
    stores = {"BOT_DATABASE_URL": postgres_url, "BOT_REDIS_URL": redis_url, "BOT_SECRET_KEY": "k" * 32}
    ports = {name: str(unused_port()) for name in ("9100", "9101")}
    shell = Shell(tmp_path, {"BOT_PORT": str(unused_port()), "BOT_SANDBOX": "0", **stores}, command_server())
    [_deploy, scale] = blocks("Deploy")
    for named, free in ports.items():
        scale = scale.replace(named, free)
    look = "".join(
        f"\nfor _ in $(seq 300); do curl -fsS http://127.0.0.1:{port}/readyz && break; sleep 0.2; done"
        for port in ("8080", *ports.values())
    )
    said = shell.run(f"{scale}{look}\nkill $(jobs -p); wait")
    assert said.count('"database": "ok"') == 3


@pytest.fixture
async def server(open_folder: Path) -> "PostgresNode":
    node = PostgresNode(open_folder / "pg" / "data")
    await node.make()
    await node.start()
    await node.sql("CREATE DATABASE policybot")
    return node


async def test_a_dump_and_an_instant_of_postgresql(server: PostgresNode, open_folder: Path) -> None:
    shell = Shell(
        open_folder,
        {"PGHOST": HOST, "PGPORT": str(server.port), "PGUSER": "postgres", "PGDATA": str(server.folder)},
        command_server(),
        path=str(programs()),
    )
    _, dump, archive, instant = blocks("Back up and restore")
    try:
        await server.sql(
            "CREATE TABLE kept (n int)", "INSERT INTO kept VALUES (1)", "SELECT 1", database="policybot"
        )
        out, back = dump.strip().splitlines()
        shell.run(out)
        await server.sql("DELETE FROM kept", "SELECT 1", database="policybot")
        shell.run(back)
        assert await server.sql("SELECT count(*) FROM kept", database="policybot") == 1
        as_server = _as_owner(server, shell)
        as_server.run(archive)
        await server.sql("INSERT INTO kept VALUES (2)", "SELECT pg_switch_wal()", database="policybot")
        at = await server.sql("SELECT now()::text", database="policybot")
        await asyncio.sleep(0.1)
        await server.sql("INSERT INTO kept VALUES (3)", "SELECT pg_switch_wal()", database="policybot")
        as_server.run(instant.replace("2026-03-02 09:30:00+08", str(at)))
        async with asyncio.timeout(60):
            while await server.sql("SELECT pg_is_in_recovery()", database="policybot"):  # noqa: ASYNC110
                await asyncio.sleep(0.1)
        assert await server.sql("SELECT max(n) FROM kept", database="policybot") == 2
    finally:
        if server.is_running():
            await server.kill()


def _as_owner(server: PostgresNode, shell: Shell) -> Shell:
    """The server's own commands are run by its user; as root the wheel's servers have another one."""
    if os.geteuid() != 0:
        return shell
    owner = server.folder.owner()
    for folder in (shell.folder / "backups", server.folder.parent):
        os.chown(folder, server.folder.stat().st_uid, -1)
    original = shell.run

    class AsOwner(Shell):
        def __post_init__(self) -> None:
            pass

        def run(self, commands: str, *, check: bool = True) -> str:
            file = shell.folder / "commands.sh"
            file.write_text(f"cd /\nset -eu\n{self._here(commands)}")
            file.chmod(0o644)
            return original(f"setpriv --reuid {owner} --clear-groups /bin/bash {file}", check=check)

    return AsOwner(shell.folder, shell.settings, shell.server, shell.path)
