"""Marks lines that are no part of the text: contents, page numbers, headers repeated on each page.

No I/O; it marks the lines that it gets.
"""

import re
from collections import Counter
from collections.abc import Sequence

from policies.importing.document.blocks import Block, DocumentLine, DocumentTable, Out
from policies.importing.document.markers import PAGE_NUMBER
from policies.library.folding import folded

_LEADERS = re.compile(r"(?:(?<![.．·…。—_\-])[.．·…。—_\-]{3,}+|…|\t) {0,8}+[\divxIVX]{1,4}\Z")
_ENTRY_END = re.compile(r"(?:[.．·…—_\s\-]{1,200})?\d{0,4}\Z")
_CONTENTS = {"目录", "目次", "contents"}
_MAX_FURNITURE = 40
_REPEATED = 3
_MAX_CONTENTS = 400
_MAX_ENTRY = 80
_FEWEST_NUMBERS = 2


def mark_contents(blocks: Sequence[Block]) -> list[DocumentTable]:
    """Mark the lines of the table of contents as left out. Returns the tables that are a table of contents."""
    lines = [block for block in blocks if isinstance(block, DocumentLine)]
    for line in lines:
        if not line.out and _LEADERS.search(line.text) and len(line.text) < 120:
            line.out = Out.CONTENTS
    found = [block for block in blocks if isinstance(block, DocumentTable) and _is_contents(block)]
    start = next((at for at, line in enumerate(lines) if folded(line.text).lower() in _CONTENTS), None)
    if start is not None:
        lines[start].out = Out.CONTENTS
        for line in lines[start + 1 : _end_of_contents(lines, start + 1)]:
            line.out = Out.CONTENTS
    return found


def _end_of_contents(lines: Sequence[DocumentLine], start: int) -> int:
    """Return where the contents after 目录 end. Lines of contents appear again later, or had a page number."""
    said = [folded(line.text) for line in lines]
    end = start
    for at in range(start, min(len(lines), start + _MAX_CONTENTS)):
        text = lines[at].text
        entry = folded(_ENTRY_END.sub("", text)) or said[at]
        comes_again = any(later.startswith(entry) for later in said[at + 1 :])
        has_page_number = bool(lines[at].out)
        if len(text) > _MAX_ENTRY or not (comes_again or has_page_number):
            break
        end = at + 1
    return end


def _is_contents(table: DocumentTable) -> bool:
    """Whether a table is a table of contents: its last cells are page numbers, and its rows are short."""
    rows = [row for row in table.rows if any(row)]
    if not rows or len(rows[0]) < 2:
        return False
    numbers = [row[-1].strip() for row in rows]
    growing = [int(number) for number in numbers if number.isdecimal() and len(number) < 5]
    return len(growing) >= max(2, len(rows) - 1) and growing == sorted(growing) and len(rows[0]) == 2


def mark_furniture(blocks: Sequence[Block]) -> None:
    """Mark page numbers that have a line of their own, and short lines that come on many pages."""
    lines = [block for block in blocks if isinstance(block, DocumentLine) and not block.out]
    counts = Counter(_kind(line.text) for line in lines if len(line.text) <= _MAX_FURNITURE)
    alone = [line for line in lines if _looks_like_page_number(line.text)]
    # Bare numbers on lines of their own may be those of clauses whose text stands below; page numbers have dashes or 页.
    bare_alone = all(line.text.isdecimal() for line in alone)
    numbers = set() if bare_alone or len(alone) < _FEWEST_NUMBERS else set(map(id, alone))
    for line in lines:
        kind = _kind(line.text)
        on_many_pages = counts[kind] >= _REPEATED and bool(re.search(r"第0页|页共|/0页", kind))
        if on_many_pages or id(line) in numbers:
            line.out = Out.FURNITURE


def _looks_like_page_number(text: str) -> bool:
    return bool(PAGE_NUMBER.fullmatch(text)) and bool(re.search(r"[—–－页]|^-\s*\d+\s*-$|^\d{1,4}$", text))


def _kind(text: str) -> str:
    """Return a line with all figures replaced by 0, so that lines with different page numbers are equal."""
    return re.sub(r"\d+", "0", re.sub(r"\s+", "", text))
