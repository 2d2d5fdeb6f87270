"""What every command opens first: the settings, the data folder, the database, the business clock."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from pydantic import ValidationError
from pydantic_settings import DotEnvSettingsSource, EnvSettingsSource, SettingsError

from bot.runtime.addresses import database_address
from bot.runtime.data_folder import DataFolder
from bot.runtime.settings import Settings
from bot.schema.current import require_current_schema
from storage.sql.database import Database
from storage.sql.database_errors import DATABASE_ERRORS

if TYPE_CHECKING:
    from storage.business_clock import BusinessClock


class BadSettingsError(Exception):
    """Settings are wrong; the message names each variable and what is wrong with it."""


class NoDatabaseError(Exception):
    """The database can't be opened; the message says why and what to do."""


def read_settings() -> Settings:
    """Return the settings of this process.

    Raises:
        BadSettingsError: a variable is wrong; the message holds no secret.
    """
    try:
        return Settings()
    except ValidationError as error:
        lines = []
        for found in error.errors(include_input=False, include_url=False):
            name = f"BOT_{str(found['loc'][0]).upper()}: " if found["loc"] else ""
            lines.append(name + found["msg"].removeprefix("Value error, "))
        raise BadSettingsError("\n".join(lines)) from None
    except SettingsError as error:
        field = re.search(r'field "(\w+)"', str(error))
        name = f"BOT_{field[1].upper()}" if field else "a setting"
        raise BadSettingsError(f"{name}: is not valid JSON") from None
    except OSError as error:
        raise BadSettingsError(f"{error.filename}: {error.strerror}") from None
    except UnicodeDecodeError:
        raise BadSettingsError(".env is not UTF-8: save it as UTF-8") from None


def unknown_variables() -> list[str]:
    """Return names in the environment or in `.env` that begin like our settings but are not settings: probably mistyped."""
    prefix = "BOT_"
    known = {prefix + field.upper() for field in Settings.model_fields}
    sources = (EnvSettingsSource(Settings), DotEnvSettingsSource(Settings))
    given = {name.upper() for source in sources for name in source.env_vars}
    return sorted(name for name in given - known if name.startswith(prefix))


def data_folder(settings: Settings) -> DataFolder:
    return DataFolder(settings.data_dir.resolve())


def attached(settings: Settings) -> Settings:
    """Return the settings, with port and Redis of a running `up` on the same data folder, if there is one."""
    running = data_folder(settings).running()
    if running is None:
        return settings
    return settings.model_copy(
        update={"port": running.port, "redis_url": settings.redis_url or running.redis_url}
    )


def database_url(settings: Settings) -> str:
    """Return the address of the database for SQLAlchemy, from the settings, or of SQLite in the data folder."""
    return (settings.database_url and database_address(settings.database_url)) or data_folder(
        settings
    ).database_url


async def business_clock(database: Database, settings: Settings | None = None) -> "BusinessClock":
    """Return the business clock, read once. A date set in the sandbox counts only if the sandbox is open."""
    # It loads the dialect of PostgreSQL, which `up` does not need before it has folder and port.
    from storage.business_clock import BusinessClock  # noqa: PLC0415

    clock = BusinessClock(database, movable=(settings or read_settings()).sandbox_open)
    await clock.refresh()
    return clock


def redis_url(settings: Settings) -> str:
    """Return the address of Redis in the settings, else of a running `up` on the same data folder, else ""."""
    return attached(settings).redis_url


@asynccontextmanager
async def open_database(settings: Settings | None = None) -> AsyncIterator[Database]:
    """Open the database with the current schema, until the end of the block.

    Raises:
        BadSettingsError: a variable is wrong.
        NoDatabaseError: it is locked or unavailable.
        SchemaBehindError: `BOT_MIGRATE=0` and revisions are missing.
    """
    settings = settings or read_settings()
    data_folder(settings).make()
    database = Database.open(database_url(settings))
    try:
        try:
            await require_current_schema(database, migrate=settings.migrate)
        except DATABASE_ERRORS as error:
            cause = getattr(error, "orig", None) or error
            remedy = (
                "is it locked by another program, is its disk full, may this user write it?"
                if database.is_sqlite
                else "does it run, and is the password right?"
            )
            raise NoDatabaseError(
                f"the database can't be opened ({cause}): {remedy} (BOT_DATABASE_URL)"
            ) from error
        yield database
    finally:
        await database.close()
