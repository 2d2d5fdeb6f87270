"""The embedded Valkey: who reaches it, what it leaves on disk, where it stands."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
from redis import Redis
from redis.asyncio import Redis as AsyncRedis

from bot.runtime.valkey import EmbeddedValkey, NoValkeyError, server_program
from storage.redis.client import open_redis

NOBODY = 65534


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder in a place that every user of the machine may enter, as /opt is."""
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


async def ping(url: str) -> bool:
    client: AsyncRedis = open_redis(url)
    try:
        return bool(await client.ping())
    finally:
        await client.aclose()


def test_no_port_is_open(tmp_path: Path) -> None:
    with EmbeddedValkey(tmp_path / "valkey") as server:
        assert psutil.Process(server.pid).net_connections("inet") == []


@pytest.mark.skipif(os.getuid() != 0, reason="only root may become another user")
@pytest.mark.parametrize("mode", [0o700, 0o755])
def test_another_user_of_the_machine_can_not_reach_it(open_folder: Path, mode: int) -> None:
    folder = open_folder / "valkey"
    folder.mkdir(mode=mode)  # as an earlier version, or an operator, may have left it
    with EmbeddedValkey(folder) as server:
        knock = "import socket, sys; socket.socket(socket.AF_UNIX).connect(sys.argv[1])"
        path = server.url.removeprefix("unix://").partition("?")[0]
        command = ["python3", "-c", knock, path]
        tried = subprocess.run(
            command, check=False, user=NOBODY, group=NOBODY, extra_groups=[], capture_output=True
        )
        assert b"PermissionError" in tried.stderr
        assert subprocess.run(command, check=True)


@pytest.mark.parametrize(
    "name", ["var", "a folder", "50%25", "why?", "#1", "数据", "/".join(["deep" * 10] * 6), "長" * 60]
)
async def test_any_name_and_depth_of_a_data_folder_works(tmp_path: Path, name: str) -> None:
    with EmbeddedValkey(tmp_path / name / "valkey") as server:
        assert await ping(server.url)
        assert server.url == EmbeddedValkey(tmp_path / name / "valkey").url


def test_a_place_for_the_socket_that_another_user_made_is_not_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    deep = EmbeddedValkey(tmp_path / ("deep" * 30))
    place = Path(deep.url.removeprefix("unix://").partition("?")[0]).parent
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    place.symlink_to(elsewhere)
    with pytest.raises(NoValkeyError, match="not a folder of this user"):
        deep.__enter__()


def test_nothing_of_what_it_holds_comes_to_disk_and_what_earlier_versions_kept_goes(tmp_path: Path) -> None:
    kept = tmp_path / "appendonlydir"
    kept.mkdir()
    (kept / "appendonly.aof.1.incr.aof").write_bytes(b"what somebody asked")
    (tmp_path / "dump.rdb").write_bytes(b"what somebody asked")
    with EmbeddedValkey(tmp_path) as server, Redis.from_url(server.url) as client:
        for number in range(20_000):  # a default configuration makes a snapshot of so many changes
            client.set(f"key:{number}", b"what somebody asked")
        client.config_resetstat()
        assert client.lastsave() is not None
        assert client.info("persistence")["rdb_saves"] == 0
    files = [file for file in tmp_path.rglob("*") if file.is_file()]
    assert [file for file in files if b"what somebody asked" in file.read_bytes()] == []
    assert not kept.exists()


async def test_a_server_that_died_is_started_again_at_the_same_address(tmp_path: Path) -> None:
    with EmbeddedValkey(tmp_path) as server:
        server.kill()
        assert server.pid == 0
        server.start()
        assert await ping(server.url)


def test_a_server_on_the_path_is_used_before_the_wheels(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wheels = server_program()
    own = tmp_path / "redis-server"
    own.symlink_to(wheels)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert server_program() == own


def test_without_any_server_a_sentence_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    monkeypatch.setattr("bot.runtime.valkey.find_spec", lambda _name: None)
    with pytest.raises(NoValkeyError, match="install Debian's `valkey-server`"):
        server_program()
