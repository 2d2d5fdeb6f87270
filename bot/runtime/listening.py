"""The listening socket, opened before anything else, so that a taken port is reported at once."""

import socket

from bot.runtime.settings import Settings

BACKLOG = 1024


class PortTakenError(Exception):
    """The port can't be opened; the message names it and says what to do."""


def listen(settings: Settings, *, shared: bool = False) -> socket.socket:
    """Open the listening socket.

    Args:
        settings: host and port; port 0 means any free port.
        shared: other processes of ours listen on the same port.

    Raises:
        PortTakenError: another program has the port, or the address is not one of this machine.
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
