"""Clauses from the numbered lines of a document. Pure."""

import re
from collections.abc import Iterator

from policies.importing.document.blocks import DocumentLine, DocumentTable, Note
from policies.importing.document.markers import without_sign
from policies.importing.document.numbering import Scheme, begins
from policies.importing.structure.clause_text import (
    SHORTEST,
    asides_of,
    joined_text,
    share_closed,
    split_after_end,
    tables_of,
    texts_of,
)
from policies.importing.structure.levels import continues_heading
from policies.importing.structure.nodes import Node, Tree
from policies.importing.structure.outline import Clause, Outline

_BARE_TITLE = re.compile(r"附则|总则|其他|其它|附件|有关事项|其他事项|组织保障|保障措施|工作要求|有关要求")
_REPEALED = re.compile(
    r"[（(]?(?:此条|本条)?(?:已|现已)?(?:废止|失效|删除|删去|取消|停止执行|略|空)[)）]?[。.]?"
)
_NOTICE = re.compile(r"(?:申报|申请|征集|评选|遴选|推荐|认定)[^，。]{0,24}的?(?:通知|公告|通告)\Z")


class NumberedClauses:
    """Takes the parts of a tree into an outline: clauses, headings, and what is neither."""

    def __init__(self, outline: Outline, tree: Tree, clauses: list[Node]) -> None:
        """Args:
        outline: where everything goes.
        tree: the document.
        clauses: the nodes of `tree` that are clauses.
        """
        self._outline = outline
        self._tree = tree
        self._clauses = clauses
        self._chosen = set(map(id, clauses))
        self._closed = share_closed(clauses)
        self._inside = {id(one) for node in clauses for one in node.walk() if one is not node}

    def take(self) -> None:
        """Take every part of the tree, in order."""
        for code, message, label in self._tree.remarks:
            self._outline.warn(code, message, label)
        for part in self._tree.root.parts:
            self._take(part, (), ())
        self._warn_restart()
        self._warn_notice()

    def _take(
        self, part: DocumentLine | DocumentTable | Node, headings: tuple[str, ...], numbers: tuple[str, ...]
    ) -> None:
        if isinstance(part, DocumentTable):
            self._outline.leave_table(part)
            self._outline.warn("table_left_out", "有一张表格不属于任何条款，没有读入", " / ".join(headings))
        elif isinstance(part, DocumentLine):
            self._take_line(part, headings)
        elif part.aside:
            self._take_aside(part, headings)
        elif id(part) in self._chosen:
            self._take_clause(part, headings, numbers)
        else:
            self._take_section(part, headings, numbers)

    def _take_line(self, line: DocumentLine, headings: tuple[str, ...]) -> None:
        self._outline.leave(line.text)
        for note in line.notes:
            self._outline.warn(note.code, note.message)
        if not headings and not self._outline.headings and not self._outline.clauses:
            self._outline.front.append(line.text)
        elif headings:
            self._outline.preambles[headings] = self._outline.preambles.get(headings, "") + line.text

    def _take_aside(self, node: Node, headings: tuple[str, ...]) -> None:
        texts = list(texts_of(node))
        for text in texts:
            self._outline.leave(text)
        for table in tables_of(node):
            self._outline.leave_table(table)
        after = self._outline.clauses[-1].label if self._outline.clauses else ""
        said = " ".join(texts)[:120] + (f"……（共 {len(texts)} 段）" if len(texts) > 3 else "")
        messages = {
            "note": f"“{after}”之后的注没有并入条文：{said}",
            "attachment": f"附件没有读入：{said}",
            "contact": f"联系方式没有并入条文：{said}",
            "closing": f"结尾的说明不属于任何一条：{said}",
            "signature": f"落款没有并入条文：{said}",
        }
        self._outline.warn(node.aside, messages[node.aside], " / ".join(headings))
        if node.aside == "contact":
            self._outline.closing += "".join(texts)

    def _take_section(self, node: Node, headings: tuple[str, ...], numbers: tuple[str, ...]) -> None:
        holds = any(id(one) in self._chosen for one in node.walk())
        if not holds:
            self._take_empty_section(node, headings)
            return
        title = (node.line.text if node.line else node.title).strip()
        parts = list(node.parts)
        if node.marker is None and not headings and self._holds_all(node):
            self._take_title(title, parts)
            return
        while parts and isinstance(first := parts[0], DocumentLine) and continues_heading(title, first):
            title += first.text
            parts.pop(0)
        title = without_sign(title)
        below = (*headings, title)
        self._outline.headings.append(below)
        if node.line is not None:
            for note in node.line.notes:
                self._outline.warn(note.code, note.message, title)
        number = (node.marker.label,) if node.marker else ()
        for part in parts:
            self._take(part, below, (*numbers, *number))

    def _holds_all(self, node: Node) -> bool:
        """Whether all clauses stand under a node. Such a node does not distinguish them."""
        return sum(id(one) in self._chosen for one in node.walk()) == len(self._clauses) > 1

    def _take_title(self, title: str, parts: list[DocumentLine | DocumentTable | Node]) -> None:
        """Take a heading over the whole document as its title."""
        self._outline.front.append(title)
        self._outline.leave(title)
        for part in parts:
            self._take(part, (), ())

    def _take_empty_section(self, node: Node, headings: tuple[str, ...]) -> None:
        for text in texts_of(node):
            self._outline.leave(text)
        for table in tables_of(node):
            self._outline.leave_table(table)
        title = node.line.text if node.line else node.title
        said = " ".join(texts_of(node))[:120]
        self._outline.warn(
            "part_left_out", f"“{title[:30]}”一部分不是条款，没有读入：{said}", " / ".join(headings)
        )

    def _take_clause(self, node: Node, headings: tuple[str, ...], numbers: tuple[str, ...]) -> None:
        parts, rest = split_after_end(node, self._closed)
        label = node.marker.label if node.marker else ""
        text = joined_text(node.title, parts, styled=node.level is not None)
        clause = Clause(label, headings, text, numbers=numbers)
        if not clause.text or (len(clause.text) <= SHORTEST and _BARE_TITLE.fullmatch(clause.text)):
            self._outline.leave(node.line.text if node.line else label)
            self._outline.warn("empty", f"“{label}{clause.text}”没有内容，没有作为条款", label)
            for part in asides_of(parts):
                self._take_aside(part, headings)
            return
        if _REPEALED.fullmatch(clause.text):
            self._outline.warn("empty", f"“{label}”写明“{clause.text}”，请确认是否收录", label)
        clause.article = node.marker is not None and node.marker.scheme == Scheme.ARTICLE
        for one in node.walk_inside():
            clause.notes += one.line.notes if one.line else []
            for line in one.own:
                clause.notes += line.notes
            clause.tables += [part for part in one.parts if isinstance(part, DocumentTable)]
        for table in clause.tables:
            clause.notes += [*table.notes, Note("table_inside", "条文里有表格，请核对各档标准")]
        self._outline.clauses.append(clause)
        for part in asides_of(parts):
            self._take_aside(part, headings)
        for line in rest:
            self._outline.leave(line.text)
        if rest:
            more = f"（共 {len(rest)} 段）" if len(rest) > 1 else ""
            said = f"“{label}”责任单位之后的文字没有并入条文{more}：{rest[0].text[:100]}"
            self._outline.warn("after_clause", said, label)

    def _warn_restart(self) -> None:
        if self._outline.warn_same_labels():
            return
        # A reader may also mix up numbers that begin again in parts without a clause.
        schemes = {node.marker.scheme for node in self._clauses if node.marker}
        firsts = [
            node for node in _all_below(self._tree.root) if node.marker and node.marker.scheme in schemes
        ]
        firsts = [
            node for node in firsts if node.marker and begins(node.marker) and id(node) not in self._inside
        ]
        if len(firsts) > 1:
            self._outline.warn("restart", "编号在各部分重新开始，没有读入的部分里也有相同的编号")

    def _warn_notice(self) -> None:
        title = next((line for line in self._outline.front if line), "")
        text = "".join(self._outline.front)
        if (
            _NOTICE.search(title)
            or ("申报" in title and "通知" in title)
            or ("申报工作" in text and "通知" in title)
        ):
            self._outline.warn(
                "notice",
                "这像是一份申报通知，不是政策汇编：请确认是否要作为政策导入；申报起止时间请录入申报期",
            )


def _all_below(node: Node) -> Iterator[Node]:
    """Yield all nodes below, without notes and attachments."""
    for child in node.children:
        if not child.aside:
            yield child
            yield from _all_below(child)
