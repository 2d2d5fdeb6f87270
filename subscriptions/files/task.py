"""Reads a file of subscribers in a child process, which takes bytes and returns lines of JSON."""

from collections.abc import Iterator

from pydantic import BaseModel, ConfigDict

from storage.child.running import ChildError, Limits, run_in_child
from subscriptions.files.subscriber_files import MAX_BYTES, LineProblem, SubscriberRow, read_subscribers
from subscriptions.members.track_names import TrackNames

_TASK = f"{__name__}:subscriber_lines"
_LIMITS = Limits(processor_s=120, wall_s=240, answer_bytes=100_000_000)


class _Track(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    id: str
    name: str
    aliases: tuple[str, ...]


class _Parameters(BaseModel):
    tracks: tuple[_Track, ...]


class _Line(BaseModel):
    row: SubscriberRow | None = None
    problem: LineProblem | None = None


async def read_subscribers_in_child(
    raw: bytes, names: TrackNames
) -> tuple[list[SubscriberRow], list[LineProblem]]:
    """`read_subscribers` in a child process with limits of memory and time. A limit that is reached is a problem."""
    if len(raw) > MAX_BYTES:
        return [], [LineProblem(0, "", f"文件过大，请控制在 {MAX_BYTES // 1_000_000} MB 以内")]
    parameters = _Parameters(tracks=tuple(map(_Track.model_validate, names.tracks))).model_dump_json()
    try:
        lines = await run_in_child(_TASK, parameters, raw, _Line.model_validate_json, _LIMITS)
    except ChildError as error:
        return [], [LineProblem(0, "", str(error))]
    rows = [line.row for line in lines if line.row is not None]
    return rows, [line.problem for line in lines if line.problem is not None]


def subscriber_lines(parameters: str, raw: bytes) -> Iterator[str]:
    """The function that the child process runs."""
    rows, problems = read_subscribers(raw, TrackNames(_Parameters.model_validate_json(parameters).tracks))
    for row in rows:
        yield _Line(row=row).model_dump_json(exclude_none=True)
    for problem in problems:
        yield _Line(problem=problem).model_dump_json(exclude_none=True)
