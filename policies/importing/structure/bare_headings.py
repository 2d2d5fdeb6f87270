"""Marks lines that only the whole document shows to be numbered lines, and finds headings without a number (工业类).

No I/O; it marks the lines that it gets.
"""

from collections.abc import Iterator, Sequence
from itertools import pairwise

from policies.importing.document.blocks import Block, DocumentLine
from policies.importing.document.headings import is_bare_heading
from policies.importing.document.markers import markers_of
from policies.importing.document.numbering import Marker, Scheme, begins, follows

_ROW = 3


def stands_over(text: str, after: Block | None, open_rows: Sequence[Marker]) -> bool:
    """Whether a line is a heading over the number after it, which continues a row of numbers or begins one again.

    Args:
        text: the line.
        after: what follows it.
        open_rows: the last number of each row that is open.
    """
    if not open_rows or not isinstance(after, DocumentLine) or not is_bare_heading(text):
        return False
    begun = {marker.scheme for marker in open_rows}
    return any(
        (begins(found) and found.scheme in begun) or any(follows(last, found) for last in open_rows)
        for found in markers_of(after.text)
    )


_Numbered = list[tuple[DocumentLine, Marker]]


def mark_numbered_heads(blocks: Sequence[Block]) -> None:
    """Mark lines that only the whole document shows to be numbered lines.

    A bare number begins a line over its decimals, over another row, or in a row of its own.
    """
    for line in _heads_of_decimals(blocks):
        line.starts = True
    for found in (_titles_over_rows(blocks), _all_bare(blocks)):
        if _is_row(found):
            for line, _ in found:
                line.starts = True


def _is_row(found: _Numbered) -> bool:
    return len(found) > 1 and [marker.number for _, marker in found] == list(range(1, len(found) + 1))


def _titles_over_rows(blocks: Sequence[Block]) -> _Numbered:
    """1 科技创新 right before 政策一 or （一）."""
    found = []
    for line, after in pairwise(blocks):
        if isinstance(line, DocumentLine) and isinstance(after, DocumentLine):
            bare = next((one for one in markers_of(line.text) if one.bare), None)
            other = any(one.scheme not in {Scheme.DOT, Scheme.DECIMAL} for one in markers_of(after.text))
            if bare and other and is_bare_heading(bare.rest):
                found.append((line, bare))
    return found


def _all_bare(blocks: Sequence[Block]) -> _Numbered:
    """01 对…, 02 对…: in a document without other numbers."""
    found = []
    for line in blocks:
        markers = markers_of(line.text) if isinstance(line, DocumentLine) else []
        if any(not one.bare and one.scheme <= Scheme.DOT for one in markers):
            return []
        if isinstance(line, DocumentLine) and markers and markers[0].bare:
            found.append((line, markers[0]))
    return found if len(found) >= _ROW else []


def _heads_of_decimals(blocks: Sequence[Block]) -> Iterator[DocumentLine]:
    """Yield lines with a bare number over its own decimals: 1 科技创新 before 1.1 and 1.2."""
    for line, after in pairwise(blocks):
        if isinstance(line, DocumentLine) and isinstance(after, DocumentLine):
            numbers = {marker.number for marker in markers_of(line.text) if marker.scheme == Scheme.DOT}
            if any(
                one.scheme == Scheme.DECIMAL and one.minor == 1 and one.number in numbers
                for one in markers_of(after.text)
            ):
                yield line


def bare_headings(blocks: Sequence[Block]) -> frozenset[int]:
    """Return where headings without numbers stand, if a document has several: short lines right before a number."""
    found = []
    for at, (line, after) in enumerate(pairwise(blocks)):
        if (
            isinstance(line, DocumentLine)
            and isinstance(after, DocumentLine)
            and at > 1
            and is_bare_heading(line.text)
        ):
            begun = [
                one
                for one in markers_of(after.text)
                if one.scheme >= Scheme.ARTICLE and one.scheme != Scheme.HAN
            ]
            if begun and not markers_of(line.text):
                found.append(at)
    return frozenset(found) if len(found) > 1 else frozenset()
