"""Child processes that are restarted when they end, and that don't outlive their parent."""

import asyncio
import os
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress

import structlog

from bot.roles.stopping import stop_signal
from storage.tasks.cancel_tasks import cancel_and_wait

MULTIPROCESS_DIR = "PROMETHEUS_MULTIPROC_DIR"
"""Prometheus' variable: the folder in which processes of one service keep their metrics."""
_FIRST_DELAY_S = 0.5
_LONGEST_DELAY_S = 30.0
_HEALTHY_S = 60.0
_GRACE_S = 20.0
_FINISH_S = 20.0
_WATCH_S = 1.0

_log = structlog.stdlib.get_logger(__name__)


async def serve_children(arguments: Sequence[str], count: int, environment: Mapping[str, str]) -> None:
    """Keep `count` child processes of one command running until a signal."""
    stop = stop_signal()
    children = [asyncio.ensure_future(keep_running(arguments, environment)) for _ in range(count)]
    await stop.wait()
    await cancel_and_wait(children, again_s=_FINISH_S)


async def keep_running(arguments: Sequence[str], environment: Mapping[str, str] | None = None) -> None:
    """Run `policybot ARGUMENTS --parent OUR_PID` until cancelled, and restart it whenever it ends.

    The delay before a restart doubles from 0.5 s to 30 s; it starts anew after a child that ran for a minute. When this is
    cancelled, the child gets SIGTERM and 20 s to finish its work.
    """
    command = [sys.executable, "-m", "bot", *arguments, "--parent", str(os.getpid())]
    loop = asyncio.get_running_loop()
    delay = _FIRST_DELAY_S
    while True:
        began = loop.time()
        child = await asyncio.create_subprocess_exec(*command, env={**os.environ, **(environment or {})})
        try:
            code = await child.wait()
        except asyncio.CancelledError:
            await _stop(child)
            raise
        delay = _FIRST_DELAY_S if loop.time() - began > _HEALTHY_S else min(delay * 2, _LONGEST_DELAY_S)
        _log.error("child.ended", role=arguments[0], code=code, again_in_s=delay)
        await asyncio.sleep(delay)


async def _stop(child: asyncio.subprocess.Process) -> None:
    with suppress(ProcessLookupError):
        child.terminate()
    try:
        await asyncio.wait_for(child.wait(), _GRACE_S)
    except TimeoutError:
        with suppress(ProcessLookupError):
            child.kill()
        await child.wait()


async def parent_gone(parent: int) -> None:
    """Return when the process `parent` has ended; a killed parent can't stop its children."""
    while os.getppid() == parent:  # noqa: ASYNC110 - nobody tells us, so we have to look
        await asyncio.sleep(_WATCH_S)
