"""Shows what changed in a clause on the page of an alert: old beside new, with the differing words marked. Pure."""

from dataclasses import dataclass

from alerts.model.content import AlertKind, ClauseChange
from policies.library.changes import PartKind, TextPart, text_parts

_MOST_COMPARED = 400_000
"""Characters of old times characters of new, above which nothing is marked: comparing them would hold up others."""


@dataclass(frozen=True, slots=True)
class WordingPart:
    """A piece of a wording; `marked`: it is not in the other one."""

    text: str
    marked: bool = False


@dataclass(frozen=True, slots=True)
class Side:
    """One wording, under its name ("": none); `tag`: the element that marks what differs."""

    name: str
    tag: str
    parts: tuple[WordingPart, ...]


@dataclass(frozen=True, slots=True)
class ShownChange:
    """A change. It has one side if something was only added, left out or named."""

    what: str
    sides: tuple[Side, ...]


def shown_change(kind: AlertKind, change: ClauseChange) -> ShownChange:
    """Return a change for the page. Without an old wording, the page does not say that there was one.

    A new edition's list (`AlertKind.NEW_POLICY`) itself says what happened to a clause.
    """
    old, new = change.old, change.new
    if old and new:
        before, after = _compared(old, new)
        return ShownChange(change.what, (Side("原来", "del", before), Side("现在", "ins", after)))
    if old:
        return ShownChange(change.what, (Side("删去", "del", (WordingPart(old, marked=True),)),))
    added = "" if kind is AlertKind.NEW_POLICY else "增加"
    return ShownChange(change.what, (Side(added, "ins", (WordingPart(new, marked=bool(added)),)),))


def _compared(old: str, new: str) -> tuple[tuple[WordingPart, ...], tuple[WordingPart, ...]]:
    if len(old) * len(new) > _MOST_COMPARED:
        return (WordingPart(old),), (WordingPart(new),)
    parts = text_parts(old, new)
    return _side(parts, PartKind.REMOVED), _side(parts, PartKind.ADDED)


def _side(parts: tuple[TextPart, ...], own: PartKind) -> tuple[WordingPart, ...]:
    return tuple(WordingPart(one.text, one.kind is own) for one in parts if one.kind in (PartKind.SAME, own))
