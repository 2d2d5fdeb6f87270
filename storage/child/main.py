"""The child process: sets its limits, reads parameters and file, writes the answer.

`running` starts it as `python -m storage.child.main TASK MEMORY_BYTES PROCESSOR_S`; nobody starts it by hand.
"""

import importlib
import os
import resource
import sys
from collections.abc import Iterable

from storage.child.answer_lines import END, FAILED

_NICE = 10
"""Priority (nice): the other processes of the machine go first."""


def main(task: str, memory_bytes: str, processor_s: str) -> None:
    """Run a task over standard input within the limits.

    Args:
        task: `module:function`.
        memory_bytes: address space, a decimal number.
        processor_s: seconds of processor time, a decimal number.
    """
    _limit(int(memory_bytes), int(processor_s))
    # A library may print; its output must not get into the answer.
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
    except (
        Exception
    ) as error:  # the edge of the process; only the type is reported, because the text may quote the file
        answer.write(FAILED + type(error).__name__.encode() + b"\n")
    answer.flush()


def _limit(memory_bytes: int, processor_s: int) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
    # The first limit sends a signal; the second one kills, if a library delays the signal.
    resource.setrlimit(resource.RLIMIT_CPU, (processor_s, processor_s + 2))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    os.nice(_NICE)


if __name__ == "__main__":
    main(*sys.argv[1:])
