"""Which numbered lines are clauses, and which are headings above them. Pure.

Levels are told apart by what stands on them: short titles with numbers below are headings, sentences are clauses, and what
is numbered inside a clause is part of it.
"""

import re
from collections import defaultdict

from policies.importing.clause_parts.responsible import responsible_end
from policies.importing.document.blocks import DocumentLine
from policies.importing.document.numbering import HEAD_OF, Scheme
from policies.importing.structure.clause_text import FIELD, joined_text
from policies.importing.structure.nodes import Node, Tree
from policies.importing.structure.outline import Structure
from policies.library.amounts.support import support_in
from policies.numbers.printed import money_in

_MAX_HEADING = 45
_MAX_LONG_HEADING = 60
_MAX_SHORT_HEADING = 16
_BROKEN_FROM = 20
_CHAPTERS = {Scheme.BOOK, Scheme.CHAPTER, Scheme.PART_OF_CHAPTER, *HEAD_OF.values()}
_PROCEDURE = re.compile(
    r"(?:申报|申请|受理|报名|办理|审核|推荐)?"
    r"(?:条件|材料|程序|流程|时间|期限|方式|渠道|要求|须知|安排)(?:和要求|及要求|与要求)?[:：]?\Z"
)
_GRANTS = re.compile(r"给予|奖励|补贴|补助|资助|奖补|贴息|减免|返还")
_COMPLETE = re.compile(r"[。.；;!！?？)）》”〕】]\Z")


def clause_nodes(tree: Tree, structure: Structure) -> list[Node]:
    """Return the nodes that are clauses, in order."""
    nodes = [node for node in tree.root.walk() if node.marker and not node.aside]
    articles = [node for node in nodes if node.marker and node.marker.scheme == Scheme.ARTICLE]
    if structure == Structure.ARTICLES or (structure == Structure.AUTO and len(articles) >= 2):
        return articles
    sections = _section_levels(tree)
    found: list[Node] = []
    _collect(tree.root, (), sections, found)
    return found


def _section_levels(tree: Tree) -> set[tuple[Scheme, ...]]:
    """Return the levels of numbers that are headings, each as the kinds of numbers from the outermost."""
    groups: dict[tuple[Scheme, ...], list[Node]] = defaultdict(list)
    _group(tree.root, (), groups)
    return {path for path, nodes in groups.items() if _is_section_level(path, nodes)}


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
        elif numbered_children(child):
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
    above = [node for node in nodes if numbered_children(node) and _is_heading(node)]
    bodies = [node for node in nodes if not is_title(node) and node not in above]
    alone = [node for node in nodes if is_title(node) and not numbered_children(node)]
    fields = [node for node in above if _only_fields(node)]
    if not above or len(fields) * 2 > len(above):
        return False
    # Parts that grant nothing (总体要求, 保障措施) do not count where other parts grant something.
    giving = [node for node in above if any(map(_grants_something, numbered_children(node)))]
    if giving:
        bodies, alone = (
            [node for node in bodies if _grants_something(node)],
            [node for node in alone if _grants_something(node)],
        )
    elif any(map(_grants_something, (*bodies, *alone))):
        return False
    return len(above) >= len(bodies) and len(above) >= len(alone)


def _grants_something(node: Node) -> bool:
    """Whether the text grants something or names a responsible department."""
    text = joined_text(node.title, node.parts)
    return bool(_GRANTS.search(text)) or bool(money_in(text)) or responsible_end(text) < len(text)


def numbered_children(node: Node) -> list[Node]:
    """Return the numbered lines right below a node, without those beside the clauses (in notes, attachments)."""
    return [child for child in node.children if child.marker and not child.aside]


def _only_fields(node: Node) -> bool:
    children = numbered_children(node)
    return sum(bool(FIELD.match(child.title)) for child in children) * 2 > len(children)


def is_title(node: Node) -> bool:
    """Whether the node's own words are a title: short, no sentence, no sum, nothing granted."""
    return is_title_text(_first_words(node))


def _is_heading(node: Node) -> bool:
    """Whether the words of a node with numbers below it are a heading. A heading may name departments for all below it."""
    text = _first_words(node).strip()
    if text.endswith(("：", ":")):
        return len(text) <= _MAX_SHORT_HEADING and _names_departments_below(node)
    long = len(text) > 25 and bool(re.search(r"给予|不超过|。\Z", text))
    return bool(text) and not (
        long
        or len(text) > _MAX_LONG_HEADING
        or re.search(r"[。；;]", text[:-1])
        or text.endswith(("；", ";", "，"))
        or money_in(text)
    )


def _names_departments_below(node: Node) -> bool:
    """Whether most numbered children name their own departments. Clauses do this; items of a list do not."""
    children = numbered_children(node)
    texts = [joined_text(child.title, child.parts) for child in children]
    return sum(responsible_end(text) < len(text) for text in texts) * 2 > len(texts)


def _first_words(node: Node) -> str:
    """Return the words after the number; a broken line is joined with the next one."""
    first = node.parts[0] if node.parts else None
    broken = len(node.title) >= _BROKEN_FROM and not _COMPLETE.search(node.title)
    if broken and isinstance(first, DocumentLine) and first.starts is not True:
        return node.title + first.text
    return node.title


def is_title_text(text: str) -> bool:
    """Whether words may be a title: at most 45 characters and one sentence, no sum, nothing granted, no department at the end."""
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
    """Whether a numbered part without numbers below it grants something: then it is a clause on the level of headings."""
    text = joined_text(node.title, node.parts)
    granted = any(one.cny is not None for one in support_in(text))
    return len(text) > 12 and (granted or "给予" in text or responsible_end(text) < len(text))


def continues_heading(title: str, line: DocumentLine) -> bool:
    """Whether a line is the second line of a heading."""
    whole = len(title) + len(line.text)
    broken = line.starts is False or (line.starts is None and len(title) >= 15)
    return (
        broken
        and whole <= 60
        and not _COMPLETE.search(title)
        and not re.search(r"[，,。；：:（(]", line.text)
        and not line.text.startswith(("按照", "根据", "为"))
    )
