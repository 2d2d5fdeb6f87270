"""Two people's texts of one clause, side by side. The second to save chooses for each field. Pure."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from console.approval.comparing import FieldChange, changes
from console.clauses.form import PolicyForm
from console.web.clause_faults import COLUMN_NAMES

_LISTS = ("support", "tracks", "amounts")


def differing(theirs: PolicyForm, mine: PolicyForm) -> list[FieldChange]:
    """The fields that differ: `before` as the other person saved them, `after` as typed here."""
    names = (*mine.values, *_LISTS)
    return list(changes(_texts(theirs), _texts(mine), names))


def merged(mine: PolicyForm, theirs: PolicyForm, choices: Mapping[str, Any]) -> PolicyForm | None:
    """The form as chosen (`take_title`: mine or theirs); None where a field that differs was not chosen."""
    taken = {one.name: choices.get(f"take_{one.name}") for one in differing(theirs, mine)}
    if any(choice not in {"mine", "theirs"} for choice in taken.values()):
        return None
    other = [name for name, choice in taken.items() if choice == "theirs"]
    values = {name: (theirs if name in other else mine).values[name] for name in mine.values}
    return replace(mine, values=values, **{name: getattr(theirs, name) for name in _LISTS if name in other})


def sent(form: PolicyForm) -> list[tuple[str, str]]:
    """The form as a browser would send it, for hidden fields."""
    rows = [(f"amount_{name}", value) for row in form.amounts for name, value in row.items()]
    lists = [(name, value) for name in ("support", "tracks") for value in getattr(form, name)]
    return [*form.values.items(), *lists, *rows]


def _texts(form: PolicyForm) -> dict[str, str]:
    amounts = [
        "；".join(f"{label}：{row[name]}" for name, label in COLUMN_NAMES.items() if row.get(name))
        for row in form.amounts
    ]
    lists = {"support": "、".join(form.support), "tracks": "、".join(form.tracks)}
    return {**form.values, **lists, "amounts": "\n".join(amounts)}
