"""Cards: tables of one policy each, with labels of fields (支持对象, 支持标准) at the left and texts at the right. Pure."""

import re
from collections.abc import Iterator

from policies.importing.clause_parts.responsible import names_in
from policies.importing.clause_parts.table_cells import DEPARTMENT, fields_of
from policies.importing.document.blocks import DocumentTable
from policies.importing.document.markers import markers_of
from policies.importing.tables.policy_tables import RowClause

_NUMBER = re.compile(r"序号|编号|条款号")
_TITLE = re.compile(r"(?:政策|项目|事项|措施|条款|奖补|扶持)?(?:名称|事项|标题)")


def cards_in(table: DocumentTable) -> int:
    """Return how many policies a table of cards holds."""
    return len(list(_apart(table)))


def clauses_of_cards(table: DocumentTable, before: int, title: str) -> Iterator[RowClause]:
    """Yield the cards of a table as clauses.

    Args:
        table: one card, or several below each other.
        before: how many clauses came before, for numbers that aren't printed.
        title: the line over the table, for a card that does not name its policy.
    """
    for at, fields in enumerate(_apart(table), 1):
        yield _clause(fields, str(before + at), title)


def _apart(table: DocumentTable) -> Iterator[list[tuple[str, str]]]:
    """Yield the fields of each card. If the present card has texts, a number, a name or a title begins the next card."""
    fields: list[tuple[str, str]] = []
    for label, text in fields_of(table):
        if _heads(label) and any(not _heads(one) for one, _ in fields):
            yield fields
            fields = []
        fields.append((label, text))
    yield fields


def _heads(label: str) -> bool:
    return not label or bool(_NUMBER.fullmatch(label) or _TITLE.fullmatch(label))


def _clause(fields: list[tuple[str, str]], number: str, title: str) -> RowClause:
    label = ""
    names: list[str] = []
    texts: list[str] = []
    departments: list[str] = []
    for head, text in fields:
        if _NUMBER.fullmatch(head):
            label = text.strip(".、．")
        elif _heads(head):
            names.append(text.replace("\n", ""))
        else:
            texts.append(f"{head} {text}".replace("\n", ""))
            departments += names_in(text) if DEPARTMENT.fullmatch(head) else []
    name = "".join(names) or title
    marker = next(iter(markers_of(name)), None)
    if marker is not None and not marker.bare:
        label, name = label or marker.label, marker.rest
    text = " ".join(texts) or name
    rows = [[head, field] for head, field in fields if not _heads(head)]
    return RowClause(
        label or number,
        text,
        name,
        "",
        tuple(dict.fromkeys(departments)),
        numbered=bool(label),
        card=DocumentTable(rows) if rows else None,
    )
