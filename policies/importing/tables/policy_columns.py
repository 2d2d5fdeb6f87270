"""What the columns of a list of policies hold: by their heads, or by what stands in them. Pure."""

import re
from enum import StrEnum
from itertools import pairwise

from policies.importing.clause_parts.responsible import departments_in, names_in
from policies.importing.clause_parts.table_cells import WHO_IS_RESPONSIBLE
from policies.importing.document.blocks import DocumentTable
from policies.library.amounts.support import support_in
from policies.library.folding import folded

_MAX_HEAD = 14
_HEAD_ROWS = 4
_SENTENCE = 15
"""Characters that the cells of a column with sentences have, on the average."""
_MAX_SECTION = 20


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
    (Column.DEPARTMENT, re.compile(rf"{WHO_IS_RESPONSIBLE}|部门|单位|责任单位.{{0,6}}")),
    (Column.SECTION, re.compile(r"(?:政策|事项|项目)?(?:类别|类型|分类|领域|板块|大类|所属类别)")),
    (Column.BASIS, re.compile(r".{0,4}(?:依据|文号|文件名称|政策来源|出处)")),
    (
        Column.CONTENT,
        re.compile(
            r"[\u4e00-\u9fff]{0,6}(?:内容|措施|举措|条文|正文)|支持政策|奖励政策|扶持政策|政策条款"
        ),
    ),
    (Column.STANDARD, re.compile(r".{0,6}(?:标准|额度|金额|力度)(?:及.{1,6})?|(?:支持|扶持|奖补|补贴)方式")),
    (Column.TITLE, re.compile(r"(?:政策|项目|事项|措施|条款|奖补|扶持)?(?:名称|事项|要点|项目)|政策|标题")),
)  # fmt: skip


def head_row(table: DocumentTable) -> int | None:
    for at in range(min(_HEAD_ROWS, len(table.rows))):
        kinds = set(kinds_under(table, at)) - {Column.OTHER}
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


def kinds_under(table: DocumentTable, at: int) -> list[Column]:
    """Return the kinds of the columns under a row of heads. Where none names the content, the column with the longest
    texts holds it; a first column that goes over several rows holds the parts.
    """
    kinds = kinds_of([folded(cell) for cell in table.rows[at]])
    below = table.rows[at + 1 :]
    if not below or not set(kinds) & {Column.NUMBER, Column.DEPARTMENT, Column.TITLE}:
        return kinds
    if not set(kinds) & {Column.CONTENT, Column.STANDARD}:
        free = [place for place, kind in enumerate(kinds) if kind == Column.OTHER]
        longest = max(free, key=lambda place: _mean_length(below, place), default=None)
        if longest is not None and _mean_length(below, longest) >= _SENTENCE:
            kinds[longest] = Column.CONTENT
    if table.merged and kinds[0] == Column.OTHER and Column.SECTION not in kinds and _goes_over_rows(below):
        kinds[0] = Column.SECTION
    return kinds


def _mean_length(rows: list[list[str]], place: int) -> float:
    cells = [row[place] for row in rows if place < len(row) and len(set(row)) > 1]
    return sum(map(len, cells)) / max(1, len(cells))


def _goes_over_rows(rows: list[list[str]]) -> bool:
    """Whether the first column has the same short text in rows below each other."""
    firsts = [row[0] for row in rows if row and len(set(row)) > 1]
    return any(a and a == b for a, b in pairwise(firsts)) and max(map(len, firsts)) <= _MAX_SECTION


def kinds_of(heads: list[str]) -> list[Column]:
    return [_kind(head) for head in heads]


def _kind(head: str) -> Column:
    if not head or len(head) > _MAX_HEAD:
        return Column.OTHER
    return next((kind for kind, pattern in _HEADS if pattern.fullmatch(head.lower())), Column.OTHER)


def guessed_kinds(table: DocumentTable) -> list[Column]:
    """Guess the columns of a table without heads: numbers or parts first, departments, and the longest texts."""
    width = max(map(len, table.rows))
    lengths = [_mean_length(table.rows, at) for at in range(width)]
    longest = lengths.index(max(lengths))
    kinds = [Column.OTHER] * width
    for at in range(width):
        cells = [row[at] for row in table.rows if at < len(row) and row[at]]
        if cells and all(_are_departments(cell) for cell in cells):
            kinds[at] = Column.DEPARTMENT
    kinds[longest] = Column.CONTENT
    firsts = [row[0] for row in table.rows if row and row[0]]
    if longest and all(first.strip(".、．").isdecimal() for first in firsts):
        kinds[0] = Column.NUMBER
    elif longest and _goes_over_rows(table.rows):
        kinds[0] = Column.SECTION
    return kinds


def holds_grants(table: DocumentTable) -> bool:
    """Whether most rows of a table without known heads grant something."""
    kinds = guessed_kinds(table)
    at = kinds.index(Column.CONTENT)
    texts = [row[at] for row in table.rows if at < len(row)]
    return len(texts) > 1 and sum(bool(support_in(text)) for text in texts) * 2 > len(texts)


def _are_departments(cell: str) -> bool:
    names = names_in(cell)
    return bool(names) and departments_in(f"给予。（{'、'.join(names)}）") == names
