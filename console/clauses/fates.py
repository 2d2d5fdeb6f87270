"""Decides what happens to the windows, words and other things of clauses that an edition takes away."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from console.services.desk import Desk
from policies.importing.edition_import import REPLACEMENT, EditionImport, Fates
from policies.library.library import Library
from policies.library.models import Policy
from policies.publishing.belongings import HeldThings
from policies.publishing.revisions import Revision

END = "end"
_TO = "to:"


@dataclass(frozen=True, slots=True)
class FateRow:
    """One kind of things that belong to a clause that goes, with the decision on them.

    Attributes:
        field: its field in the form.
        chosen: the decision; "" if there is none.
    """

    label: str
    held: HeldThings
    ending: str
    field: str
    chosen: str


@dataclass(frozen=True, slots=True)
class Leaving:
    """A clause that goes.

    Attributes:
        joined: it is joined into a clause, which the page says elsewhere.
        replacement: the clause that subscribers are told of, by its label or path.
    """

    key: int
    name: str
    joined: bool
    replacement: str
    rows: Sequence[FateRow]


def leaving_of(
    desk: Desk, one: EditionImport, held: Mapping[int, Mapping[str, HeldThings]], names: Mapping[int, str]
) -> list[Leaving]:
    """Return the clauses that go with an import, in the order of the published edition."""
    joined = {
        change.key: change.kin for change in one.proposal.changes if change.after is None and change.kin
    }
    refs = {policy.key: policy.path or policy.label for policy in one.proposal.document.policies}
    found = []
    for key in one.leaving:
        fates = one.fates.get(key, {})
        into = refs.get(joined[key].key, "") if key in joined else ""
        rows = [
            FateRow(
                kind.label,
                held[key][kind.name],
                kind.ending,
                f"fate-{key}-{kind.name}",
                _typed(fates, kind.name) or (f"{_TO}{into}" if into else ""),
            )
            for kind in desk.drafts.belongings
            if kind.name in held.get(key, {})
        ]
        found.append(Leaving(key, names[key], key in joined, fates.get(REPLACEMENT) or "", rows))
    return found


def _typed(fates: Mapping[str, str | None], what: str) -> str:
    if what not in fates:
        return ""
    to = fates[what]
    return END if to is None else f"{_TO}{to}"


def posted_fates(desk: Desk, one: EditionImport, posted: Mapping[str, str]) -> Fates:
    """Return the decisions of a form. A decision that the form does not show stays."""
    news = {policy.path or policy.label for policy in one.proposal.document.policies}
    found: dict[int, dict[str, str | None]] = {}
    for key in one.leaving:
        fates = dict(one.fates.get(key, {}))
        for what in [kind.name for kind in desk.drafts.belongings]:
            typed = posted.get(f"fate-{key}-{what}")
            if typed is None:
                continue
            fates.pop(what, None)
            if typed == END:
                fates[what] = None
            elif typed.startswith(_TO) and typed.removeprefix(_TO) in news:
                fates[what] = typed.removeprefix(_TO)
        replacement = posted.get(f"replacement-{key}")
        if replacement is not None:
            fates.pop(REPLACEMENT, None)
            if replacement in news:
                fates[REPLACEMENT] = replacement
        if fates:
            found[key] = fates
    return found


async def fate_lines(desk: Desk, drafts: Iterable[Revision], library: Library) -> dict[int, list[str]]:
    """Return sentences on the things of clauses that drafts take away, and the decisions, by the draft's id."""
    leaving = [draft for draft in drafts if draft.retires]
    if not leaving:
        return {}
    decided = await desk.drafts.decisions(leaving)
    held = await desk.drafts.held([draft.subject for draft in leaving])
    drafted = {draft.subject: draft.content for draft in await desk.drafts.open()}
    found: dict[int, list[str]] = {}
    for draft in leaving:
        lines = []
        for kind in desk.drafts.belongings:
            things = held[kind.name].get(draft.subject)
            if things is None:
                continue
            said = f"{kind.label} {things.count} 项"
            chosen = decided.get(draft.id, {})
            if kind.name not in chosen:
                lines.append(f"{said}：尚未决定去向，决定前不能发布")
                continue
            successor = chosen[kind.name]
            content = drafted.get(successor or 0) or library.get(successor or 0)
            name = f"{library.name(content)} {content.title}" if isinstance(content, Policy) else ""
            lines.append(f"{said}：移交 {name}" if successor is not None else f"{said}：{kind.ending}")
        found[draft.id] = lines
    return found
