"""A file of windows read in a child process: bytes in, lines of JSON out."""

from collections.abc import Iterator
from datetime import date

from pydantic import BaseModel

from policies.windows.clause_cells import ClauseCells
from policies.windows.window_fields import RowFault, WindowFileError, WindowRow
from policies.windows.window_files import MAX_BYTES, WindowReading, read_windows
from storage.child.running import ChildError, Limits, run_in_child

_TASK = f"{__name__}:window_lines"
_LIMITS = Limits(memory_bytes=600_000_000, processor_s=20, wall_s=60, answer_bytes=10_000_000)


class _Parameters(BaseModel):
    clauses: ClauseCells
    today: date


class _Line(BaseModel):
    row: WindowRow | None = None
    fault: RowFault | None = None
    remark: RowFault | None = None


async def read_windows_apart(raw: bytes, clauses: ClauseCells, today: date) -> WindowReading:
    """`read_windows` in a process of its own, with limits of memory and time.

    Raises:
        WindowFileError: with every line that is wrong, or with the limit that was met.
    """
    if len(raw) > MAX_BYTES:
        raise WindowFileError([RowFault(0, "", f"文件过大，请控制在 {MAX_BYTES // 1_000_000} MB 以内")])
    parameters = _Parameters(clauses=clauses, today=today).model_dump_json()
    try:
        lines = await run_in_child(_TASK, parameters, raw, _Line.model_validate_json, _LIMITS)
    except ChildError as error:
        raise WindowFileError([RowFault(0, "", str(error))]) from error
    faults = [line.fault for line in lines if line.fault is not None]
    if faults:
        raise WindowFileError(faults)
    rows = tuple(line.row for line in lines if line.row is not None)
    return WindowReading(rows, tuple(line.remark for line in lines if line.remark is not None))


def window_lines(parameters: str, raw: bytes) -> Iterator[str]:
    """What the child runs."""
    asked = _Parameters.model_validate_json(parameters)
    try:
        reading = read_windows(raw, asked.clauses, asked.today)
    except WindowFileError as error:
        for fault in error.faults:
            yield _Line(fault=fault).model_dump_json(exclude_none=True)
        return
    for row in reading.rows:
        yield _Line(row=row).model_dump_json(exclude_none=True)
    for remark in reading.remarks:
        yield _Line(remark=remark).model_dump_json(exclude_none=True)
