"""Whether the process lives and whether it can serve."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping

from aiohttp import web

Check = Callable[[], Awaitable[object]]

_CHECK_TIMEOUT_S = 2.0


async def run_checks(checks: Mapping[str, Check]) -> dict[str, str]:
    """Run all checks at once; each name leads to `ok` or to what is wrong."""

    async def run(check: Check) -> str:
        try:
            await asyncio.wait_for(check(), _CHECK_TIMEOUT_S)
        except TimeoutError:
            return f"no answer in {_CHECK_TIMEOUT_S:g} s"
        except Exception as error:  # whatever it is, it is the answer
            return type(error).__name__
        return "ok"

    results = await asyncio.gather(*(run(check) for check in checks.values()))
    return dict(zip(checks, results, strict=True))


def health_routes(checks: Mapping[str, Check]) -> list[web.RouteDef]:
    """`/healthz` answers while the process lives; `/readyz` only while every check passes (else 503)."""

    async def healthz(_request: web.Request) -> web.Response:
        return web.Response(text="ok\n")

    async def readyz(_request: web.Request) -> web.Response:
        results = await run_checks(checks)
        ready = all(result == "ok" for result in results.values())
        return web.json_response(results, status=200 if ready else 503)

    return [web.get("/healthz", healthz), web.get("/readyz", readyz)]
