"""A file of guides read in a child process: bytes in, lines of JSON out."""

from collections.abc import Iterator

from pydantic import BaseModel

from policies.guides.guide_files import MAX_BYTES, GuideFileError, GuideRow, read_guide_rows
from storage.child.running import ChildError, Limits, run_in_child

_TASK = f"{__name__}:guide_lines"
_LIMITS = Limits(memory_bytes=600_000_000, processor_s=20, wall_s=60, answer_bytes=20_000_000)


class _Line(BaseModel):
    row: GuideRow | None = None
    fault: str | None = None


async def read_guides_apart(raw: bytes) -> list[GuideRow]:
    """`read_guide_rows` in a process of its own, with limits of memory and time.

    Raises:
        GuideFileError: with what is wrong, or with the limit that was met.
    """
    if len(raw) > MAX_BYTES:
        raise GuideFileError([f"文件过大，请控制在 {MAX_BYTES // 1_000_000} MB 以内"])
    try:
        lines = await run_in_child(_TASK, "{}", raw, _Line.model_validate_json, _LIMITS)
    except ChildError as error:
        raise GuideFileError([str(error)]) from error
    if faults := [line.fault for line in lines if line.fault is not None]:
        raise GuideFileError(faults)
    return [line.row for line in lines if line.row is not None]


def guide_lines(_parameters: str, raw: bytes) -> Iterator[str]:
    """What the child runs."""
    try:
        for row in read_guide_rows(raw):
            yield _Line(row=row).model_dump_json(exclude_none=True)
    except GuideFileError as error:
        for fault in error.faults:
            yield _Line(fault=fault).model_dump_json(exclude_none=True)
