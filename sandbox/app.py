"""The sandbox as an aiohttp application, to be mounted under `/sandbox` or to run by itself."""

import asyncio
import random
import time
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from aiohttp import ClientSession, web

from sandbox.api.control import Control
from sandbox.api.server import ApiServer
from sandbox.gate import LOOPBACK_HOSTS, guarded
from sandbox.phone.page import AccountShown, Page, SampleWindows
from sandbox.phone.phone_owners import PhoneOwners
from sandbox.phone.phones import Phones
from sandbox.platform.account import SandboxAccount
from sandbox.platform.platform import Platform
from sandbox.platform.sandbox_clock import SandboxClock
from sandbox.push.pushing import Pusher
from sandbox.push.receipts import ReceiptQueue


def make_sandbox(
    account: SandboxAccount,
    *,
    callback_url: str,
    clock: SandboxClock,
    declared_menu: Mapping[str, Any] | None = None,
    windows: SampleWindows | None = None,
    account_shown: Callable[[], AccountShown] = AccountShown,
    state_file: Path | None = None,
    hosts: frozenset[str] = LOOPBACK_HOSTS,
    behind_proxy: bool = False,
    seed: int | None = None,
) -> web.Application:
    """A WeChat on the desk, to be mounted with `app.add_subapp("/sandbox", …)`.

    Mount it only where no WeChat account is set, and only in one process: its state lives in memory.

    Args:
        account: who the bot is to it.
        callback_url: the bot's `/wechat`; "": nothing is pushed.
        clock: the bot's business clock, which the page can set.
        declared_menu: the menu to show until the bot pushes one, as WeChat's JSON.
        windows: adds and clears sample windows; None: the page offers none.
        account_shown: the account's name and questions to try, asked for at each look at the page.
        state_file: where the pretend people are kept over a restart.
        hosts: names, without port, under which it may be reached.
        behind_proxy: requests that came through a proxy are answered too.
        seed: of its randomness; None: another each time.
    """
    rng = random.Random(seed)  # noqa: S311 - pretended tokens and faults, repeatable by seed
    receipts = ReceiptQueue()
    platform = Platform(
        account,
        now=lambda: clock().timestamp(),
        real=time.time,
        rng=rng,
        emit=receipts.emit,
        declared_menu=declared_menu,
    )
    platform.behaviour.receipts = bool(callback_url)
    people = PhoneOwners(platform, state_file)
    people.load()
    server = ApiServer(platform)
    page = Page(platform, people, clock, windows, account_shown)

    async def pushing(_app: web.Application) -> AsyncIterator[None]:
        async with ClientSession() as session:
            pusher = Pusher(account, session, callback_url, real=time.time, rng=rng)
            phones = Phones(platform, pusher, people.keep)
            page.phones = phones
            running = asyncio.create_task(receipts.run(phones.push_receipt))
            yield
            running.cancel()
            with suppress(asyncio.CancelledError):
                await running
            await page.close()

    async def end_streams(_app: web.Application) -> None:
        await server.close()
        page.end_streams()

    app = web.Application()
    app.cleanup_ctx.append(pushing)
    app.on_shutdown.append(end_streams)
    routes = [
        *Control(platform, server, clock).routes("/api/_sim"),
        web.route("*", "/api/{path:.+}", server.handle),
        *page.routes(),
    ]
    for route in routes:
        app.router.add_route(
            route.method, route.path, guarded(hosts, route.handler, behind_proxy=behind_proxy)
        )
    app.router.add_static("/static", Path(__file__).parent / "static")
    return app
