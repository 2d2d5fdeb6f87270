"""One error for a database that is unavailable: it can't be reached, broke off, or takes no writes.

Drivers raise many things then: a refused connection is an `OSError`, asyncpg has errors of its own, SQLite says
"operational". By hand: SQLAlchemy's `is_disconnect` covers broken connections only, not a read-only or full database.
The engine raises `DatabaseUnavailableError`; a caller that can go on without the database catches `DATABASE_ERRORS`.
"""

import sqlite3
from typing import Any

from sqlalchemy import Engine, event
from sqlalchemy.engine import ExceptionContext
from sqlalchemy.exc import DataError, IntegrityError, SQLAlchemyError

_SQLITE_CODES = frozenset(
    {
        sqlite3.SQLITE_PERM,
        sqlite3.SQLITE_BUSY,
        sqlite3.SQLITE_LOCKED,
        sqlite3.SQLITE_READONLY,
        sqlite3.SQLITE_IOERR,
        sqlite3.SQLITE_CORRUPT,
        sqlite3.SQLITE_FULL,
        sqlite3.SQLITE_CANTOPEN,
        sqlite3.SQLITE_NOTADB,
    }
)
_CLASSES = frozenset({"08", "28", "53", "57", "58"})
"""Classes of SQLSTATE: connection, sign-in, resources, operator intervention, system error (PostgreSQL, appendix A)."""
_OF_VALUES = ("22", "23")
"""Classes of SQLSTATE: data exceptions and broken constraints."""
_READ_ONLY, _CANCELLED = "25006", "57014"


class DatabaseUnavailableError(SQLAlchemyError):
    """The database can't be reached, broke off, or takes no writes; the message is that of the driver."""


DATABASE_ERRORS = (SQLAlchemyError, OSError)
"""The errors that any use of the database may raise while it is unavailable."""


def is_of_values(error: BaseException) -> bool:
    """Whether the database or its driver refuses the values (and is not merely away)."""
    original = getattr(error, "orig", None)
    chain = (error, original, original.__cause__ if original is not None else None)
    states = [str(getattr(each, "sqlstate", None) or "") for each in chain]
    return any(state[:2] in _OF_VALUES for state in states) or any(
        isinstance(each, (DataError, IntegrityError, ValueError, ArithmeticError, LookupError))
        for each in chain
    )


def cause_of(error: Exception) -> str:
    """Return the kind of an error without its text, because a driver's text may hold values of a row."""
    original = getattr(error, "orig", None)
    state = getattr(original, "sqlstate", None)
    return f"{type(error).__name__} {state or ''}".strip()


def translate_driver_errors(engine: Engine) -> None:
    """Make an engine raise `DatabaseUnavailableError` in place of the driver's errors that mean it."""

    @event.listens_for(engine, "do_connect")
    def on_connecting(dialect: Any, _record: Any, arguments: Any, settings: Any) -> Any:
        try:
            return dialect.connect(*arguments, **settings)
        except Exception as error:  # the edge: whatever the driver raises, there is no connection
            raise _away(error) from error

    @event.listens_for(engine, "handle_error")
    def on_error(context: ExceptionContext) -> SQLAlchemyError | None:
        error = context.original_exception
        if context.is_pre_ping or isinstance(error, SQLAlchemyError) or not isinstance(error, Exception):
            return None
        if isinstance(error, TimeoutError):  # a silent server: every connection to it is as good as dead
            context.is_disconnect = True
        if context.is_disconnect or isinstance(error, OSError) or _is_away(error):
            return _away(error)
        return None


def _is_away(error: Exception) -> bool:
    code = getattr(error, "sqlite_errorcode", None)
    if code is not None:
        return code & 0xFF in _SQLITE_CODES
    state = getattr(error, "sqlstate", None) or ""
    return state == _READ_ONLY or (state[:2] in _CLASSES and state != _CANCELLED)


def _away(error: Exception) -> DatabaseUnavailableError:
    cause = getattr(error, "orig", None) or error
    return DatabaseUnavailableError(f"{type(cause).__name__}: {cause}".removesuffix(": "))
