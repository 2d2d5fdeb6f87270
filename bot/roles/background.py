"""The background work of a process: what each role keeps doing until it is stopped."""

from collections.abc import Callable, Coroutine
from typing import Any

from bot.runtime.services import Services
from storage.clock import ClockWatch

Work = Coroutine[Any, Any, None]
Part = Callable[[Services], list[Work]]
"""What a role keeps doing; a process loads the parts of its own roles alone."""


def common_work(services: Services) -> list[Work]:
    """Of every role: the business clock, and a look at whether somebody sets the machine's."""
    return [services.clock.run(), ClockWatch().run()]
