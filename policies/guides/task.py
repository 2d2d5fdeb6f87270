"""A file of guides read in a child process: bytes in, lines of JSON out."""

from collections.abc import Iterator

from policies.guides.guide_files import MAX_BYTES, GuideFileError, GuideRow, read_guide_rows
from storage.child.running import ChildError, Limits
from storage.child.tables import TableLine, read_table_in_child, table_lines

_TASK = f"{__name__}:guide_lines"
_LIMITS = Limits(MAX_BYTES, memory_bytes=600_000_000, processor_s=20, wall_s=60, answer_bytes=20_000_000)
_Line = TableLine[GuideRow, str]


async def read_guides_apart(raw: bytes) -> list[GuideRow]:
    """`read_guide_rows` in a process of its own, with limits of size, memory and time.

    Raises:
        GuideFileError: with what is wrong, or with the limit that was met.
    """
    try:
        table = await read_table_in_child(_TASK, "{}", raw, _Line, _LIMITS)
    except ChildError as error:
        raise GuideFileError([str(error)]) from error
    if table.faults:
        raise GuideFileError(table.faults)
    return list(table.rows)


def guide_lines(_parameters: str, raw: bytes) -> Iterator[str]:
    """Return the work of the child process."""
    try:
        return table_lines(_Line, rows=read_guide_rows(raw))
    except GuideFileError as error:
        return table_lines(_Line, faults=error.faults)
