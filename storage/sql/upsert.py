"""INSERT … ON CONFLICT for both databases. By hand: SQLAlchemy has it in each dialect, with no common form."""

from typing import Any

from sqlalchemy import Connection
from sqlalchemy.ext.asyncio import AsyncSession


def insert(via: AsyncSession | Connection | str, table: Any) -> Any:
    """Return an INSERT with `on_conflict_do_nothing` and `on_conflict_do_update`.

    Args:
        via: the session or connection that will run it, or the name of its dialect.
        table: a mapped class or a table.
    """
    # A dialect is loaded by its first statement: a start needs one of them at most.
    if _name_of(via) == "sqlite":
        from sqlalchemy.dialects import sqlite  # noqa: PLC0415

        return sqlite.insert(table)
    from sqlalchemy.dialects import postgresql  # noqa: PLC0415

    return postgresql.insert(table)


def _name_of(via: AsyncSession | Connection | str) -> str:
    if isinstance(via, str):
        return via
    return via.dialect.name if isinstance(via, Connection) else via.get_bind().dialect.name
