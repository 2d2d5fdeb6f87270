"""Ctrl-C in a process of tests."""

import signal


def take_interrupts() -> None:
    """Raise KeyboardInterrupt, as Python does by itself, in a handler of another name.

    Where asyncio finds Python's own, it sets another for every run of a loop. Then an enum writes out what the loop has
    run, to say that this is no handler's name: a tenth of a test of the whole application.
    """
    signal.signal(signal.SIGINT, _interrupt)


def _interrupt(*_: object) -> None:
    raise KeyboardInterrupt
