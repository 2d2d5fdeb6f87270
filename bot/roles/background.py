"""The background work of a process: what each role keeps doing until it is stopped."""

from collections.abc import Callable, Coroutine
from typing import Any

from bot.runtime.services import Services
from storage.clock import ClockWatch

Work = Coroutine[Any, Any, None]
Part = Callable[[Services], list[Work]]
"""Gives the background work of one role. A process loads the modules of its own roles alone."""


def common_work(services: Services) -> list[Work]:
    """The work of every role: the business clock is read, and a jump of the machine's clock is logged."""
    return [services.clock.run(), ClockWatch().run()]
