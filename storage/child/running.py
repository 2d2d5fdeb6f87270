"""Runs a function over a file from outside in a child process with bounded memory, time and answer.

By hand: `ProcessPoolExecutor` sets no limits, and a worker that dies breaks the pool. The answer is lines of JSON, decoded one
by one as they come, so a long answer never holds the event loop.
"""

import asyncio
import contextlib
import os
import signal
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from storage.child.answer_lines import END, FAILED
from storage.tasks.cancel_tasks import cancel_and_wait

T = TypeVar("T")

_CHUNK = 65_536
_MB = 1_000_000


@dataclass(frozen=True, slots=True)
class Limits:
    """The limits of a child process.

    Attributes:
        file_bytes: length of the file; a longer one is not read.
        memory_bytes: address space (RLIMIT_AS), libraries included.
        processor_s: seconds of processor time (RLIMIT_CPU).
        wall_s: seconds until it is killed.
        answer_bytes: length of its answer.
    """

    file_bytes: int = 30 * _MB
    memory_bytes: int = 900 * _MB
    processor_s: int = 60
    wall_s: float = 120
    answer_bytes: int = 30 * _MB


class ChildError(Exception):
    """The child gave no complete answer; the message says why and what to do, in Chinese."""


async def run_in_child(
    task: str,
    parameters: str,
    raw: bytes,
    decode: Callable[[bytes], T],
    limits: Limits = Limits(),
) -> list[T]:
    """Run a function over a file in another process.

    Args:
        task: `module:function`; the function takes `parameters` and `raw`, and yields lines of JSON.
        parameters: one line of JSON.
        raw: the bytes of the file.
        decode: turns one line of the answer into a value.
        limits: of the file and the child process.

    Returns:
        Every line of the answer, decoded.

    Raises:
        ChildError: the file or the child exceeded a limit, or the function raised.
    """
    if len(raw) > limits.file_bytes:
        raise ChildError(f"文件过大，请控制在 {limits.file_bytes // _MB} MB 以内")
    child = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "storage.child.main",
        task,
        str(limits.memory_bytes),
        str(limits.processor_s),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        start_new_session=True,
        env=_environment(),
    )
    stdin, stdout = child.stdin, child.stdout
    if stdin is None or stdout is None:  # both were asked for
        raise RuntimeError("a child without pipes")
    feeding = asyncio.ensure_future(_feed(stdin, parameters, raw))
    try:
        async with asyncio.timeout(limits.wall_s):
            decoded, last = await _answer(stdout, decode, limits.answer_bytes)
            await child.wait()
    except TimeoutError:
        raise ChildError(
            f"文件读取超过 {limits.wall_s:g} 秒，已停止；请拆分成较小的文件，或另存为 .txt 后再试"
        ) from None
    finally:
        await _end(child)
        await cancel_and_wait([feeding])
    if last != END:
        raise _fault(task, child.returncode or 0, last, limits)
    return decoded


def _environment() -> dict[str, str]:
    """Return the path to the packages and nothing else: a parser must see no settings and no keys."""
    path = os.pathsep.join(filter(None, sys.path))
    return {"PYTHONPATH": path, "PYTHONUTF8": "1", "PYTHONDONTWRITEBYTECODE": "1"}


async def _feed(stdin: asyncio.StreamWriter, parameters: str, raw: bytes) -> None:
    """Write the parameters and the file. A child that ends early stops reading, which is not an error."""
    with contextlib.suppress(ConnectionError, RuntimeError):  # uvloop's pipe raises RuntimeError once closed
        stdin.write(parameters.encode() + b"\n")
        for start in range(0, len(raw), _CHUNK):
            stdin.write(raw[start : start + _CHUNK])
            await stdin.drain()
    stdin.close()


async def _answer(
    stdout: asyncio.StreamReader, decode: Callable[[bytes], T], most: int
) -> tuple[list[T], bytes]:
    """Return the decoded lines of the answer, and the last line, which says whether the answer is complete."""
    decoded: list[T] = []
    rest, read, last = b"", 0, b""
    while chunk := await stdout.read(_CHUNK):
        read += len(chunk)
        if read > most:
            raise ChildError("文件内容过多，请拆分成较小的文件后再试")
        *lines, rest = (rest + chunk).split(b"\n")
        for line in lines:
            if line == END or line.startswith(FAILED):
                last = line
            else:
                decoded.append(decode(line))
    return decoded, last


async def _end(child: asyncio.subprocess.Process) -> None:
    """Kill a child that still runs, with all processes it started, and wait for its end.

    A child that has ended is not killed: its process id may belong to another process by now.
    """
    if child.returncode is None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(child.pid, signal.SIGKILL)
        await child.wait()


def _fault(task: str, code: int, last: bytes, limits: Limits) -> ChildError:
    import structlog  # noqa: PLC0415 - 0.1 s; a task's module loads this one, and its child tells nothing

    reason = last.removeprefix(FAILED).decode() if last else f"exit {code}"
    structlog.get_logger(__name__).warning(
        "files.not_read", task=task, reason=reason, remedy="look at the file; limits are in Limits"
    )
    if reason == "MemoryError":
        return ChildError("文件解开后过大，超出读取所允许的内存；请拆分成较小的文件，或另存为 .txt 后再试")
    if code in {-signal.SIGXCPU, -signal.SIGKILL}:
        said = f"文件过于复杂，处理超过 {limits.processor_s} 秒，已停止"
        return ChildError(f"{said}；请拆分成较小的文件，或另存为 .txt 后再试")
    return ChildError("文件无法读取，可能已损坏或过大；请另存后再试")
