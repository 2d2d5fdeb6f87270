"""A form that is sent twice acts once: what came of the first is the answer to the second.

Each form carries a token of its own. Who sends a form again, by a double click or because the network did,
sends the same token with the same content; a page that is loaded anew has new tokens, so that the same words
may be meant twice.
"""

import asyncio
import hashlib
import json
from typing import Any

from aiohttp import web
from aiohttp_session import get_session
from redis.asyncio import Redis

from console.access.roles import Handler
from console.web.pages import NOTICE, page, place_of_origin

FIELD = "once"
FORMS_SENT = web.AppKey("forms_sent", Redis)

_UNDER_WAY = b"under way"
_SHOWN = b"shown"
_NOTHING_DONE = b""
_LONGEST_S = 60
"""After so long a form whose process died may be sent again."""
_PATIENCE_S = 20
_REMEMBERED_S = 60 * 60
_LOOK_EVERY_S = 0.1


async def once(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Let a form act, unless it has: then give what came of it, waiting for it where it is under way.

    An answer of 4xx says that nothing was done: the form may come again. Of any other answer only where it
    led and its notice are kept, in Redis for an hour; a page is not, for it may show a secret.
    """
    key = await _key(request)
    if key is None:
        return await handler(request)
    redis = request.app[FORMS_SENT]
    for _ in range(int(_PATIENCE_S / _LOOK_EVERY_S)):
        if await redis.set(key, _UNDER_WAY, nx=True, ex=_LONGEST_S):
            return await _first(request, handler, redis, key)
        outcome = await redis.get(key)
        if outcome == _SHOWN:
            break
        if outcome not in (None, _UNDER_WAY):
            location, notice = json.loads(outcome)
            (await get_session(request))[NOTICE] = notice
            raise web.HTTPSeeOther(location)
        await asyncio.sleep(_LOOK_EVERY_S)
    return await page(request, "sent_twice.html", back=place_of_origin(request))


async def _first(request: web.Request, handler: Handler, redis: Redis, key: str) -> web.StreamResponse:
    outcome: bytes | str = _SHOWN  # also where the handler breaks down: it may have acted before
    try:
        response = await handler(request)
        outcome = _NOTHING_DONE if response.status >= 400 else _SHOWN
    except web.HTTPSeeOther as led:
        outcome = json.dumps([str(led.location), (await get_session(request)).get(NOTICE)])
        raise
    except web.HTTPException:
        outcome = _NOTHING_DONE
        raise
    finally:
        await (redis.set(key, outcome, ex=_REMEMBERED_S) if outcome else redis.delete(key))
    return response


async def _key(request: web.Request) -> str | None:
    """Where the fate of this form, with this content, is kept; None for a request without a token."""
    form = await request.post()
    if not form.get(FIELD):
        return None
    digest = hashlib.blake2b(request.path.encode(), digest_size=20)
    for name, value in form.items():
        digest.update(f"\0{name}\0".encode())
        _take_in(digest, value)
    return f"desk:once:{digest.hexdigest()}"


def _take_in(digest: Any, value: Any) -> None:
    if isinstance(value, web.FileField):
        digest.update(f"{value.filename}\0".encode())
        digest.update(value.file.read())
        value.file.seek(0)
    else:
        digest.update(str(value).encode())
