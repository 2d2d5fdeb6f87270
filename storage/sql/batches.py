"""Statements over many rows, and the database's own time, in both dialects.

One bound value (JSON on SQLite, an array on PostgreSQL) carries the whole batch, so the text of a statement never changes
and is compiled once. By hand: the text of SQLAlchemy's `IN` and `VALUES` grows with the rows, and then SQLite picks
the index of a state instead of the row's id.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any

from pydantic_core import to_json
from sqlalchemy import (
    ColumnElement,
    Connection,
    Float,
    Integer,
    Interval,
    String,
    Text,
    bindparam,
    cast,
    extract,
    func,
    literal,
    select,
    type_coerce,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.ext.asyncio import AsyncSession

from storage.sql.base import UTCDateTime

Dialect = AsyncSession | Connection | str
"""A session or connection, or its dialect's name for a statement that is built once and kept."""


def dialect_of(session: AsyncSession | Connection) -> str:
    """`sqlite` or `postgresql`."""
    return str((session if isinstance(session, Connection) else session.get_bind()).dialect.name)


def is_sqlite(dialect: Dialect) -> bool:
    """Whether the database is SQLite; else it is PostgreSQL."""
    return (dialect if isinstance(dialect, str) else dialect_of(dialect)) == "sqlite"


def database_now(session: Dialect, plus_s: float = 0) -> ColumnElement[datetime]:
    """Return the database's time plus `plus_s` seconds. Leases and back-off use it."""
    return database_time_plus(session, literal(float(plus_s), Float()))


def seconds_since(session: Dialect, column: Any) -> ColumnElement[float]:
    """Seconds from the instant in a column to the database's time; NULL if the column is NULL."""
    if is_sqlite(session):
        return (func.julianday("now") - func.julianday(column)) * 86400.0
    return cast(extract("epoch", func.clock_timestamp() - column), Float)


def database_time_plus(session: Dialect, seconds: Any) -> ColumnElement[datetime]:
    """Return the database's time plus a column or parameter of seconds."""
    if is_sqlite(session):
        modifier = func.printf("%+.3f seconds", seconds)
        stamp = func.strftime("%Y-%m-%d %H:%M:%f", "now", modifier)
        return type_coerce(stamp.concat("000"), UTCDateTime())
    return type_coerce(
        func.clock_timestamp() + seconds * literal(timedelta(seconds=1), Interval()), UTCDateTime()
    )


def id_in(session: Dialect, column: Any, ids: Iterable[int]) -> ColumnElement[bool]:
    """`column IN (ids)` with one bound value."""
    return _among(session, column, bindparam(None, pack_ids(session, ids), _type_of_ids(session)))


def id_in_parameter(dialect: str, column: Any, name: str) -> ColumnElement[bool]:
    """`id_in` with a named parameter, for a statement that is built once; bind the value of `pack_ids` to it."""
    return _among(dialect, column, bindparam(name, type_=_type_of_ids(dialect)))


def _among(dialect: Dialect, column: Any, bound: ColumnElement[Any]) -> ColumnElement[bool]:
    if is_sqlite(dialect):
        each = func.json_each(bound).table_valued("value")
        return column.in_(select(each.c.value))  # type: ignore[no-any-return]
    return column == func.any(bound)  # type: ignore[no-any-return]


def _type_of_ids(dialect: Dialect) -> String | ARRAY[int]:
    return String() if is_sqlite(dialect) else ARRAY(Integer)


def pack_ids(session: Dialect, ids: Iterable[int]) -> str | list[int]:
    """Return the ids as one bound value."""
    return json.dumps(list(ids)) if is_sqlite(session) else list(ids)


def rows_as_table(
    session: Dialect,
    rows: Sequence[Sequence[Any]],
    **columns: type[Integer] | type[String] | type[Float[Any]],
) -> Any:
    """Return the rows as a table, for a join in an UPDATE or a SELECT; the columns are in the order named."""
    return _unpacked(session, literal(*pack_rows(session, rows)), columns)


def rows_parameter(dialect: str, **columns: type[Integer] | type[String] | type[Float[Any]]) -> Any:
    """`rows_as_table` with a parameter `rows`, for a statement that is built once; bind `pack_rows(session, rows)[0]`."""
    return _unpacked(dialect, bindparam("rows", type_=String() if dialect == "sqlite" else JSONB()), columns)


def pack_rows(session: Dialect, rows: Sequence[Sequence[Any]]) -> tuple[Any, Any]:
    """Return the rows as one bound value, and its SQL type."""
    if is_sqlite(session):
        return to_json(rows).decode(), String()
    return rows, JSONB()


def json_rows(dialect: Dialect, *columns: Any) -> ColumnElement[str]:
    """Return all rows of a SELECT as one JSON value, for `read_json_rows`. On SQLite each fetched row waits for the
    interpreter, so one value is faster.
    """
    if is_sqlite(dialect):
        return func.json_group_array(func.json_array(*columns), type_=Text())
    return cast(func.jsonb_agg(func.jsonb_build_array(*columns)), Text)


def read_json_rows(value: str | None) -> list[list[Any]]:
    """Return the rows of a `json_rows` value; instants are texts (see `parse_instant`), booleans are 0 or 1 on SQLite."""
    found: list[list[Any]] = json.loads(value) if value else []
    return found


@lru_cache(1_000)
def parse_instant(text: str) -> datetime:
    """Return the instant in a row of `read_json_rows`, in UTC; cached, because rows listed together have the same one."""
    instant = datetime.fromisoformat(text)
    return instant.replace(tzinfo=UTC) if instant.tzinfo is None else instant


def _unpacked(dialect: Dialect, value: Any, columns: Mapping[str, Any]) -> Any:
    if is_sqlite(dialect):
        each = func.json_each(value).table_valued("value", name="packed")
        return select(
            *(
                type_coerce(func.json_extract(each.c.value, f"$[{place}]"), kind).label(name)
                for place, (name, kind) in enumerate(columns.items())
            )
        ).subquery("given")
    array = func.jsonb_array_elements(value).table_valued("value", name="packed")
    element = type_coerce(array.c.value, JSONB)
    return select(
        *(cast(element[place].astext, kind).label(name) for place, (name, kind) in enumerate(columns.items()))
    ).subquery("given")
