"""Scenes of QR codes: the text that WeChat sends when somebody scans a code with parameters (docs/wechat.md).

Anybody can read and forge a scene, so a scene only does what the person could do themselves.
"""

_TRACK = "track:"


def scene_of(track_id: str) -> str:
    """Return the scene of a track's QR code, at most 64 characters."""
    return f"{_TRACK}{track_id}"


def track_of(scene: str) -> str | None:
    """Return the track id in a scene; None for another kind of scene."""
    return scene.removeprefix(_TRACK) if scene.startswith(_TRACK) else None
