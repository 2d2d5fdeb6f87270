"""`policybot …` as a process of its own: a fork of one that has the command line loaded.

A process that begins anew takes a second and a half of processor time to load what a command needs. A fork has its own
folder, environment, streams and exit code all the same.
"""

import multiprocessing
import os
import shutil
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from multiprocessing.context import ForkServerProcess
from pathlib import Path

_FORKS = multiprocessing.get_context("forkserver")
_FORKS.set_forkserver_preload(["tests.kit.forked_cli_preload", "bench.chaos.run"])  # all of them share one


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
        folder: where it runs.
        words: of the command.
        environment: all of it.
        umask: of the process.
        stdout: a device or file that gets what it says.
        typed: what it reads from stdin.
    """
    streams = Path(tempfile.mkdtemp(prefix=".streams", dir=folder))
    said = stdout or streams / "stdout"
    (streams / "stdin").write_text(typed, encoding="utf-8")
    process = _fork(folder, words, environment, umask, streams, said)
    process.join()
    try:
        assert process.exitcode is not None
        return Ended(
            process.exitcode, b"" if stdout else said.read_bytes(), (streams / "stderr").read_bytes()
        )
    finally:
        shutil.rmtree(streams)


def start_policybot(folder: Path, *words: str, environment: Mapping[str, str]) -> ForkServerProcess:
    """Begin a command in a folder, with this environment and none else; what it says stays in a folder in there."""
    streams = Path(tempfile.mkdtemp(prefix=".streams", dir=folder))
    (streams / "stdin").touch()
    return _fork(folder, words, environment, 0o022, streams, streams / "stdout")


def _fork(
    folder: Path,
    words: tuple[str, ...],
    environment: Mapping[str, str],
    umask: int,
    streams: Path,
    said: Path,
) -> ForkServerProcess:
    process = _FORKS.Process(target=_command, args=(folder, words, dict(environment), umask, streams, said))
    process.start()
    return process


def _command(
    folder: Path,
    words: tuple[str, ...],
    environment: Mapping[str, str],
    umask: int,
    streams: Path,
    said: Path,
) -> None:
    os.dup2(os.open(streams / "stdin", os.O_RDONLY), 0)
    sys.stdin = os.fdopen(0, encoding="utf-8")
    for number, file in ((1, said), (2, streams / "stderr")):
        os.dup2(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC), number)
    sys.stdout, sys.stderr = (os.fdopen(number, "w", encoding="utf-8") for number in (1, 2))
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(folder)
    os.umask(umask)
    sys.argv = ["policybot", *words]
    from bot.cli import main

    main()
