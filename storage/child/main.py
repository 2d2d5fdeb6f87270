"""The child process: sets its limits, reads parameters and file, writes the answer.

`running` starts it as `python -m storage.child.main TASK MEMORY_BYTES PROCESSOR_S`; nobody starts it by hand.
"""

import importlib
import os
import resource
import sys
from collections.abc import Iterable

from storage.child.running import END, FAILED

_NICE = 10
"""Everything else on the machine goes first."""


def main(task: str, memory_bytes: str, processor_s: str) -> None:
    """Run a task over standard input within limits."""
    _limit(int(memory_bytes), int(processor_s))
    # What a library prints must not stand in the answer.
    answer = os.fdopen(os.dup(1), "wb")
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    try:
        parameters = sys.stdin.buffer.readline().decode().rstrip("\n")
        module, _, name = task.partition(":")
        function = getattr(importlib.import_module(module), name)
        lines: Iterable[str] = function(parameters, sys.stdin.buffer.read())
        for line in lines:
            answer.write(line.encode("utf-8", "replace") + b"\n")
            answer.flush()
        answer.write(END + b"\n")
    except Exception as error:  # the edge of the process; the text of an error may quote the file
        answer.write(FAILED + type(error).__name__.encode() + b"\n")
    answer.flush()


def _limit(memory_bytes: int, processor_s: int) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
    # The second figure kills where the first one's signal is held up inside a library.
    resource.setrlimit(resource.RLIMIT_CPU, (processor_s, processor_s + 2))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    os.nice(_NICE)


if __name__ == "__main__":
    main(*sys.argv[1:])
