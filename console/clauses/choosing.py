"""Two people's texts of one clause, side by side. The second to save chooses for each field they changed. Pure."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from console.approval.begun_from import changed_fields, digests
from console.approval.comparing import KIND_NAMES, FieldChange, changes
from console.clauses.form import PolicyForm
from console.web.clause_faults import COLUMN_NAMES

_LISTS = ("support", "tracks", "amounts")


def begun_from(form: PolicyForm) -> str:
    """What a form that shows this clause keeps, so that it is known later which fields were changed in it."""
    return digests(_texts(form))


def differing(
    theirs: PolicyForm, mine: PolicyForm, begun: str, tracks: Mapping[str, str]
) -> list[FieldChange]:
    """The fields changed here that differ: `before` as the other person saved them, `after` as typed here.

    Args:
        theirs: the clause as it is now.
        mine: the form as typed.
        begun: what the form began from (`begun_from`); "": every field counts as changed here.
        tracks: names of the tracks by id.
    """
    changed = changed_fields(_texts(mine), begun)
    names = [name for name in (*mine.values, *_LISTS) if name in changed]
    return list(changes(_texts(theirs, tracks), _texts(mine, tracks), names))


def merged(mine: PolicyForm, theirs: PolicyForm, begun: str, choices: Mapping[str, Any]) -> PolicyForm | None:
    """The form as chosen (`take_title`: mine or theirs); None where a field that differs was not chosen.

    A field that was not changed here stays as the other person saved it.
    """
    taken = {one.name: choices.get(f"take_{one.name}") for one in differing(theirs, mine, begun, {})}
    if any(choice not in {"mine", "theirs"} for choice in taken.values()):
        return None
    other = [name for name in (*mine.values, *_LISTS) if taken.get(name) != "mine"]
    values = {name: (theirs if name in other else mine).values[name] for name in mine.values}
    return replace(mine, values=values, **{name: getattr(theirs, name) for name in _LISTS if name in other})


def sent(form: PolicyForm) -> list[tuple[str, str]]:
    """The form as a browser would send it, for hidden fields."""
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
