"""The WeChat API for a command's time, and its failures as lines a person can act on."""

import asyncio
from collections.abc import AsyncIterator, Coroutine
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any, TypeVar

import typer

from bot.runtime.account import bot_account
from bot.runtime.process import attached
from bot.runtime.secret import secret_key
from bot.runtime.settings import Settings
from storage.redis.client import open_redis
from wechat.api.client import WeChatClient
from wechat.api.errors import ApiFailure, WeChatError
from wechat.api.tokens import AccessTokens
from wechat.api.transport import Transport, open_http_client

_T = TypeVar("_T")


def run_against_wechat(work: Coroutine[Any, Any, _T]) -> _T:
    """Run the coroutine of a command. A refusal or a failed call becomes one line on stderr and exit code 1."""
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


@asynccontextmanager
async def open_wechat(settings: Settings) -> AsyncIterator[WeChatClient]:
    """Open a client that shares its access token with a running `up`, so that neither makes the other's invalid."""
    settings = attached(settings)
    bot = bot_account(settings, secret_key(settings))
    async with AsyncExitStack() as stack:
        transport = Transport(await stack.enter_async_context(open_http_client()), bot.api_base)
        redis = open_redis(settings.redis_url) if settings.redis_url else None
        if redis is not None:
            stack.push_async_callback(redis.aclose)
        tokens = AccessTokens(transport, bot.account.app_id, bot.app_secret, redis)
        yield WeChatClient(transport, tokens)
