"""Where the pages find what they ask."""

from aiohttp import web

from pages.services import PageServices

SERVICES = web.AppKey("services", PageServices)
