"""What the words, link and choices of a broadcast may be, for the form and for the API.

Lengths are in characters. JSON Schema and Python read the patterns alike, so the OpenAPI document states them too.
"""

from typing import Annotated

from pydantic import AfterValidator, Field, WithJsonSchema
from yarl import URL

from alerts.model.channel import Channel
from storage.visible_text import TURNING, UNSEEN

# PostgreSQL refuses a text with NUL in it.
_LINE, _LINES = rf"[^\x00-\x1f\x7f{TURNING}]*", rf"[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f{TURNING}]*"
Title = Annotated[str, Field(min_length=1, max_length=64, pattern=f"^{_LINE}[^{UNSEEN}]{_LINE}$")]
Body = Annotated[str, Field(min_length=1, max_length=600, pattern=f"^{_LINES}[^{UNSEEN}]{_LINES}$")]


def _opens(address: str) -> str:
    """Return the address itself. Raises ValueError if it has no host or no possible port."""
    url = URL(address)
    if not url.host or not url.port:
        raise ValueError("should be a link with a host and a port from 1 to 65535")
    return address


_LABEL = "[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_HOST = rf"(?:{_LABEL}\.){{0,20}}{_LABEL}"
_PORT = "(?::(?:[1-9][0-9]{0,3}|[1-5][0-9]{4}|6[0-4][0-9]{3}|65[0-4][0-9]{2}|655[0-2][0-9]|6553[0-5]))?"
_REST = r"(?:[/?#][!#-;=?-\[\]_a-z~]*)?"
"""Printable ASCII without what an address must escape: quotes, angle brackets, braces, backslash, caret, bar."""
Link = Annotated[
    str, Field(max_length=1000, pattern=f"^https?://{_HOST}{_PORT}{_REST}$"), AfterValidator(_opens)
]
WAYS = ("auto", *(channel.value for channel in Channel if channel is not Channel.INBOX))
"""The channels that an author may choose; of the inbox alone nobody would hear."""


def _is_way(value: str) -> str:
    if value not in WAYS:
        raise ValueError(f"should be one of {', '.join(WAYS)}")
    return value


ChosenChannel = Annotated[
    str, AfterValidator(_is_way), WithJsonSchema({"type": "string", "enum": list(WAYS)})
]
Reason = Annotated[str, Field(min_length=1, max_length=200, pattern=f"^{_LINES}[^{UNSEEN}]{_LINES}$")]
"""Why a broadcast goes back to its authors."""
