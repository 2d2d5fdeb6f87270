"""`policybot menu show|diff|push`: the custom menu as declared in `handlers/menu.py`."""

import asyncio
from collections.abc import AsyncIterator, Coroutine
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any, TypeVar

import typer

from bot.account import bot_account
from bot.process import read_settings, redis_url
from bot.secret import secret_key
from bot.settings import Settings
from handlers.menu import as_buttons, as_lines, difference
from storage.redis_client import open_redis
from wechat.client import WeChatClient
from wechat.errors import ApiFailure, WeChatError
from wechat.tokens import AccessTokens
from wechat.transport import Transport, open_http_session

_T = TypeVar("_T")


def register(app: typer.Typer) -> None:
    """Add `menu`."""
    group = typer.Typer(help="The account's custom menu.", no_args_is_help=True)

    @group.command()
    def show() -> None:
        """Print the declared menu, a line a button."""
        typer.echo("\n".join(as_lines(as_buttons(read_settings().effective_public_url))))

    @group.command()
    def diff() -> None:
        """Show what a push would change; exit code 1 where the menu at WeChat is another."""
        lines = _run(menu_difference(read_settings()))
        if lines:
            typer.echo("\n".join(lines))
            raise typer.Exit(1)
        typer.echo("the menu at WeChat is the declared one")

    @group.command()
    def push() -> None:
        """Put the declared menu to WeChat; followers see it within five minutes."""
        _run(push_menu(read_settings()))
        typer.echo("the menu at WeChat is the declared one now")

    app.add_typer(group, name="menu")


def _run(work: Coroutine[Any, Any, _T]) -> _T:
    try:
        return asyncio.run(work)
    except WeChatError as refusal:
        typer.echo(
            f"policybot: WeChat refused: {refusal.errcode} {refusal.row.meaning}: {refusal.row.remedy}",
            err=True,
        )
    except ApiFailure as failure:
        typer.echo(
            f"policybot: {failure}: is BOT_WECHAT_API_BASE right, and may this machine reach it?", err=True
        )
    raise typer.Exit(1)


async def menu_difference(settings: Settings) -> list[str]:
    """What a push would change; [] where nothing."""
    async with _client(settings) as wechat:
        return difference(await wechat.menu_get(), as_buttons(settings.effective_public_url))


async def push_menu(settings: Settings) -> None:
    """Replace the menu at WeChat by the declared one."""
    async with _client(settings) as wechat:
        await wechat.menu_create(as_buttons(settings.effective_public_url))


@asynccontextmanager
async def _client(settings: Settings) -> AsyncIterator[WeChatClient]:
    """A client that shares its token with a running `up`, so that neither throws the other's out."""
    account = bot_account(settings, secret_key(settings))
    async with AsyncExitStack() as stack:
        transport = Transport(await stack.enter_async_context(open_http_session()), account.api_base)
        url = redis_url(settings)
        redis = open_redis(url) if url else None
        if redis is not None:
            stack.push_async_callback(redis.aclose)
        tokens = AccessTokens(transport, account.account.app_id, account.app_secret, redis)
        yield WeChatClient(transport, tokens, account.account.app_id)
