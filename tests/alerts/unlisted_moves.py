"""Moves of rows and campaigns that no table lists: the tests' SQLite databases note them, whatever statement made them."""

import sqlite3
from pathlib import Path

from alerts.model.campaigns import campaign_states
from alerts.model.rows import row_states

_ROWS = {(move.before, after) for move in row_states.MOVES if move.before for after in move.after}
_CAMPAIGNS = {
    (before, after)
    for move in campaign_states.MOVES.values()
    for before in move.before
    for after in (move.after, move.unlisted)
    if after
}
_NOTING = """
CREATE TRIGGER note_{table} AFTER UPDATE OF {column} ON {table}
WHEN OLD.{column} <> NEW.{column} AND OLD.{column} || ' → ' || NEW.{column} NOT IN ({listed})
BEGIN INSERT INTO unlisted_moves VALUES ('{table}: ' || OLD.{column} || ' → ' || NEW.{column}); END;
"""


def note_unlisted_moves(file: Path) -> None:
    """Let a database note every change of state that `MOVES` does not list."""
    script = "CREATE TABLE unlisted_moves (what TEXT);"
    for table, column, moves in (("deliveries", "state", _ROWS), ("campaigns", "status", _CAMPAIGNS)):
        listed = ", ".join(f"'{before} → {after}'" for before, after in sorted(moves))
        script += _NOTING.format(table=table, column=column, listed=listed)
    with sqlite3.connect(file) as connection:
        connection.executescript(f"PRAGMA synchronous=OFF; {script}")
    connection.close()


def unlisted_moves(file: Path) -> set[str]:
    """What was noted."""
    with sqlite3.connect(file) as connection:
        noted = {what for (what,) in connection.execute("SELECT what FROM unlisted_moves")}
    connection.close()
    return noted
