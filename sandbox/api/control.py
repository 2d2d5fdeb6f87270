"""The sandbox's own control plane under `/_sim/`: people, faults, limits, the date, and what was delivered."""

import dataclasses
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Annotated

from aiohttp import web
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from sandbox.api.server import ApiServer
from sandbox.platform.api_faults import ApiFault
from sandbox.platform.people import Person
from sandbox.platform.platform import Platform
from sandbox.platform.sandbox_clock import SandboxClock
from sandbox.request_body import read_body

OPENID_LENGTH = 28
PAGE = 10_000


class Crowd(BaseModel):
    """People to make at once: `prefix` and a number, padded with zeros to 28 characters.

    Attributes:
        unfollowed, refusing: shares of them, drawn from the seed, who don't follow or refuse templates.
        blocking: whether they refuse customer-service messages.
        window: each has just written, so that customer-service messages may go.
        consents: template id → granted sends, for each.
    """

    model_config = ConfigDict(extra="forbid")

    count: Annotated[int, Field(ge=1, le=2_000_000)]
    prefix: Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{1,18}$")] = "oSIM"
    first: Annotated[int, Field(ge=0)] = 0
    unfollowed: Annotated[float, Field(ge=0, le=1)] = 0.0
    refusing: Annotated[float, Field(ge=0, le=1)] = 0.0
    blocking: bool = False
    window: bool = False
    consents: dict[str, int] = Field(default_factory=dict)


class FaultSet(BaseModel):
    """The faults to put in force in place of those before."""

    model_config = ConfigDict(extra="forbid")

    faults: list[ApiFault] = Field(default_factory=list)
    token_every: Annotated[float, Field(gt=0)] | None = None


class Rules(BaseModel):
    """Limits and behaviours to change; what is left out stays."""

    model_config = ConfigDict(extra="forbid")

    seed: int | None = None
    memory_seconds: Annotated[float, Field(gt=0)] | None = None
    receipts: bool | None = None
    receipt_delay: Annotated[float, Field(ge=0)] | None = None
    receipt_copies: Annotated[int, Field(ge=1, le=5)] | None = None
    system_failures: Annotated[float, Field(ge=0, le=1)] | None = None
    mass_seconds: Annotated[float, Field(ge=0)] | None = None
    notifications_remember: bool | None = None
    daily: dict[str, int | None] = Field(default_factory=dict)
    per_minute: dict[str, int] = Field(default_factory=dict)


class Date(BaseModel):
    """The instant that the sandbox's date becomes."""

    model_config = ConfigDict(extra="forbid")

    at: AwareDatetime


def crowd_openid(prefix: str, number: int) -> str:
    """Return the openid of one person of a crowd."""
    return f"{prefix}{number:0{OPENID_LENGTH - len(prefix)}d}"


class Control:
    """The control plane's handlers; each answers JSON, a mistake in the request with 400 and its reason."""

    def __init__(self, platform: Platform, server: ApiServer, clock: SandboxClock) -> None:
        self._platform = platform
        self._server = server
        self._clock = clock

    def routes(self, prefix: str) -> list[web.RouteDef]:
        table: list[tuple[str, str, Callable[[web.Request], Awaitable[web.StreamResponse]]]] = [
            ("GET", "stats", self.stats),
            ("POST", "people", self.make_people),
            ("GET", "people", self.list_people),
            ("DELETE", "people", self.forget_people),
            ("GET", "faults", self.show_faults),
            ("PUT", "faults", self.set_faults),
            ("PUT", "rules", self.set_rules),
            ("GET", "deliveries", self.list_deliveries),
            ("DELETE", "deliveries", self.forget_deliveries),
            ("GET", "doubted", self.list_doubted),
            ("POST", "throw_token_out", self.throw_token_out),
            ("GET", "clock", self.show_clock),
            ("PUT", "clock", self.set_clock),
            ("DELETE", "clock", self.reset_clock),
        ]
        return [web.route(method, f"{prefix}/{name}", handler) for method, name, handler in table]

    async def stats(self, _request: web.Request) -> web.Response:
        """Return all figures."""
        platform = self._platform
        return web.json_response(
            {
                "people": len(platform.people),
                "followers": sum(person.following for person in platform.people),
                "calls": self._server.calls,
                "last_calls": self._server.last_calls,
                "token_fetches": platform.tokens.fetched,
                "faults_struck": platform.faults.struck,
                **platform.deliveries.summary(),
                "reached": len(platform.deliveries.delivered_to()),
                "swallowed_ages": sorted(platform.deliveries.swallowed, reverse=True)[:1000],
                "double_keys": platform.deliveries.doubles[:1000],
            }
        )

    async def make_people(self, request: web.Request) -> web.Response:
        """Make a crowd."""
        crowd = await read_body(request, Crowd)
        platform = self._platform
        rng, unfollowed = platform.rng, 0
        for number in range(crowd.first, crowd.first + crowd.count):
            following = not (crowd.unfollowed and rng.random() < crowd.unfollowed)
            person = Person(crowd_openid(crowd.prefix, number), following=following)
            person.refuses_templates = bool(crowd.refusing) and rng.random() < crowd.refusing
            person.refuses_messages = crowd.blocking
            person.consents = dict(crowd.consents)
            if following and crowd.window:
                person.sent_message(platform.real())
            platform.people.add(person)
            unfollowed += not following
        return web.json_response({"made": crowd.count, "unfollowed": unfollowed})

    async def list_people(self, request: web.Request) -> web.Response:
        """Openids, ten thousand a page: `?after=` the last of the page before, `&following=0` or `1`."""
        wanted = request.query.get("following")
        openids = [
            person.openid
            for person in self._platform.people
            if wanted is None or person.following == (wanted == "1")
        ]
        return web.json_response({"openids": _page(openids, request)})

    async def forget_people(self, _request: web.Request) -> web.Response:
        """Nobody is known any more but the people on the desk."""
        people = self._platform.people
        kept = [person for person in people if self._platform.conversations.is_open(person.openid)]
        people.clear()
        for person in kept:
            people.add(person)
        return web.json_response({"people": len(people)})

    async def show_faults(self, _request: web.Request) -> web.Response:
        """Return the faults in force."""
        faults = self._platform.faults
        shown = FaultSet(faults=list(faults.all), token_every=faults.token_every)
        return web.json_response(shown.model_dump() | {"struck": faults.struck})

    async def set_faults(self, request: web.Request) -> web.Response:
        """Other faults; an empty object ends all."""
        wanted = await read_body(request, FaultSet)
        self._platform.faults.replace(wanted.faults)
        self._platform.faults.throw_token_out_every(wanted.token_every)
        self._platform.conversations.tell("faults", wanted.model_dump())
        return await self.show_faults(request)

    async def set_rules(self, request: web.Request) -> web.Response:
        """Other limits and behaviours."""
        rules = await read_body(request, Rules)
        platform = self._platform
        if rules.seed is not None:
            platform.rng.seed(rules.seed)
        if rules.memory_seconds is not None:
            platform.deliveries.memory_seconds = rules.memory_seconds
        if rules.mass_seconds is not None:
            platform.mass_sends.seconds = rules.mass_seconds
        for field in dataclasses.fields(platform.behaviour):
            if (value := getattr(rules, field.name)) is not None:
                setattr(platform.behaviour, field.name, value)
        platform.quotas.daily.update(rules.daily)
        platform.quotas.per_minute.update(rules.per_minute)
        return web.json_response(rules.model_dump())

    async def list_deliveries(self, request: web.Request) -> web.Response:
        """Return who got what, by the sender's id or the content: ten thousand a page, from the number in `?from=`."""
        delivered = self._platform.deliveries.delivered()
        start = _first_asked(request)
        return web.json_response({"total": len(delivered), "deliveries": delivered[start : start + PAGE]})

    async def forget_deliveries(self, _request: web.Request) -> web.Response:
        """Count anew."""
        self._platform.deliveries.forget()
        return web.json_response(self._platform.deliveries.summary())

    async def list_doubted(self, request: web.Request) -> web.Response:
        """Openids whose message may have arrived unknown to its sender: ten thousand a page, from `?from=` a number."""
        doubted, start = list(self._server.doubted), _first_asked(request)
        return web.json_response({"total": len(doubted), "doubted": doubted[start : start + PAGE]})

    async def throw_token_out(self, _request: web.Request) -> web.Response:
        """End the access token now."""
        self._platform.tokens.throw_out()
        return web.json_response({"thrown_out": True})

    async def show_clock(self, _request: web.Request) -> web.Response:
        """Return the sandbox's date."""
        return web.json_response({"now": _iso(self._clock()), "moved": self._clock.moved})

    async def set_clock(self, request: web.Request) -> web.Response:
        """Another date; time runs on from there."""
        await self._clock.set((await read_body(request, Date)).at)
        self._platform.conversations.tell("clock", {"now": _iso(self._clock()), "moved": self._clock.moved})
        return await self.show_clock(request)

    async def reset_clock(self, request: web.Request) -> web.Response:
        """Today's date again."""
        await self._clock.reset()
        self._platform.conversations.tell("clock", {"now": _iso(self._clock()), "moved": self._clock.moved})
        return await self.show_clock(request)


def _iso(at: datetime) -> str:
    return at.isoformat(timespec="seconds")


def _first_asked(request: web.Request) -> int:
    asked = request.query.get("from", "0")
    if not asked.isdecimal():
        raise web.HTTPBadRequest(text="from: a number is expected")
    return int(asked)


def _page(openids: list[str], request: web.Request) -> list[str]:
    after = request.query.get("after")
    start = openids.index(after) + 1 if after in openids else 0
    return openids[start : start + PAGE]
