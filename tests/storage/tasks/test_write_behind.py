"""What is gathered is written again and again, and what is being written at the end is written whole."""

import asyncio
from contextlib import suppress

from structlog.testing import capture_logs

from storage.tasks.outage_log import OutageLog
from storage.tasks.write_behind import keep_flushing


async def test_a_flush_under_way_at_the_end_is_not_cut_off() -> None:
    began, go = asyncio.Event(), asyncio.Event()
    done: list[str] = []

    async def flush() -> None:
        began.set()
        await go.wait()
        done.append("whole")

    running = asyncio.create_task(keep_flushing(flush, OutageLog("not_written"), 0))
    await began.wait()
    running.cancel()
    await asyncio.sleep(0)
    go.set()
    with suppress(asyncio.CancelledError):
        await running
    assert done == ["whole", "whole"], "the one under way, and the last one"


async def test_a_flush_that_fails_is_tried_again_told_once_and_told_of_at_the_end() -> None:
    tries: list[int] = []
    often = asyncio.Event()

    async def flush() -> None:
        tries.append(1)
        if len(tries) == 5:
            often.set()
        raise OSError

    with capture_logs() as logs:
        running = asyncio.create_task(keep_flushing(flush, OutageLog("not_written"), 0))
        await often.wait()
        running.cancel()
        with suppress(asyncio.CancelledError):
            await running
    assert [(line["event"], line["error"]) for line in logs] == [("not_written", "OSError")] * 2
