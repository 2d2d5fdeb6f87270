"""The application key under which the pages find their services."""

from aiohttp import web

from pages.services import PageServices

SERVICES = web.AppKey("services", PageServices)
