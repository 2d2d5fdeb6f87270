"""Characters that a reader does not see, or that turn the order of others (Unicode TR 36 and TR 55). Pure.

A name that differs from another by an unseen character reads like it, and a turned text reads otherwise than it was
approved. Texts that people in charge enter and others read or approve are checked by these.
"""

import re

UNSEEN = (
    "\x00-\x20\x7f-\xa0\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2000-\u200f\u2028-\u202f\u205f-\u206f"
    "\u2800\u3000\u3164\ufe00-\ufe0f\ufeff\uffa0"
)
"""Spaces, joiners and fillers, as the inside of a character class. A text of only these looks empty."""
TURNING = "\u2028\u2029\u202a-\u202e\u2066-\u2069"
"""Characters that turn the direction of the text or break its line, as the inside of a character class."""

JOINING = "\xad\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff"
"""Joiners and marks of direction, as the inside of a character class."""

_TURNING = re.compile(f"[{TURNING}]")
_SEEN = re.compile(f"[^{UNSEEN}]")
_NOT_IN_A_NAME = re.compile(f"[\x00-\x1f\x7f-\x9f\u2028\u2029{JOINING}]")


def looks_empty(text: str) -> bool:
    """Whether nothing of a text is seen."""
    return _SEEN.search(text) is None


def without_turning(text: str) -> str:
    """Return the text in the order in which it was typed."""
    return _TURNING.sub("", text)


def reads_as_another(name: str) -> bool:
    """Whether a name holds what nobody sees: a control character, a joiner, a mark of direction."""
    return _NOT_IN_A_NAME.search(name) is not None
