"""Finds the clauses of a document: by numbers, by tables or by paragraphs. Pure.

Every line ends up in a clause, in a heading or among what is left out.
"""

import re
from collections import defaultdict
from collections.abc import Sequence

from policies.importing.clause_parts.table_cells import is_card
from policies.importing.document.blocks import DocumentLine, DocumentTable, Out, ParsedDocument
from policies.importing.document.errors import DocumentError
from policies.importing.document.markers import markers_of
from policies.importing.document.numbering import Scheme
from policies.importing.structure.cleaning import mark_contents, mark_furniture
from policies.importing.structure.levels import clause_nodes
from policies.importing.structure.nodes import Node
from policies.importing.structure.numbered_clauses import NumberedClauses
from policies.importing.structure.outline import Outline, Structure
from policies.importing.structure.table_clauses import FromTables
from policies.importing.structure.tree import tree_of
from policies.importing.structure.unnumbered import Unnumbered, names_a_grant
from policies.importing.tables.card_tables import cards_in
from policies.importing.tables.policy_tables import is_policy_table
from policies.library.folding import folded

MAX_CLAUSES = 3_000
_A_FEW = 3
_ISSUED = re.compile(r"(?:印发|转发|发布|公布)[《〈]([^《》〈〉]{4,60})[》〉]")
_DRAFT = re.compile(r"送审稿|征求意见稿?|讨论稿|草案|审议稿|初稿|修改稿|内部试行|内部资料|样本|样稿")
_FIRST_LINES = 6
_ALIKE = re.compile(r"\d \d|[一二三四五六七八九十] [一二三四五六七八九十]")
_ATTACHMENT = re.compile(r"附\s{0,2}件\s{0,2}[\d一]{0,2}[:：]?")


def outline_of(reading: ParsedDocument, structure: Structure = Structure.AUTO) -> Outline:
    """Find the clauses of a document.

    Raises:
        DocumentError: there are no clauses, or too many.
    """
    contents = mark_contents(reading.blocks)
    mark_furniture(reading.blocks)
    outline = _Outliner(reading, structure, contents).outline()
    if not outline.clauses:
        raise DocumentError(
            "没有识别到条款；条款应以“1.”“（一）”“第一条”这样的编号开头，或是一行一条的表格；没有编号的文件可选择按段落读取"
        )
    if len(outline.clauses) > MAX_CLAUSES:
        raise DocumentError(f"文件里有 {len(outline.clauses):,} 条，超过 {MAX_CLAUSES:,} 条，请拆分后导入")
    _name_paths(outline)
    return outline


class _Outliner:
    def __init__(self, reading: ParsedDocument, structure: Structure, contents: list[DocumentTable]) -> None:
        self._reading = reading
        self._structure = structure
        self._contents = contents
        self._outline = Outline()

    def outline(self) -> Outline:
        kept = []
        for block in self._reading.blocks:
            if isinstance(block, DocumentLine) and block.out:
                self._outline.leave(block.text)
                self._warn_left(block)
            elif isinstance(block, DocumentTable) and any(block is one for one in self._contents):
                self._outline.leave_table(block)
            else:
                kept.append(block)
        self._outline.left_out += self._reading.outside
        for note in self._reading.notes:
            self._outline.warn(note.code, note.message)
        kept = self._without_covering_notice(kept)
        tables = [
            block
            for block in kept
            if isinstance(block, DocumentTable) and (is_card(block) or is_policy_table(block))
        ]
        tree = tree_of(kept)
        numbered = clause_nodes(tree, self._structure)
        if self._structure == Structure.TABLE or (
            self._structure == Structure.AUTO and _mostly_tables(tables, numbered)
        ):
            FromTables(self._outline).take(
                kept, tables or [block for block in kept if isinstance(block, DocumentTable)]
            )
        elif self._structure == Structure.PARAGRAPHS:
            self._outline.structure = Structure.PARAGRAPHS
            Unnumbered(self._outline, kept).take_paragraphs()
        else:
            articles = bool(numbered) and all(
                node.marker and node.marker.scheme == Scheme.ARTICLE for node in numbered
            )
            self._outline.structure = Structure.ARTICLES if articles else Structure.NUMBERS
            if numbered or self._structure != Structure.AUTO or not Unnumbered(self._outline, kept).take():
                NumberedClauses(self._outline, tree, numbered).take()
        self._warn_draft()
        return self._outline

    def _without_covering_notice(
        self, kept: list[DocumentLine | DocumentTable]
    ) -> list[DocumentLine | DocumentTable]:
        """Return the blocks without a covering notice before the document itself (which begins after 附件 on a
        line of its own).
        """
        at = _end_of_notice(kept)
        if not at:
            return kept
        for block in kept[:at]:
            if isinstance(block, DocumentLine):
                self._outline.leave(block.text)
            else:
                self._outline.leave_table(block)
        self._outline.warn("covering_notice", "前面的印发通知没有读入，条款取自它所印发的文件")
        return kept[at:]

    def _warn_draft(self) -> None:
        said = [*self._outline.front[:_FIRST_LINES], *self._reading.outside]
        found = next((match for text in said if (match := _DRAFT.search(text))), None)
        if found:
            self._outline.warn("draft_text", f"文件上写着“{found[0]}”，请确认它是不是正式文件")

    def _warn_left(self, line: DocumentLine) -> None:
        for note in line.notes:
            self._outline.warn(note.code, note.message)
        told = {warning.code for warning in self._outline.warnings}
        if line.out == Out.CONTENTS and "contents" not in told:
            self._outline.warn("contents", "目录没有读入，其中的编号不是条款")


def _end_of_notice(kept: Sequence[DocumentLine | DocumentTable]) -> int:
    """Return where the document after a covering notice begins; 0 without a covering notice."""
    top = "".join(block.text for block in kept[:8] if isinstance(block, DocumentLine))
    if not re.search(r"通知|印发|各有关", top):
        return 0
    issued = _ISSUED.search(top)
    for at, block in enumerate(kept[2:], 2):
        if not isinstance(block, DocumentLine):
            continue
        if issued and _prints_title(kept[at : at + 3], folded(issued[1])) and _numbered(kept[at:]) >= _A_FEW:
            return at
        if at > 2 and _ATTACHMENT.fullmatch(block.text):
            is_body = _numbered(kept[:at]) >= _A_FEW and sum(map(names_a_grant, kept[:at])) > sum(
                map(names_a_grant, kept[at:])
            )
            tables = any(isinstance(one, DocumentTable) for one in kept[at:])
            return at + 1 if not is_body and (_numbered(kept[at:]) >= _A_FEW or tables) else 0
    return 0


def _prints_title(blocks: Sequence[DocumentLine | DocumentTable], title: str) -> bool:
    """Whether lines begin with the title of the document that a notice issues, which may be broken."""
    said = ""
    for block in blocks:
        said += folded(block.text) if isinstance(block, DocumentLine) else ""
        if said == title:
            return True
    return False


def _numbered(blocks: Sequence[DocumentLine | DocumentTable]) -> int:
    return sum(isinstance(one, DocumentLine) and bool(markers_of(one.text)) for one in blocks)


def _mostly_tables(tables: list[DocumentTable], numbered: list[Node]) -> bool:
    """Whether tables hold more clauses than numbered lines do: a card is one, a list has one a row."""
    rows = sum(cards_in(table) if is_card(table) else max(0, len(table.rows) - 1) for table in tables)
    return rows > 0 and rows > len(numbered)


def _name_paths(outline: Outline) -> None:
    """Give each clause a unique path: its label, or, if numbering restarts, the headings' numbers and its label."""
    counts: dict[str, int] = defaultdict(int)
    places: dict[str, set[tuple[str, ...]]] = defaultdict(set)
    for clause in outline.clauses:
        counts[clause.label] += 1
        places[clause.label].add((*clause.headings, *clause.numbers))
    restarts = any(len(found) > 1 for found in places.values())
    taken: dict[str, int] = defaultdict(int)
    for clause in outline.clauses:
        path = clause.label
        if restarts or counts[clause.label] > 1:
            above = "/".join(_core(number) for number in clause.numbers) or "/".join(clause.headings)
            between = (
                "/"
                if clause.article or not clause.numbers or _ALIKE.search(f"{above[-1:]} {clause.label[:1]}")
                else ""
            )
            path = f"{above}{between}{clause.label}" if above else clause.label
        taken[path] += 1
        clause.path = path if taken[path] == 1 else f"{path}#{taken[path]}"


def _core(number: str) -> str:
    return re.sub(r"^第|[章节编篇条]$|部分$", "", number)
