"""Marks lines that are no part of the text: contents, page numbers, headers repeated on each page. Pure."""

import re
from collections import Counter
from collections.abc import Sequence

from policies.importing.document.blocks import Block, Line, Out, Table
from policies.importing.document.markers import PAGE_NUMBER
from policies.library.changes import folded

_LEADERS = re.compile(r"(?:(?<![.．·…。—_\-])[.．·…。—_\-]{3,}+|…|\t) {0,8}+[\divxIVX]{1,4}\Z")
_ENTRY_END = re.compile(r"(?:[.．·…—_\s\-]{1,200})?\d{0,4}\Z")
_CONTENTS = {"目录", "目次", "contents"}
_MAX_FURNITURE = 40
_REPEATED = 3
_MAX_CONTENTS = 400
_MAX_ENTRY = 80


def mark_contents(blocks: Sequence[Block]) -> list[Table]:
    """Mark the lines of the table of contents as left out. Returns the tables that are a table of contents."""
    lines = [block for block in blocks if isinstance(block, Line)]
    for line in lines:
        if not line.out and _LEADERS.search(line.text) and len(line.text) < 120:
            line.out = Out.CONTENTS
    found = [block for block in blocks if isinstance(block, Table) and _is_contents(block)]
    start = next((at for at, line in enumerate(lines) if folded(line.text).lower() in _CONTENTS), None)
    if start is not None:
        lines[start].out = Out.CONTENTS
        for line in lines[start + 1 : _end_of_contents(lines, start + 1)]:
            line.out = Out.CONTENTS
    return found


def _end_of_contents(lines: Sequence[Line], start: int) -> int:
    """Where the contents after 目录 end: its lines come again later in the document, or have a page number."""
    said = [folded(line.text) for line in lines]
    end = start
    for at in range(start, min(len(lines), start + _MAX_CONTENTS)):
        text = lines[at].text
        entry = folded(_ENTRY_END.sub("", text)) or said[at]
        again = any(later.startswith(entry) for later in said[at + 1 :])
        if len(text) > _MAX_ENTRY or not (again or lines[at].out):
            break
        end = at + 1
    return end


def _is_contents(table: Table) -> bool:
    """A table whose last cells are page numbers and whose rows are short."""
    rows = [row for row in table.rows if any(row)]
    if not rows or len(rows[0]) < 2:
        return False
    numbers = [row[-1].strip() for row in rows]
    growing = [int(number) for number in numbers if number.isdecimal() and len(number) < 5]
    return len(growing) >= max(2, len(rows) - 1) and growing == sorted(growing) and len(rows[0]) == 2


def mark_furniture(blocks: Sequence[Block]) -> None:
    """Mark page numbers that have a line of their own, and short lines that come on many pages."""
    lines = [block for block in blocks if isinstance(block, Line) and not block.out]
    counts = Counter(_kind(line.text) for line in lines if len(line.text) <= _MAX_FURNITURE)
    numbers = [line for line in lines if _is_page_number(line.text)]
    for line in lines:
        kind = _kind(line.text)
        repeated = counts[kind] >= _REPEATED and bool(re.search(r"第0页|页共|/0页", kind))
        if repeated or (line in numbers and len(numbers) > 1 and not _is_number_of_clause(line, numbers)):
            line.out = Out.FURNITURE


def _is_page_number(text: str) -> bool:
    return bool(PAGE_NUMBER.fullmatch(text)) and bool(re.search(r"[—–－页]|^-\s*\d+\s*-$|^\d{1,4}$", text))


def _is_number_of_clause(line: Line, numbers: Sequence[Line]) -> bool:
    """Bare numbers may be clauses whose text stands below; page numbers come with dashes or 页."""
    bare = line.text.isdecimal()
    return bare and all(one.text.isdecimal() for one in numbers)


def _kind(text: str) -> str:
    """A line with all figures replaced by 0, so that lines with different page numbers are equal."""
    return re.sub(r"\d+", "0", re.sub(r"\s+", "", text))
