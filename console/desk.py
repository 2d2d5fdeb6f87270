"""What the desk's pages and the API may ask: the services of the floors below, handed down once by `bot`."""

from dataclasses import dataclass

from aiohttp import web

from console.api_keys import ApiKeys
from console.broadcasts import Broadcasts
from console.operators import Operators
from storage.clock import Clock
from storage.database import Database


@dataclass(frozen=True, slots=True)
class Desk:
    database: Database
    operators: Operators
    api_keys: ApiKeys
    broadcasts: Broadcasts
    clock: Clock
    public_url: str


DESK = web.AppKey("desk", Desk)
