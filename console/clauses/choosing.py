"""Two people's texts of one clause, side by side. The second to save chooses for each field they changed. Pure."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from console.approval import merging
from console.approval.comparing import KIND_NAMES, FieldChange
from console.clauses.form import PolicyForm
from console.web.clause_faults import COLUMN_NAMES

_LISTS = ("support", "tracks", "amounts")


def begun_from(form: PolicyForm) -> str:
    """Return the hidden field of a form that shows this clause. It shows later which fields were changed."""
    return merging.digests(_texts(form))


def differing(
    mine: PolicyForm, theirs: PolicyForm, begun: str, tracks: Mapping[str, str]
) -> list[FieldChange]:
    """List the fields that this author changed and whose text differs from the other author's (`merging.differing`).

    Args:
        mine: the form as typed.
        theirs: the clause as it is now.
        begun: the digests of the opened form (`begun_from`). "": every field counts as changed here.
        tracks: names of the tracks by id.
    """
    changed = merging.changed_fields(_texts(mine), begun)
    return merging.differing(_texts(mine, tracks), _texts(theirs, tracks), changed)


def merged(mine: PolicyForm, theirs: PolicyForm, begun: str, choices: Mapping[str, Any]) -> PolicyForm | None:
    """Return the chosen form (`merging.kept_of_mine`). None: a choice is missing."""
    kept = merging.kept_of_mine(differing(mine, theirs, begun, {}), choices)
    if kept is None:
        return None
    values = {name: (mine if name in kept else theirs).values[name] for name in mine.values}
    lists = {name: getattr(mine if name in kept else theirs, name) for name in _LISTS}
    return replace(mine, values=values, **lists)


def sent(form: PolicyForm) -> list[tuple[str, str]]:
    """Return the form as a browser would send it, for hidden fields."""
    rows = [(f"amount_{name}", value) for row in form.amounts for name, value in row.items()]
    lists = [(name, value) for name in ("support", "tracks") for value in getattr(form, name)]
    return [*form.values.items(), *lists, *rows]


def _texts(form: PolicyForm, tracks: Mapping[str, str] | None = None) -> dict[str, str]:
    names = tracks or {}
    amounts = [
        "；".join(
            f"{label}：{_cell(name, row[name])}" for name, label in COLUMN_NAMES.items() if row.get(name)
        )
        for row in form.amounts
    ]
    lists = {
        "support": "、".join(sorted(form.support)),
        "tracks": "、".join(names.get(one, one) for one in sorted(form.tracks)),
    }
    return {**form.values, **lists, "amounts": "\n".join(amounts)}


def _cell(name: str, value: str) -> str:
    return KIND_NAMES.get(value, value) if name == "kind" else value
