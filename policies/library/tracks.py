"""The industry tracks (产业赛道) a company can follow."""

from pathlib import Path

from policies.library.data_files import read_data_file
from policies.library.models import TrackList

TRACKS_FILE = Path(__file__).parents[2] / "library" / "tracks.json"
"""The provisional list: the document says there are 19 tracks and names none of them."""


def load_tracks(path: Path = TRACKS_FILE) -> TrackList:
    """Read the list of tracks; an operator may give another file of the same shape.

    Raises:
        DataFileError: the file can't be read or doesn't fit, or names an id or a name twice.
    """
    return read_data_file(path, TrackList)
