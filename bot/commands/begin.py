"""How a command begins: it reads the settings, sets up the logs, and finds the Redis that all roles share."""

import os
from typing import Annotated

import typer

from bot.observability.logs import set_up_logs
from bot.runtime.process import BadSettingsError, read_settings, redis_url
from bot.runtime.settings import Settings

Parent = Annotated[int, typer.Option(hidden=True, help="stop when this process is gone")]

StatusPort = Annotated[
    int, typer.Option(min=0, max=65535, help="serve /healthz, /readyz and /metrics here (0: nowhere)")
]

_NICENESS = 5


def begin() -> Settings:
    """Read the settings and set up the logs.

    Raises:
        BadSettingsError: a variable is wrong.
    """
    settings = read_settings()
    set_up_logs(settings.log_level, settings.secrets())
    return settings


def begin_role() -> Settings:
    """Like `begin`, for a process with one role, which needs a Redis that all roles share.

    Raises:
        BadSettingsError: a variable is wrong, or no Redis is set and no `up` runs here.
    """
    settings = begin()
    address = redis_url(settings)
    if not address:
        raise BadSettingsError("BOT_REDIS_URL: a role of its own needs a Redis that all roles share")
    return settings.model_copy(update={"redis_url": address})


def let_answers_go_first() -> None:
    """Lower this process's priority: on a machine that also answers people, an alert is never as urgent as an answer."""
    os.nice(_NICENESS)
