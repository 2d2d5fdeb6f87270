"""The table of what breaks: how each failure begins, how long it lasts, how it ends."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from bench.cluster.postgres import PostgresPair
from bench.cluster.sentinels import SentinelTrio
from bench.failover.installation import Installation, faketime_library

_SLOW_S = 0.15
"""Later in each direction: a round trip takes 0.3 s more."""
_WRONG_S = 420.0
_NOTICED_S = 2.0
"""Seconds until whoever watches PostgreSQL (Patroni, an operator's script) promotes the standby."""

_FULL = """
CREATE FUNCTION no_space() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  RAISE EXCEPTION 'could not extend file: No space left on device' USING ERRCODE = '53100'; END $$;
DO $$ DECLARE name text; BEGIN
  FOR name IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' LOOP
    EXECUTE format('CREATE TRIGGER full_disk BEFORE INSERT OR UPDATE ON %I FOR EACH STATEMENT EXECUTE FUNCTION no_space()', name);
  END LOOP; END $$
"""
"""PostgreSQL's own answer of a full disk to every write, given by triggers: a real one needs a file system of its own."""


@dataclass(frozen=True, slots=True)
class Machines:
    """What can be broken."""

    postgres: PostgresPair
    redis: SentinelTrio
    bot: Installation


@dataclass(frozen=True, slots=True)
class Failure:
    """One failure.

    Attributes:
        name: as in the table of docs/performance.md.
        begin, end: break and mend; both return when it is done.
        lasts_s: between them.
    """

    name: str
    begin: Callable[[Machines], Awaitable[object]]
    end: Callable[[Machines], Awaitable[object]]
    lasts_s: float = 8.0
    possible: Callable[[], bool] = lambda: True


async def _nothing(_machines: Machines) -> None:
    """It mends itself."""


async def _kill_postgres(on: Machines) -> None:
    await on.postgres.primary.kill()
    await asyncio.sleep(_NOTICED_S)
    await on.postgres.fail_over()


async def _rejoin(on: Machines) -> None:
    await on.postgres.rejoin()


async def _part_postgres(on: Machines) -> None:
    on.postgres.primary.gateway.fall_silent()
    await asyncio.sleep(_NOTICED_S)
    await on.postgres.fail_over()


async def _heal_postgres(on: Machines) -> None:
    cut_off = on.postgres.standby
    await cut_off.kill()
    await cut_off.gateway.close()
    await cut_off.gateway.open()
    await on.postgres.rejoin()


async def _restart_postgres(on: Machines) -> None:
    await on.postgres.primary.stop()


async def _start_postgres(on: Machines) -> None:
    await on.postgres.primary.start()


def _postgres_setting(value: str) -> Callable[[Machines], Awaitable[object]]:
    async def set_it(on: Machines) -> None:
        await on.postgres.primary.sql(
            "SET default_transaction_read_only = off",
            f"ALTER SYSTEM SET default_transaction_read_only = {value}",
            "SELECT pg_reload_conf()",
        )

    return set_it


async def _fill_postgres(on: Machines) -> None:
    await on.postgres.primary.sql(_FULL, "SELECT 1", database="policybot")


async def _free_postgres(on: Machines) -> None:
    await on.postgres.primary.sql("DROP FUNCTION no_space CASCADE", "SELECT 1", database="policybot")


def _delay_postgres(seconds: float) -> Callable[[Machines], Awaitable[object]]:
    async def delay(on: Machines) -> None:
        on.postgres.primary.gateway.delay_s = seconds

    return delay


async def _kill_redis(on: Machines) -> None:
    await on.redis.until_replicated()
    await on.redis.servers.kill((await on.redis.master()).port)


async def _start_redis(on: Machines) -> None:
    for server in on.redis.pair:
        if server.port not in on.redis.servers.running:
            await on.redis.run_server(server)


async def _empty_redis(on: Machines) -> None:
    await (await on.redis.master()).command("FLUSHALL")


def _redis_setting(name: str, value: int) -> Callable[[Machines], Awaitable[object]]:
    async def set_it(on: Machines) -> None:
        await (await on.redis.master()).command("CONFIG", "SET", name, value)

    return set_it


def _delay_redis(seconds: float) -> Callable[[Machines], Awaitable[object]]:
    async def delay(on: Machines) -> None:
        (await on.redis.master()).gateway.delay_s = seconds

    return delay


async def _part_redis(on: Machines) -> None:
    await on.redis.until_replicated()  # after an earlier failure sentinels take ten seconds to see to that
    (await on.redis.master()).gateway.fall_silent()


async def _heal_redis(on: Machines) -> None:
    for server in on.redis.pair:
        await server.gateway.close()
        await server.gateway.open()


def _clocks(seconds: float) -> Callable[[Machines], Awaitable[object]]:
    """Of one web and one scheduler forward, of one worker back."""

    async def set_them(on: Machines) -> None:
        for role, sign in (("web", 1), ("scheduler", 1), ("worker", -1)):
            on.bot.set_clock(f"{role} 2", sign * seconds)

    return set_them


FAILURES = (
    Failure("PostgreSQL: primary killed, standby promoted", _kill_postgres, _rejoin),
    Failure("PostgreSQL: stopped and started again", _restart_postgres, _start_postgres, lasts_s=4),
    Failure("PostgreSQL: read-only", _postgres_setting("on"), _postgres_setting("off")),
    Failure("PostgreSQL: disk full", _fill_postgres, _free_postgres),
    Failure("PostgreSQL: 0.3 s slower", _delay_postgres(_SLOW_S), _delay_postgres(0)),
    Failure("PostgreSQL: primary cut off, standby promoted", _part_postgres, _heal_postgres),
    Failure("Redis: master killed, replica promoted", _kill_redis, _start_redis),
    Failure("Redis: emptied", _empty_redis, _nothing, lasts_s=4),
    Failure(
        "Redis: takes no writes",
        _redis_setting("min-replicas-to-write", 5),
        _redis_setting("min-replicas-to-write", 0),
    ),
    Failure("Redis: memory full", _redis_setting("maxmemory", 1), _redis_setting("maxmemory", 0)),
    Failure("Redis: 0.3 s slower", _delay_redis(_SLOW_S), _delay_redis(0)),
    Failure("Redis: master cut off, replica promoted", _part_redis, _heal_redis),
    Failure(
        "Clocks: web and scheduler 7 min ahead, worker 7 min behind",
        _clocks(_WRONG_S),
        _clocks(0),
        possible=lambda: faketime_library() is not None,
    ),
)
