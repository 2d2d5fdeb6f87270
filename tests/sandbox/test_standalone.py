"""The stand-in in a process of its own."""

import asyncio
import json
import signal
import sys

import aiohttp
import pytest
import typer

from sandbox.__main__ import account_from_environment
from sandbox.credentials import sandbox_credentials


async def test_it_says_where_it_listens_serves_and_ends(credentials):
    environment = {"BOT_SECRET_KEY": "a secret of the tests"}
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "sandbox", "--seed", "1", env=environment, stdout=asyncio.subprocess.PIPE
    )
    try:
        assert process.stdout is not None
        place = json.loads(await asyncio.wait_for(process.stdout.readline(), 20))
        body = {"grant_type": "client_credential", "appid": credentials.app_id}
        body["secret"] = credentials.app_secret
        async with aiohttp.ClientSession() as session:
            async with session.post(f"{place['api_base']}/cgi-bin/stable_token", json=body) as response:
                assert (await response.json(content_type=None))["expires_in"] == 7200
            async with session.get(place["page"]) as response:
                assert response.status == 200
    finally:
        process.send_signal(signal.SIGTERM)
    assert await asyncio.wait_for(process.wait(), 5) == 0


def test_it_plays_the_account_that_is_set():
    account = account_from_environment(
        {
            "BOT_WECHAT_APP_ID": "wx0123456789abcdef",
            "BOT_WECHAT_APP_SECRET": "secret",
            "BOT_WECHAT_TOKEN": "simtoken123",
            "BOT_WECHAT_AES_KEY": "A" * 43,
        }
    )
    assert (account.credentials.app_id, account.mode) == ("wx0123456789abcdef", "safe")
    assert account.credentials.account_id.startswith("gh_")


def test_without_an_account_it_plays_the_sandboxs_own():
    made = account_from_environment({"BOT_SECRET_KEY": "abc"})
    assert made.credentials == sandbox_credentials(b"abc")
    with pytest.raises(typer.BadParameter, match="BOT_SECRET_KEY"):
        account_from_environment({})
