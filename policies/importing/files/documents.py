"""Reads a document file as lines and tables, with the reader for its format.

The library of a format is loaded with the first document of that format: the libraries take 30 MB, and imports are rare.
"""

import re
from pathlib import PurePath

from policies.importing.document.blocks import Block, DocumentLine, DocumentTable, ParsedDocument
from policies.importing.document.errors import DocumentError
from policies.importing.files.glyphs import restored, unjustified
from policies.importing.files.text_files import read_text

MAX_BYTES = 30_000_000
_LOOKED_AT = 4_096
_ZIP, _PDF, _OLD_WORD = b"PK\x03\x04", b"%PDF-", b"\xd0\xcf\x11\xe0"
_ENDINGS = {".txt", ".md", ".docx", ".pdf", ".doc", ".wps"}
_KNOWN_OTHERS = re.compile(r"\.[a-z]{2,5}")


def read_document(name: str, raw: bytes) -> ParsedDocument:
    """Return a document in reading order, without white space around its lines.

    Args:
        name: file name; its ending tells the format (.txt, .docx, .pdf), without one the beginning of the file.
        raw: the file.

    Raises:
        DocumentError: the format isn't known, or the file is damaged, too large or holds no text.
    """
    if len(raw) > MAX_BYTES:
        raise DocumentError(f"文件过大，请控制在 {MAX_BYTES // 1_000_000} MB 以内")
    match _ending_of(name, raw):
        case ".txt" | ".md":
            reading = read_text(raw)
        case ".docx":
            from policies.importing.files.word_files import read_docx  # noqa: PLC0415 - see above

            reading = read_docx(raw)
        case ".pdf":
            from policies.importing.files.pdf_files import read_pdf  # noqa: PLC0415

            reading = read_pdf(raw)
        case ".doc" | ".wps" if raw.startswith(_ZIP):  # a Word file under an older name
            from policies.importing.files.word_files import read_docx  # noqa: PLC0415

            reading = read_docx(raw)
        case ".doc" | ".wps" as ending:
            raise DocumentError(f"不认识的文件类型 {ending}，请在 Word 或 WPS 里另存为 .docx 后再试")
        case ending:
            raise DocumentError(f"不认识的文件类型 {ending or '（无扩展名）'}，请使用 .txt、.docx 或 .pdf")
    reading.blocks = [block for block in map(_restored, reading.blocks) if not _is_empty(block)]
    reading.outside = [text for text in (restored(one).strip() for one in reading.outside) if text]
    if not any(text.strip() for text in reading.texts()):
        raise DocumentError("文件里没有文字；如果是扫描件，请先做文字识别")
    return reading


def _ending_of(name: str, raw: bytes) -> str:
    """Return the format by the file's name; of a name without one (政策汇编定稿, 定稿2026.3) by how the file begins."""
    ending = PurePath(name).suffix.lower()
    if ending in _ENDINGS or _KNOWN_OTHERS.fullmatch(ending):
        return ending
    if raw.startswith(_PDF):
        return ".pdf"
    if raw.startswith(_OLD_WORD):
        return ".doc"
    if raw.startswith(_ZIP):
        return ".docx" if b"word/document.xml" in raw else ending
    return (
        ending if b"\x00" in raw[:_LOOKED_AT] and not raw.startswith((b"\xff\xfe", b"\xfe\xff")) else ".txt"
    )


def _restored(block: Block) -> Block:
    if isinstance(block, DocumentLine):
        block.text = restored(block.text).strip()
    else:
        block.rows = [["\n".join(map(_cell_line, cell.split("\n"))) for cell in row] for row in block.rows]
    return block


def _cell_line(text: str) -> str:
    return unjustified(restored(text).strip())


def _is_empty(block: Block) -> bool:
    return not block.text if isinstance(block, DocumentLine) else not any(map(any, block.rows))


def lines_of(reading: ParsedDocument) -> tuple[str, ...]:
    """Return every line and row of a document, also those that are left out."""
    return tuple(
        text
        for block in reading.blocks
        for text in ([block.text] if isinstance(block, DocumentLine) else _rows(block))
    )


def _rows(table: DocumentTable) -> list[str]:
    return ["| " + " | ".join(row) + " |" for row in table.rows]
