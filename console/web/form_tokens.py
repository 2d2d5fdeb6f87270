"""A form that is sent twice acts once: the second request gets the result of the first.

Each form carries its own token. A double click or a retry of the network sends the same token with the same content. A
reloaded page has new tokens, so an operator can send the same words again on purpose.
"""

import asyncio
import hashlib
import json
from typing import Any

from aiohttp import web
from aiohttp_session import get_session
from redis.asyncio import Redis

from console.access.roles import Handler
from console.web.pages import NOTICE, page, referring_page

FIELD = "once"
FORMS_SENT = web.AppKey("forms_sent", Redis)

_UNDER_WAY = b"under way"
_SHOWN = b"shown"
_NOTHING_DONE = b""
_MAX_RUN_S = 60
"""Seconds after which a form whose process died may be sent again."""
_WAIT_S = 20
_KEPT_S = 60 * 60
_POLL_S = 0.1


async def run_once(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Run the handler for the first request of a form; a later one waits for its result and gets the same.

    After an answer of 4xx nothing was done, and the form may be sent again. After any other answer Redis keeps the redirect and
    the notice for an hour. A page is not kept: it may show a secret.
    """
    key = await _key(request)
    if key is None:
        return await handler(request)
    redis = request.app[FORMS_SENT]
    for _ in range(int(_WAIT_S / _POLL_S)):
        if await redis.set(key, _UNDER_WAY, nx=True, ex=_MAX_RUN_S):
            return await _first(request, handler, redis, key)
        outcome = await redis.get(key)
        if outcome == _SHOWN:
            break
        if outcome not in (None, _UNDER_WAY):
            location, notice = json.loads(outcome)
            (await get_session(request))[NOTICE] = notice
            raise web.HTTPSeeOther(location)
        await asyncio.sleep(_POLL_S)
    return await page(request, "sent_twice.html", back=referring_page(request))


async def _first(request: web.Request, handler: Handler, redis: Redis, key: str) -> web.StreamResponse:
    outcome: bytes | str = _SHOWN  # also where the handler fails: it may have acted before
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
        await (redis.set(key, outcome, ex=_KEPT_S) if outcome else redis.delete(key))
    return response


async def _key(request: web.Request) -> str | None:
    """Return the key that keeps the result of this form with this content; None without a token."""
    form = await request.post()
    if not form.get(FIELD):
        return None
    digest = hashlib.blake2b(request.path.encode(), digest_size=20)
    for name, value in form.items():
        digest.update(f"\0{name}\0".encode())
        _hash_value(digest, value)
    return f"desk:once:{digest.hexdigest()}"


def _hash_value(digest: Any, value: Any) -> None:
    if isinstance(value, web.FileField):
        digest.update(f"{value.filename}\0".encode())
        digest.update(value.file.read())
        value.file.seek(0)
    else:
        digest.update(str(value).encode())
