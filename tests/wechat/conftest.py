"""The client's parts beside a played WeChat API."""

from collections.abc import AsyncIterator

import pytest
from pyreqwest.client import Client

from tests.wechat.played_api import APP_ID, SECRET, WeChatApi, wechat_api
from wechat.api.client import WeChatClient
from wechat.api.tokens import AccessTokens
from wechat.api.transport import Transport


@pytest.fixture
async def api() -> AsyncIterator[WeChatApi]:
    async with wechat_api() as played:
        yield played


@pytest.fixture
def http(http_client: Client) -> Client:
    return http_client


@pytest.fixture
def transport(api: WeChatApi, http: Client) -> Transport:
    return Transport(http, api.url, timeout_s=2)


@pytest.fixture
def tokens(transport: Transport) -> AccessTokens:
    return AccessTokens(transport, APP_ID, SECRET)


@pytest.fixture
def client(transport: Transport, tokens: AccessTokens) -> WeChatClient:
    return WeChatClient(transport, tokens)
