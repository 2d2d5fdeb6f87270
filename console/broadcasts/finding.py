"""The broadcast that a request names."""

from aiohttp import web

from alerts.model.tables import Campaign
from console.services.broadcast_drafts import BroadcastError
from console.services.desk import DESK

BROADCASTS = "/console/broadcasts"
"""The page that lists them."""


async def found_broadcast(request: web.Request) -> Campaign:
    """Return the broadcast whose number is in the path; 404 if there is none."""
    return await numbered_broadcast(request, int(request.match_info["id"]))


async def numbered_broadcast(request: web.Request, number: int) -> Campaign:
    """Return the broadcast of this number; 404 if there is none."""
    try:
        return await request.app[DESK].broadcasts.one(number)
    except BroadcastError as error:
        raise web.HTTPNotFound(text=str(error)) from None
