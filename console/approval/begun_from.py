"""What a form began from, kept in the form itself: a second person to save is asked only about what they changed. Pure.

A draft is saved over, so what somebody began from is nowhere else. A digest of each field tells whether it was changed.
"""

import hashlib
import json
from collections.abc import Mapping

from storage.files.json_text import parse_json

BEGUN = "begun"
"""The hidden field of the form."""


def digests(texts: Mapping[str, str]) -> str:
    """The value of the hidden field for a form that shows these texts."""
    return json.dumps({name: _digest(text) for name, text in texts.items()})


def changed_fields(mine: Mapping[str, str], begun: str) -> frozenset[str]:
    """The fields whose text is another now than the form began with; all where it does not say."""
    try:
        before = parse_json(begun or "{}")
    except ValueError:
        before = {}
    if not isinstance(before, dict):
        before = {}
    return frozenset(name for name, text in mine.items() if before.get(name) != _digest(text))


def _digest(text: str) -> str:
    lines = "\n".join(line.strip() for line in text.strip().splitlines())
    return hashlib.blake2b(lines.encode("utf-8", "surrogatepass"), digest_size=9).hexdigest()
