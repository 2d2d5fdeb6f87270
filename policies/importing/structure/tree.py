"""The lines of a document as a tree: what stands under which number or heading. Pure.

A number counts where it goes on a row of numbers (3 after 2), begins one, or begins one anew under another
heading; 3.5% at the beginning of a line does not. Where a number fits two rows, the end of the line before
tells: a list goes on after ；and ：, and ends with 。
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from policies.importing.document.blocks import Block, Line, Table
from policies.importing.document.markers import Marker, Scheme, markers_of

_COMPLETE = re.compile(r"[。.；;!！?？)）》”〕】\]]\Z")
_LIST_GOES_ON = re.compile(r"[；;：:，,、]\Z")
_LIST_OPENS = re.compile(r"[：:]\Z")
_DATE = r"(?:19|20)\d\d\s*+年\s*+\d{1,2}\s*+月(?:\s*+\d{1,2}\s*+日)?"
_OF_THIS = r"本(?:若干)?(?:措施|政策|办法|意见|规定|规程|操作规程|细则|清单|通知|汇编|摘编|方案|举措|条款|文件|计划|指南)"
_ASIDES = (
    (
        "note",
        re.compile(
            r"[*＊※]?\s{0,2}+[（(【]?(?:备\s?注|注释|注|说明|特别说明|备注说明)\s{0,2}+\d{0,2}[:：】]"
        ),
    ),
    (
        "attachment",
        re.compile(
            r"附\s{0,3}(?:件|表|录)(?:\s*+[\d一二三四五六七八九十]{1,3})?\s*+(?:[:：.．、]|\Z|《)|附[:：]"
        ),
    ),
    (
        "contact",
        re.compile(
            r"有关涉密|(?:政策|业务)?(?:咨询|联系|服务|监督|受理|办理|举报)(?:电话|方式|人|部门|单位|地址|热线|邮箱)\s*+[:：]"
        ),
    ),
    (
        "closing",
        re.compile(
            rf"{_OF_THIS}[^，。]{{0,12}}(?:自|由|有效期|未尽|所称|与)|(?:以上|上述)(?:各条|各项|政策|措施)|特此(?:通知|公告|公示)"
            r"|[（(]此件|[（(]?公开发布|抄送|主送|(?:此前|原有?)[^，。]{0,30}(?:废止|不一致|为准)"
            r"|[^。]{2,30}印发\Z"
        ),
    ),
    ("signature", re.compile(rf"{_DATE}(?:\s*+印发)?\Z")),
)
_LIST_IN_LINE = re.compile(r"[:：]\s{0,3}1\s{0,2}[.．、]")
_FIELD = re.compile(r"([\u4e00-\u9fff]{2,8}+)\s*+[:：]")
_DOCUMENT = re.compile(
    r"(?:措施|政策|意见|办法|清单|规定|规程|细则|方案|指南|举措|条例)(?:[（(].{1,16}[)）])?\Z"
)
_ISSUER = re.compile(r"[^，。；：:\d]{1,40}(?:政府|局|委员会|委|办公室|办|中心|部|厅|会|公司)\Z")
_TITLE = re.compile(r"[^。；;，：:]{1,39}[^。；;，：:（(〔、]")
_MAX_TITLE = 60
_MAX_GAP = 20
_MAX_BARE_HEADING = 24


@dataclass(slots=True, eq=False)
class Node:
    """A numbered line or a heading, with what stands under it.

    Attributes:
        marker: its number; None for a heading without one, a note and the root.
        title: its own words, without the number.
        level: heading level by its style; None where it has none.
        aside: what kind of words beside the clauses it is (note, attachment …); "" for others.
        parts: lines, tables and nodes below it, in order.
    """

    marker: Marker | None = None
    title: str = ""
    level: int | None = None
    aside: str = ""
    parts: "list[Line | Table | Node]" = field(default_factory=list)
    line: Line | None = None
    last: str = ""
    """The line read last under it, itself included."""

    @property
    def children(self) -> "list[Node]":
        return [part for part in self.parts if isinstance(part, Node)]

    @property
    def own(self) -> list[Line]:
        """The unnumbered lines right below it."""
        return [part for part in self.parts if isinstance(part, Line)]

    def walk(self) -> "Iterator[Node]":
        """The node and all below it, in order."""
        yield self
        for child in self.children:
            yield from child.walk()


@dataclass(slots=True)
class Tree:
    """A document as a tree; `remarks` tell of numbers that are missing, doubled or begin anew."""

    root: Node
    remarks: list[tuple[str, str, str]] = field(default_factory=list)
    """Code, message, the label it is about."""


def tree_of(blocks: Sequence[Block]) -> Tree:
    """Read lines and tables into a tree; lines that are left out must not be among them."""
    return _Builder(blocks).build()


class _Builder:
    def __init__(self, blocks: Sequence[Block]) -> None:
        self._blocks = blocks
        self._tree = Tree(Node())
        self._stack = [self._tree.root]
        self._lasts: dict[Scheme, Marker] = {}
        self._nodes: dict[Scheme, Node] = {}
        self._last_line = ""
        self._fields = _repeated_fields(blocks)
        self._parents: dict[Scheme, set[Scheme | None]] = {}
        self._bare_headings = _bare_headings(blocks)

    def build(self) -> Tree:
        for at, block in enumerate(self._blocks):
            if isinstance(block, Table):
                self._stack[-1].parts.append(block)
                self._last_line = "。"
                continue
            self._take(block, at)
        return self._tree

    def _take(self, line: Line, at: int) -> None:
        placed = self._placed(line)
        if placed is not None:
            parent, marker = placed
            node = Node(marker, marker.rest, line.level, line=line)
            self._open(parent, node)
            if not any(one.aside for one in self._stack):
                above = next((one.marker.scheme for one in reversed(self._stack[:-1]) if one.marker), None)
                self._parents.setdefault(marker.scheme, set()).add(above)
                self._lasts[marker.scheme] = marker
                self._nodes[marker.scheme] = node
        elif line.level is not None and (self._lasts or self._tree.root.parts):
            self._open(self._above(line.level), Node(None, line.text, line.level, line=line))
        elif aside := self._aside(line, at):
            parent = self._stack[0] if aside in {"closing", "signature"} else self._beside_what(aside)
            self._open(parent, Node(None, line.text, aside=aside, line=line))
        elif self._is_bare_heading(line, at):
            self._open(self._parent_of_bare_heading(), Node(None, line.text, line=line))
        else:
            top = self._stack[-1]
            if top.marker is not None and not top.title and not top.parts:
                top.title = line.text  # the number stood on a line of its own
                if top.line is not None:
                    top.line.notes += line.notes
            else:
                top.parts.append(line)
        self._last_line = line.text

    def _aside(self, line: Line, at: int) -> str:
        """The kind of words beside the clauses that a line begins; "" where it begins none."""
        if not self._lasts or line.starts is False or not self._complete():
            return ""
        field_name = _FIELD.match(line.text)
        if field_name and field_name[1] in self._fields:
            return ""
        for kind, pattern in _ASIDES:
            if pattern.match(line.text):
                return kind
        after = self._blocks[at + 1] if at + 1 < len(self._blocks) else None
        signed = isinstance(after, Line) and _ASIDES[-1][1].match(after.text)
        return "signature" if signed and _ISSUER.match(line.text) else ""

    def _beside_what(self, aside: str) -> Node:
        """The clause a note stands under; what ends a document stands under none."""
        top = self._stack[-1]
        if aside != "note" or top.aside:
            return self._stack[0] if not top.aside else self._parent_of(top)
        return top

    def _open(self, parent: Node, node: Node) -> None:
        while self._stack[-1] is not parent:
            self._stack.pop()
        parent.parts.append(node)
        self._stack.append(node)

    # Numbers

    def _placed(self, line: Line) -> tuple[Node, Marker] | None:
        if line.starts is False:
            return None
        for marker in markers_of(line.text):
            parent = self._parent_for(marker, line)
            if parent is not None:
                return parent, marker
        return None

    def _parent_for(self, marker: Marker, line: Line) -> Node | None:
        aside = next((node for node in self._stack if node.aside), None)
        complete = line.starts is True or self._complete()
        siblings = [node for node in self._stack if node.marker and node.marker.scheme == marker.scheme]
        going_on = [node for node in siblings if node.marker and _follows(node.marker, marker)]
        if marker.bare and not complete:
            return None
        if aside is not None:
            return self._after_aside(aside, marker, going_on)
        if going_on:
            return self._parent_of(self._meant(going_on, marker))
        if siblings:
            return self._beside(siblings, marker, complete=complete)
        return self._fresh(marker, complete=complete)

    def _after_aside(self, aside: Node, marker: Marker, going_on: list[Node]) -> Node | None:
        """Words beside the clauses end where a number goes on a row of clauses or of headings."""
        inside = [node for node in going_on if self._stack.index(node) > self._stack.index(aside)]
        if inside and (aside.aside == "attachment" or _LIST_GOES_ON.search(self._last_line)):
            return self._parent_of(inside[-1])
        if _goes_on_list(aside, marker):
            return None  # 附件：1.… goes on in the next line
        last = self._lasts.get(marker.scheme)
        outer = [node for node in going_on if node not in inside]
        if outer:
            return self._parent_of(outer[-1])
        if last is not None and _follows(last, marker) and not inside:
            while self._stack[-1] is not aside:
                self._stack.pop()
            self._stack.pop()
            return self._reopened(marker)
        if _begins(marker) and marker.scheme <= Scheme.HAN and aside.aside != "attachment":
            return self._next_document(aside)
        if _begins(marker) and marker.scheme > Scheme.HAN_PAREN:
            return aside
        return self._parent_of(inside[-1]) if inside else None

    def _next_document(self, aside: Node) -> Node:
        """What stands behind the end of one document begins another; the title before it becomes a heading."""
        self._stack = [self._tree.root]
        self._lasts.clear()
        title = aside.parts[-1] if aside.parts else None
        if isinstance(title, Line) and _DOCUMENT.search(title.text) and len(title.text) <= _MAX_TITLE:
            aside.parts.pop()
            self._open(self._tree.root, Node(None, title.text, line=title))
        return self._stack[-1]

    def _reopened(self, marker: Marker) -> Node:
        """The node under which the last number of a kind stands, opened again after words beside the clauses."""
        path = _path_to(self._tree.root, self._nodes[marker.scheme])
        self._stack = path[:-1] or [self._tree.root]
        return self._stack[-1]

    def _meant(self, fitting: list[Node], marker: Marker) -> Node:
        """Of several rows that a number goes on, outer first, the one that is meant."""
        if len(fitting) == 1 or _LIST_GOES_ON.search(self._last_line):
            return fitting[-1]
        outer, inner = fitting[0], fitting[-1]
        items = [node for node in self._parent_of(inner).children if node.marker]
        longest = max(len(node.title) for node in items)
        return outer if len(marker.rest) > longest or len(outer.title) > 2 * longest else inner

    def _beside(self, siblings: list[Node], marker: Marker, *, complete: bool) -> Node | None:
        """A number whose kind is open already, without going on from it."""
        deepest = siblings[-1]
        if deepest.marker is None:
            return None
        last = deepest.marker.number
        if _begins(marker):
            return self._begun_anew(deepest, complete=complete)
        if not complete or marker.bare or (marker.scheme == Scheme.DECIMAL and marker.number > last + 2):
            return None
        for node in reversed(siblings):
            if node.marker and node.marker.number < marker.number <= node.marker.number + _MAX_GAP:
                missing = _between(node.marker, marker)
                self._say(
                    "gap", f"“{node.marker.label}”之后是“{marker.label}”，缺少{missing}，请核对", marker
                )
                return self._parent_of(node)
        if marker.number == last:
            self._say("duplicate", f"编号“{marker.label}”出现了两次，两条都已保留，请核对", marker)
            return self._parent_of(deepest)
        if (
            marker.scheme <= Scheme.DOT
            and 0 < marker.number < last
            and not _LIST_GOES_ON.search(self._last_line)
        ):
            self._say(
                "order", f"“{marker.label}”排在“{deepest.marker.label}”之后，编号次序有误，请核对", marker
            )
            return self._parent_of(deepest)
        return None

    def _begun_anew(self, deepest: Node, *, complete: bool) -> Node | None:
        """1 again without a heading between: a list inside what stands above, or the same row begun anew."""
        opens_list = bool(_LIST_OPENS.search(self._last_line))
        if opens_list or not complete:
            return self._stack[-1] if opens_list else None
        top = self._stack[-1]
        return top if top.marker is None else self._parent_of(deepest)

    def _fresh(self, marker: Marker, *, complete: bool) -> Node | None:
        """A kind of number that is not open: it begins a row, or goes on a row under another heading."""
        last = self._lasts.get(marker.scheme)
        goes_on = last is not None and _follows(last, marker)
        if not _begins(marker) and not goes_on:
            if marker.bare:
                return None
            jumps = last is not None and last.number < marker.number <= last.number + _MAX_GAP
            late = last is None and complete and marker.scheme <= Scheme.HAN_PAREN and marker.number <= 3
            if not (complete and (jumps or late)):
                return None
            before = last.label if last else "开头"
            self._say("gap", f"“{before}”之后是“{marker.label}”，中间的编号没有识别到，请核对", marker)
        return self._place_of(marker)

    def _place_of(self, marker: Marker) -> Node:
        """The node that a new row of numbers stands under."""
        top = self._stack[-1]
        if _LIST_OPENS.search(self._last_line) and top.marker is not None:
            return top
        if top.marker is not None and not top.children and self._may_stand_under(marker, top):
            return top
        for node in reversed(self._stack):
            if node.marker is None or node.marker.scheme < marker.scheme:
                if (
                    node.marker is None
                    and node.level is None
                    and not node.title
                    and node is not self._stack[0]
                ):
                    continue
                return node
        return self._stack[0]

    def _may_stand_under(self, marker: Marker, top: Node) -> bool:
        """Below a heading the first number begins what stands under it, whatever its kind: 一、甲办法 / 第一条."""
        if top.marker is None or not _TITLE.fullmatch(top.title):
            return False
        known = self._parents.get(marker.scheme)
        return known is None or top.marker.scheme in known

    # Headings without a number

    def _above(self, level: int) -> Node:
        for node in reversed(self._stack):
            if node is self._stack[0] or (
                node.marker is None and node.level is not None and node.level < level
            ):
                return node
        return self._stack[0]

    def _is_bare_heading(self, line: Line, at: int) -> bool:
        """A short line between clauses, before a number: 工业类."""
        if at in self._bare_headings and not self._lasts:
            return True
        numbered = [node for node in self._stack if node.marker]
        if not numbered or not self._complete() or not is_bare_heading(line.text):
            return False
        after = self._blocks[at + 1] if at + 1 < len(self._blocks) else None
        if not isinstance(after, Line):
            return False
        last, begun = numbered[-1].marker, {node.marker.scheme for node in numbered if node.marker}
        return last is not None and any(
            (_begins(found) and found.scheme in begun) or _follows(last, found)
            for found in markers_of(after.text)
        )

    def _parent_of_bare_heading(self) -> Node:
        for node in reversed(self._stack):
            if node.marker is None and not node.aside:
                return self._parent_of(node) if node.title and node.level is None else node
        return self._stack[0]

    # The rest

    def _parent_of(self, node: Node) -> Node:
        return self._stack[self._stack.index(node) - 1] if node in self._stack[1:] else self._stack[0]

    def _complete(self) -> bool:
        top = self._stack[-1]
        heading = top.marker is not None and not top.parts and bool(_TITLE.fullmatch(top.title))
        return not self._last_line or heading or bool(_COMPLETE.search(self._last_line))

    def _say(self, code: str, message: str, marker: Marker) -> None:
        self._tree.remarks.append((code, message, marker.label))


def is_bare_heading(text: str) -> bool:
    """Words that may be a heading without a number: short, and no sentence."""
    return 2 <= len(text) <= _MAX_BARE_HEADING and not re.search(r"[，,。；;：:！!？?\d（(《）)》]", text)


def _goes_on_list(aside: Node, marker: Marker) -> bool:
    """A list that began in the first line of a note or attachments (注：1.…) goes on; a clause is longer."""
    if marker.scheme != Scheme.DOT or not _LIST_IN_LINE.search(aside.title):
        return False
    before = sum(bool(re.match(r"\d{1,3}[.．、]", line.text)) for line in aside.own)
    expected = marker.number == before + 2
    return expected and (aside.aside == "attachment" or len(marker.rest) <= len(aside.title) * 1.5)


def _repeated_fields(blocks: Sequence[Block]) -> frozenset[str]:
    """Names of fields (支持对象：, 咨询电话：) that stand at the beginning of several lines."""
    counts = Counter(
        match[1] for block in blocks if isinstance(block, Line) and (match := _FIELD.match(block.text))
    )
    repeated = frozenset(name for name, count in counts.items() if count > 1)
    return repeated if len(repeated) > 1 else frozenset()


def _bare_headings(blocks: Sequence[Block]) -> frozenset[int]:
    """Where headings without numbers stand, in a document that has several: short lines right before a number."""
    found = []
    for at, (line, after) in enumerate(pairwise(blocks)):
        if isinstance(line, Line) and isinstance(after, Line) and at > 1 and is_bare_heading(line.text):
            begins = [marker for marker in markers_of(after.text) if marker.scheme >= Scheme.HAN_PAREN]
            if begins and not markers_of(line.text):
                found.append(at)
    return frozenset(found) if len(found) > 1 else frozenset()


def _path_to(root: Node, node: Node) -> list[Node]:
    if root is node:
        return [root]
    for child in root.children:
        path = _path_to(child, node)
        if path:
            return [root, *path]
    return []


def _begins(marker: Marker) -> bool:
    return marker.number == 1 and marker.minor in {0, 1}


def _follows(before: Marker, after: Marker) -> bool:
    if before.scheme != after.scheme:
        return False
    if after.scheme == Scheme.DECIMAL:
        same = after.number == before.number and after.minor == before.minor + 1
        return same or (after.number == before.number + 1 and after.minor in {0, 1, before.minor})
    return after.number == before.number + 1


def _between(before: Marker, after: Marker) -> str:
    first, last = before.number + 1, after.number - 1
    return f"第 {first} 项" if first == last else f"第 {first} 至 {last} 项"
