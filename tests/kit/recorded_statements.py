"""Records the statements that tests send to PostgreSQL, for `bench.release`."""

import json
import os
from pathlib import Path

from sqlalchemy import Connection, Engine, event


def record_statements() -> None:
    """Append each statement to the file that RECORD_STATEMENTS names, as a line of JSON; without it do nothing."""
    recorded = os.environ.get("RECORD_STATEMENTS")
    if not recorded:
        return

    @event.listens_for(Engine, "before_cursor_execute")
    def _record(connection: Connection, _cursor: object, statement: str, *_: object) -> None:
        if connection.dialect.name == "postgresql":
            with Path(recorded).open("a") as file:
                file.write(json.dumps(statement) + "\n")
