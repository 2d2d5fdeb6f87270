"""`policybot …` as forks of one process that has loaded it: `python -m tests.kit.commands.command_server SOCKET PID`.

A process that begins anew takes a second and a half of processor time to load what it needs. Who asks hands over its streams,
and words, folder, environment and umask; it is told the fork's process id, and its exit code at the end.
"""

import gc
import json
import os
import signal
import socket
import sys
from contextlib import suppress
from pathlib import Path
from typing import NoReturn

_LOOK_S = 0.2


def serve(place: Path, until: int) -> None:
    """Take commands on a Unix socket, in a process of its own, until the end of another process."""
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(place))
        listening.listen(64)
        if os.fork():
            return
        _load()  # who comes meanwhile waits
        signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for those who wait for the forks
        listening.settimeout(_LOOK_S)
        while _runs(until):
            with suppress(TimeoutError):
                connection, _ = listening.accept()
                if not os.fork():
                    listening.close()
                    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
                    _run(connection)
                connection.close()
        place.unlink()
        place.with_suffix(".lock").unlink()


def _load() -> None:
    """Load all roles, which stay in memory that the forks share."""
    from tests.kit.caches.compiled_patterns import compile_patterns_once, keep_patterns

    gc.disable()
    compile_patterns_once()
    import tests.kit.commands.command_modules  # noqa: F401

    keep_patterns()
    gc.freeze()
    gc.enable()


def _runs(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True


def _run(connection: socket.socket) -> NoReturn:
    size, streams, *_ = socket.recv_fds(connection, 4, 3)
    asked = connection.makefile("rb").read(int.from_bytes(size, "big"))
    if not (fork := os.fork()):
        connection.close()
        _command(streams, *json.loads(asked))
    for stream in streams:
        os.close(stream)
    connection.sendall(f"{fork}\n".encode())
    code = os.waitstatus_to_exitcode(os.waitpid(fork, 0)[1])
    connection.sendall(f"{code}\n".encode())
    os._exit(0)


def _command(
    streams: list[int], words: list[str], folder: str, environment: dict[str, str], umask: int
) -> NoReturn:
    code = 1
    try:
        for number, stream in enumerate(streams):
            os.dup2(stream, number)
            os.close(stream)
        sys.stdin = os.fdopen(0, encoding="utf-8")
        sys.stdout, sys.stderr = (os.fdopen(number, "w", encoding="utf-8") for number in (1, 2))
        os.environ.clear()
        os.environ.update(environment)
        os.chdir(folder)
        os.umask(umask)
        sys.argv = ["policybot", *words]
        from bot.cli import main

        main()
    except SystemExit as end:
        code = int(end.code or 0)
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


if __name__ == "__main__":
    serve(Path(sys.argv[1]), int(sys.argv[2]))
