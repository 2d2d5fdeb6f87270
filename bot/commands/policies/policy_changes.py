"""A changed clause as lines for a terminal: what was removed and what was added, in colour or with marks."""

from collections.abc import Iterator, Sequence

from rich.text import Text

from policies.library.changes import ChangeKind, PartKind, PolicyChange, TextPart
from policies.library.library import Library

_SIGN = {ChangeKind.NEW: "+", ChangeKind.CHANGED: "~", ChangeKind.GONE: "-"}
_STYLE = {ChangeKind.NEW: "green", ChangeKind.CHANGED: "yellow", ChangeKind.GONE: "red"}
_MARKS = {PartKind.REMOVED: ("[-", "-]", "red strike"), PartKind.ADDED: ("{+", "+}", "green")}
_CONTEXT = 16


def summary(changes: Sequence[PolicyChange]) -> str:
    """Say how many clauses are new, changed and gone, and how many only have another number or place."""
    if not changes:
        return "no clause changes"
    moved = sum(one.only_moves for one in changes)
    counts = {kind: sum(one.kind is kind for one in changes) for kind in ChangeKind}
    counts[ChangeKind.CHANGED] -= moved
    said = ", ".join(f"{count} {kind}" for kind, count in counts.items())
    return f"{said}, {moved} renumbered or moved" if moved else said


def lines_of_change(change: PolicyChange, library: Library, *, colour: bool) -> Iterator[Text]:
    """Yield a line that names the clause, and below it lines for what changed."""
    policy = change.after or change.before
    name = f"{library.name(policy)} {policy.title}" if policy else ""
    yield Text(f"{_SIGN[change.kind]} {name}", style=_STYLE[change.kind])
    if change.kind is ChangeKind.NEW and change.after:
        yield Text(f"    {change.after.text}")
    if change.kind is not ChangeKind.CHANGED:
        return
    if "text" in change.fields:
        yield _marked(change.text_parts, colour=colour)
    for figure in change.moved_figures:
        yield Text(f"    {figure.what}：{figure.before or '（无）'} → {figure.after or '（无）'}")
    others = [name for name in change.fields if name not in {"text", "amounts"}]
    for name in others:
        yield Text(f"    {name}: {getattr(change.before, name)} → {getattr(change.after, name)}")


def _marked(parts: Sequence[TextPart], *, colour: bool) -> Text:
    line = Text("    ")
    for at, part in enumerate(parts):
        if part.kind is PartKind.SAME:
            line.append(_shortened(part.text, first=at == 0, last=at == len(parts) - 1))
            continue
        before, after, style = _MARKS[part.kind]
        if colour:
            line.append(part.text, style=style)
        else:
            line.append(f"{before}{part.text}{after}")
    return line


def _shortened(text: str, *, first: bool, last: bool) -> str:
    """Return the unchanged words near a change; those further away are left out."""
    head = "" if first else text[:_CONTEXT]
    tail = "" if last else text[-_CONTEXT:]
    return text if len(text) <= len(head) + len(tail) else f"{head}…{tail}"
