"""The chat page: its shell, its live updates, and what people do on it."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import jinja2
from aiohttp import web
from aiohttp_sse import EventSourceResponse
from pydantic import BaseModel, ConfigDict, Field

from sandbox.gate import SECURITY_HEADERS
from sandbox.phone.acts import PhoneAct
from sandbox.phone.phone_owners import PEOPLE_MOST, PhoneOwners
from sandbox.phone.phones import NotPossibleError, Phones, person_view
from sandbox.platform.errors import ApiError
from sandbox.platform.platform import Platform
from sandbox.platform.sandbox_clock import SandboxClock
from sandbox.request_body import read_body

_HERE = Path(__file__).parents[1]


@dataclass(frozen=True, slots=True)
class AccountShown:
    """The account as the phones show it: its name, and questions to try."""

    name: str = "政策服务号"
    suggestions: tuple[str, ...] = ()


class SampleWindows(Protocol):
    """Sample application windows, marked 示例; `policies.windows.application_windows.Windows` has them."""

    async def add_samples(self) -> int:
        """Add sample windows around today; gives their number."""

    async def clear_samples(self) -> int:
        """Remove all sample windows; gives their number."""


class ActRequest(BaseModel):
    """Who does what."""

    model_config = ConfigDict(extra="forbid")

    openid: str
    act: PhoneAct


class Newcomer(BaseModel):
    """One more person on the desk."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    nickname: str = Field(min_length=1, max_length=12)


class Page:
    """Handlers of `/sandbox` itself.

    Attributes:
        phones: set when the application starts, for it needs the running loop's HTTP session.
    """

    phones: Phones

    def __init__(
        self,
        platform: Platform,
        people: PhoneOwners,
        clock: SandboxClock,
        windows: SampleWindows | None,
        account: Callable[[], AccountShown],
    ) -> None:
        self._platform = platform
        self._people = people
        self._clock = clock
        self._windows = windows
        self._account = account
        self._closing = asyncio.Event()
        self._acts: set[asyncio.Task[None]] = set()
        loader = jinja2.FileSystemLoader(_HERE / "templates")
        self._shell = jinja2.Environment(loader=loader, autoescape=True).get_template("sandbox.html")

    def routes(self) -> list[web.RouteDef]:
        table: list[tuple[str, str, Callable[[web.Request], Awaitable[web.StreamResponse]]]] = [
            ("GET", "", self.show),
            ("GET", "/", self.show),
            ("GET", "/events", self.events),
            ("POST", "/act", self.act),
            ("POST", "/people", self.add_person),
            ("POST", "/clear", self.clear),
            ("POST", "/samples", self.add_samples),
            ("DELETE", "/samples", self.clear_samples),
        ]
        return [web.route(method, path, handler) for method, path, handler in table]

    def end_streams(self) -> None:
        """End the live updates, so that the server can stop."""
        self._closing.set()

    async def close(self) -> None:
        """Stop waiting for answers under way."""
        for task in self._acts:
            task.cancel()
        await asyncio.gather(*self._acts, return_exceptions=True)

    async def show(self, _request: web.Request) -> web.Response:
        """Show the page's shell. Its content comes by the live updates."""
        account = self._account()
        shell = self._shell.render(
            account=account.name, suggestions=account.suggestions, samples=self._windows is not None
        )
        headers = {**SECURITY_HEADERS, "Cache-Control": "no-store"}
        return web.Response(text=shell, content_type="text/html", headers=headers)

    async def events(self, request: web.Request) -> web.StreamResponse:
        """Send the whole state first, then every change, as server-sent events."""
        queue: asyncio.Queue[tuple[str, dict[str, Any]] | None] = asyncio.Queue(1000)

        def put(what: str, content: dict[str, Any]) -> None:
            if queue.full():  # a page that doesn't read: it gets everything anew when it comes back
                self._drop(queue)
            else:
                queue.put_nowait((what, content))

        stop = self._platform.conversations.watch(put)
        closing = asyncio.create_task(self._closing.wait())
        closing.add_done_callback(lambda _task: self._drop(queue))
        response = EventSourceResponse(headers={"X-Content-Type-Options": "nosniff"})
        try:
            await response.prepare(request)
            async with response:
                await response.send(_dumps(self._state()), event="state")
                self._greet()
                while response.is_connected() and (change := await queue.get()) is not None:
                    await response.send(_dumps(change[1]), event=change[0])
        except ConnectionResetError:
            pass
        finally:
            stop()
            closing.cancel()
        return response

    async def act(self, request: web.Request) -> web.Response:
        """Do what a person does on their phone. The answer comes by the live updates."""
        asked = await read_body(request, ActRequest)
        if not self._platform.conversations.is_open(asked.openid):
            raise web.HTTPNotFound(text="没有这位用户")
        self._start(asked.openid, asked.act)
        return web.json_response({"accepted": True}, status=202)

    async def add_person(self, request: web.Request) -> web.Response:
        """One more phone on the desk."""
        asked = await read_body(request, Newcomer)
        if len(self._people.openids) >= PEOPLE_MOST:
            raise web.HTTPConflict(text=f"桌面上最多放 {PEOPLE_MOST} 部手机")
        person = self._people.newcomer(asked.nickname)
        self._people.keep()
        self._platform.conversations.tell("person", person_view(person))
        return web.json_response(person_view(person), status=201)

    async def clear(self, request: web.Request) -> web.Response:
        """Empty every chat on the desk."""
        await request.read()
        for openid in self._people.openids:
            self._platform.conversations.clear(openid)
        return web.json_response({"cleared": True})

    async def add_samples(self, _request: web.Request) -> web.Response:
        """Add sample windows: a reminder arrives within a minute."""
        return web.json_response({"windows": await self._samples().add_samples()})

    async def clear_samples(self, _request: web.Request) -> web.Response:
        """No sample windows any more."""
        return web.json_response({"windows": await self._samples().clear_samples()})

    def _samples(self) -> SampleWindows:
        if self._windows is None:
            raise web.HTTPNotFound(text="这里没有示例申报期")
        return self._windows

    def _start(self, openid: str, act: PhoneAct) -> None:
        task = asyncio.create_task(self._run(openid, act))
        self._acts.add(task)
        task.add_done_callback(self._acts.discard)

    async def _run(self, openid: str, act: PhoneAct) -> None:
        try:
            await self.phones.act(openid, act)
        except (NotPossibleError, ApiError) as error:
            self._platform.conversations.add(openid, "note", "event", {"text": str(error)})

    def _greet(self) -> None:
        """Push the follows of the first start, once somebody looks at the page."""
        waiting, self._people.not_greeted = self._people.not_greeted, []
        for openid in waiting:
            self._start(openid, PhoneAct(do="follow"))

    def _state(self) -> dict[str, Any]:
        platform = self._platform
        return {
            "people": [person_view(person) for person in self._people.everyone()],
            "bubbles": platform.conversations.shown(),
            "menu": {"button": platform.menus.shown},
            "clock": {"now": self._clock().isoformat(timespec="seconds"), "moved": self._clock.moved},
            "faults": {
                "faults": [fault.model_dump() for fault in platform.faults.all],
                "token_every": platform.faults.token_every,
            },
            "qr": [{"scene": code.scene, "ticket": code.ticket} for code in platform.qr_codes.recent()],
            "notifications": [
                {"id": template.template_id, "title": template.title}
                for template in platform.templates.all(notification=True)
            ],
        }

    @staticmethod
    def _drop(queue: "asyncio.Queue[tuple[str, dict[str, Any]] | None]") -> None:
        while not queue.empty():
            queue.get_nowait()
        queue.put_nowait(None)


def _dumps(content: Any) -> str:
    return json.dumps(content, ensure_ascii=False, separators=(",", ":"))
