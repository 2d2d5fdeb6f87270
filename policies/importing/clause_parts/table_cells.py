"""What the cells of a table inside a clause, or beside one, say: sums by the head of their column or row, departments. Pure."""

import re
from collections.abc import Iterable, Iterator, Sequence

from policies.importing.clause_parts.responsible import names_in
from policies.importing.document.blocks import DocumentTable
from policies.library.amounts.support import SupportSum, sums_in

_CONDITION = re.compile(
    r"产值|营收|收入|规模|投资|销售|人数|数量|面积|区间|档次|税|条件|对象|范围|要求|时间|期限|名额"
)
_GIVES = re.compile(r"奖|补|资助|支持|扶持|贴息|激励")
_SUM = re.compile(r"标准|金额|额度|力度|内容|比例")
_UNIT = re.compile(
    r"[（(\[/／]?\s{0,9}+(?:单位[:：])?\s{0,9}+([百千]?[万亿]?元)(?:/[^）)]{1,6})?\s{0,9}+[)）\]]?\s{0,9}+\Z"
)
_NUMBER = re.compile(r"\d{1,9}(?:\.\d{1,4})?")
_LABEL = re.compile(
    r"[\u4e00-\u9fff、和及与]{0,6}"
    r"(?:"
    r"对象|范围|标准|内容|方式|条件|材料|程序|流程|时间|时限|期限|日期|依据|限额|额度|单位|"
    r"部门|科室|电话|地点|地址|名称|事项|文号|类别|渠道|要求|备注|说明|联系人|入口|网址|编号|"
    r"序号|周期"
    r")"
    r"(?:[（(].{1,10}[)）])?[:：]?"
)
WHO_IS_RESPONSIBLE = r".{0,6}(?:责任|牵头|主管|实施|兑现|受理|落实|负责|承办)(?:单位|部门|科室)"
"""The pattern of a head over departments, without the bare 部门 and 单位."""
DEPARTMENT = re.compile(rf"{WHO_IS_RESPONSIBLE}[:：]?|部门|单位")
"""A label or head over the responsible departments."""
_FEWEST_ROWS = 2


def is_card(table: DocumentTable) -> bool:
    """Whether a table is a card of one policy: labels of fields (支持对象, 支持标准) at the left, texts at the right."""
    rows = [row for row in map(_apart, table.rows) if row]
    labelled = sum(len(row) == 2 and bool(_LABEL.fullmatch(row[0])) for row in rows)
    if labelled < _FEWEST_ROWS or labelled * 3 < len(rows) * 2:
        return False
    # Over a list of policies stand heads of several columns, all of them labels.
    return not all(_LABEL.fullmatch(cell) for cell in rows[0])


def fields_of(card: DocumentTable) -> Iterator[tuple[str, str]]:
    """Yield the label and the text of each row of a card; a text without a label has none."""
    for row in filter(None, map(_apart, card.rows)):
        yield (row[0].rstrip(":：") if len(row) > 1 else "", "\n".join(row[1:] or row))


def sums_of(table: DocumentTable) -> list[SupportSum]:
    """Return the figures of a table inside a clause. What a figure means is read from the head of its column, of a
    card its label.
    """
    found: list[SupportSum] = []
    if is_card(table):
        for label, text in fields_of(table):
            found += _judged(label, text, gives=True)
        return found
    heads = table.rows[0]
    gives = any(map(gives_head, heads))
    for row in table.rows[1:]:
        for head, cell in zip(heads, row, strict=False):
            found += _judged(head, cell, gives=gives)
    return found


def _judged(head: str, cell: str, *, gives: bool) -> Iterator[SupportSum]:
    band = not gives_head(head) and (gives or bool(_CONDITION.search(head)))
    if not band and (figure := _with_unit_of(head, cell)):
        yield figure
        return
    for figure in sums_in(cell):
        why = "threshold" if band else figure.why_not
        yield SupportSum(figure.quote, figure.cny, figure.rate, 0, 0, why)


def _with_unit_of(head: str, cell: str) -> SupportSum | None:
    """Return the sum of a bare number whose unit stands in the head: 800 under 最高额度（万元）."""
    unit = _UNIT.search(head)
    if unit is None or not _NUMBER.fullmatch(cell):
        return None
    figure = next(iter(sums_in(f"给予{cell}{unit[1]}")), None)
    return figure and SupportSum(cell, figure.cny, figure.rate, 0, 0)


def gives_head(head: str) -> bool:
    """Whether a column holds what an enterprise may get. Where one does, figures of other columns are conditions."""
    conditions = bool(_CONDITION.search(head))
    return bool(_GIVES.search(head) or _SUM.search(head)) and not conditions


def sums_beside(cells: Sequence[tuple[str, str]]) -> Iterator[tuple[SupportSum, str]]:
    """Yield the sums in other columns of a list of policies, in the words of a clause: 最高额度800万元.

    Args:
        cells: head and cell of each column outside the clause's text.
    """
    for head, cell in cells:
        if not gives_head(head):
            continue
        unit = _UNIT.search(head)
        name = (head[: unit.start()] if unit else head).rstrip("（(")
        if unit and (whole := _with_unit_of(head, cell)):
            yield whole, f"{name}{cell}{unit[1]}"
            continue
        for figure in sums_in(cell):
            if not figure.why_not:
                yield figure, f"{name}{cell}"


def departments_of(tables: Iterable[DocumentTable]) -> tuple[str, ...]:
    """Return the departments in the fields or columns of tables that are headed 责任单位."""
    found: list[str] = []
    for table in tables:
        if is_card(table):
            cells = [text for label, text in fields_of(table) if DEPARTMENT.fullmatch(label)]
        else:
            columns = [at for at, head in enumerate(table.rows[0]) if DEPARTMENT.fullmatch(head)]
            cells = [row[at] for row in table.rows[1:] for at in columns if at < len(row)]
        found += [name for cell in cells for name in names_in(cell)]
    return tuple(dict.fromkeys(found))


def _apart(row: Sequence[str]) -> list[str]:
    """Return the cells of a row, each once: a cell over several columns stands in each of them."""
    return list(dict.fromkeys(filter(None, (cell.strip() for cell in row))))
