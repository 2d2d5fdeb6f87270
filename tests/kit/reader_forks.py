"""Reads files in forks of one process that has the readers loaded; a child that begins anew takes a fifth of a second.

What runs in a fork is the product's own: the task with its limits (`storage.child.main`).
"""

import io
import json
import os
import subprocess
import sys
from importlib import import_module
from pathlib import Path
from threading import Lock

from storage.child.answer_lines import END
from storage.child.main import main
from storage.child.running import Limits

_ROOT = Path(__file__).parents[2]


class ReadingForks:
    """The process, started by the first file, until the end of a `with` block. Threads take turns."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._turn = Lock()

    def __enter__(self) -> "ReadingForks":
        return self

    def __exit__(self, *_: object) -> None:
        if self._process is not None:
            self._process.communicate()  # it ends where nothing more is asked

    def read(self, task: str, parameters: str, raw: bytes, limits: Limits) -> list[bytes] | None:
        """The lines of the answer as `run_in_child` has them; None where it is not complete."""
        if len(raw) > limits.file_bytes:
            return None
        text = parameters.encode() + b"\n" + raw
        asked = [task, str(limits.memory_bytes), str(limits.processor_s), len(text)]
        with self._turn:
            process = self._process = self._process or _start()
            assert process.stdin
            assert process.stdout
            process.stdin.write(json.dumps(asked).encode() + b"\n" + text)
            process.stdin.flush()
            answer = process.stdout.read(int(process.stdout.readline()))
        *lines, last = answer.removesuffix(b"\n").split(b"\n")
        return lines if last == END and len(answer) <= limits.answer_bytes else None


def _start() -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", __name__]
    return subprocess.Popen(command, cwd=_ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE)


def _serve() -> None:
    asked, answers = sys.stdin.buffer, sys.stdout.buffer
    while line := asked.readline():
        *what, size = json.loads(line)
        answer = _read_in_fork(*what, asked.read(size))
        answers.write(b"%d\n" % len(answer) + answer)
        answers.flush()


def _read_in_fork(task: str, memory_bytes: str, processor_s: str, text: bytes) -> bytes:
    import_module(task.partition(":")[0])
    reading, writing = os.pipe()
    if not (child := os.fork()):
        try:
            os.dup2(writing, 1)
            sys.stdin = io.TextIOWrapper(io.BytesIO(text))
            main(task, memory_bytes, processor_s)
        finally:
            os._exit(0)
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        answer = pipe.read()
    os.waitpid(child, 0)
    return answer


if __name__ == "__main__":
    _serve()
