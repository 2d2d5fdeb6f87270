"""A form that can't act yet is shown again with everything that was typed: after a sign-in, or after a question."""

import json
from collections.abc import Iterable
from itertools import chain
from typing import Any

from aiohttp import web
from aiohttp_session import STORAGE_KEY
from yarl import URL

from console.access.signing_in import (
    CSRF_FIELD,
    SIGN_IN,
    SIGN_IN_COOKIE,
    csrf_token,
    is_same_origin,
    safe_return_path,
    sign_in_token,
)
from console.web.pages import page, referring_page
from storage.files.json_text import parse_json

CONFIRMED = "confirmed"
_SIGN_IN_COOKIE_S = 60 * 60

_NEVER_KEPT = frozenset({CSRF_FIELD, "password", "old", "new", "code"})
_LABELS = {
    "title": "标题",
    "body": "正文",
    "text": "正文",
    "content": "回复",
    "note": "说明",
    "reason": "原因",
    "url": "链接",
}

Fields = list[tuple[str, str]]


async def sign_in_first(request: web.Request) -> web.StreamResponse:
    """Redirect to the sign-in page and back afterwards. The fields of our own form wait in that page."""
    if request.method == "GET":
        raise web.HTTPSeeOther(str(URL(SIGN_IN).with_query(next=request.path_qs)))
    if not is_same_origin(request):
        raise web.HTTPSeeOther(SIGN_IN)
    kept = json.dumps(await _fields(request), ensure_ascii=False)
    why = "登录已超时，刚才填写的内容还在。登录后可继续提交。"
    return await sign_in_form(request, next=request.path, kept=kept, error=why, status=401)


async def sign_in_form(request: web.Request, *, status: int = 200, **values: Any) -> web.StreamResponse:
    """Show the sign-in page, with its token in a cookie."""
    token = sign_in_token(request)
    response = await page(
        request, "sign_in.html", status=status, **{"csrf": await csrf_token(request) or token, **values}
    )
    response.set_cookie(
        SIGN_IN_COOKIE,
        token,
        path="/console",
        max_age=_SIGN_IN_COOKIE_S,
        httponly=True,
        secure=request[STORAGE_KEY].cookie_params["secure"],
        samesite="Strict",
    )
    return response


async def return_after_sign_in(request: web.Request, *, path: str, kept: str) -> web.StreamResponse:
    """After sign-in: go back to the page before, or to the form that waited."""
    place = safe_return_path(path)
    fields = _read(kept)
    if not fields or place == "/console/":
        raise web.HTTPSeeOther(place)
    return await _asked(request, "已登录。刚才填写的内容还在，确认后继续提交。", place, fields)


async def confirm_first(
    request: web.Request,
    sentence: str,
    *,
    status: int = 200,
    confirmed: bool = False,
    more: Iterable[tuple[str, str]] = (),
    told: Iterable[tuple[str, str]] = (),
) -> web.StreamResponse:
    """Show what the form is about to do, with all it holds, and a button to go on.

    `more`: further fields; one may keep a file of the form, as text. `told`: what else is shown, by its name.
    """
    fields = [*await _fields(request), *more]
    if confirmed:
        fields.append((CONFIRMED, "yes"))
    return await _asked(request, sentence, request.path, fields, status=status, told=told)


async def _asked(
    request: web.Request,
    sentence: str,
    action: str,
    fields: Fields,
    *,
    status: int = 200,
    told: Iterable[tuple[str, str]] = (),
) -> web.StreamResponse:
    return await page(
        request,
        "kept_form.html",
        status=status,
        sentence=sentence,
        action=action,
        fields=fields,
        shown=[*told, *((_LABELS[name], value) for name, value in fields if value and name in _LABELS)],
        back=referring_page(request),
    )


async def _fields(request: web.Request) -> Fields:
    """Return the texts of the form without its secrets. A file has to be chosen again."""
    form = await request.post()
    return [
        (name, value) for name, value in form.items() if isinstance(value, str) and name not in _NEVER_KEPT
    ]


def _read(kept: str) -> Fields:
    try:
        fields = [(str(name), str(value)) for name, value in parse_json(kept or "[]")]
        "".join(
            chain.from_iterable(fields)
        ).encode()  # JSON may name half a character, which no page can hold
    except (ValueError, TypeError):
        return []
    return fields
