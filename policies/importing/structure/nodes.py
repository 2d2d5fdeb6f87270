"""A document as a tree of numbered lines and headings: the values. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from policies.importing.document.blocks import DocumentLine, DocumentTable
from policies.importing.document.numbering import Marker


@dataclass(slots=True, eq=False)
class Node:
    """A numbered line or a heading, with what stands under it.

    Attributes:
        marker: its number; None for a heading without a number, for a note and for the root.
        title: its own words, without the number.
        level: heading level by its style; None if the style has no level.
        aside: which kind of text outside the clauses it is (note, attachment …); "" for others.
        parts: lines, tables and nodes below it, in order.
    """

    marker: Marker | None = None
    title: str = ""
    level: int | None = None
    aside: str = ""
    parts: "list[DocumentLine | DocumentTable | Node]" = field(default_factory=list)
    line: DocumentLine | None = None

    @property
    def children(self) -> "list[Node]":
        return [part for part in self.parts if isinstance(part, Node)]

    @property
    def own(self) -> list[DocumentLine]:
        """The unnumbered lines right below it."""
        return [part for part in self.parts if isinstance(part, DocumentLine)]

    def walk(self) -> "Iterator[Node]":
        """Yield the node and all below it, in order."""
        yield self
        for child in self.children:
            yield from child.walk()

    def walk_inside(self) -> "Iterator[Node]":
        """Walk the nodes without the text outside the clauses (notes, attachments)."""
        yield self
        for child in self.children:
            if not child.aside:
                yield from child.walk_inside()


@dataclass(slots=True)
class Tree:
    """A document as a tree; `remarks` tell of numbers that are missing, doubled or begin anew."""

    root: Node
    remarks: list[tuple[str, str, str]] = field(default_factory=list)
    """Code, message, the label it is about."""


def path_to(root: Node, node: Node) -> list[Node]:
    """Return the nodes from the root down to a node, both included; [] if the node is not in the tree."""
    if root is node:
        return [root]
    for child in root.children:
        path = path_to(child, node)
        if path:
            return [root, *path]
    return []
