"""Tokens, menus, media, quotas and addresses (docs/wechat.md §4, §5.5, §7)."""

from typing import Any

from sandbox.platform.errors import ApiError
from sandbox.platform.platform import Platform

Body = dict[str, Any]
Answer = dict[str, Any]
OK: Answer = {"errcode": 0, "errmsg": "ok"}
_GRANT = "client_credential"


def token(platform: Platform, query: Body) -> Answer:
    """Return the legacy token. Each call makes another one."""
    if query.get("grant_type") != _GRANT:
        raise ApiError(40002)
    issued, seconds = platform.tokens.legacy(str(query.get("appid", "")), str(query.get("secret", "")))
    return {"access_token": issued, "expires_in": seconds}


def stable_token(platform: Platform, body: Body) -> Answer:
    """Return the stable token. It is the same while it lives, unless `force_refresh`."""
    if body.get("grant_type") != _GRANT:
        raise ApiError(40002)
    issued, seconds = platform.tokens.stable(
        str(body.get("appid", "")), str(body.get("secret", "")), force=body.get("force_refresh") is True
    )
    return {"access_token": issued, "expires_in": seconds}


def menu_create(platform: Platform, body: Body) -> Answer:
    """Put a menu in place of the one there."""
    platform.menus.push(body)
    platform.conversations.tell("menu", {"button": platform.menus.shown})
    return OK


def menu_get(platform: Platform, _query: Body) -> Answer:
    """Return the menu made by the API."""
    return {"menu": {"button": platform.menus.pushed, "menuid": 400000001}}


def menu_delete(platform: Platform, _query: Body) -> Answer:
    """No menu made by API any more."""
    platform.menus.delete()
    platform.conversations.tell("menu", {"button": platform.menus.shown})
    return OK


def _self_menu_button(button: Body) -> Body:
    children = button.get("sub_button")
    if not children:
        return button
    return {"name": button["name"], "sub_button": {"list": children}}


def menu_current(platform: Platform, _query: Body) -> Answer:
    """Return the menu that users see, made by the API or by hand."""
    buttons = [_self_menu_button(button) for button in platform.menus.shown]
    return {"is_menu_open": int(bool(buttons)), "selfmenu_info": {"button": buttons}}


def media_upload(platform: Platform, args: Body) -> Answer:
    """Keep a temporary file for three days."""
    kind = str(args.get("type", ""))
    content_type, content = args.get("media") or ("", b"")
    media_id, medium = platform.media.add(kind, content_type, content)
    name = "thumb_media_id" if kind == "thumb" else "media_id"
    return {"type": kind, name: media_id, "created_at": int(medium.created_at)}


def clear_quota(platform: Platform, body: Body) -> Answer:
    """Let the day's counts begin anew."""
    if body.get("appid") != platform.account.credentials.app_id:
        raise ApiError(40013)
    platform.quotas.clear()
    return OK


def quota_get(platform: Platform, body: Body) -> Answer:
    """Return how much of a call's daily quota is used."""
    return {**OK, "quota": platform.quotas.of(str(body.get("cgi_path", "")))}


def callback_ips(_platform: Platform, _query: Body) -> Answer:
    """Return where pushes come from: this machine."""
    return {"ip_list": ["127.0.0.1"]}


def callback_check(_platform: Platform, body: Body) -> Answer:
    """Run the platform's own test of the way to the bot."""
    if body.get("action") not in {"dns", "ping", "all"}:
        raise ApiError(47001)
    ping = {"ip": "127.0.0.1", "from_operator": "CAP", "package_loss": "0%", "time": "0.100ms"}
    return {"dns": [{"ip": "127.0.0.1", "real_operator": "CAP"}], "ping": [ping]}
