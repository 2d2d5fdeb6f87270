"""`policybot …` as a process of its own: a fork of one that has the command line loaded.

A process that begins anew takes a second and a half of processor time to load what a command needs. A fork has its own
folder, environment, streams and exit code all the same.
"""

import multiprocessing
import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

_FORKS = multiprocessing.get_context("forkserver")
_FORKS.set_forkserver_preload(["tests.loaded", "bench.chaos.run"])  # all of them share one


@dataclass(frozen=True, slots=True)
class Ended:
    """What a command left."""

    returncode: int
    stdout: bytes
    stderr: bytes


def run_policybot(
    folder: Path,
    *words: str,
    environment: Mapping[str, str],
    umask: int = 0o022,
    stdout: Path | None = None,
    typed: str = "",
) -> Ended:
    """Run a command in a folder to its end, with this environment and none else.

    Args:
        folder: where it runs; nobody runs another one there meanwhile.
        words: of the command.
        environment: all of it.
        umask: of the process.
        stdout: a device or file that gets what it says.
        typed: what it reads from stdin.
    """
    said, complained = stdout or folder / ".stdout", folder / ".stderr"
    asked = folder / ".stdin"
    asked.write_text(typed, encoding="utf-8")
    process = _FORKS.Process(
        target=_command, args=(folder, words, dict(environment), umask, asked, said, complained)
    )
    process.start()
    process.join()
    try:
        assert process.exitcode is not None
        return Ended(process.exitcode, b"" if stdout else said.read_bytes(), complained.read_bytes())
    finally:
        asked.unlink()
        complained.unlink()
        if stdout is None:
            said.unlink()


def _command(
    folder: Path,
    words: tuple[str, ...],
    environment: Mapping[str, str],
    umask: int,
    asked: Path,
    said: Path,
    complained: Path,
) -> None:
    os.dup2(os.open(asked, os.O_RDONLY), 0)
    sys.stdin = os.fdopen(0, encoding="utf-8")
    for number, file in ((1, said), (2, complained)):
        os.dup2(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC), number)
    sys.stdout, sys.stderr = (os.fdopen(number, "w", encoding="utf-8") for number in (1, 2))
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(folder)
    os.umask(umask)
    sys.argv = ["policybot", *words]
    from bot.cli import main

    main()
