"""Where the pages find what they ask."""

from aiohttp import web

from handlers.framework.context import Context

CONTEXT = web.AppKey("context", Context)
