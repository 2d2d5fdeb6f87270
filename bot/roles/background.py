"""The background work of a process: what each role keeps doing until it is stopped."""

from collections.abc import Callable, Coroutine
from typing import Any

from bot.observability.process_metrics import ProcessMetrics
from bot.runtime.services import Services
from storage.clock import ClockWatch

Work = Coroutine[Any, Any, None]
Part = Callable[[Services], list[Work]]
"""Gives the background work of one role. A process loads the modules of its own roles alone."""


def common_work(services: Services) -> list[Work]:
    """Return the work of every role: it polls the database, measures the process, and logs a jump of its clock."""
    metrics = ProcessMetrics(services.registry, services.database, services.redis)
    for followed in services.clock.followed():
        services.poll.follow(followed)
    return [services.poll.run(), ClockWatch().run(), metrics.run()]
