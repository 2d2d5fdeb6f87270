"""How a command begins where something is wrong: one line with what to do, no stack, no secret."""

import json
import os
import re
import sqlite3
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import text

from bot.runtime.data_folder import DataFolder, FolderUnusableError
from bot.runtime.process import database_url
from bot.runtime.settings import Settings
from storage.sql.database import Database
from tests.kit.commands.forked_cli import Ended, run_policybot

SECRET = "correct-horse-battery"


def run(folder: Path, *arguments: str, umask: int = 0o022, stdout: Path | None = None, **more: str) -> Ended:
    """A command of its own process, as any user's shell runs it."""
    environment = {"PATH": os.environ["PATH"], "BOT_DATA_DIR": str(folder / "var"), "BOT_PORT": "0"} | more
    return run_policybot(folder, *arguments, environment=environment, umask=umask, stdout=stdout)


def said_in_a_line(ran: Ended) -> str:
    said = ran.stderr.decode()
    assert ran.returncode in {1, 2}, said
    assert "Traceback" not in said
    return said


def test_a_file_in_the_place_of_the_data_folder(tmp_path: Path) -> None:
    (tmp_path / "var").write_text("")
    for command in (("up",), ("subscribers", "export")):
        assert "BOT_DATA_DIR" in said_in_a_line(run(tmp_path, *command))


def test_a_folder_in_the_place_of_the_key_or_the_lock(tmp_path: Path) -> None:
    (tmp_path / "var" / "up.lock").mkdir(parents=True)
    assert "up.lock" in said_in_a_line(run(tmp_path, "up"))
    (tmp_path / "var" / "up.lock").rmdir()
    (tmp_path / "var" / "secret.key").mkdir()
    assert "secret.key" in said_in_a_line(run(tmp_path, "up"))


def test_a_full_disk_is_said_in_a_line(tmp_path: Path) -> None:
    ran = run(tmp_path, "subscribers", "export", stdout=Path("/dev/full"))
    assert "No space left" in said_in_a_line(ran)


@pytest.mark.parametrize("content", [b"", b"short", b"\n" * 64])
def test_what_is_no_key_is_refused_and_stays(tmp_path: Path, content: bytes) -> None:
    folder = DataFolder(tmp_path)
    (tmp_path / "secret.key").write_bytes(content)
    with pytest.raises(FolderUnusableError, match="backup"):
        folder.secret_key()
    assert (tmp_path / "secret.key").read_bytes() == content


def test_a_key_is_made_whole_once_and_for_its_owner_alone(tmp_path: Path) -> None:
    folder = DataFolder(tmp_path / "var")
    key = folder.secret_key()
    assert len(key) >= 32
    assert folder.secret_key() == key
    assert [file.name for file in folder.path.iterdir()] == ["secret.key"]
    assert stat.S_IMODE((folder.path / "secret.key").stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.path.stat().st_mode) == 0o700


def test_what_a_command_makes_is_its_owners_alone_whatever_the_umask(tmp_path: Path) -> None:
    folder = tmp_path / "var"
    folder.mkdir(mode=0o755)
    run(tmp_path, "subscribers", "export", umask=0)
    assert stat.S_IMODE((folder / "policybot.db").stat().st_mode) == 0o600
    (folder / "policybot.db").chmod(0o644)
    doctor = run(tmp_path, "doctor")
    assert doctor.returncode == 1
    assert f"chmod 700 {folder}" in doctor.stdout.decode()
    assert f"chmod 600 {folder / 'policybot.db'}" in doctor.stdout.decode()


@pytest.mark.parametrize("name", ["what?", "100%25", "%2F", "a#b", "中 文"])
async def test_a_data_folder_may_have_any_name(tmp_path: Path, name: str) -> None:
    folder = tmp_path / name
    folder.mkdir()
    database = Database.open(database_url(Settings(data_dir=folder)))
    async with database.write() as session:
        await session.execute(text("CREATE TABLE found (here TEXT)"))
    await database.run_in_write_transaction(
        lambda connection: connection.execute(text("INSERT INTO found VALUES ('x')"))
    )
    await database.close()
    assert sqlite3.connect(folder / "policybot.db").execute("SELECT here FROM found").fetchone() == ("x",)


def test_settings_that_cannot_be_read_are_said_in_a_line(tmp_path: Path) -> None:
    (tmp_path / ".env").write_bytes("# 端口\nBOT_PORT=8080\n".encode("gbk"))
    assert "UTF-8" in said_in_a_line(run(tmp_path, "subscribers", "export"))


@pytest.mark.parametrize(
    "more",
    [
        {"BOT_DATABASE_URL": f"postgresql+asyncpg://bot:{SECRET}@127.0.0.1:1/x"},
        {"BOT_REDIS_URL": f"redis://:{SECRET}@127.0.0.1:1/0"},
        {"BOT_OPERATORS_WEBHOOK": f"https://qyapi.example/send?key={SECRET}"},
        {"BOT_SECRET_KEY": SECRET * 2},
        {"BOT_DATABASE_URL": f"postgresql+asyncpg://bot:{SECRET}@h/x?nonsense=1"},
    ],
)
def test_no_secret_reaches_the_log_of_a_start_that_fails(tmp_path: Path, more: dict[str, str]) -> None:
    (tmp_path / "var").mkdir()
    (tmp_path / "var" / "policybot.db").write_bytes(b"no database" * 100)
    for command in ("worker", "doctor") if "BOT_DATABASE_URL" in more else ("worker",):
        ran = run(
            tmp_path, command, **{"BOT_REDIS_URL": "redis://127.0.0.1:1/0", "BOT_LOG_LEVEL": "debug"} | more
        )
        assert ran.returncode in {1, 2}
        assert SECRET not in (ran.stdout + ran.stderr).decode()


@pytest.mark.parametrize(("locale", "encoding"), [("zh_CN.GBK", "gb18030"), ("C", "utf-8"), ("", "utf-8")])
def test_an_export_holds_every_character_in_any_locale(tmp_path: Path, locale: str, encoding: str) -> None:
    script = "from bot.cli import _write_any_character as w; w(); print('首台套㐂🏭\\ud800')"
    ran = subprocess.run(
        [sys.executable, "-c", script],
        capture_output=True,
        env={
            "PATH": os.environ["PATH"],
            "LC_ALL": locale,
            "PYTHONIOENCODING": "gbk" if "GBK" in locale else "",
        },
        check=True,
    )
    assert ran.stdout.decode(encoding).strip() == r"首台套㐂🏭\ud800"


def test_doctor_names_what_a_sandbox_left_and_a_callback_that_is_not_safe(tmp_path: Path) -> None:
    run(tmp_path, "subscribers", "export")
    with sqlite3.connect(tmp_path / "var" / "policybot.db") as database:
        database.execute(
            "INSERT INTO switches VALUES ('business_clock', '86400000', 'sandbox', '2026-01-01 00:00:00')"
        )
    database.close()
    said = run(tmp_path, "doctor").stdout.decode()
    assert re.search(r"ok +sandbox +open", said)
    account = {"BOT_WECHAT_APP_ID": "wx0123456789abcdef", "BOT_WECHAT_TOKEN": "simtoken123"}
    said = run(tmp_path, "doctor", **account, BOT_WECHAT_API_BASE="http://127.0.0.1:1").stdout.decode()
    assert re.search(r"FAIL +sandbox +closed, but it left a date", said)
    assert re.search(r"WARN +callback +plain", said)


def test_a_mistyped_setting_is_named(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("BOT_PUBLIC_ULR=https://bot.example.test\n", encoding="utf-8")
    missing = run(tmp_path, "doctor", BOT_LIBRARY="/nope").stdout.decode()
    assert re.search(r"FAIL +settings .*/nope", missing)
    said = run(tmp_path, "doctor", BOT_WECHAT_APPID="wx0123456789abcdef").stdout.decode()
    assert re.search(r"WARN +settings .*BOT_PUBLIC_ULR, BOT_WECHAT_APPID:", said)
    broken = {
        "BOT_REDIS_URL": "redis://127.0.0.1:1",
        "BOT_DATABASE_URL": "postgresql+asyncpg://u@127.0.0.1:1/d",
    }
    said = run(tmp_path, "scheduler", **broken, BOT_WECHAT_APPID="wx0123456789abcdef").stderr.decode()
    assert said.count("BOT_WECHAT_APPID") == 1


def test_a_restored_database_is_told_from_the_moment_of_the_restore(tmp_path: Path) -> None:
    run(tmp_path, "subscribers", "export")
    file = tmp_path / "var" / "policybot.db"
    with sqlite3.connect(file) as database:
        life = json.dumps({"id": "0123456789abcdef", "number": 3, "file": file.stat().st_ino, "copy": False})
        database.execute(
            "INSERT INTO switches VALUES ('life', ?, 'policybot', '2026-01-01 00:00:00')", (life,)
        )
    database.close()
    (tmp_path / "var" / "life.json").write_text(life)
    assert re.search(r"ok +restored", run(tmp_path, "doctor").stdout.decode())
    run(tmp_path, "backup", "kept.db")
    assert run(tmp_path, "restore", "kept.db").returncode == 0

    assert re.search(r"FAIL +restored .*2026-01-01", run(tmp_path, "doctor").stdout.decode())
    assert "2026-01-01 08:00），全部外发将在启动时停止" in run(tmp_path, "alerts", "restored").stdout.decode()
    assert "已恢复外发" in run(tmp_path, "alerts", "go").stdout.decode()
    assert "不是恢复的备份" in run(tmp_path, "alerts", "restored").stdout.decode()
    assert re.search(r"ok +restored", run(tmp_path, "doctor").stdout.decode())
