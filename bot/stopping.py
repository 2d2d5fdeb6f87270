"""How a process is told to stop."""

import asyncio
import signal


def stop_signal() -> asyncio.Event:
    """An event set by Ctrl-C or by SIGTERM."""
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    return stop
