"""The tracks as they are published now, by the names people use for them."""

from functools import lru_cache

from policies.knowledge import Knowledge
from policies.library.models import Track
from subscriptions.members.track_names import TrackNames


def published_track_names(knowledge: Knowledge) -> TrackNames:
    """Names of the published tracks; made once for each list of tracks."""
    return _read(knowledge.index.tracks.tracks)


@lru_cache(maxsize=4)
def _read(tracks: tuple[Track, ...]) -> TrackNames:
    return TrackNames(tracks)
