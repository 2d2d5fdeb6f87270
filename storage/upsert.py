"""INSERT … ON CONFLICT, which both databases have and SQLAlchemy keeps in their dialects."""

from typing import Any

from sqlalchemy import Connection
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession


def insert(via: AsyncSession | Connection, table: Any) -> Any:
    """An INSERT that has `on_conflict_do_nothing` and `on_conflict_do_update` on the database at hand."""
    dialect = via.dialect if isinstance(via, Connection) else via.get_bind().dialect
    if dialect.name == "sqlite":
        return sqlite.insert(table)
    return postgresql.insert(table)
