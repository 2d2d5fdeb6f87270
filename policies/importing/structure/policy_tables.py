"""Reads tables that are lists of policies: each row is a clause, each column has a meaning by its head. Pure."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum

from policies.importing.clause_parts.responsible import names_in
from policies.importing.document.blocks import Note, Table
from policies.library.changes import folded


class Column(StrEnum):
    """What a column holds."""

    NUMBER = "编号"
    TITLE = "名称"
    CONTENT = "内容"
    STANDARD = "标准"
    DEPARTMENT = "责任单位"
    SECTION = "类别"
    BASIS = "依据"
    OTHER = "其他"


_HEADS = (
    (Column.NUMBER, re.compile(r"序号|编号|条款号|条目|no\.?|序")),
    (
        Column.DEPARTMENT,
        re.compile(
            r".{0,6}(?:责任|牵头|主管|实施|兑现|受理|落实|负责|承办)(?:单位|部门|科室)|部门|单位|责任单位.{0,6}"
        ),
    ),
    (Column.SECTION, re.compile(r"(?:政策|事项|项目)?(?:类别|类型|分类|领域|板块|大类|所属类别)")),
    (Column.BASIS, re.compile(r".{0,4}(?:依据|文号|文件名称|政策来源|出处)")),
    (
        Column.CONTENT,
        re.compile(
            r"(?:政策|支持|扶持|主要|具体|措施|奖补|奖励|条款|工作)?内容|(?:政策|具体|支持|主要)?(?:措施|举措)(?:内容)?"
            r"|支持政策|政策条款|政策正文|条文"
        ),
    ),
    (Column.STANDARD, re.compile(r".{0,6}(?:标准|额度|金额|力度)(?:及.{1,6})?|(?:支持|扶持|奖补|补贴)方式")),
    (Column.TITLE, re.compile(r"(?:政策|项目|事项|措施|条款|奖补|扶持)?(?:名称|事项|要点|项目)|政策|标题")),
)  # fmt: skip
_FIRST_ITEM = re.compile(r"^\s{0,4}1[.．、]", re.MULTILINE)
_SECOND_ITEM = re.compile(r"^\s{0,4}2[.．、]", re.MULTILINE)
_NOTE = re.compile(r"[*＊※]?\s{0,2}(?:备\s?注|注|说明|填表说明|填报说明)\s{0,2}\d{0,2}[:：]")
_MAX_HEAD = 14
_HEAD_ROWS = 4


@dataclass(frozen=True, slots=True)
class TableClause:
    """A row as a clause."""

    label: str
    text: str
    title: str
    section: str
    departments: tuple[str, ...]


@dataclass(slots=True)
class TableClauses:
    """The clauses of a table, and what of it is in none."""

    columns: list[str]
    clauses: list[TableClause] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)


def is_policy_table(table: Table) -> bool:
    """The heads name the content of policies and at least one thing more."""
    return _head_row(table) is not None


def clauses_of_table(table: Table, before: int, columns: list[str] | None) -> TableClauses:
    """Read the rows below the heads as clauses.

    Args:
        table: with or without heads of its own.
        before: how many clauses came before, for numbers that aren't printed.
        columns: heads of the table that this one goes on.
    """
    head = _head_row(table)
    heads = [folded(cell) for cell in table.rows[head]] if head is not None else columns or []
    kinds = _kinds(heads) if heads else _guessed(table)
    found = TableClauses(heads)
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
    def __init__(self, found: TableClauses, kinds: list[Column], before: int, *, merged: bool) -> None:
        self._found, self._kinds, self._before, self._merged = found, kinds, before, merged
        self._section = ""
        self._open: dict[Column, list[str]] | None = None

    def take(self, row: list[str]) -> None:
        cells = [cell.strip() for cell in row]
        if len(cells) > 1 and cells[0] and len(set(cells)) == 1:  # one cell over the whole row
            self.end()
            if _NOTE.match(cells[0]):
                self._found.left_out.append(cells[0])
                self._found.notes.append(Note("note", f"表格里的注没有并入条文：{cells[0][:120]}"))
                return
            self._section = cells[0].replace("\n", "")
            return
        by_kind: dict[Column, list[str]] = {}
        for kind, cell in zip(self._kinds, cells, strict=False):
            by_kind.setdefault(kind, []).append(cell)
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
            return
        self.end()
        self._open = by_kind

    def end(self) -> None:
        if self._open is None:
            return
        cells, self._open = self._open, None
        text = "".join(_flat(cells.get(Column.CONTENT, ()), cells.get(Column.STANDARD, ())))
        title = "".join(_flat(cells.get(Column.TITLE, ())))
        others = [cell for kind in (Column.OTHER, Column.BASIS) for cell in cells.get(kind, ()) if cell]
        self._found.left_out += others
        if not (text or title):
            self._found.left_out += [cell for group in cells.values() for cell in group if cell]
            return
        number = "".join(_flat(cells.get(Column.NUMBER, ()))).strip(".、．")
        section = "".join(_flat(cells.get(Column.SECTION, ()))) or self._section
        departments = names_in("、".join(dict.fromkeys(cells.get(Column.DEPARTMENT, ()))))
        label = number or str(self._before + len(self._found.clauses) + 1)
        if text and title:
            self._found.left_out.append(title)
        self._found.clauses.append(TableClause(label, text or title, title, section, departments))


def _same_policy(first: dict[Column, list[str]], row: dict[Column, list[str]]) -> bool:
    """Whether two rows stand under one number and one name, in cells that are merged downwards."""
    named = [kind for kind in (Column.NUMBER, Column.TITLE) if kind in row]
    return bool(named) and all(first[kind] == row[kind] and any(row[kind]) for kind in named)


def _added(above: str, text: str) -> str:
    """The text of a cell with that of the row below; what a merged cell repeats stands once."""
    return above if text == above or not text else f"{above}\n{text}" if above else text


def _flat(*groups: Iterable[str]) -> list[str]:
    return [cell.replace("\n", "") for group in groups for cell in dict.fromkeys(group) if cell]


def _head_row(table: Table) -> int | None:
    for at, row in enumerate(table.rows[:_HEAD_ROWS]):
        kinds = set(_kinds([folded(cell) for cell in row])) - {Column.OTHER}
        if len(kinds) >= 2 and kinds & {Column.CONTENT, Column.STANDARD}:
            return at
        if (
            len(kinds) >= 3
            and Column.TITLE in kinds
            and Column.DEPARTMENT in kinds
            and Column.NUMBER not in kinds
        ):
            return at
    return None


def _kinds(heads: list[str]) -> list[Column]:
    return [_kind(head) for head in heads]


def _kind(head: str) -> Column:
    if not head or len(head) > _MAX_HEAD:
        return Column.OTHER
    return next((kind for kind, pattern in _HEADS if pattern.fullmatch(head.lower())), Column.OTHER)


def _guessed(table: Table) -> list[Column]:
    """Without heads: the first column of numbers, the column with the longest texts."""
    width = max(map(len, table.rows))
    lengths = [sum(len(row[at]) for row in table.rows if at < len(row)) for at in range(width)]
    longest = lengths.index(max(lengths))
    kinds = [Column.OTHER] * width
    kinds[longest] = Column.CONTENT
    if longest and all(row[0].strip(".、．").isdecimal() for row in table.rows if row and row[0]):
        kinds[0] = Column.NUMBER
    return kinds


def _notes(table: Table, found: TableClauses, kinds: list[Column], heads: list[str]) -> list[Note]:
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
        if kind in {Column.OTHER, Column.BASIS} and head
    ]
    if left:
        notes.append(Note("columns_left_out", f"表格的“{'”“'.join(left)}”栏没有并入条文"))
    return notes
