"""Merges two people's texts of one form. The second to save chooses for each field that they changed and that differs. Pure.

Saving a draft replaces the earlier one, so nothing else keeps the text that somebody began from. Therefore a hidden
field of the form keeps a digest of each opened field. It shows whether the field was changed.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from typing import Any

from console.approval.comparing import FieldChange, changes
from storage.files.json_text import parse_json

BEGUN = "begun"
"""The hidden field with the digests."""
CHOSEN = "chosen"
"""A form with this field comes from the page of two texts, so its choices are read."""
_CHOICES = frozenset({"mine", "theirs"})


def digests(texts: Mapping[str, str]) -> str:
    """Return the value of the hidden field for a form that shows these texts."""
    return json.dumps({name: _digest(text) for name, text in texts.items()})


def changed_fields(mine: Mapping[str, str], begun: str) -> list[str]:
    """Return the fields whose text has changed since the form was opened; all fields if the form does not say."""
    try:
        before = parse_json(begun or "{}")
    except ValueError:
        before = {}
    if not isinstance(before, dict):
        before = {}
    return [name for name, text in mine.items() if before.get(name) != _digest(text)]


def differing(
    mine: Mapping[str, str], theirs: Mapping[str, str], changed: Iterable[str]
) -> list[FieldChange]:
    """List the fields that this author changed and whose text differs from the other author's.

    `before` is the text that the other author saved, `after` the text typed here.

    Args:
        mine: the texts of the form as typed.
        theirs: the texts of these fields as they are saved now.
        changed: the fields that were changed in the form (`changed_fields`). The others stay as the other person saved them.
    """
    return list(changes(theirs, mine, changed))


def kept_of_mine(fields: Iterable[FieldChange], choices: Mapping[str, Any]) -> frozenset[str] | None:
    """Return the fields that keep this form's text. All others get the other author's. None: a choice is missing.

    Args:
        fields: what `differing` gave.
        choices: the posted form, with `take_title` and so on: mine or theirs.
    """
    taken = {field.name: choices.get(f"take_{field.name}") for field in fields}
    if not _CHOICES.issuperset(taken.values()):
        return None
    return frozenset(name for name, choice in taken.items() if choice == "mine")


def _digest(text: str) -> str:
    lines = "\n".join(line.strip() for line in text.strip().splitlines())
    return hashlib.blake2b(lines.encode("utf-8", "surrogatepass"), digest_size=9).hexdigest()
