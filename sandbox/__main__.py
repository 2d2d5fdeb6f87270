"""`python -m sandbox`: the stand-in for WeChat as a separate process.

The account is that of BOT_WECHAT_APP_ID, _APP_SECRET, _TOKEN and _AES_KEY, if they are set, otherwise the one made
from BOT_SECRET_KEY. It prints one JSON line once it listens: `{"page": …, "api_base": …}`.
"""

import asyncio
import json
import os
import signal
import socket
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import typer
import uvloop
from aiohttp import web

from sandbox.addresses import API_PREFIX, PREFIX
from sandbox.app import make_sandbox
from sandbox.credentials import Credentials, sandbox_credentials
from sandbox.gate import LOOPBACK_HOSTS
from sandbox.platform.account import SandboxAccount
from sandbox.platform.sandbox_clock import LocalClock
from storage.clock import system_clock


def account_from_environment(environment: Mapping[str, str]) -> SandboxAccount:
    """Return the account to play.

    Raises:
        typer.BadParameter: neither an account nor a secret key is set.
    """

    def setting(name: str) -> str:
        return environment.get(f"BOT_{name}", "")

    if setting("WECHAT_APP_ID"):
        made = sandbox_credentials(setting("WECHAT_APP_SECRET").encode() or b"sandbox")
        credentials = Credentials(
            app_id=setting("WECHAT_APP_ID"),
            account_id=made.account_id,
            app_secret=setting("WECHAT_APP_SECRET"),
            token=setting("WECHAT_TOKEN"),
            aes_key=setting("WECHAT_AES_KEY"),
        )
        return SandboxAccount(credentials, mode="safe" if credentials.aes_key else "plain")
    if not setting("SECRET_KEY"):
        raise typer.BadParameter("set BOT_SECRET_KEY, or an account by BOT_WECHAT_APP_ID and its companions")
    return SandboxAccount(sandbox_credentials(setting("SECRET_KEY").encode()))


async def serve(app: web.Application, host: str, port: int) -> None:
    """Serve until SIGTERM or SIGINT."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=2)
    await runner.setup()
    with socket.create_server((host, port), reuse_port=False, backlog=1024) as listening:
        await web.SockSite(runner, listening, backlog=1024).start()
        address = f"http://{host}:{listening.getsockname()[1]}"
        typer.echo(json.dumps({"page": f"{address}{PREFIX}", "api_base": f"{address}{API_PREFIX}"}))
        await stop.wait()
        await runner.cleanup()


def main(  # noqa: PLR0917 - options of the command line, all given by name
    port: Annotated[int, typer.Option(help="0: any free one")] = 0,
    host: str = "127.0.0.1",
    bot: Annotated[str, typer.Option(help="the bot's /wechat; without it nothing is pushed")] = "",
    state: Annotated[Path | None, typer.Option(help="file that keeps the pretend people")] = None,
    seed: Annotated[
        int | None, typer.Option(help="of tokens and faults, for a run that can be repeated")
    ] = None,
    allow_host: Annotated[list[str] | None, typer.Option(help="another name to be reached under")] = None,
) -> None:
    """A WeChat on the desk, by itself."""
    sandbox = make_sandbox(
        account_from_environment(os.environ),
        callback_url=bot,
        clock=LocalClock(system_clock),
        state_file=state,
        hosts=LOOPBACK_HOSTS | frozenset(allow_host or ()),
        behind_proxy=True,
        seed=seed,
    )
    app = web.Application()
    app.add_subapp(PREFIX, sandbox)
    uvloop.run(serve(app, host, port))


if __name__ == "__main__":
    typer.run(main)
