"""The text of a clause out of the lines, tables and numbered items that it is made of, and its figures. Pure."""

import re
from collections.abc import Iterable, Iterator

from policies.importing.clause_parts.responsible import responsible_end
from policies.importing.clause_parts.table_cells import sums_beside, sums_of
from policies.importing.document.blocks import DocumentLine, DocumentTable
from policies.importing.structure.nodes import Node
from policies.importing.structure.outline import Clause
from policies.library.amounts.support import SupportSum, sums_in

FIELD = re.compile(
    r"[【\[［〔][\u4e00-\u9fff]{2,8}[】\]］〕]|"
    r"(?:支持|扶持|奖励|补贴|补助|申报|适用)?"
    r"(?:对象|范围|标准|内容|方式|条件|材料|程序|流程|时间|期限|依据|限额)\s*+[:：]|"
    r"(?:责任|牵头|主管|受理|咨询|办理)(?:单位|部门|科室|处室|电话|地点|时间)\s*+[:：]|"
    r"政策依据\s*+[:：]"
)
_BEGINS_WITH_MARK = re.compile(r"[。，、；：,.;:)）》”〕】]")
_ENDS_WITH_MARK = re.compile(r"[。，、；：:;,.!！?？)）》”〕】（(〔【《“—\-]\Z")
SHORTEST = 8
"""Characters; what is shorter is hardly a clause."""


def joined_text(
    title: str, parts: Iterable[DocumentLine | DocumentTable | Node], *, styled: bool = False
) -> str:
    """Return the text of a clause. Broken lines are joined. A numbered item or a field (支持对象：) follows a mark or a space.

    Args:
        title: the words beside the number.
        parts: what stands below.
        styled: the title has the style of a heading, so the sentence below does not continue it.
    """
    pieces = [title]
    for part in parts:
        if isinstance(part, DocumentLine):
            begins = FIELD.match(part.text) or (styled and len(pieces) == 1)
            pieces.append(_spaced(pieces[-1], part.text) if begins else part.text)
        elif isinstance(part, DocumentTable):
            rows = [" ".join(dict.fromkeys(filter(None, row))) for row in part.rows]
            pieces.append(_spaced(pieces[-1], " ".join(rows).replace("\n", "")))
        elif not part.aside:
            line = part.line.text if part.line else ""
            whole = line if part.title in line else line + part.title
            pieces.append(_spaced(pieces[-1], joined_text(whole, part.parts)))
    return "".join(pieces).strip()


def _spaced(before: str, text: str) -> str:
    return text if not before or _ENDS_WITH_MARK.search(before) else f" {text}"


def texts_of(node: Node) -> Iterator[str]:
    """Yield every text of a node and of all below it, without tables."""
    if node.line is not None:
        yield node.line.text
        if node.title and node.title not in node.line.text:
            yield node.title
    elif node.title:
        yield node.title
    for part in node.parts:
        if isinstance(part, DocumentLine):
            yield part.text
        elif isinstance(part, Node):
            yield from texts_of(part)


def tables_of(node: Node) -> Iterator[DocumentTable]:
    """Yield every table below a node."""
    for part in node.parts:
        if isinstance(part, DocumentTable):
            yield part
        elif isinstance(part, Node):
            yield from tables_of(part)


def asides_of(parts: Iterable[DocumentLine | DocumentTable | Node]) -> Iterator[Node]:
    """Yield the notes, attachments and other words beside the clauses among the parts of a clause."""
    for part in parts:
        if isinstance(part, Node):
            if part.aside:
                yield part
            else:
                yield from asides_of(part.parts)


def share_closed(clauses: list[Node]) -> float:
    """Return the share (0–1) of clauses that name their departments in a bracket at the end."""
    return sum(map(_ends_closed, clauses)) / max(1, len(clauses))


def _ends_closed(node: Node) -> bool:
    return any(_is_closed(text) for text in (node.title, *(line.text for line in node.own)))


def _is_closed(text: str) -> bool:
    return responsible_end(text[-200:]) < len(text[-200:])


def split_after_end(
    node: Node, share: float
) -> tuple[list[DocumentLine | DocumentTable | Node], list[DocumentLine]]:
    """Split a clause after the bracket that ends it.

    Args:
        node: the clause.
        share: the share of the document's clauses that end with such a bracket; below 0.8 nothing is split off.

    Returns:
        The parts of the clause, and the paragraphs after the bracket.
    """
    parts = list(node.parts)
    if share < 0.8 or any(isinstance(part, Node | DocumentTable) for part in parts):
        return parts, []
    texts = [node.title, *(part.text for part in parts if isinstance(part, DocumentLine))]
    last = max((at for at, text in enumerate(texts) if _is_closed(text)), default=None)
    if last is None or last == len(texts) - 1:
        return parts, []
    rest = [part for part in parts[last:] if isinstance(part, DocumentLine) and part.starts is not False]
    if rest and (len(rest[0].text) < SHORTEST or _BEGINS_WITH_MARK.match(rest[0].text)):
        return parts, []
    return [part for part in parts if part not in rest], rest


def figures_of(one: Clause) -> list[SupportSum]:
    """Return the figures of a clause, of its tables, and of the columns beside it that it does not say itself."""
    found = sums_in(one.text[: table_start(one)])
    for table in one.tables:
        found += sums_of(table)
    return found + [figure for figure, _ in _beside(one, found)]


def _beside(one: Clause, found: Iterable[SupportSum]) -> Iterator[tuple[SupportSum, str]]:
    """Yield the sums of columns beside a clause that it does not say itself, each with its words (最高额度800万元)."""
    said = {(figure.cny, figure.rate) for figure in found if not figure.why_not}
    for figure, words in sums_beside(one.beside):
        if (figure.cny, figure.rate) not in said:
            yield figure, words


def text_with_columns(one: Clause) -> str:
    """Return the text of a clause, and the sums of columns beside it that it does not say itself: a cap is lost without them."""
    words = dict.fromkeys(words for _, words in _beside(one, sums_in(one.text)))
    if not words:
        return one.text
    between = "" if one.text.endswith(("。", "；", "！")) else "。"
    return f"{one.text}{between}{'；'.join(words)}。"


def table_start(one: Clause) -> int:
    """Return where the first table of a clause begins in its text; the length of the text if there is none."""
    if not one.tables:
        return len(one.text)
    first = " ".join(dict.fromkeys(filter(None, one.tables[0].rows[0]))).replace("\n", "")
    at = one.text.find(first)
    return at if at >= 0 else len(one.text)
