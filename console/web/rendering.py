"""Renders a page of the desk. A long one (an edition of 3,000 clauses has 9 MB) leaves the event loop to others meanwhile."""

import asyncio
from collections.abc import Mapping
from typing import Any

import aiohttp_jinja2
from aiohttp import web

_PIECES = 2_000
"""Pieces of text between two pauses: some milliseconds."""


async def render(
    request: web.Request, template: str, context: Mapping[str, Any], *, status: int = 200
) -> web.Response:
    """Return a page from its template."""
    environment = aiohttp_jinja2.get_env(request.app)
    pieces: list[str] = []
    async for piece in environment.get_template(template).generate_async(context):
        pieces.append(piece)
        if len(pieces) % _PIECES == 0:
            await asyncio.sleep(0)
    return web.Response(text="".join(pieces), status=status, content_type="text/html", charset="utf-8")
