"""Two runs of the tests at once do each other no harm."""

from pathlib import Path

import asyncpg
import pytest

from bench.ports import unused_port


async def test_the_server_goes_on_where_another_run_closes_the_common_folder(
    postgres_url: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Each run makes pytest's folder its user's alone when it begins; as root, PostgreSQL runs as another user."""
    common = next(
        place for place in tmp_path_factory.getbasetemp().parents if place.name.startswith("pytest-of-")
    )
    common.chmod(0o700)
    connection = await asyncpg.connect(postgres_url.replace("+asyncpg", ""))
    await connection.execute("CHECKPOINT")
    await connection.close()


def test_a_port_for_a_later_server_is_none_that_the_system_takes_for_a_connection() -> None:
    taken = Path("/proc/sys/net/ipv4/ip_local_port_range")
    if not taken.exists():
        pytest.skip("no Linux")
    assert unused_port() < int(taken.read_text().split()[0])
