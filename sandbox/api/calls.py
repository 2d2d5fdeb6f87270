"""Every call the stand-in knows: path, method, which accounts may, and the function that answers."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sandbox.api import basics, followers, messages
from sandbox.platform.account import Needs
from sandbox.platform.platform import Platform


@dataclass(frozen=True, slots=True)
class Call:
    r"""One call.

    Attributes:
        method: POST calls take a JSON object (GET ones are answered 43002), GET calls their query.
        with_token: whether it needs an access token.
        unescaped: a body with `\uXXXX` in it is refused (40033).
        upload: a POST with a file, multipart.
    """

    method: str
    path: str
    run: Callable[[Platform, dict[str, Any]], dict[str, Any]]
    needs: Needs = Needs.VERIFIED
    with_token: bool = True
    unescaped: bool = False
    upload: bool = False


_SERVICE = Needs.VERIFIED_SERVICE
_ANY = Needs.ANY

_ALL: tuple[Call, ...] = (
    Call("GET", "/cgi-bin/token", basics.token, _ANY, with_token=False),
    Call("POST", "/cgi-bin/stable_token", basics.stable_token, _ANY, with_token=False),
    Call("GET", "/cgi-bin/getcallbackip", basics.callback_ips, _ANY),
    Call("GET", "/cgi-bin/get_api_domain_ip", basics.callback_ips, _ANY),
    Call("POST", "/cgi-bin/callback/check", basics.callback_check, _ANY),
    Call("POST", "/cgi-bin/clear_quota", basics.clear_quota, _ANY),
    Call("POST", "/cgi-bin/openapi/quota/get", basics.quota_get, _ANY),
    Call("POST", "/cgi-bin/menu/create", basics.menu_create, unescaped=True),
    Call("GET", "/cgi-bin/menu/get", basics.menu_get),
    Call("GET", "/cgi-bin/menu/delete", basics.menu_delete),
    Call("GET", "/cgi-bin/get_current_selfmenu_info", basics.menu_current, _ANY),
    Call("POST", "/cgi-bin/media/upload", basics.media_upload, upload=True),
    Call("POST", "/cgi-bin/message/custom/send", messages.custom_send),
    Call("POST", "/cgi-bin/message/custom/typing", messages.custom_typing),
    Call("POST", "/cgi-bin/message/template/send", messages.template_send, _SERVICE),
    Call("GET", "/cgi-bin/template/get_all_private_template", messages.templates, _SERVICE),
    Call("POST", "/cgi-bin/message/subscribe/bizsend", messages.notification_send, Needs.NOTIFICATIONS),
    Call("GET", "/wxaapi/newtmpl/gettemplate", messages.notification_templates, Needs.NOTIFICATIONS),
    Call("POST", "/cgi-bin/message/mass/send", messages.mass_send, _SERVICE),
    Call("POST", "/cgi-bin/message/mass/sendall", messages.mass_send_all),
    Call("POST", "/cgi-bin/message/mass/preview", messages.mass_preview),
    Call("POST", "/cgi-bin/message/mass/get", messages.mass_status),
    Call("GET", "/cgi-bin/user/info", followers.user_info),
    Call("POST", "/cgi-bin/user/info/batchget", followers.user_info_batch),
    Call("POST", "/cgi-bin/user/info/updateremark", followers.set_remark),
    Call("GET", "/cgi-bin/user/get", followers.user_list),
    Call("POST", "/cgi-bin/user/tag/get", followers.tagged_list),
    Call("POST", "/cgi-bin/tags/create", followers.tag_create),
    Call("GET", "/cgi-bin/tags/get", followers.tag_list),
    Call("POST", "/cgi-bin/tags/update", followers.tag_rename),
    Call("POST", "/cgi-bin/tags/delete", followers.tag_delete),
    Call("POST", "/cgi-bin/tags/getidlist", followers.tags_of),
    Call("POST", "/cgi-bin/tags/members/batchtagging", followers.tag_people),
    Call("POST", "/cgi-bin/tags/members/batchuntagging", followers.untag_people),
    Call("POST", "/cgi-bin/tags/members/getblacklist", followers.blacklist),
    Call("POST", "/cgi-bin/tags/members/batchblacklist", followers.block),
    Call("POST", "/cgi-bin/tags/members/batchunblacklist", followers.unblock),
    Call("POST", "/cgi-bin/qrcode/create", followers.qr_create, _SERVICE),
)

CALLS: Mapping[str, Call] = {call.path: call for call in _ALL}
