"""The XML of WeChat's pushes (docs/wechat.md §2)."""

from collections.abc import Mapping
from typing import Any


def element(name: str, value: Any) -> str:
    """One element: numbers bare, text in CDATA, a mapping as children, a list as repeated elements."""
    if isinstance(value, list):
        return "".join(element(name, item) for item in value)
    if isinstance(value, Mapping):
        return f"<{name}>{elements(value)}</{name}>"
    if isinstance(value, int | float):
        return f"<{name}>{value}</{name}>"
    safe = str(value).replace("]]>", "]]]]><![CDATA[>")
    return f"<{name}><![CDATA[{safe}]]></{name}>"


def elements(fields: Mapping[str, Any]) -> str:
    """Return the fields, one element after the other."""
    return "".join(element(name, value) for name, value in fields.items())


def push_xml(account_id: str, openid: str, created: int, kind: str, fields: Mapping[str, Any]) -> str:
    """Return a whole push: sender and receiver, time, kind, and the fields of that kind."""
    head = {"ToUserName": account_id, "FromUserName": openid, "CreateTime": created, "MsgType": kind}
    return f"<xml>{elements({**head, **fields})}</xml>"
