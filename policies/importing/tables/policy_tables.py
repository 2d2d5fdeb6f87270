"""Reads tables that are lists of policies: each row is a clause, each column has a meaning by its head. Pure."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from policies.importing.clause_parts.responsible import names_in
from policies.importing.document.blocks import DocumentTable, Note
from policies.importing.document.headings import is_bare_heading
from policies.importing.document.markers import markers_of
from policies.importing.tables.policy_columns import Column, guessed_kinds, head_row, kinds_of, kinds_under
from policies.library.folding import folded

_Cells = dict[Column, list[str]]
_COUNTS = re.compile(r"合\s?计|总\s?计|小\s?计|共计")
_FIRST_ITEM = re.compile(r"^\s{0,4}1[.．、]", re.MULTILINE)
_SECOND_ITEM = re.compile(r"^\s{0,4}2[.．、]", re.MULTILINE)
_NOTE = re.compile(r"[*＊※]?\s{0,2}(?:备\s?注|注|说明|填表说明|填报说明)\s{0,2}\d{0,2}[:：]")


@dataclass(frozen=True, slots=True)
class RowClause:
    """A row, or a card, as a clause.

    Attributes:
        label: its number; the import makes one if none is printed.
        numbered: the number is printed.
        beside: head and cell of each column outside the text.
        card: the fields of the text, if it is a card.
    """

    label: str
    text: str
    title: str
    section: str
    departments: tuple[str, ...]
    beside: tuple[tuple[str, str], ...] = ()
    numbered: bool = True
    card: DocumentTable | None = None


@dataclass(slots=True)
class ClausesOfTable:
    """The clauses of a table, and what of it is in none."""

    columns: list[str]
    clauses: list[RowClause] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)
    in_text: set[str] = field(default_factory=set)
    """Heads of columns of no known kind that tell tiers apart in the texts."""
    notes: list[Note] = field(default_factory=list)


def is_policy_table(table: DocumentTable) -> bool:
    """Whether the heads name the content of policies and at least one other thing."""
    return head_row(table) is not None


def clauses_of_table(table: DocumentTable, before: int, columns: list[str] | None) -> ClausesOfTable:
    """Read the rows below the heads as clauses.

    Args:
        table: with or without heads of its own.
        before: how many clauses came before, for numbers that aren't printed.
        columns: heads of the table that this one goes on.
    """
    head = head_row(table)
    heads = [folded(cell) for cell in table.rows[head]] if head is not None else columns or []
    kinds = (
        kinds_under(table, head) if head is not None else kinds_of(heads) if heads else guessed_kinds(table)
    )
    found = ClausesOfTable(heads)
    start = 0 if head is None else head + 1
    for row in table.rows[:start]:
        found.left_out += list(dict.fromkeys(filter(None, row)))
    reader = _Rows(found, kinds, before, merged=table.merged)
    for row in table.rows[start:]:
        reader.take(row)
    reader.end()
    found.notes += _notes(table, found, kinds, heads)
    return found


class _Rows:
    def __init__(self, found: ClausesOfTable, kinds: list[Column], before: int, *, merged: bool) -> None:
        self._found, self._kinds, self._before, self._merged = found, kinds, before, merged
        self._section = ""
        self._open: _Cells | None = None
        self._rows: list[_Cells] = []
        """Those of the open policy."""

    def take(self, row: list[str]) -> None:
        cells = [cell.strip() for cell in row]
        if _COUNTS.fullmatch(next(filter(None, cells), "")):  # 合计
            self._found.left_out += list(dict.fromkeys(filter(None, cells)))
            return
        if len(cells) > 1 and cells[0] and len(set(cells)) == 1:  # one cell over the whole row
            self.end()
            if _NOTE.match(cells[0]):
                self._found.left_out.append(cells[0])
                self._found.notes.append(Note("note", f"表格里的注没有并入条文：{cells[0][:120]}"))
                return
            self._section = cells[0].replace("\n", "")
            return
        by_kind: _Cells = {}
        for kind, cell in zip(self._kinds, cells, strict=False):
            by_kind.setdefault(kind, []).append(cell)
        if part := _part_of(by_kind):
            self.end()
            self._section = part
            return
        named = next((kind for kind in (Column.NUMBER, Column.TITLE) if kind in by_kind), None)
        if (
            named and not any(by_kind[named]) and any(cells) and self._open is not None
        ):  # a row cut by the end of a page
            for kind, texts in by_kind.items():
                self._open[kind] = [
                    a + b for a, b in zip(self._open.get(kind, [""] * len(texts)), texts, strict=False)
                ]
            return
        if self._open is not None and self._merged and _same_policy(self._open, by_kind):
            for kind, texts in by_kind.items():
                self._open[kind] = [_added(a, b) for a, b in zip(self._open[kind], texts, strict=False)]
            self._rows.append(by_kind)
            return
        self.end()
        self._open, self._rows = by_kind, [{kind: list(texts) for kind, texts in by_kind.items()}]

    def end(self) -> None:
        if self._open is None:
            return
        cells, self._open = self._open, None
        tiers = _tiers(self._rows)
        text = (
            _tiered(self._rows, tiers)
            if tiers
            else "".join(_flat(cells.get(Column.CONTENT, ()), cells.get(Column.STANDARD, ())))
        )
        title = "".join(_flat(cells.get(Column.TITLE, ())))
        heads = [h for h, kind in zip(self._found.columns, self._kinds, strict=False) if kind == Column.OTHER]
        others = [cell for at, cell in enumerate(cells.get(Column.OTHER, ())) if at not in tiers]
        self._found.left_out += filter(None, (*others, *cells.get(Column.BASIS, ())))
        self._found.in_text |= {head for at, head in enumerate(heads) if at in tiers}
        beside = tuple(zip(heads, map(folded, cells.get(Column.OTHER, ())), strict=False))
        if not (text or title):
            self._found.left_out += [cell for group in cells.values() for cell in group if cell]
            return
        number = "".join(_flat(cells.get(Column.NUMBER, ()))).strip(".、．")
        section = "".join(_flat(cells.get(Column.SECTION, ()))) or self._section
        departments = names_in("、".join(dict.fromkeys(cells.get(Column.DEPARTMENT, ()))))
        label = number or str(self._before + len(self._found.clauses) + 1)
        if text and title:
            self._found.left_out.append(title)
        self._found.clauses.append(RowClause(label, text or title, title, section, departments, beside))


def _same_policy(first: _Cells, row: _Cells) -> bool:
    """Whether two rows stand under one number and one name, in cells that are merged downwards."""
    named = [kind for kind in (Column.NUMBER, Column.TITLE) if kind in row]
    return bool(named) and all(first[kind] == row[kind] and any(row[kind]) for kind in named)


def _part_of(cells: _Cells) -> str:
    """Return the part that a row names for the rows below (一 | 科技类 | ); "" if the row is a policy."""
    filled = [cell for texts in cells.values() for cell in texts if cell]
    empty = sum(not cell for texts in cells.values() for cell in texts)
    number = "".join(cells.get(Column.NUMBER, ()))
    is_part = len(filled) == 2 and empty and number and markers_of(f"{number}、{filled[-1]}")
    if not is_part or number.isdecimal() or not is_bare_heading(filled[-1]):
        return ""
    return f"{number} {filled[-1]}"


def _tiers(rows: Sequence[_Cells]) -> list[int]:
    """Return which columns of unknown kind distinguish the rows of one policy (国家级, 省级)."""
    others = [row.get(Column.OTHER, []) for row in rows]
    return [at for at, cells in enumerate(zip(*others, strict=False)) if len(set(cells)) > 1 and all(cells)]


def _tiered(rows: Sequence[_Cells], tiers: Sequence[int]) -> str:
    """Return the text of a policy in tiers: what all have first, then each tier with what is its own:
    国家级100万元；省级50万元.
    """

    def texts(row: _Cells) -> list[str]:
        return _flat(row.get(Column.CONTENT, ()), row.get(Column.STANDARD, ()))

    common = [text for text in texts(rows[0]) if all(text in texts(row) for row in rows)]
    told = (
        "".join((*(row[Column.OTHER][at] for at in tiers), *(t for t in texts(row) if t not in common)))
        for row in rows
    )
    return "".join(common) + "；".join(told)


def _added(above: str, text: str) -> str:
    """Return the text of a cell with that of the row below; what a merged cell repeats stands once."""
    return above if text == above or not text else f"{above}\n{text}" if above else text


def _flat(*groups: Iterable[str]) -> list[str]:
    return [_on_one_line(cell) for group in groups for cell in dict.fromkeys(group) if cell]


def _on_one_line(cell: str) -> str:
    """Return the paragraphs of a cell in one line, with a space if no mark ends a sentence before the next one."""
    return re.sub(r"\n", "", re.sub(r"(?<=[\w）)])\n(?=对|按|给|支持|鼓励|\d{1,2}[.．、])", " ", cell))


def _notes(table: DocumentTable, found: ClausesOfTable, kinds: list[Column], heads: list[str]) -> list[Note]:
    notes = []
    if Column.NUMBER not in kinds:
        notes.append(Note("numbered_by_import", "表格没有编号，一行作为一条，由导入编号"))
    if any(_FIRST_ITEM.search(cell) and _SECOND_ITEM.search(cell) for row in table.rows for cell in row):
        notes.append(Note("inner_numbers", "单元格里的 1. 2. 是该行的内容，不是单独的条款"))
    if table.merged:
        notes.append(Note("merged_cells", "合并的单元格（如责任单位）按它所跨的每一行计"))
    left = [
        head
        for head, kind in zip(heads, kinds, strict=False)
        if kind in {Column.OTHER, Column.BASIS} and head and head not in found.in_text
    ]
    if left:
        notes.append(Note("columns_left_out", f"表格的“{'”“'.join(left)}”栏没有并入条文"))
    return notes
