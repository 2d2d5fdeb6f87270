"""Who is behind a request: the session, its time-outs, and the token that guards every form."""

import secrets
import time
from hmac import compare_digest
from typing import Any

from aiohttp import web
from aiohttp_session import Session, get_session, new_session

from console.desk import DESK
from console.operators import SignedIn

IDLE_SECONDS = 30 * 60
ABSOLUTE_SECONDS = 12 * 60 * 60
OPERATOR = web.RequestKey("operator", SignedIn)
CSRF_FIELD = "csrf"
CSRF_HEADER = "X-CSRF-Token"


async def begin_session(request: web.Request, operator: SignedIn) -> None:
    """Sign an operator in: the old session is emptied and a new one with another id begins."""
    old = await get_session(request)
    old.invalidate()
    session = await new_session(request)
    now = int(time.time())
    session.update(
        operator=operator.id, stamp=operator.stamp, began=now, seen=now, csrf=secrets.token_urlsafe(32)
    )


async def signed_in_operator(request: web.Request) -> SignedIn | None:
    """The operator of this request; None where there is no session, it timed out, or the account changed."""
    session = await get_session(request)
    if "operator" not in session:
        return None
    now = int(time.time())
    if now - session["seen"] > IDLE_SECONDS or now - session["began"] > ABSOLUTE_SECONDS:
        session.invalidate()
        return None
    operator = await request.app[DESK].operators.still_signed_in(session["operator"], session["stamp"])
    if operator is None:
        session.invalidate()
    elif now - session["seen"] > 60:  # a write a minute is enough for an idle time-out of 30
        session["seen"] = now
    return operator


async def csrf_token(request: web.Request) -> str:
    """The session's form token; one is made for a visitor who is about to sign in."""
    session: Session = await get_session(request)
    if "csrf" not in session:
        session["csrf"] = secrets.token_urlsafe(32)
    return str(session["csrf"])


async def has_csrf_token(request: web.Request) -> bool:
    """Whether a changing request carries its session's token, in a field or (for scripts) a header."""
    session = await get_session(request)
    given: Any = request.headers.get(CSRF_HEADER) or (await request.post()).get(CSRF_FIELD, "")
    return isinstance(given, str) and bool(session.get("csrf")) and compare_digest(given, session["csrf"])
