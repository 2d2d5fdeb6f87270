"""Finds headers, footers and page numbers of a PDF: what repeats at the edge of pages is not text. Pure."""

import re
from collections import Counter
from collections.abc import Sequence
from typing import Protocol

from policies.importing.document.blocks import Note, ParsedDocument
from policies.importing.document.markers import PAGE_NUMBER, markers_of
from policies.importing.files.pdf_layout import Printed, usual_pitch

_EDGE_LINES = 3
_REPEATED_SHARE = 0.4
_SAME_PLACE, _SAME_SIZE = 2.0, 0.3
"""Points by which the heads of two pages may differ in height and size."""


class Sheet(Protocol):
    """A page with the lines that are left of it."""

    @property
    def lines(self) -> list[Printed]:
        """From the top."""


def take_furniture(pages: Sequence[Sheet], reading: ParsedDocument) -> None:
    """Take headers and footers out: lines that come again at the same edge of several pages; odd and even pages apart."""
    counts: Counter[tuple[int, str]] = Counter()
    pitch = usual_pitch([line for page in pages for line in page.lines])
    for page in pages:
        for edge in (0, -1):
            counts.update({(edge, _kind(line.text)) for line in _edge(page, edge)})
    places: set[tuple[int, float, float]] = set()
    for page in pages:
        for edge in (0, -1):
            taken: set[str] = set()
            while page.lines:
                line, *inner = _edge(page, edge)
                kind = _kind(line.text)
                often = counts[edge, kind] >= 2 and counts[edge, kind] >= len(pages) * _REPEATED_SHARE
                repeated = often and _stands_apart(line, inner, pitch)
                number = (
                    PAGE_NUMBER.fullmatch(line.text)
                    and re.search(r"\d", line.text)
                    and not _is_clause_number(line)
                )
                if kind in taken or not (repeated or number):
                    break
                taken.add(kind)
                places.add((edge, line.top, line.size))
                _leave(page, line, reading)
    _take_single_heads(pages, places, pitch, reading)
    if reading.outside:
        reading.notes.append(Note("furniture", "页眉、页脚和页码没有读入"))


def _take_single_heads(
    pages: Sequence[Sheet], places: set[tuple[int, float, float]], pitch: float, reading: ParsedDocument
) -> None:
    """Take out what stands in the place of headers and footers on one page alone: the even pages of a short document."""
    for page in pages:
        for edge in (0, -1):
            if len(page.lines) < 2:
                continue
            line, *inner = _edge(page, edge)
            if not _stands_apart(line, inner, pitch):
                continue
            at_head = any(
                place == edge and abs(line.top - top) < _SAME_PLACE and abs(line.size - size) < _SAME_SIZE
                for place, top, size in places
            )
            if at_head and not _ends_sentence(line.text):
                _leave(page, line, reading)


def _ends_sentence(text: str) -> bool:
    return text.endswith(("。", "；", "，", "、", "："))


def _leave(page: Sheet, line: Printed, reading: ParsedDocument) -> None:
    page.lines.remove(line)
    if line.text not in reading.outside:
        reading.outside.append(line.text)


def _stands_apart(line: Printed, inner: Sequence[Printed], pitch: float) -> bool:
    """Whether a gap or another size sets a header or footer apart from the text."""
    if not inner:
        return True
    gap = abs(line.top - inner[0].top)
    return gap > pitch * 1.2 or abs(line.size - inner[0].size) > line.size * 0.08


def _edge(page: Sheet, edge: int) -> list[Printed]:
    """Return the lines at the top (0) or at the bottom (-1) of a page, from the edge inwards."""
    ordered = sorted(page.lines, key=lambda line: line.top, reverse=edge == -1)
    return ordered[:_EDGE_LINES]


def _kind(text: str) -> str:
    """Return a line with its figures as 0, for a page number may stand in it. The number of a clause tells
    lines apart: 政策3：…
    """
    if any(not marker.bare for marker in markers_of(text)):
        return text
    return re.sub(r"\d+", "0", re.sub(r"\s+", "", text))


def _is_clause_number(line: Printed) -> bool:
    return bool(re.fullmatch(r"\d{1,4}[.．、]", line.text))
