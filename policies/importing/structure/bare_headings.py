"""Headings without a number, e.g. 工业类: short lines right before a number. Pure."""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from policies.importing.document.blocks import Block, Line
from policies.importing.document.markers import Marker, Scheme, begins, follows, markers_of

_MAX_BARE_HEADING = 24


def is_bare_heading(text: str) -> bool:
    """Words that may be a heading without a number: short, and no sentence."""
    return 2 <= len(text) <= _MAX_BARE_HEADING and not re.search(r"[，,。；;：:！!？?\d（(《）)》]", text)


def stands_over(text: str, after: Block | None, open_rows: Sequence[Marker]) -> bool:
    """Whether a line is a heading over the number after it, which continues a row of numbers or begins one again.

    Args:
        text: the line.
        after: what follows it.
        open_rows: the last number of each row that is open.
    """
    if not open_rows or not isinstance(after, Line) or not is_bare_heading(text):
        return False
    begun = {marker.scheme for marker in open_rows}
    return any(
        (begins(found) and found.scheme in begun) or any(follows(last, found) for last in open_rows)
        for found in markers_of(after.text)
    )


def heads_of_decimals(blocks: Sequence[Block]) -> Iterator[Line]:
    """Lines with a bare number over its own decimals: 1 科技创新 before 1.1 and 1.2."""
    for line, after in pairwise(blocks):
        if isinstance(line, Line) and isinstance(after, Line):
            numbers = {marker.number for marker in markers_of(line.text) if marker.scheme == Scheme.DOT}
            if any(
                one.scheme == Scheme.DECIMAL and one.minor == 1 and one.number in numbers
                for one in markers_of(after.text)
            ):
                yield line


def bare_headings(blocks: Sequence[Block]) -> frozenset[int]:
    """Where headings without numbers stand, in a document that has several: short lines right before a number."""
    found = []
    for at, (line, after) in enumerate(pairwise(blocks)):
        if isinstance(line, Line) and isinstance(after, Line) and at > 1 and is_bare_heading(line.text):
            begins = [marker for marker in markers_of(after.text) if marker.scheme >= Scheme.HAN_PAREN]
            if begins and not markers_of(line.text):
                found.append(at)
    return frozenset(found) if len(found) > 1 else frozenset()
