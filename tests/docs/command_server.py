"""`policybot` for a shell: forks of one process that has the command line loaded (`python -m tests.docs.command_server SOCKET`).

A process that begins anew takes a second and a half of processor time to load what it needs. What stands in a shell for
`policybot` (`COMMAND`) hands its streams, folder and environment over, passes signals on, and ends as the fork ends.
"""

import json
import os
import signal
import socket
import sys
from typing import NoReturn

COMMAND = """
import json, os, signal, socket, sys
passed_on = {signal.SIGTERM, signal.SIGINT, signal.SIGHUP}
signal.pthread_sigmask(signal.SIG_BLOCK, passed_on)
server = socket.socket(socket.AF_UNIX)
server.connect(sys.argv[1])
asked = json.dumps([sys.argv[2:], os.getcwd(), dict(os.environ)]).encode()
socket.send_fds(server, [len(asked).to_bytes(4, "big")], [0, 1, 2])
server.sendall(asked)
told = server.makefile()
fork = int(told.readline())
for number in passed_on:
    signal.signal(number, lambda number, _frame: os.kill(fork, number))
signal.pthread_sigmask(signal.SIG_UNBLOCK, passed_on)
code = int(told.readline())
if code < 0:
    signal.signal(-code, signal.SIG_DFL)
    os.kill(os.getpid(), -code)
sys.exit(code)
"""


def serve(place: str) -> NoReturn:
    """Take commands on a Unix socket until the end of the process."""
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(place)
        listening.listen(64)
        import tests.kit.forked_cli_preload  # noqa: F401 - who comes meanwhile waits

        signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for those who wait for the forks
        while True:
            connection, _ = listening.accept()
            if not os.fork():
                listening.close()
                signal.signal(signal.SIGCHLD, signal.SIG_DFL)
                _run(connection)
            connection.close()


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


def _command(streams: list[int], words: list[str], folder: str, environment: dict[str, str]) -> NoReturn:
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
    serve(sys.argv[1])
