"""Reads what it can of a push that is not well-formed XML. By hand: an XML parser gives up where this begins.

WeChat copies what people type into its XML: a forwarded `]]>`, half an emoji, a control character. The person who
typed it waits for an answer, so the fields are searched for in the text. Only pushes whose signature holds get here.
"""

import re

from wechat.push.rendering import ILLEGAL

_ELEMENT = re.compile(r"<(\w{1,40}+)>(?:<!\[CDATA\[([^\]<]*+)\]\]>|([^<]*+))</\1>", re.ASCII)
_ENTITY = re.compile(r"&(?:#(\d{1,7})|#x([0-9a-fA-F]{1,6})|(amp|lt|gt|quot|apos));", re.ASCII)
_NAMED = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "apos": "'"}
_BEGINS, _ENDS = "<![CDATA[", "]]>"
_SAID = {"text": "Content", "voice": "Recognition"}
"""The element that holds what a person typed or spoke, by MsgType."""


def decoded(body: bytes) -> str:
    """Return a body as text, without bytes that are not UTF-8 (a character cut in two)."""
    return body.decode(errors="ignore")


def without_illegal(text: str) -> str:
    """Return a text without the characters that XML forbids."""
    return ILLEGAL.sub("", text)


def salvaged_fields(text: str) -> dict[str, str]:
    """Return the elements that hold text only, by name; the first one of each name.

    WeChat writes sender, account, time and kind before the text of a person, so nobody can forge these elements. The
    text of a person ends at the last end tag of its element, whatever they typed.
    """
    fields = _elements(text)
    name = _SAID.get(fields.get("MsgType", "").lower())
    if name is None:
        return fields
    begins, ends = text.find(f"<{name}>"), text.rfind(f"</{name}>")
    if begins < 0:
        return fields
    if ends < begins:  # its end was cut off
        ends = len(text)
    fields = _elements(text[ends:]) | _elements(text[:begins])
    return fields | {name: _as_read(text[begins + len(name) + 2 : ends])}


def _elements(text: str) -> dict[str, str]:
    fields: dict[str, str] = {}
    for found in _ELEMENT.finditer(text):
        name, marked, bare = found.groups()
        fields.setdefault(name, marked if marked is not None else _unescaped(bare))
    return fields


def _as_read(inner: str) -> str:
    """Return the content of an element without the markup of XML."""
    inner = inner.strip()
    if not inner.startswith(_BEGINS):
        return _unescaped(inner)
    return inner.replace(_BEGINS, "").replace(_ENDS, "")


def _unescaped(text: str) -> str:
    """Resolve references, leave a bare `&`, join the two halves of an emoji, and drop a lone half."""
    if "&" not in text:
        return text
    with_halves = _ENTITY.sub(_character, text)
    joined = with_halves.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "ignore")
    return without_illegal(joined)


def _character(entity: re.Match[str]) -> str:
    decimal, hexadecimal, name = entity.groups()
    if name:
        return _NAMED[name]
    code = int(decimal) if decimal else int(hexadecimal, 16)
    return chr(code) if code <= 0x10FFFF else ""
