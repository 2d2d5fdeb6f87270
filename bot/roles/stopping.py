"""How a process is told to stop: by SIGTERM, SIGINT or SIGHUP."""

import asyncio
import signal


def stop_signal() -> asyncio.Event:
    """Return an event that is set by Ctrl-C, by SIGTERM, or by a closed terminal (unless `nohup` ignores that)."""
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        if signal.getsignal(number) is signal.SIG_IGN:
            continue
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    return stop
