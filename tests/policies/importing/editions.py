"""Editions of the seeded document as text, for tests that need one with other clauses in other places."""

from collections.abc import Sequence

from policies.library.library_file import load_library
from policies.library.models import Document
from policies.numbers.written import in_chinese

Parts = list[tuple[str, str, list[str]]]
"""Title, preamble and clauses of each part."""


def parts_of(document: Document) -> Parts:
    """The parts of a document."""
    return [
        (
            one.title,
            one.preamble,
            [policy.text for policy in document.policies if policy.section == one.number],
        )
        for one in document.sections
    ]


def seed() -> tuple[Document, Parts]:
    """The document that comes with the program, and its parts."""
    document = load_library().documents[0]
    return document, parts_of(document)


def as_text(
    document: Document, parts: Sequence[tuple[str, str, list[str]]], edition: str = "2027年1月"
) -> bytes:
    """A document with these parts, its clauses counted through."""
    lines = [document.title, document.issuer, edition, document.preamble]
    number = 0
    for at, (title, preamble, clauses) in enumerate(parts, 1):
        lines += [f"{in_chinese(at)}、{title}", *([preamble] if preamble else [])]
        for text in clauses:
            number += 1
            lines.append(f"{number}.{text}")
    contact = [document.contact.text] if document.contact else []
    return "\n".join([*lines, *contact]).encode()
