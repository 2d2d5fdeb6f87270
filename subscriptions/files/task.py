"""Reads a file of subscribers in a child process, which takes bytes and returns lines of JSON."""

from collections.abc import Iterator

from pydantic import BaseModel, ConfigDict

from storage.child.running import ChildError, Limits
from storage.child.tables import TableLine, read_table_in_child, table_lines
from subscriptions.files.subscriber_files import MAX_BYTES, LineProblem, SubscriberRow, read_subscribers
from subscriptions.members.track_names import TrackNames

_TASK = f"{__name__}:subscriber_lines"
_LIMITS = Limits(MAX_BYTES, processor_s=120, wall_s=240, answer_bytes=100_000_000)
_Line = TableLine[SubscriberRow, LineProblem]


class _Track(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    id: str
    name: str
    aliases: tuple[str, ...]


class _Parameters(BaseModel):
    tracks: tuple[_Track, ...]


async def read_subscribers_in_child(
    raw: bytes, names: TrackNames
) -> tuple[list[SubscriberRow], list[LineProblem]]:
    """`read_subscribers` in a child process with limits of size, memory and time. A limit that is reached is a problem."""
    parameters = _Parameters(tracks=tuple(map(_Track.model_validate, names.tracks))).model_dump_json()
    try:
        table = await read_table_in_child(_TASK, parameters, raw, _Line, _LIMITS)
    except ChildError as error:
        return [], [LineProblem(0, "", str(error))]
    return list(table.rows), list(table.faults)


def subscriber_lines(parameters: str, raw: bytes) -> Iterator[str]:
    """Return the function that the child process runs."""
    rows, problems = read_subscribers(raw, TrackNames(_Parameters.model_validate_json(parameters).tracks))
    return table_lines(_Line, rows=rows, faults=problems)
