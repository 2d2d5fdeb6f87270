"""How a role begins: settings read, logs set up, the shared Redis found."""

from typing import Annotated

import typer

from bot.runtime.logs import set_up_logs
from bot.runtime.process import BadSettingsError, read_settings, redis_url
from bot.runtime.settings import Settings

Parent = Annotated[int, typer.Option(hidden=True, help="stop when this process is gone")]


def begin() -> Settings:
    """The settings, with logs going where they say.

    Raises:
        BadSettingsError: a variable is wrong.
    """
    settings = read_settings()
    set_up_logs(settings.log_level, settings.secrets())
    return settings


def begin_role() -> Settings:
    """As `begin`, for a role of its own: with the Redis that all roles share.

    Raises:
        BadSettingsError: none is set and no `up` runs here.
    """
    settings = begin()
    address = redis_url(settings)
    if not address:
        raise BadSettingsError("BOT_REDIS_URL: a role of its own needs a Redis that all roles share")
    return settings.model_copy(update={"redis_url": address})
