"""The page that a person sees while the database or Redis is unavailable."""

import structlog
from aiohttp import web
from aiohttp.typedefs import Handler

from storage.unavailable import RETRY_AFTER, UNAVAILABLE

_PAGE = """<!doctype html>
<html lang="zh-CN"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>暂时无法打开</title><h1>暂时无法打开</h1><p>系统正在恢复，请稍后刷新页面。</p></html>"""

_log = structlog.stdlib.get_logger(__name__)


@web.middleware
async def answer_when_unavailable(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Answer 503 with a sentence while the database or Redis is unavailable; desk and API have their own."""
    try:
        return await handler(request)
    except UNAVAILABLE as error:
        _log.warning("pages.unavailable", error=f"{type(error).__name__}: {error}")
        return web.Response(status=503, text=_PAGE, content_type="text/html", headers=RETRY_AFTER)
