"""A file that makes a parser slow or large stops that parser, and nothing else."""

import asyncio
import os
import time
from collections.abc import Iterator

import pytest

from storage.child.running import ChildError, Limits, run_in_child

TIGHT = Limits(memory_bytes=300_000_000, processor_s=1, wall_s=20, answer_bytes=1_000_000)


def echo(parameters: str, raw: bytes) -> Iterator[str]:
    yield parameters
    yield str(len(raw))


def take_memory(parameters: str, raw: bytes) -> Iterator[str]:
    yield str(len(b"x" * 2_000_000_000))


def take_time(parameters: str, raw: bytes) -> Iterator[str]:
    while True:
        pass


def sleep(parameters: str, raw: bytes) -> Iterator[str]:
    yield str(os.fork() or os.getpid())  # also what it starts has to go
    time.sleep(600)


def talk(parameters: str, raw: bytes) -> Iterator[str]:
    while True:
        yield "x" * 1000


def fail(parameters: str, raw: bytes) -> Iterator[str]:
    yield "1"
    raise ValueError(parameters)


def die(parameters: str, raw: bytes) -> Iterator[str]:
    os._exit(0)
    yield ""


def shout(parameters: str, raw: bytes) -> Iterator[str]:
    os.write(1, b"noise")
    yield "1"


def secret(parameters: str, raw: bytes) -> Iterator[str]:
    yield os.environ.get("BOT_SECRET_KEY", "none")


def of(task: object) -> str:
    return f"{__name__}:{task.__name__}"  # type: ignore[attr-defined]


async def test_a_file_goes_in_and_lines_come_out() -> None:
    assert await run_in_child(of(echo), '{"a": 1}', b"x" * 3_000_000, bytes.decode) == ['{"a": 1}', "3000000"]


async def test_a_file_that_is_too_long_is_not_read() -> None:
    limits = Limits(file_bytes=2_000_000)
    assert await run_in_child(of(echo), "", b"x" * 2_000_000, bytes.decode, limits) == ["", "2000000"]
    with pytest.raises(ChildError, match="文件过大，请控制在 2 MB 以内"):
        await run_in_child(of(echo), "", b"x" * 2_000_001, bytes.decode, limits)


@pytest.mark.parametrize(
    ("task", "said"),
    [
        (take_memory, "内存"),
        (take_time, "超过 1 秒"),
        (talk, "内容过多"),
        (fail, "无法读取"),
        (die, "无法读取"),
    ],
)
async def test_a_limit_met_is_told_in_a_sentence(task: object, said: str) -> None:
    with pytest.raises(ChildError, match=said):
        await run_in_child(of(task), "a name", b"", bytes.decode, TIGHT)


async def test_a_child_that_only_waits_is_ended_with_all_it_started() -> None:
    children: list[int] = []

    def note(line: bytes) -> None:
        children.append(int(line))

    limits = Limits(wall_s=2)
    with pytest.raises(ChildError, match="超过 2 秒"):
        await run_in_child(of(sleep), "", b"", note, limits)
    await _gone(max(children))


async def test_a_child_whose_caller_went_away_is_ended() -> None:
    children: list[int] = []
    came = asyncio.Event()

    def note(line: bytes) -> None:
        children.append(int(line))
        came.set()

    running = asyncio.ensure_future(run_in_child(of(sleep), "", b"x" * 1_000_000, note))
    await came.wait()
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    await _gone(max(children))


async def _gone(process: int) -> None:
    for _ in range(1000):
        if not _alive(process):
            return
        await asyncio.sleep(0.01)
    pytest.fail("the process lives on")


def _alive(process: int) -> bool:
    try:
        with open(f"/proc/{process}/stat", encoding="utf-8") as stat:  # noqa: PTH123
            return stat.read().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False


async def test_what_a_library_prints_is_no_part_of_the_answer() -> None:
    assert await run_in_child(of(shout), "", b"", bytes.decode) == ["1"]


async def test_a_child_knows_none_of_our_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BOT_SECRET_KEY", "k" * 32)
    assert await run_in_child(of(secret), "", b"", bytes.decode) == ["none"]
