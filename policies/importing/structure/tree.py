"""Makes a tree of the lines of a document: which line stands under which number or heading.

No I/O; it marks the lines that it gets.

A number at the beginning of a line counts if it continues a row of numbers (3 after 2), begins a row, or begins a row
again under another heading; 3.5% does not count. Where a number fits two rows, the end of the line before decides: a list
goes on after ； and ：, and ends with 。
"""

import re
from collections.abc import Sequence
from dataclasses import replace

from policies.importing.document.blocks import Block, DocumentLine, DocumentTable
from policies.importing.document.markers import markers_of
from policies.importing.document.numbering import HEAD_OF, Marker, Scheme, begins, between, follows
from policies.importing.structure.asides import (
    goes_on_later,
    goes_on_list,
    is_closing_heading,
    is_document_title,
    is_whole_field,
    kind_of_aside,
    may_begin_document,
    repeated_fields,
)
from policies.importing.structure.bare_headings import bare_headings, mark_numbered_heads, stands_over
from policies.importing.structure.nodes import Node, Tree, path_to
from policies.importing.structure.same_numbers import headings_of_same_kind

_COMPLETE = re.compile(r"[。.；;!！?？)）》”〕】\]]\Z")
_LIST_GOES_ON = re.compile(r"[；;：:，,、]\Z")
_LIST_OPENS = re.compile(r"[：:]\Z")
_TITLE = re.compile(r"[^。；;，：:]{1,39}[^。；;，：:（(〔、]")
_MAX_GAP = 20


def tree_of(blocks: Sequence[Block]) -> Tree:
    """Make the tree of lines and tables. Lines that are left out must not be among them."""
    mark_numbered_heads(blocks)
    return _Builder(blocks).build()


class _Builder:
    def __init__(self, blocks: Sequence[Block]) -> None:
        self._blocks = blocks
        self._tree = Tree(Node())
        self._stack = [self._tree.root]
        self._lasts: dict[Scheme, Marker] = {}
        self._nodes: dict[Scheme, Node] = {}
        self._last_line = ""
        self._fields = repeated_fields(blocks)
        self._parents: dict[Scheme, set[Scheme | None]] = {}
        self._bare_headings = bare_headings(blocks)
        self._headings = headings_of_same_kind(blocks)

    def build(self) -> Tree:
        for at, block in enumerate(self._blocks):
            if isinstance(block, DocumentTable):
                self._stack[-1].parts.append(block)
                self._last_line = "。"
                continue
            self._take(block, at)
        return self._tree

    def _take(self, line: DocumentLine, at: int) -> None:
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
        elif line.level is not None and self._is_styled_heading(line, at):
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

    def _aside(self, line: DocumentLine, at: int) -> str:
        """Return which kind of text outside the clauses a line begins; "" if none."""
        if not self._lasts or line.starts is False or not self._complete():
            return ""
        after = self._blocks[at + 1] if at + 1 < len(self._blocks) else None
        return kind_of_aside(line, after, self._fields)

    def _is_styled_heading(self, line: DocumentLine, at: int) -> bool:
        return bool(self._lasts or self._tree.root.parts) and self._aside(line, at) != "attachment"

    def _beside_what(self, aside: str) -> Node:
        """Return the node that words beside the clauses belong to: for a note the clause before it, otherwise none."""
        top = self._stack[-1]
        if top.aside:
            return self._parent_of(top)
        return top if aside == "note" else self._stack[0]

    def _open(self, parent: Node, node: Node) -> None:
        while self._stack[-1] is not parent:
            self._stack.pop()
        parent.parts.append(node)
        self._stack.append(node)

    # Numbers

    def _placed(self, line: DocumentLine) -> tuple[Node, Marker] | None:
        if line.starts is False:
            return None
        for read in markers_of(line.text):
            heads = id(line) in self._headings and read.scheme in HEAD_OF
            marker = replace(read, scheme=HEAD_OF[read.scheme]) if heads else read
            parent = self._parent_for(marker, line)
            if parent is not None:
                return parent, marker
        return None

    def _parent_for(self, marker: Marker, line: DocumentLine) -> Node | None:
        aside = next((node for node in self._stack if node.aside), None)
        complete = line.starts is True or self._complete()
        kind = marker.scheme
        siblings = [(one, one.marker) for one in self._stack if one.marker and one.marker.scheme == kind]
        going_on = [node for node, before in siblings if follows(before, marker)]
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
        """Return where a number after text outside the clauses belongs. That text ends if the number continues a row."""
        inside = [node for node in going_on if self._stack.index(node) > self._stack.index(aside)]
        if inside and (aside.aside == "attachment" or _LIST_GOES_ON.search(self._last_line)):
            return self._parent_of(inside[-1])
        if goes_on_list(aside, marker):
            return None  # 附件：1.… goes on in the next line
        last = self._lasts.get(marker.scheme)
        outer = [node for node in going_on if node not in inside]
        if outer:
            return self._parent_of(outer[-1])
        later = last is not None and goes_on_later(aside, last, marker)
        if last is not None and not inside and (follows(last, marker) or later):
            if later:
                self._say_gap(last, marker)
            while self._stack[-1] is not aside:
                self._stack.pop()
            self._stack.pop()
            return self._reopened(marker)
        if begins(marker) and marker.scheme <= Scheme.HAN and may_begin_document(aside):
            return self._next_document(aside)
        if begins(marker) and marker.scheme > Scheme.HAN_PAREN:
            return aside
        return self._parent_of(inside[-1]) if inside else None

    def _next_document(self, aside: Node) -> Node:
        """Begin the next document in the same file. The title before its first number becomes a heading."""
        self._stack = [self._tree.root]
        self._lasts.clear()
        title = aside.parts[-1] if aside.parts else None
        if isinstance(title, DocumentLine) and is_document_title(title.text):
            aside.parts.pop()
            self._open(self._tree.root, Node(None, title.text, line=title))
        return self._stack[-1]

    def _reopened(self, marker: Marker) -> Node:
        """Open again the node under which the last number of a kind stands."""
        path = path_to(self._tree.root, self._nodes[marker.scheme])
        self._stack = path[:-1] or [self._tree.root]
        return self._stack[-1]

    def _meant(self, fitting: list[Node], marker: Marker) -> Node:
        """Return the row that a number continues, if it fits several rows (outer ones first)."""
        if len(fitting) == 1 or _LIST_GOES_ON.search(self._last_line):
            return fitting[-1]
        outer, inner = fitting[0], fitting[-1]
        items = [node for node in self._parent_of(inner).children if node.marker]
        longest = max(len(node.title) for node in items)
        return outer if len(marker.rest) > longest or len(outer.title) > 2 * longest else inner

    def _beside(self, siblings: list[tuple[Node, Marker]], marker: Marker, *, complete: bool) -> Node | None:
        """Return where a number belongs if its kind is open already, but it does not follow the last number."""
        deepest, last = siblings[-1]
        if begins(marker):
            return self._begun_anew(deepest, complete=complete)
        far = marker.scheme == Scheme.DECIMAL and marker.number > last.number + 2
        if not complete or marker.bare or far:
            return None
        for node, before in reversed(siblings):
            if before.number < marker.number <= before.number + _MAX_GAP:
                self._say_gap(before, marker)
                return self._parent_of(node)
        if marker.number == last.number:
            self._say("duplicate", f"编号“{marker.label}”出现了两次，两条都已保留，请核对", marker)
            return self._parent_of(deepest)
        goes_back = marker.scheme <= Scheme.DOT and 0 < marker.number < last.number
        if goes_back and not _LIST_GOES_ON.search(self._last_line):
            said = f"“{marker.label}”排在“{last.label}”之后，编号次序有误，请核对"
            self._say("order", said, marker)
            return self._parent_of(deepest)
        return None

    def _begun_anew(self, deepest: Node, *, complete: bool) -> Node | None:
        """Return where a 1 without a heading before it belongs: a list inside the text above, or the same row anew."""
        opens_list = bool(_LIST_OPENS.search(self._last_line))
        if opens_list or not complete:
            return self._stack[-1] if opens_list else None
        top = self._stack[-1]
        return top if top.marker is None else self._parent_of(deepest)

    def _fresh(self, marker: Marker, *, complete: bool) -> Node | None:
        """Return where a number belongs if its kind is not open. It begins a row, or continues one under another heading."""
        last = self._lasts.get(marker.scheme)
        goes_on = last is not None and follows(last, marker)
        if not begins(marker) and not goes_on:
            jumps = last is not None and last.number < marker.number <= last.number + _MAX_GAP
            late = last is None and marker.scheme <= Scheme.HAN_PAREN and marker.number <= 3
            if marker.bare or not complete or not (jumps or late):
                return None
            before = last.label if last else "开头"
            self._say("gap", f"“{before}”之后是“{marker.label}”，中间的编号没有识别到，请核对", marker)
        return self._place_of(marker)

    def _place_of(self, marker: Marker) -> Node:
        """Return the node under which a new row of numbers begins."""
        top = self._stack[-1]
        if _LIST_OPENS.search(self._last_line) and top.marker is not None:
            return top
        if top.marker is not None and not top.children and self._may_stand_under(marker, top):
            return top
        for node in reversed(self._stack):
            if node.marker is None or node.marker.scheme < marker.scheme:
                nameless = node.marker is None and node.level is None and not node.title
                if nameless and node is not self._stack[0]:
                    continue
                return node
        return self._stack[0]

    def _may_stand_under(self, marker: Marker, top: Node) -> bool:
        """Whether the first number after a heading may stand under it, whatever its kind (一、甲办法 / 第一条)."""
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

    def _is_bare_heading(self, line: DocumentLine, at: int) -> bool:
        """A short line between clauses, before a number: 工业类."""
        if not self._lasts or not self._complete():
            return at in self._bare_headings and not self._lasts
        after = self._blocks[at + 1] if at + 1 < len(self._blocks) else None
        markers = [node.marker for node in self._stack if node.marker]
        return is_closing_heading(line.text) or stands_over(line.text, after, markers)

    def _parent_of_bare_heading(self) -> Node:
        above = next(node for node in reversed(self._stack) if node.marker is None and not node.aside)
        stands_beside = above.title and above.level is None
        return self._parent_of(above) if stands_beside else above

    # The rest

    def _parent_of(self, node: Node) -> Node:
        return self._stack[self._stack.index(node) - 1] if node in self._stack[1:] else self._stack[0]

    def _complete(self) -> bool:
        top = self._stack[-1]
        heading = top.marker is not None and not top.parts and bool(_TITLE.fullmatch(top.title))
        last = self._last_line
        return not last or heading or bool(_COMPLETE.search(last)) or is_whole_field(last, self._fields)

    def _say_gap(self, before: Marker, marker: Marker) -> None:
        missing = between(before, marker)
        self._say("gap", f"“{before.label}”之后是“{marker.label}”，缺少{missing}，请核对", marker)

    def _say(self, code: str, message: str, marker: Marker) -> None:
        self._tree.remarks.append((code, message, marker.label))
