"""INSERT … ON CONFLICT, which both databases have and SQLAlchemy keeps in their dialects."""

from typing import Any

from sqlalchemy import Connection
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession


def insert(via: AsyncSession | Connection | str, table: Any) -> Any:
    """An INSERT that has `on_conflict_do_nothing` and `on_conflict_do_update` on the database at hand.

    `via` is what it will be run by, or the name of its dialect.
    """
    return sqlite.insert(table) if _name_of(via) == "sqlite" else postgresql.insert(table)


def _name_of(via: AsyncSession | Connection | str) -> str:
    if isinstance(via, str):
        return via
    return via.dialect.name if isinstance(via, Connection) else via.get_bind().dialect.name
