"""What is gathered is written again and again, and what is being written at the end is written whole."""

import asyncio
from contextlib import suppress

from storage.gathered import keep_flushing


async def test_a_flush_under_way_at_the_end_is_not_cut_off() -> None:
    began, go = asyncio.Event(), asyncio.Event()
    done: list[str] = []

    async def flush() -> None:
        began.set()
        await go.wait()
        done.append("whole")

    running = asyncio.create_task(keep_flushing(flush, done.append, 0))
    await began.wait()
    running.cancel()
    await asyncio.sleep(0)
    go.set()
    with suppress(asyncio.CancelledError):
        await running
    assert done == ["whole", "whole"], "the one under way, and the last one"


async def test_a_flush_that_fails_is_told_and_tried_again() -> None:
    failed: list[str] = []
    twice = asyncio.Event()

    async def flush() -> None:
        raise OSError

    def tell(error: str) -> None:
        failed.append(error)
        if len(failed) == 2:
            twice.set()

    running = asyncio.create_task(keep_flushing(flush, tell, 0))
    await twice.wait()
    running.cancel()
    with suppress(asyncio.CancelledError):
        await running
    assert failed == ["OSError"] * 3
