"""Chooses what the audit log keeps of a change: the fields that differ, before and after, as an operator reads them.

Pure. None of these fields is about a member: the log cannot be changed, so it must not hold anything that an erasure
removes.
"""

from collections.abc import Iterable, Mapping
from datetime import date

from pydantic import BaseModel

from policies.library.amounts.amount_words import in_words
from policies.library.models import Amount, Policy, Surroundings
from policies.publishing.revisions import Revision
from policies.windows.window import Window
from policies.windows.window_fields import closing_words

Fields = Mapping[str, str]
_KNOWN_BY = {"id", "key", "path", "document", "order"}


def differing(before: Fields, after: Fields) -> tuple[dict[str, str], dict[str, str]]:
    """Return both sides of what differs; what one side lacks is "" there."""
    names = [name for name in {**before, **after} if before.get(name, "") != after.get(name, "")]
    return {name: before.get(name, "") for name in names}, {name: after.get(name, "") for name in names}


def of_revision(revision: Revision | None) -> dict[str, str]:
    """Return the fields of a clause, or of what surrounds the clauses; no fields if the revision retires its clause."""
    if revision is None or revision.retires:
        return {}
    return of_content(revision.content)


def of_content(content: Policy | Surroundings) -> dict[str, str]:
    """Return every field of a clause, or of what surrounds the clauses, as text, without its key or id."""
    return {name: _in_words(value) for name, value in content if name not in _KNOWN_BY}


def of_window(window: Window | None) -> dict[str, str]:
    """Return the fields of an application window."""
    if window is None:
        return {}
    names = ("title", "opens_on", "closes_on", "url")
    return {name: _in_words(getattr(window, name)) for name in names}


def _in_words(value: object) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "是" if value else "否"
        case str() | int() | float():
            return str(value)
        case date():
            return closing_words(value)
        case Amount():
            words = (value.who, value.what, value.of, value.cap_per, value.per, value.choice)
            return "，".join([in_words(value), *filter(None, words), f"“{value.quote}”"])
        case BaseModel():
            return "，".join(filter(None, (_in_words(part) for _, part in value)))
        case Iterable():
            return "；".join(map(_in_words, value))
    return str(value)
