"""The clauses of a document: which level of its numbers they are, under which headings, and what is none. Pure.

Levels are told apart by what stands on them: short titles with numbers below are headings, sentences are
clauses, and what is numbered inside a clause is part of it. Every line ends up in a clause, in a heading or
among what is left out.
"""

import itertools
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from policies.importing.clause_parts.bodies import responsible_end
from policies.importing.document.blocks import Line, Note, Out, Reading, Table
from policies.importing.document.errors import DocumentError
from policies.importing.document.markers import Scheme, markers_of, without_sign
from policies.importing.structure.cleaning import mark_contents, mark_furniture
from policies.importing.structure.policy_tables import TableClause, clauses_of_table, is_policy_table
from policies.importing.structure.tree import Node, Tree, tree_of
from policies.library.changes import folded
from policies.library.figures import money_in
from policies.library.support import support_in

MAX_CLAUSES = 3_000
_MAX_HEADING = 45
_MAX_LONG_HEADING = 60
_BROKEN_FROM = 20
_SHORTEST = 8
_BARE_TITLE = re.compile(r"附则|总则|其他|其它|附件|有关事项|其他事项|组织保障|保障措施|工作要求|有关要求")
_BEGINS_WITH_MARK = re.compile(r"[。，、；：,.;:)）》”〕】]")
_CHAPTERS = {Scheme.BOOK, Scheme.CHAPTER, Scheme.PART_OF_CHAPTER}
_PROCEDURE = re.compile(
    r"(?:申报|申请|受理|报名|办理|审核|推荐)?(?:条件|材料|程序|流程|时间|期限|方式|渠道|要求|须知|安排)(?:和要求|及要求|与要求)?[:：]?\Z"
)
_FIELD = re.compile(
    r"(?:支持|扶持|奖励|补贴|补助|申报|适用)?(?:对象|范围|标准|内容|方式|条件|材料|程序|流程|时间|期限|依据|限额)\s*+[:：]"
    r"|(?:责任|牵头|主管|受理|咨询|办理)(?:单位|部门|电话|地点|时间)\s*+[:：]|政策依据\s*+[:：]"
)
_GRANTS = re.compile(r"给予|奖励|补贴|补助|资助|奖补|贴息|减免|返还")
_NOTICE = re.compile(r"(?:申报|申请|征集|评选|遴选|推荐|认定)[^，。]{0,24}的?(?:通知|公告|通告)\Z")
_COMPLETE = re.compile(r"[。.；;!！?？)）》”〕】]\Z")
_ENDS_WITH_MARK = re.compile(r"[。，、；：:;,.!！?？)）》”〕】（(〔【《“—\-]\Z")


class Structure(StrEnum):
    """Which lines are the clauses."""

    AUTO = "auto"
    ARTICLES = "articles"
    NUMBERS = "numbers"
    PARAGRAPHS = "paragraphs"
    TABLE = "table"


@dataclass(frozen=True, slots=True)
class Remark:
    """What the operator has to know; `where` is a clause's path or another place in words."""

    code: str
    message: str
    where: str = ""


@dataclass(slots=True)
class Clause:
    """A clause as printed.

    Attributes:
        label: its number as printed, without the closing point.
        path: the label where it is the only one, else with the headings' numbers before it.
        headings: from outer to inner, as printed.
        text: without the number.
        departments: from a column of a table; None where the text has to tell.
        tables: of the text: rows of cells.
        title: from a column of a table.
    """

    label: str
    headings: tuple[str, ...]
    text: str
    path: str = ""
    numbers: tuple[str, ...] = ()
    title: str = ""
    departments: tuple[str, ...] | None = None
    tables: list[Table] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    article: bool = False

    @property
    def section(self) -> str:
        """Headings in one line."""
        return " / ".join(self.headings)


@dataclass(slots=True)
class Outline:
    """A document as clauses.

    Attributes:
        front: lines before the first heading or clause.
        preambles: what stands between a heading and its first clause, by the headings.
        closing: words about whom to ask, after the clauses.
        left_out: every text that is in no clause and no heading.
    """

    structure: Structure = Structure.AUTO
    front: list[str] = field(default_factory=list)
    headings: list[tuple[str, ...]] = field(default_factory=list)
    preambles: dict[tuple[str, ...], str] = field(default_factory=dict)
    clauses: list[Clause] = field(default_factory=list)
    closing: str = ""
    left_out: list[str] = field(default_factory=list)
    warnings: list[Remark] = field(default_factory=list)
    notice: bool = False

    def warn(self, code: str, message: str, where: str = "") -> None:
        self.warnings.append(Remark(code, message, where))


def outline_of(reading: Reading, structure: Structure = Structure.AUTO) -> Outline:
    """Find the clauses of a document.

    Raises:
        DocumentError: there are none, or too many.
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
    def __init__(self, reading: Reading, structure: Structure, contents: list[Table]) -> None:
        self._reading = reading
        self._structure = structure
        self._contents = contents
        self._outline = Outline()

    def outline(self) -> Outline:
        kept = []
        for block in self._reading.blocks:
            if isinstance(block, Line) and block.out:
                self._leave(block.text)
                self._warn_left(block)
            elif isinstance(block, Table) and any(block is one for one in self._contents):
                self._leave_table(block)
            else:
                kept.append(block)
        self._outline.left_out += self._reading.outside
        for note in self._reading.notes:
            self._outline.warn(note.code, note.message)
        kept = self._without_covering_notice(kept)
        tables = [block for block in kept if isinstance(block, Table) and is_policy_table(block)]
        tree = tree_of(kept)
        numbered = self._clause_nodes(tree)
        if self._structure == Structure.TABLE or (
            self._structure == Structure.AUTO and _tables_win(tables, numbered)
        ):
            self._from_tables(kept, tables or [block for block in kept if isinstance(block, Table)])
        elif self._structure == Structure.PARAGRAPHS:
            self._outline.structure = Structure.PARAGRAPHS
            self._from_paragraphs(kept)
        else:
            articles = bool(numbered) and all(
                node.marker and node.marker.scheme == Scheme.ARTICLE for node in numbered
            )
            self._outline.structure = Structure.ARTICLES if articles else Structure.NUMBERS
            self._from_tree(tree, numbered)
        return self._outline

    def _without_covering_notice(self, kept: list[Line | Table]) -> list[Line | Table]:
        """The document itself, where a notice that sends it round stands before it (附件 on a line of its own)."""
        at = _end_of_notice(kept)
        if not at:
            return kept
        for block in kept[:at]:
            if isinstance(block, Line):
                self._leave(block.text)
            else:
                self._leave_table(block)
        self._outline.warn("covering_notice", "前面的印发通知没有读入，条款取自附件")
        return kept[at:]

    # What is left out

    def _leave(self, text: str) -> None:
        if text:
            self._outline.left_out.append(text)

    def _leave_table(self, table: Table) -> None:
        for row in table.rows:
            self._leave(" | ".join(dict.fromkeys(filter(None, row))))

    def _warn_left(self, line: Line) -> None:
        for note in line.notes:
            self._outline.warn(note.code, note.message)
        told = {warning.code for warning in self._outline.warnings}
        if line.out == Out.CONTENTS and "contents" not in told:
            self._outline.warn("contents", "目录没有读入，其中的编号不是条款")

    # Levels

    def _clause_nodes(self, tree: Tree) -> list[Node]:
        """The nodes that are clauses, in order."""
        nodes = [node for node in tree.root.walk() if node.marker and not node.aside]
        articles = [node for node in nodes if node.marker and node.marker.scheme == Scheme.ARTICLE]
        if self._structure == Structure.ARTICLES or (
            self._structure == Structure.AUTO and len(articles) >= 2
        ):
            return articles
        sections = self._section_groups(tree)
        found: list[Node] = []
        _collect(tree.root, (), sections, found)
        return found

    def _section_groups(self, tree: Tree) -> set[tuple[Scheme, ...]]:
        """The levels of numbers that are headings, each as the kinds of numbers from the outermost."""
        groups: dict[tuple[Scheme, ...], list[Node]] = defaultdict(list)
        _group(tree.root, (), groups)
        return {path for path, nodes in groups.items() if _is_section_level(path, nodes)}

    # From numbers

    def _from_tree(self, tree: Tree, clauses: list[Node]) -> None:
        self._chosen = set(map(id, clauses))
        self._closed = _share_closed(clauses)
        for code, message, label in tree.remarks:
            self._outline.warn(code, message, label)
        self._inside = {id(one) for node in clauses for one in node.walk() if one is not node}
        for part in tree.root.parts:
            self._take(part, (), ())
        self._warn_restart(tree, clauses)
        self._warn_notice()

    def _take(self, part: Line | Table | Node, headings: tuple[str, ...], numbers: tuple[str, ...]) -> None:
        if isinstance(part, Table):
            self._leave_table(part)
            self._outline.warn("table_left_out", "有一张表格不属于任何条款，没有读入", " / ".join(headings))
        elif isinstance(part, Line):
            self._take_line(part, headings)
        elif part.aside:
            self._take_aside(part, headings)
        elif id(part) in self._chosen:
            self._take_clause(part, headings, numbers)
        else:
            self._take_section(part, headings, numbers)

    def _take_line(self, line: Line, headings: tuple[str, ...]) -> None:
        self._leave(line.text)
        for note in line.notes:
            self._outline.warn(note.code, note.message)
        if not headings and not self._outline.headings and not self._outline.clauses:
            self._outline.front.append(line.text)
        elif headings:
            self._outline.preambles[headings] = self._outline.preambles.get(headings, "") + line.text

    def _take_aside(self, node: Node, headings: tuple[str, ...]) -> None:
        texts = list(_texts(node))
        for text in texts:
            self._leave(text)
        for table in _tables(node):
            self._leave_table(table)
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
        while parts and isinstance(first := parts[0], Line) and _goes_on_heading(title, first):
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

    def _take_empty_section(self, node: Node, headings: tuple[str, ...]) -> None:
        for text in _texts(node):
            self._leave(text)
        for table in _tables(node):
            self._leave_table(table)
        title = node.line.text if node.line else node.title
        said = " ".join(_texts(node))[:120]
        self._outline.warn(
            "part_left_out", f"“{title[:30]}”一部分不是条款，没有读入：{said}", " / ".join(headings)
        )

    def _take_clause(self, node: Node, headings: tuple[str, ...], numbers: tuple[str, ...]) -> None:
        parts, rest = _split_after_end(node, self._closed)
        label = node.marker.label if node.marker else ""
        clause = Clause(label, headings, _joined(node.title, parts), numbers=numbers)
        if not clause.text or (len(clause.text) <= _SHORTEST and _BARE_TITLE.fullmatch(clause.text)):
            self._leave(node.line.text if node.line else label)
            self._outline.warn("empty", f"“{label}{clause.text}”没有内容，没有作为条款", label)
            for part in _asides(parts):
                self._take_aside(part, headings)
            return
        clause.article = node.marker is not None and node.marker.scheme == Scheme.ARTICLE
        for one in (node, *(child for child in node.walk() if child is not node)):
            clause.notes += one.line.notes if one.line else []
            for line in one.own:
                clause.notes += line.notes
            clause.tables += [part for part in one.parts if isinstance(part, Table)]
        for table in clause.tables:
            clause.notes += [*table.notes, Note("table_inside", "条文里有表格，请核对各档标准")]
        self._outline.clauses.append(clause)
        for part in _asides(parts):
            self._take_aside(part, headings)
        for line in rest:
            self._leave(line.text)
        if rest:
            more = f"（共 {len(rest)} 段）" if len(rest) > 1 else ""
            said = f"“{label}”责任单位之后的文字没有并入条文{more}：{rest[0].text[:100]}"
            self._outline.warn("after_clause", said, label)

    def _warn_restart(self, tree: Tree, clauses: list[Node]) -> None:
        if self._warn_same_labels():
            return
        # Rows that begin anew in parts that hold no clause are no less a trap for who reads on.
        schemes = {node.marker.scheme for node in clauses if node.marker}
        firsts = [node for node in _beside(tree.root) if node.marker and node.marker.scheme in schemes]
        firsts = [
            node
            for node in firsts
            if node.marker and node.marker.number == 1 and id(node) not in self._inside
        ]
        if len(firsts) > 1:
            self._outline.warn("restart", "编号在各部分重新开始，没有读入的部分里也有相同的编号")

    def _warn_same_labels(self) -> bool:
        """Whether labels come again in other parts; said once."""
        told = {warning.where for warning in self._outline.warnings if warning.code == "duplicate"}
        labels = [clause.label for clause in self._outline.clauses if clause.label not in told]
        if len(set(labels)) == len(labels):
            return False
        twice = next(label for label in labels if labels.count(label) > 1)
        said = f"编号在各部分重新开始（“{twice}”出现 {labels.count(twice)} 次），条款以所在部分区分"
        self._outline.warn("restart", said)
        return True

    def _warn_notice(self) -> None:
        title = next((line for line in self._outline.front if line), "")
        text = "".join(self._outline.front)
        if (
            _NOTICE.search(title)
            or ("申报" in title and "通知" in title)
            or ("申报工作" in text and "通知" in title)
        ):
            self._outline.notice = True
            self._outline.warn(
                "notice",
                "这像是一份申报通知，不是政策汇编：请确认是否要作为政策导入；申报起止时间请录入申报期",
            )

    # From paragraphs and tables

    def _from_paragraphs(self, blocks: Sequence[Line | Table]) -> None:
        """Each paragraph is a clause, numbered by the import; short lines without a full stop are headings."""
        headings: tuple[str, ...] = ()
        for block in blocks:
            if isinstance(block, Table):
                self._leave_table(block)
            elif _is_title(block.text) or block.level is not None:
                if self._outline.clauses or len(self._outline.front) > 0:
                    headings = (block.text,)
                    self._outline.headings.append(headings)
                else:
                    self._outline.front.append(block.text)
                    self._leave(block.text)
            else:
                clause = Clause(str(len(self._outline.clauses) + 1), headings, block.text, notes=block.notes)
                self._outline.clauses.append(clause)
        self._outline.warn("numbered_by_import", "原文没有编号，按段落编了号")

    def _from_tables(self, blocks: Sequence[Line | Table], tables: list[Table]) -> None:
        self._outline.structure = Structure.TABLE
        blocks = _with_tables_joined(blocks, {id(table) for table in tables})
        chosen = {id(table) for table in tables}
        width = 0
        columns: list[str] | None = None
        headings: tuple[str, ...] = ()
        for block in blocks:
            if isinstance(block, Line):
                if self._outline.clauses and not _is_title(block.text):
                    self._leave(block.text)
                    continue
                marked = bool(_PART_HEADING.match(block.text))
                if marked:
                    headings = (block.text,)
                    self._outline.headings.append(headings)
                else:
                    self._outline.front.append(block.text)
                    self._leave(block.text)
            elif id(block) not in chosen and not (width and len(block.rows[0]) == width):
                self._leave_table(block)
                self._outline.warn("table_left_out", "有一张表格不是政策清单，没有读入")
            else:
                width = len(block.rows[0])
                columns = self._from_table(block, headings, columns)
        _check_numbers(self._outline)
        self._warn_same_labels()

    def _from_table(self, table: Table, headings: tuple[str, ...], columns: list[str] | None) -> list[str]:
        found = clauses_of_table(table, len(self._outline.clauses), columns)
        for text in found.left_out:
            self._leave(text)
        for note in found.notes:
            if all(note.message != warning.message for warning in self._outline.warnings):
                self._outline.warn(note.code, note.message)
        for one in found.clauses:
            self._add_row(one, headings)
        return found.columns

    def _add_row(self, one: TableClause, headings: tuple[str, ...]) -> None:
        section = (*headings, one.section) if one.section else headings
        if section and section not in self._outline.headings:
            self._outline.headings.append(section)
        self._outline.clauses.append(
            Clause(one.label, section, one.text, title=one.title, departments=one.departments)
        )


def _end_of_notice(kept: Sequence[Line | Table]) -> int:
    """Where the attachment of a covering notice begins; 0 without one."""
    top = "".join(block.text for block in kept[:8] if isinstance(block, Line))
    if not re.search(r"通知|印发|各有关", top):
        return 0
    for at, block in enumerate(kept):
        if isinstance(block, Line) and at > 2 and _ATTACHMENT.fullmatch(block.text):
            numbered = sum(isinstance(one, Line) and bool(markers_of(one.text)) for one in kept[at:])
            tables = any(isinstance(one, Table) for one in kept[at:])
            return at + 1 if numbered >= 3 or tables else 0
    return 0


_ATTACHMENT = re.compile(r"附\s{0,2}件\s{0,2}[\d一]{0,2}[:：]?")
_PART_HEADING = re.compile(
    r"(?:[一二三四五六七八九十]{1,3}、|（[一二三四五六七八九十]{1,3}）|第[一二三四五六七八九十]{1,3}部分)"
)


def _group(node: Node, path: tuple[Scheme, ...], groups: dict[tuple[Scheme, ...], list[Node]]) -> None:
    for child in node.children:
        if child.aside:
            continue
        below = (*path, child.marker.scheme) if child.marker else path
        if child.marker:
            groups[below].append(child)
        _group(child, below, groups)


def _collect(
    node: Node, path: tuple[Scheme, ...], sections: set[tuple[Scheme, ...]], found: list[Node]
) -> None:
    for child in node.children:
        if child.aside:
            continue
        if child.marker is None:
            _collect(child, path, sections, found)
            continue
        below = (*path, child.marker.scheme)
        if below not in sections:
            found.append(child)
        elif _PROCEDURE.match(child.title.strip()):
            continue
        elif _numbered(child):
            if _is_heading(child):
                _collect(child, below, sections, found)
            else:
                found.append(child)
        elif _is_clause_among_headings(child):
            found.append(child)
        else:
            _collect(child, below, sections, found)


def _is_section_level(path: tuple[Scheme, ...], nodes: list[Node]) -> bool:
    scheme = path[-1]
    if scheme in _CHAPTERS:
        return True
    if scheme in {Scheme.ARTICLE, Scheme.POLICY}:
        return False
    above = [node for node in nodes if _numbered(node) and _is_heading(node)]
    bodies = [node for node in nodes if not is_title(node) and node not in above]
    alone = [node for node in nodes if is_title(node) and not _numbered(node)]
    fields = [node for node in above if _only_fields(node)]
    if not above or len(fields) * 2 > len(above):
        return False
    # What gives nothing (总体要求, 保障措施) does not tell where the clauses are, where something is given.
    giving = [node for node in above if any(map(_gives, _numbered(node)))]
    if giving:
        bodies, alone = [node for node in bodies if _gives(node)], [node for node in alone if _gives(node)]
    elif any(map(_gives, (*bodies, *alone))):
        return False
    return len(above) >= len(bodies) and len(above) >= len(alone)


def _gives(node: Node) -> bool:
    """The text grants something, or names who is responsible."""
    text = _joined(node.title, node.parts)
    return bool(_GRANTS.search(text)) or bool(money_in(text)) or responsible_end(text) < len(text)


def _beside(node: Node) -> Iterator[Node]:
    """All nodes below, without notes and attachments."""
    for child in node.children:
        if not child.aside:
            yield child
            yield from _beside(child)


def _numbered(node: Node) -> list[Node]:
    return [child for child in node.children if child.marker and not child.aside]


def _only_fields(node: Node) -> bool:
    children = _numbered(node)
    return sum(bool(_FIELD.match(child.title)) for child in children) * 2 > len(children)


def is_title(node: Node) -> bool:
    """The node's own words are a title, no sentence: short, no sum, nothing given."""
    return _is_title(_first_words(node))


def _is_heading(node: Node) -> bool:
    """The words of a node with numbers below it are a heading; it may name departments for all below."""
    text = _first_words(node).strip()
    long = len(text) > 25 and bool(re.search(r"给予|不超过|。\Z", text))
    return bool(text) and not (
        long
        or len(text) > _MAX_LONG_HEADING
        or re.search(r"[。；;]", text[:-1])
        or text.endswith(("：", ":", "；", ";", "，"))
        or money_in(text)
    )


def _first_words(node: Node) -> str:
    """The words right behind the number; a line that was broken is taken together with the next one."""
    first = node.parts[0] if node.parts else None
    broken = len(node.title) >= _BROKEN_FROM and not _COMPLETE.search(node.title)
    if broken and isinstance(first, Line) and first.starts is not True:
        return node.title + first.text
    return node.title


def _is_title(text: str) -> bool:
    text = text.strip()
    if not text or len(text) > _MAX_HEADING:
        return False
    inner = text[:-1]
    return not (
        re.search(r"[。；;]", inner)
        or text.endswith(("；", ";", "，"))
        or re.search(r"给予|奖励[\d最]|不超过|不高于", text)
        or money_in(text)
        or (responsible_end(text) < len(text) and "牵头" not in text)
        or (text.endswith("。") and len(text) > 25)
    )


def _is_clause_among_headings(node: Node) -> bool:
    """A numbered part without numbers below it that gives something: a clause on the level of headings."""
    text = _joined(node.title, node.parts)
    granted = any(one.cny is not None for one in support_in(text))
    return len(text) > 12 and (granted or "给予" in text or responsible_end(text) < len(text))


def _goes_on_heading(title: str, line: Line) -> bool:
    """The second line of a heading that was too long for one."""
    whole = len(title) + len(line.text)
    broken = line.starts is False or (line.starts is None and len(title) >= 15)
    return (
        broken
        and whole <= 60
        and not _COMPLETE.search(title)
        and not re.search(r"[，,。；：:（(]", line.text)
        and not line.text.startswith(("按照", "根据", "为"))
    )


def _texts(node: Node) -> Iterator[str]:
    if node.line is not None:
        yield node.line.text
        if node.title and node.title not in node.line.text:
            yield node.title
    elif node.title:
        yield node.title
    for part in node.parts:
        if isinstance(part, Line):
            yield part.text
        elif isinstance(part, Node):
            yield from _texts(part)


def _tables(node: Node) -> Iterator[Table]:
    for part in node.parts:
        if isinstance(part, Table):
            yield part
        elif isinstance(part, Node):
            yield from _tables(part)


def _asides(parts: Iterable[Line | Table | Node]) -> Iterator[Node]:
    for part in parts:
        if isinstance(part, Node):
            if part.aside:
                yield part
            else:
                yield from _asides(part.parts)


def _joined(title: str, parts: Iterable[Line | Table | Node]) -> str:
    """The text of a clause: broken lines are joined, items and fields begin after a space or a mark."""
    pieces = [title]
    for part in parts:
        if isinstance(part, Line):
            pieces.append(_spaced(pieces[-1], part.text) if _FIELD.match(part.text) else part.text)
        elif isinstance(part, Table):
            rows = [" ".join(dict.fromkeys(filter(None, row))) for row in part.rows]
            pieces.append(_spaced(pieces[-1], " ".join(rows).replace("\n", "")))
        elif not part.aside:
            line = part.line.text if part.line else ""
            whole = line if part.title in line else line + part.title
            pieces.append(_spaced(pieces[-1], _joined(whole, part.parts)))
    return "".join(pieces).strip()


def _spaced(before: str, text: str) -> str:
    return text if not before or _ENDS_WITH_MARK.search(before) else f" {text}"


def _share_closed(clauses: list[Node]) -> float:
    """How many clauses of a document name their departments in a bracket at the end."""
    closed = sum(
        responsible_end(_joined(node.title, _own_text(node))) < 10**9 and _ends_closed(node)
        for node in clauses
    )
    return closed / max(1, len(clauses))


def _own_text(node: Node) -> list[Line | Table | Node]:
    return [part for part in node.parts if not (isinstance(part, Node) and part.aside)]


def _ends_closed(node: Node) -> bool:
    return any(_is_closed(text) for text in (node.title, *(line.text for line in node.own)))


def _is_closed(text: str) -> bool:
    return responsible_end(text[-200:]) < len(text[-200:])


def _split_after_end(node: Node, share: float) -> tuple[list[Line | Table | Node], list[Line]]:
    """The parts of a clause, and paragraphs behind the bracket that ends it, where brackets end the others."""
    parts = list(node.parts)
    if share < 0.8 or any(isinstance(part, Node | Table) for part in parts):
        return parts, []
    texts = [node.title, *(part.text for part in parts if isinstance(part, Line))]
    last = max((at for at, text in enumerate(texts) if _is_closed(text)), default=None)
    if last is None or last == len(texts) - 1:
        return parts, []
    rest = [part for part in parts[last:] if isinstance(part, Line) and part.starts is not False]
    if rest and (len(rest[0].text) < _SHORTEST or _BEGINS_WITH_MARK.match(rest[0].text)):
        return parts, []
    return [part for part in parts if part not in rest], rest


def _with_tables_joined(blocks: Sequence[Line | Table], chosen: set[int]) -> list[Line | Table]:
    """Lists of policies that go on over pages as one table each; heads printed again are left out."""
    joined: list[Line | Table] = []
    for block in blocks:
        last = joined[-1] if joined else None
        goes_on = isinstance(block, Table) and isinstance(last, Table) and id(last) in chosen
        if (
            goes_on
            and isinstance(block, Table)
            and isinstance(last, Table)
            and len(block.rows[0]) == len(last.rows[0])
        ):
            again = [folded(cell) for cell in block.rows[0]] in [
                [folded(c) for c in row] for row in last.rows[:4]
            ]
            last.rows += block.rows[1:] if again else block.rows
            last.merged = last.merged or block.merged
        else:
            joined.append(block)
    return joined


def _tables_win(tables: list[Table], numbered: list[Node]) -> bool:
    rows = sum(max(0, len(table.rows) - 1) for table in tables)
    return rows > 0 and rows > len(numbered)


def _check_numbers(outline: Outline) -> None:
    numbers = [int(clause.label) for clause in outline.clauses if clause.label.isdecimal()]
    for before, after in itertools.pairwise(numbers):
        if after > before + 1:
            outline.warn("gap", f"“{before}”之后是“{after}”，中间的编号没有识别到，请核对", str(after))


def _name_paths(outline: Outline) -> None:
    """A name for each clause that no other has: its label, else with the numbers of the headings above it."""
    counts: dict[str, int] = defaultdict(int)
    for clause in outline.clauses:
        counts[clause.label] += 1
    taken: dict[str, int] = defaultdict(int)
    for clause in outline.clauses:
        path = clause.label
        if counts[clause.label] > 1:
            above = "/".join(_core(number) for number in clause.numbers) or "/".join(clause.headings)
            between = "/" if clause.article or not clause.numbers else ""
            path = f"{above}{between}{clause.label}" if above else clause.label
        taken[path] += 1
        clause.path = path if taken[path] == 1 else f"{path}#{taken[path]}"


def _core(number: str) -> str:
    return re.sub(r"^第|[章节编篇条]$|部分$", "", number)
