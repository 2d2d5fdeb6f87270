"""Scenes of QR codes: what a poster's code says when somebody scans it.

A scene can be read and made by anybody, so it only ever does what the person could do themselves.
"""

_TRACK = "track:"


def scene_of(track_id: str) -> str:
    """The scene of a track's poster, 64 characters at most."""
    return f"{_TRACK}{track_id}"


def track_of(scene: str) -> str | None:
    """The track that a scene means; None for a scene that isn't a track's."""
    return scene.removeprefix(_TRACK) if scene.startswith(_TRACK) else None
