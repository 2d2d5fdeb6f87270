"""What a customer-service or mass message may carry (docs/wechat.md §5.1, §5.4)."""

from collections.abc import Callable, Mapping
from typing import Any

from sandbox.platform.errors import ApiError

TEXT_BYTES = 2048
Payload = Mapping[str, Any]


def checked_payload(body: Payload, known_media: Callable[[str], bool]) -> Payload:
    """Return the payload under the message's own type.

    Raises:
        ApiError: 40008 unknown type, 44002 to 44004 something is empty, 45002 a text is too long,
            45008 not exactly one article, 40007 unknown media.
    """
    kind = body.get("msgtype")
    check = _CHECKS.get(kind) if isinstance(kind, str) else None
    if check is None:
        raise ApiError(40008)
    payload = body.get(str(kind))
    if not isinstance(payload, dict):
        raise ApiError(44002)
    check(payload, known_media)
    return payload


def _text(payload: Payload, _known: Callable[[str], bool]) -> None:
    content = payload.get("content")
    if not isinstance(content, str) or not content:
        raise ApiError(44004)
    if len(content) * 3 > TEXT_BYTES and len(content.encode()) > TEXT_BYTES:
        raise ApiError(45002)


def _media(payload: Payload, known: Callable[[str], bool]) -> None:
    if not known(str(payload.get("media_id", ""))):
        raise ApiError(40007)


def _music(payload: Payload, known: Callable[[str], bool]) -> None:
    if not known(str(payload.get("thumb_media_id", ""))):
        raise ApiError(40007)


def _news(payload: Payload, _known: Callable[[str], bool]) -> None:
    articles = payload.get("articles")
    if not isinstance(articles, list) or not articles:
        raise ApiError(44003)
    if len(articles) != 1:
        raise ApiError(45008)


def _menu(payload: Payload, _known: Callable[[str], bool]) -> None:
    choices = payload.get("list")
    if not isinstance(choices, list) or not choices:
        raise ApiError(44004)
    for choice in choices:
        if not (isinstance(choice, dict) and choice.get("id") and choice.get("content")):
            raise ApiError(47001)


_CHECKS: Mapping[str, Callable[[Payload, Callable[[str], bool]], None]] = {
    "text": _text,
    "image": _media,
    "voice": _media,
    "video": _media,
    "music": _music,
    "news": _news,
    "mpnews": _media,
    "msgmenu": _menu,
}
