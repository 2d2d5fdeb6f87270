"""Switches that hold for every process on one database: small rows by name."""

from datetime import datetime

from sqlalchemy import Connection, String
from sqlalchemy.orm import Mapped, mapped_column

from storage.clock import system_clock
from storage.sql.base import Base
from storage.sql.database import Database
from storage.sql.upsert import insert


class Switch(Base):
    """One switch: the global stop of everything outgoing, the date of the sandbox, the count of the database's life."""

    __tablename__ = "switches"

    name: Mapped[str] = mapped_column(String(32), primary_key=True)
    value: Mapped[str] = mapped_column(String(200))
    changed_by: Mapped[str] = mapped_column(String(64))
    changed_at: Mapped[datetime]


def set_switch(connection: Connection, name: str, value: str, by: str, at: datetime) -> None:
    """Set a switch, whatever it was."""
    row = insert(connection, Switch).values(name=name, value=value, changed_by=by, changed_at=at)
    kept = {field: row.excluded[field] for field in ("value", "changed_by", "changed_at")}
    connection.execute(row.on_conflict_do_update(index_elements=["name"], set_=kept))


async def try_write(database: Database) -> None:
    """Write and commit one small row: what reads alone can't tell is whether the database takes writes.

    Raises:
        DatabaseUnavailableError: it takes none: read-only, another user's file, a full disk, or away altogether.
    """
    await database.run_in_write_transaction(
        lambda connection: set_switch(connection, "write_tried", "", "health", system_clock())
    )
