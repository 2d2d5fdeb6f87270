"""The listening socket, opened before anything else, so that a taken port is reported at once."""

import socket

from bot.runtime.settings import Settings

BACKLOG = 1024


class PortTakenError(Exception):
    """Another program listens on the port; the message names it and the remedy."""


def listen(settings: Settings, *, shared: bool = False) -> socket.socket:
    """Take the port.

    Args:
        settings: host and port; port 0 takes a free one.
        shared: other processes of ours listen on it too.

    Raises:
        PortTakenError: another program has it, or the address isn't this machine's.
    """
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    both = settings.host == "::" and socket.has_dualstack_ipv6()  # every address: IPv4's too
    try:
        return socket.create_server(
            (settings.host, settings.port),
            family=family,
            backlog=BACKLOG,
            reuse_port=shared,
            dualstack_ipv6=both,
        )
    except OSError as error:
        raise PortTakenError(
            f"can't listen on {settings.host}:{settings.port} ({error.strerror}): "
            "stop the program that has the port, or set BOT_PORT (and BOT_HOST)"
        ) from error
