"""`/healthz` says whether the process lives, `/readyz` whether all it stands on works, `/servez` whether to send people here.

A balancer asks `/servez`. While the database or Redis is away, every process has the same fault: answers go on from
memory, and a balancer that takes all of them out leaves people with WeChat's own line.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping

from aiohttp import web
from redis.asyncio import Redis

from storage.sql.database import Database
from storage.sql.database_errors import DatabaseUnavailableError
from storage.sql.switches import try_write

Check = Callable[[], Awaitable[object]]

_CHECK_TIMEOUT_S = 2.0
_BUSY_S, _LONGEST_BUSY_S = 1.5, 60.0


class TakesWrites:
    """Checks that the database takes writes, by writing one small row.

    A database that is busy with a long write of ours passes, for a minute at most.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._written_at = time.monotonic()

    async def __call__(self) -> None:
        """Write the row.

        Raises:
            DatabaseUnavailableError, TimeoutError: the database takes no writes.
        """
        try:
            async with asyncio.timeout(_BUSY_S):
                await try_write(self._database)
        except TimeoutError:
            if time.monotonic() - self._written_at > _LONGEST_BUSY_S:
                raise
        else:
            self._written_at = time.monotonic()


async def takes_commands(redis: Redis) -> None:
    """Check that Redis takes writes. A PING would not tell: a replica and a server without memory answer it.

    Raises:
        RedisError, OSError: it takes none.
    """
    await redis.set("policybot:write_tried", b"", ex=60)


async def run_checks(checks: Mapping[str, Check]) -> dict[str, str]:
    """Run all checks at the same time; the result holds `ok` or the fault for each name."""

    async def run(check: Check) -> str:
        try:
            await asyncio.wait_for(check(), _CHECK_TIMEOUT_S)
        except TimeoutError:
            return f"no answer in {_CHECK_TIMEOUT_S:g} s"
        except Exception as error:  # the edge: any failure is the result of the check
            return str(error) if isinstance(error, DatabaseUnavailableError) else type(error).__name__
        return "ok"

    results = await asyncio.gather(*(run(check) for check in checks.values()))
    return dict(zip(checks, results, strict=True))


def health_routes(checks: Mapping[str, Check], own: Mapping[str, Check] | None = None) -> list[web.RouteDef]:
    """Return the routes of health.

    Args:
        checks: everything that the process needs. `/readyz` answers 503 if one check fails.
        own: what only this process may lack. `/servez` answers 503 if one check fails.
    """

    async def healthz(_request: web.Request) -> web.Response:
        return web.Response(text="ok\n")

    async def readyz(_request: web.Request) -> web.Response:
        return await _answer(checks)

    async def servez(_request: web.Request) -> web.Response:
        return await _answer(own or {})

    return [web.get("/healthz", healthz), web.get("/readyz", readyz), web.get("/servez", servez)]


async def _answer(checks: Mapping[str, Check]) -> web.Response:
    results = await run_checks(checks)
    passed = all(result == "ok" for result in results.values())
    return web.json_response(results, status=200 if passed else 503)
