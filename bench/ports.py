"""Ports for servers that are started later."""

import random
import socket

_LOWEST, _HIGHEST = 11_000, 32_767
"""Below what systems take for the near end of connections (Linux from 32768, others from 49152), above what browsers refuse."""


def unused_port() -> int:
    """A port of the loopback that nothing listens on, and that no connection takes before a server does.

    A port that the system chooses (bound to 0, and closed) may be the near end of some process's connection a moment later.
    """
    while True:
        port = random.SystemRandom().randint(_LOWEST, _HIGHEST)
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
