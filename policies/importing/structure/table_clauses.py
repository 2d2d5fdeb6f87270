"""Clauses from tables that are lists or cards of policies: one row, or one card, is one clause. No I/O.

It joins the parts of a table that goes on over pages.
"""

import itertools
import re
from collections.abc import Sequence

from policies.importing.clause_parts.table_cells import is_card
from policies.importing.document.blocks import DocumentLine, DocumentTable
from policies.importing.structure.levels import is_title_text
from policies.importing.structure.outline import Clause, Outline, Structure
from policies.importing.tables.card_tables import clauses_of_cards
from policies.importing.tables.policy_tables import RowClause, clauses_of_table
from policies.library.folding import folded

_PART_HEADING = re.compile(
    r"(?:[一二三四五六七八九十]{1,3}、|（[一二三四五六七八九十]{1,3}）|第[一二三四五六七八九十]{1,3}部分)"
)


class FromTables:
    """Takes the lines and tables of a document into an outline; rows of its lists of policies and its cards are the clauses."""

    def __init__(self, outline: Outline) -> None:
        self._outline = outline
        self._line_above = ""

    def take(self, blocks: Sequence[DocumentLine | DocumentTable], tables: list[DocumentTable]) -> None:
        """Take every block; `tables` are the lists of policies among them."""
        self._outline.structure = Structure.TABLE
        blocks = _with_tables_joined(blocks, {id(table) for table in tables})
        chosen = {id(table) for table in tables}
        width = 0
        columns: list[str] | None = None
        headings: tuple[str, ...] = ()
        for block in blocks:
            if isinstance(block, DocumentLine):
                headings = self._from_line(block.text) or headings
                self._line_above = block.text
            elif is_card(block):
                self._from_cards(block, headings)
            elif id(block) not in chosen and not (width and len(block.rows[0]) == width):
                self._outline.leave_table(block)
                self._outline.warn("table_left_out", "有一张表格不是政策清单，没有读入")
            else:
                width = len(block.rows[0])
                columns = self._from_table(block, headings, columns)
        _check_numbers(self._outline)
        self._outline.warn_same_labels()

    def _from_line(self, text: str) -> tuple[str, ...]:
        """Read a line. Return the headings that begin with it; () if it is not a heading."""
        begun = bool(self._outline.clauses)
        if _PART_HEADING.match(text) and (not begun or is_title_text(text)):
            self._outline.headings.append((text,))
            return (text,)
        if not begun:
            self._outline.front.append(text)
        self._outline.leave(text)
        return ()

    def _from_table(
        self, table: DocumentTable, headings: tuple[str, ...], columns: list[str] | None
    ) -> list[str]:
        found = clauses_of_table(table, len(self._outline.clauses), columns)
        for text in found.left_out:
            self._outline.leave(text)
        for note in found.notes:
            if all(note.message != warning.message for warning in self._outline.warnings):
                self._outline.warn(note.code, note.message)
        for one in found.clauses:
            self._add_row(one, headings)
        return found.columns

    def _from_cards(self, table: DocumentTable, headings: tuple[str, ...]) -> None:
        title = self._line_above if is_title_text(self._line_above) else ""
        self._line_above = ""
        for one in clauses_of_cards(table, len(self._outline.clauses), title):
            if one.title:
                self._outline.leave(one.title)
            if not one.numbered and all(
                warning.code != "numbered_by_import" for warning in self._outline.warnings
            ):
                self._outline.warn("numbered_by_import", "表格没有编号，一张表作为一条，由导入编号")
            self._add_row(one, headings)

    def _add_row(self, one: RowClause, headings: tuple[str, ...]) -> None:
        section = (*headings, one.section) if one.section else headings
        if section and section not in self._outline.headings:
            self._outline.headings.append(section)
        self._outline.clauses.append(
            Clause(
                one.label,
                section,
                one.text,
                title=one.title,
                departments=one.departments,
                beside=one.beside,
                tables=[one.card] if one.card else [],
            )
        )


_GOES_ON = re.compile(r"[（(]?(?:续上?表|表\s*\d{0,2}\s*[（(]?续[)）]?|接上[页表])(?:\s*\d{0,2})[)）]?")


def _with_tables_joined(
    blocks: Sequence[DocumentLine | DocumentTable], chosen: set[int]
) -> list[DocumentLine | DocumentTable]:
    """Return blocks with each list of policies that goes on over pages as one table; heads that are printed
    again are left out.
    """
    joined: list[DocumentLine | DocumentTable] = []
    last: DocumentTable | None = None
    for block in blocks:
        if isinstance(block, DocumentLine) and last is not None and _GOES_ON.fullmatch(block.text):
            joined.append(block)  # 续表, between two parts of one table
        elif (
            isinstance(block, DocumentTable) and last is not None and len(block.rows[0]) == len(last.rows[0])
        ):
            heads = [[folded(cell) for cell in row] for row in last.rows[:4]]
            again = [folded(cell) for cell in block.rows[0]] in heads
            last.rows += block.rows[1:] if again else block.rows
            last.merged = last.merged or block.merged
        else:
            joined.append(block)
            last = block if isinstance(block, DocumentTable) and id(block) in chosen else None
    return joined


def _check_numbers(outline: Outline) -> None:
    numbers = [int(clause.label) for clause in outline.clauses if clause.label.isdecimal()]
    for before, after in itertools.pairwise(numbers):
        if after > before + 1:
            outline.warn("gap", f"“{before}”之后是“{after}”，中间的编号没有识别到，请核对", str(after))
