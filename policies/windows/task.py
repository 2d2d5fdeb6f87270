"""A file of windows read in a child process: bytes in, lines of JSON out."""

from collections.abc import Iterator
from datetime import date

from pydantic import BaseModel

from policies.windows.clause_cells import ClauseCells
from policies.windows.window_fields import RowFault, WindowFields, WindowFileError
from policies.windows.window_files import MAX_BYTES, WindowReading, read_windows
from storage.child.running import ChildError, Limits
from storage.child.tables import TableLine, read_table_in_child, table_lines

_TASK = f"{__name__}:window_lines"
_LIMITS = Limits(MAX_BYTES, memory_bytes=600_000_000, processor_s=20, wall_s=60, answer_bytes=10_000_000)
_Line = TableLine[WindowFields, RowFault]


class _Parameters(BaseModel):
    clauses: ClauseCells
    today: date


async def read_windows_apart(raw: bytes, clauses: ClauseCells, today: date) -> WindowReading:
    """`read_windows` in a process of its own, with limits of size, memory and time.

    Raises:
        WindowFileError: with every line that is wrong, or with the limit that was met.
    """
    parameters = _Parameters(clauses=clauses, today=today).model_dump_json()
    try:
        table = await read_table_in_child(_TASK, parameters, raw, _Line, _LIMITS)
    except ChildError as error:
        raise WindowFileError([RowFault(0, "", str(error))]) from error
    if table.faults:
        raise WindowFileError(table.faults)
    return WindowReading(table.rows, table.remarks)


def window_lines(parameters: str, raw: bytes) -> Iterator[str]:
    """Return the work of the child process."""
    asked = _Parameters.model_validate_json(parameters)
    try:
        reading = read_windows(raw, asked.clauses, asked.today)
    except WindowFileError as error:
        return table_lines(_Line, faults=error.faults)
    return table_lines(_Line, rows=reading.rows, remarks=reading.remarks)
