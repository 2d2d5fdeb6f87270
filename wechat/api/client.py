"""The WeChat API as awaitable calls with typed failures: the calls that policybot itself makes.

Not wechatpy's API classes: they have no `client_msg_id` for template messages (docs/wechat.md §9.7) and no place for a
`gate`.
"""

from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Any

import structlog

from wechat.api.answers import FollowersPage
from wechat.api.calls import ApiCalls, Gate
from wechat.api.errcodes import ErrcodeAction
from wechat.api.errors import WeChatError
from wechat.api.transport import encode_json, encode_text

_log = structlog.stdlib.get_logger(__name__)
_CUSTOM = "/cgi-bin/message/custom/send"
_TEMPLATE = "/cgi-bin/message/template/send"
_SUBSCRIBE = "/cgi-bin/message/subscribe/bizsend"


class TemplateMessage:
    """A template message for many people; the parts that are the same for all are encoded only once.

    Args:
        calls: of the account.
        fixed: the parts that are the same for all, as a JSON object.
    """

    def __init__(self, calls: ApiCalls, fixed: str) -> None:
        self._calls = calls
        self._rest = fixed.removeprefix("{")

    async def send(
        self, openid: str, *, url: str = "", client_msg_id: str = "", gate: Gate | None = None
    ) -> str:
        """Send it to one person; returns the msgid that its receipt (TEMPLATESENDJOBFINISH) will carry.

        Raises like `WeChatClient`.

        Args:
            openid: the recipient.
            url: the page that a tap opens; "" for none.
            client_msg_id: 32 characters at most; WeChat sends one id to one person only once in 10 minutes.
            gate: see `wechat.api.calls`.
        """
        body = f'{{"touser":{encode_text(openid)},'
        if url:
            body += f'"url":{encode_text(url)},'
        if client_msg_id:
            body += f'"client_msg_id":{encode_text(client_msg_id)},'
        answer = await self._calls.call(_TEMPLATE, body=(body + self._rest).encode(), gate=gate)
        return str(answer.get("msgid", ""))


class WeChatClient(ApiCalls):
    """Calls the WeChat API of one account.

    Every method raises `WeChatError` (WeChat refused; `.action` says what follows), `NoAnswer` (WeChat may have executed the
    call) or `NotSent` (WeChat has not executed it). Sends take a `gate` that is awaited right before they leave.
    """

    # -- messages to one person ---------------------------------------------------------------------------

    async def custom_text(self, openid: str, content: str, *, gate: Gate | None = None) -> None:
        """Send a customer-service text of 2048 bytes at most (45002), within the member's window and allowance.

        Outside the window WeChat refuses with 45015, after the last message of the allowance with 45047.
        """
        body = {"touser": openid, "msgtype": "text", "text": {"content": content}}
        await self.post_json(_CUSTOM, body, gate=gate)

    def template_message(self, template_id: str, values: Mapping[str, str]) -> TemplateMessage:
        """Return a template message for many people.

        Args:
            template_id: the account's own id of the template.
            values: the text of each field (`{"thing1": "…"}`), already cut to the limit of the field's kind.
        """
        fixed = {
            "template_id": template_id,
            "data": {name: {"value": value} for name, value in values.items()},
        }
        return TemplateMessage(self, encode_json(fixed))

    async def subscribe_send(
        self,
        openid: str,
        template_id: str,
        values: Mapping[str, str],
        *,
        page: str = "",
        client_msg_id: str = "",
        gate: Gate | None = None,
    ) -> str:
        """Send a subscription notification; it uses up one grant (43101 if there is none). Returns the msgid or ""."""
        body: dict[str, Any] = {
            "touser": openid,
            "template_id": template_id,
            "data": {name: {"value": value} for name, value in values.items()},
        }
        if page:
            body["page"] = page
        if client_msg_id:
            body["client_msg_id"] = client_msg_id
        return str((await self.post_json(_SUBSCRIBE, body, gate=gate)).get("msgid", ""))

    # -- messages to many ---------------------------------------------------------------------------------

    async def mass_send(
        self, openids: Sequence[str], content: str, *, client_msg_id: str, gate: Gate | None = None
    ) -> str:
        """Send a text to 2–10,000 people (40130); returns the msg_id of MASSSENDJOBFINISH and `mass_status`.

        `client_msg_id` has 32 characters at most; WeChat remembers it for 24 hours. If WeChat has a mass send under this id
        already (45065), that one's msg_id is returned.
        """
        body = {"touser": list(openids), "msgtype": "text", "text": {"content": content}}
        return await self._mass("/cgi-bin/message/mass/send", body, client_msg_id, gate)

    async def mass_send_all(self, content: str, *, client_msg_id: str, gate: Gate | None = None) -> str:
        """Send a text to every follower; otherwise like `mass_send`."""
        body = {"filter": {"is_to_all": True}, "msgtype": "text", "text": {"content": content}}
        return await self._mass("/cgi-bin/message/mass/sendall", body, client_msg_id, gate)

    async def mass_status(self, msg_id: str) -> str:
        """SEND_SUCCESS, SENDING, SEND_FAIL or DELETE; counts come with MASSSENDJOBFINISH only."""
        answer = await self.post_json("/cgi-bin/message/mass/get", {"msg_id": msg_id})
        return str(answer.get("msg_status", ""))

    # -- people, menu, codes, account ---------------------------------------------------------------------

    async def user_info(self, openid: str) -> dict[str, Any]:
        """Return WeChat's data of a person, without name and picture. `subscribe` is 0 for a person who does not follow."""
        return await self.get_json("/cgi-bin/user/info", openid=openid, lang="zh_CN")

    async def followers_page(self, after: str = "") -> FollowersPage:
        """Up to 10,000 followers after an openid ("" for the first page)."""
        answer = await self.get_json("/cgi-bin/user/get", next_openid=after)
        return FollowersPage.from_answer(answer)

    async def followers(self, after: str = "") -> AsyncIterator[FollowersPage]:
        """Yield all pages of followers, from the page after an openid on; it ends if WeChat repeats a page."""
        asked = set()
        while after not in asked:
            asked.add(after)
            page = await self.followers_page(after)
            if not page.openids:
                return
            yield page
            if not page.next_openid:
                return
            after = page.next_openid
        _log.warning("wechat.followers_repeated", pages=len(asked))

    async def menu_create(self, buttons: Sequence[Mapping[str, Any]]) -> None:
        """Replace the custom menu."""
        await self.post_json("/cgi-bin/menu/create", {"button": list(buttons)})

    async def menu_get(self) -> list[dict[str, Any]]:
        """Return the buttons of the custom menu; [] if there is no menu (46003)."""
        try:
            answer = await self.get_json("/cgi-bin/menu/get")
        except WeChatError as refusal:
            if refusal.action is ErrcodeAction.NOTHING_THERE:
                return []
            raise
        return list((answer.get("menu") or {}).get("button") or ())

    async def qr_create(self, scene: str, *, expire_s: int | None = None) -> str:
        """Make a QR code with a scene of 1–64 characters; returns the address that the picture encodes.

        It is permanent without `expire_s` (seconds, 30 days at most).
        """
        body: dict[str, Any] = {
            "action_name": "QR_LIMIT_STR_SCENE" if expire_s is None else "QR_STR_SCENE",
            "action_info": {"scene": {"scene_str": scene}},
        }
        if expire_s is not None:
            body["expire_seconds"] = expire_s
        return str((await self.post_json("/cgi-bin/qrcode/create", body)).get("url", ""))

    async def templates(self) -> list[dict[str, Any]]:
        """Return the account's message templates: template_id, title, content with its {{thing1.DATA}} marks …"""
        answer = await self.get_json("/cgi-bin/template/get_all_private_template")
        return list(answer.get("template_list") or ())

    async def callback_ips(self) -> list[str]:
        """Addresses (some in CIDR form) from which WeChat calls us."""
        answer = await self.get_json("/cgi-bin/getcallbackip")
        return [str(address) for address in answer.get("ip_list") or ()]

    async def _mass(self, path: str, body: dict[str, Any], client_msg_id: str, gate: Gate | None) -> str:
        body["clientmsgid"] = client_msg_id
        body["send_ignore_reprint"] = 0
        try:
            answer = await self.post_json(path, body, gate=gate)
            return str(answer.get("msg_id", ""))
        except WeChatError as refusal:
            if refusal.action is ErrcodeAction.ACCEPTED:
                return refusal.msg_id
            raise
