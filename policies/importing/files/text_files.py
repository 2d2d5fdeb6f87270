"""Reads a text file as lines and tables (rows of | cells |, as pasted from other programs; # headings)."""

import re

from policies.importing.document.blocks import Block, DocumentLine, DocumentTable, ParsedDocument
from policies.importing.document.errors import DocumentError
from storage.files.text_files import EncodingError, decode_text

MAX_LINES = 50_000
_SAMPLE = 20_000
# The commonest characters of such documents; in what was decoded wrongly there are hardly any.
_COMMON = frozenset("的一是在有和中大为上业企政策对予给行支持和项区发按年")
_LEAST_COMMON = 0.03
_ENOUGH = 100
_HEADING = re.compile(r"(#{1,6})\s++(?=\S)")
_RULE = re.compile(r"[|\s:+\-=]+")


def read_text(raw: bytes) -> ParsedDocument:
    """Return the lines of a text file without empty ones.

    Raises:
        DocumentError: its encoding isn't known, or it has too many lines.
    """
    try:
        text = decode_text(raw)
    except EncodingError as error:
        raise DocumentError(str(error)) from error
    if not _is_chinese(text[:_SAMPLE]):
        raise DocumentError("无法识别文件编码（可能是 Big5）；请另存为 UTF-8 后再试")
    lines = text.splitlines()
    if len(lines) > MAX_LINES:
        raise DocumentError(f"文件超过 {MAX_LINES:,} 行，请只导入政策汇编部分")
    blocks: list[Block] = []
    for line in lines:
        text = line.strip()
        if text.startswith("|") and text.count("|") > 1:
            _add_row(blocks, text)
        elif heading := _HEADING.match(text):
            blocks.append(DocumentLine(text[heading.end() :], level=len(heading[1]) - 1))
        elif text:
            blocks.append(DocumentLine(text))
    return ParsedDocument([block for block in blocks if not isinstance(block, DocumentTable) or block.rows])


def _is_chinese(text: str) -> bool:
    """Whether a long text is sensible Chinese. Bytes of Big5 are also valid GB18030, but give nonsense."""
    beyond = [character for character in text if character > "\x7f" and not character.isspace()]
    common = sum(character in _COMMON for character in beyond)
    return len(beyond) < _ENOUGH or common >= len(beyond) * _LEAST_COMMON


def _add_row(blocks: list[Block], text: str) -> None:
    if not blocks or not isinstance(blocks[-1], DocumentTable):
        blocks.append(DocumentTable([]))
    table = blocks[-1]
    if isinstance(table, DocumentTable) and not _RULE.fullmatch(text):
        table.rows.append([cell.strip() for cell in text.strip("|").split("|")])
