"""Switches: small rows with a name that hold for every process on one database."""

from datetime import datetime

from sqlalchemy import Connection, String
from sqlalchemy.orm import Mapped, mapped_column

from storage.clock import system_clock
from storage.sql.base import Base
from storage.sql.database import Database
from storage.sql.upsert import insert


class Switch(Base):
    """One switch: the global stop, the date set in the sandbox, the number that detects a restore."""

    __tablename__ = "switches"

    name: Mapped[str] = mapped_column(String(32), primary_key=True)
    value: Mapped[str] = mapped_column(String(200))
    changed_by: Mapped[str] = mapped_column(String(64))
    changed_at: Mapped[datetime]


def set_switch(connection: Connection, name: str, value: str, by: str, at: datetime) -> None:
    """Set a switch to a value; `at` is UTC."""
    row = insert(connection, Switch).values(name=name, value=value, changed_by=by, changed_at=at)
    kept = {field: row.excluded[field] for field in ("value", "changed_by", "changed_at")}
    connection.execute(row.on_conflict_do_update(index_elements=["name"], set_=kept))


async def try_write(database: Database) -> None:
    """Write and commit one small row, because a read can't tell whether the database takes writes.

    Raises:
        DatabaseUnavailableError: it takes none: it is read-only, another user's file, on a full disk, or unreachable.
    """
    await database.run_in_write_transaction(
        lambda connection: set_switch(connection, "write_tried", "", "health", system_clock())
    )
