"""WeChat's web sign-in (snsapi_base): WeChat tells the openid of the person at the browser (docs/wechat.md §8)."""

import hashlib
from urllib.parse import quote

from subscriptions.members.member_tokens import MemberToken
from wechat.api.transport import Transport

_AUTHORIZE = "https://open.weixin.qq.com/connect/oauth2/authorize"
_EXCHANGE = "/sns/oauth2/access_token"


class SignInError(Exception):
    """WeChat did not give an openid. The message contains neither the code nor the secret."""


class SignIn:
    """The two steps of the sign-in: the address at WeChat, and the exchange of its code for an openid."""

    def __init__(self, transport: Transport, app_id: str, app_secret: str) -> None:
        self._transport = transport
        self._app_id = app_id
        self._app_secret = app_secret

    def address(self, come_back_to: str, state: str) -> str:
        """Return the address at WeChat. WeChat requires this order of parameters and the fragment."""
        return (
            f"{_AUTHORIZE}?appid={quote(self._app_id)}&redirect_uri={quote(come_back_to, safe='')}"
            f"&response_type=code&scope=snsapi_base&state={state}#wechat_redirect"
        )

    async def openid(self, code: str) -> str:
        """Return the openid for a code.

        Raises:
            SignInError: the code is used, expired or forged, or WeChat answered for a snapshot page (`is_snapshotuser`).
            wechat.api.errors.ApiFailure: WeChat did not answer.
        """
        query = {
            "appid": self._app_id,
            "secret": self._app_secret,
            "code": code,
            "grant_type": "authorization_code",
        }
        answer = await self._transport.exchange(_EXCHANGE, query, method="GET")
        if answer.get("errcode"):
            raise SignInError(f"refused: {answer['errcode']}")
        if answer.get("is_snapshotuser"):
            raise SignInError("a snapshot has no person behind it")
        openid = answer.get("openid")
        if not isinstance(openid, str) or not openid:
            raise SignInError("no openid came back")
        return openid


def state_of(started: MemberToken) -> str:
    """Return the `state` parameter of a sign-in: letters and digits, derived from the browser's cookie."""
    return hashlib.blake2b(started.nonce.encode(), digest_size=16).hexdigest()
