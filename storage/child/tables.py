"""A table from outside, read in a child process: its rows, or what is wrong with them.

The child's answer has a line of JSON for each row and each fault; a line is a `TableLine`.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Generic, TypeVar

from pydantic import BaseModel

from storage.child.running import Limits, run_in_child

Row = TypeVar("Row")
Fault = TypeVar("Fault")


class TableLine(BaseModel, Generic[Row, Fault]):
    """One line of the answer; one of its fields is set.

    Attributes:
        row: a row that was read.
        fault: what is wrong with a line of the file, or with the whole file.
        remark: what is to be told although the file was read.
    """

    row: Row | None = None
    fault: Fault | None = None
    remark: Fault | None = None


@dataclass(frozen=True, slots=True)
class ReadTable(Generic[Row, Fault]):
    """All lines of an answer, in their order."""

    rows: tuple[Row, ...]
    faults: tuple[Fault, ...]
    remarks: tuple[Fault, ...]


async def read_table_in_child(
    task: str, parameters: str, raw: bytes, line: type[TableLine[Row, Fault]], limits: Limits
) -> ReadTable[Row, Fault]:
    """Read a table in another process, with limits; task, parameters and errors as in `run_in_child`.

    Args:
        task: its function yields `table_lines`.
        parameters: one line of JSON.
        raw: the bytes of the file.
        line: the kind of line that the task yields.
        limits: of the file and the child process.
    """
    lines = await run_in_child(task, parameters, raw, line.model_validate_json, limits)
    return ReadTable(
        tuple(one.row for one in lines if one.row is not None),
        tuple(one.fault for one in lines if one.fault is not None),
        tuple(one.remark for one in lines if one.remark is not None),
    )


def table_lines(
    line: type[TableLine[Row, Fault]],
    *,
    rows: Iterable[Row] = (),
    faults: Iterable[Fault] = (),
    remarks: Iterable[Fault] = (),
) -> Iterator[str]:
    """Yield the lines that a task yields, made one by one."""
    for row in rows:
        yield line(row=row).model_dump_json(exclude_none=True)
    for fault in faults:
        yield line(fault=fault).model_dump_json(exclude_none=True)
    for remark in remarks:
        yield line(remark=remark).model_dump_json(exclude_none=True)
