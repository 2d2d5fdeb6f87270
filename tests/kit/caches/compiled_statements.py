"""Statements are compiled once in a worker: SQLAlchemy does it for each engine, and tests make an engine each."""

from sqlalchemy import Connection, Engine, event
from sqlalchemy.dialects.postgresql.asyncpg import PGDialect_asyncpg
from sqlalchemy.dialects.sqlite.aiosqlite import SQLiteDialect_aiosqlite
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.engine import Dialect
from sqlalchemy.util import LRUCache

_MOST = 4000
"""More than all statements of the code."""
_DIALECTS = (PGDialect_asyncpg, SQLiteDialect_aiosqlite, SQLiteDialect_pysqlite)


def compile_statements_once() -> None:
    """Let every engine of this process share what was compiled; `Database.open` makes all of a kind alike."""
    for dialect in _DIALECTS:  # what was compiled is kept by its dialect
        dialect.__eq__ = _is_alike  # type: ignore[method-assign,assignment]
        dialect.__hash__ = _kind  # type: ignore[method-assign,assignment]
    compiled: LRUCache[object, object] = LRUCache(_MOST)

    @event.listens_for(Engine, "engine_connect")
    def share(connection: Connection) -> None:
        connection.execution_options(compiled_cache=compiled)


def _is_alike(one: Dialect, other: object) -> bool:
    return type(one) is type(other)


def _kind(one: Dialect) -> int:
    return hash(type(one))
