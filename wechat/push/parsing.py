"""Turns WeChat's XML into an `Inbound`, in one parse. If the XML is broken, `wechat.push.salvage` reads what it can.

Not wechatpy's `parse_message`: malformed input makes it raise anything, from KeyError to ExpatError, and nesting is not
limited (docs/wechat.md §9.2, §9.3). A document must begin with its root `<xml>`; so there is no DOCTYPE, and no
entity can be declared. The callback limits the size of a document, this module its depth.
"""

import re
from typing import Any
from xml.etree import ElementTree as ET

from wechat.push.messages import Inbound
from wechat.push.salvage import decoded, salvaged_fields, without_illegal

_STARTS_WITH_ROOT = re.compile(r"\ufeff?\s*(?:<\?xml[^>]{0,100}\?>\s*)?<xml[\s>]")
_DEEPEST = 8
_FLAT = re.compile(r"(<(\w++)>(?:<!\[CDATA\[([^\]<]*+)\]\]>|([^<>&]*+))</\2>\s*+)", re.ASCII)
"""An element that holds text. Each part ends at the next `<`, so the pattern scans the text only once."""
_FOR_THE_PARSER = re.compile("[\x00-\x08\x0b-\x1f\ufffe\uffff\ud800-\udfff]")
"""Characters that XML forbids or changes (line ends): a text with one is left to the XML parser."""
LONGEST_OPENID = 64
"""Characters; WeChat's have 28 (docs/wechat.md §1). A longer one has no place in the database."""
_SECONDS = re.compile(r"[0-9]{1,12}")
_REPEATING = frozenset({"List", "item", "fail_idx"})
_SCENE_PREFIX = "qrscene_"


class NotAMessageError(ValueError):
    """The body is not a message of WeChat; the error says why and quotes nothing of the body."""


def parse_message(body: bytes | str) -> Inbound:
    """Read a push of WeChat.

    Raises:
        NotAMessageError: sender, receiver or time can't be read.
    """
    return inbound_of(parse_fields(body))


def parse_fields(body: bytes | str) -> dict[str, Any]:
    """Return every element under the root by its name, as far as the body can be read. It raises like `parse_message`."""
    try:
        text = body if isinstance(body, str) else body.decode()
    except UnicodeDecodeError:
        text = decoded(body) if isinstance(body, bytes) else body
    flat = _flat_fields(text)
    if flat is not None:
        return flat
    try:
        return _well_formed(without_illegal(text))
    except NotAMessageError:
        if fields := salvaged_fields(without_illegal(text)):
            return fields
        raise


def _well_formed(text: str) -> dict[str, Any]:
    if not _STARTS_WITH_ROOT.match(text):
        raise NotAMessageError("does not begin with <xml>")
    try:
        root = ET.fromstring(text.lstrip("\ufeff \t\r\n"))  # noqa: S314
    except ET.ParseError as problem:
        raise NotAMessageError(f"not well-formed XML (expat error {problem.code})") from None
    return _children(root, 1)


def _flat_fields(text: str) -> dict[str, Any] | None:
    """Read a document that is a sequence of elements with text, as nearly all pushes are. It is a fast reader.

    It returns what the XML parser would return, in a quarter of the time; None for any other document.
    """
    if not (text.startswith("<xml>") and text.endswith("</xml>")):
        return None
    if not text.isprintable() and _FOR_THE_PARSER.search(text):
        return None
    end = len(text) - len("</xml>")
    elements = _FLAT.findall(text, len("<xml>"), end)
    if sum([len(element[0]) for element in elements]) != end - len("<xml>"):
        return None  # something stands between them
    fields = {name: marked or bare for _, name, marked, bare in elements}
    if len(fields) != len(elements) or not _REPEATING.isdisjoint(fields):
        return None
    return fields


def _children(element: ET.Element, depth: int) -> dict[str, Any]:
    if depth > _DEEPEST:
        raise NotAMessageError("nested too deep")
    fields: dict[str, Any] = {}
    for child in element:
        name = child.tag
        value = _children(child, depth + 1) if len(child) else child.text or ""
        if name in _REPEATING:
            fields.setdefault(name, []).append(value)
        else:
            fields.setdefault(name, value)  # a repeated field: the first one counts
    return fields


def inbound_of(fields: dict[str, Any]) -> Inbound:
    """Return the message in these elements; raises like `parse_message`."""
    kind = _text(fields, "MsgType").lower()
    sent_at = _text(fields, "CreateTime").strip()
    if not _SECONDS.fullmatch(sent_at):
        raise NotAMessageError("no CreateTime")
    openid, account = _text(fields, "FromUserName"), _text(fields, "ToUserName")
    if not openid or not account:
        raise NotAMessageError("no FromUserName or ToUserName")
    if len(openid) > LONGEST_OPENID:
        raise NotAMessageError("FromUserName is no openid")
    if kind == "event":
        event = _text(fields, "Event").lower()
        key = _text(fields, "EventKey")
        if event == "subscribe":
            key = key.removeprefix(_SCENE_PREFIX)
        return Inbound(kind, openid, account, int(sent_at), event=event, key=key, raw=fields)
    said = {"text": "Content", "voice": "Recognition"}.get(kind)
    return Inbound(
        kind,
        openid,
        account,
        int(sent_at),
        message_id=_text(fields, "MsgId"),
        text=_text(fields, said) if said else "",
        by_menu_tap=bool(_text(fields, "bizmsgmenuid")),
        raw=fields,
    )


def _text(fields: dict[str, Any], name: str) -> str:
    value = fields.get(name, "")
    return value if isinstance(value, str) else ""
