"""Paragraphs and table rows of a Word document, with the numbers that Word itself puts before paragraphs."""

import io
import re
import zipfile
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

import docx
from docx.document import Document
from docx.oxml.ns import qn
from docx.table import Table
from docx.text.paragraph import Paragraph

from policies.importing.errors import DocumentError
from policies.search.numerals import in_chinese

MAX_UNPACKED_BYTES = 60_000_000
MAX_PARAGRAPHS = 20_000

_PARAGRAPH = re.compile(rb"<w:p[ />]")
_CHINESE_FORMATS = {"chineseCounting", "chineseCountingThousand", "japaneseCounting", "ideographDigital"}


def lines_of_docx(raw: bytes) -> list[str]:
    """The paragraphs of a Word document; a table's row is one line, a table of contents is left out.

    Raises:
        DocumentError: it is damaged, locked, an old .doc, or unpacks to too much.
    """
    try:
        _check_size(raw)
        return list(_lines(docx.Document(io.BytesIO(raw))))
    except (DocumentError, MemoryError):
        raise
    except Exception as error:  # a broken package raises whatever its parser meets
        raise DocumentError("Word 文件已损坏、设有密码或是旧的 .doc 格式，请另存为 .docx 后再试") from error


def _check_size(raw: bytes) -> None:
    """Refuse by what the package says and by a count of its paragraphs, before a tree is built of them."""
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        if sum(entry.file_size for entry in archive.infolist()) > MAX_UNPACKED_BYTES:
            raise DocumentError("Word 文件解压后过大，无法读取；请拆分成较小的文件后再试")
        with archive.open("word/document.xml") as part:
            count, tail = 0, b""
            while chunk := part.read(1 << 20):
                read = tail + chunk
                count += len(_PARAGRAPH.findall(read, 0, len(read) - 8))
                tail = read[-8:]
                if count > MAX_PARAGRAPHS:
                    raise DocumentError(f"Word 文件超过 {MAX_PARAGRAPHS:,} 段，请只导入政策汇编部分")


def _lines(document: Document) -> Iterator[str]:
    numbers = _Numbering(document)
    contents: dict[str | None, bool] = {}
    for block in document.iter_inner_content():
        if isinstance(block, Table):
            yield from ("| " + " | ".join(cell.text.strip() for cell in row.cells) for row in block.rows)
            continue
        # python-docx looks a style up by walking over all of them
        named = block._p.style
        if named not in contents:
            contents[named] = (
                str(block.style.name if block.style is not None else "").lower().startswith("toc")
            )
        if not contents[named]:
            yield from (numbers.before(block) + block.text).splitlines()


class _Numbering:
    """Counts automatic paragraph numbers: Word keeps the rule in the file, not the number."""

    def __init__(self, document: Document) -> None:
        self._abstract: dict[str, Any] = {}
        self._of_number: dict[str, str] = {}
        self._counts: dict[tuple[str, int], int] = defaultdict(int)
        try:
            root = document.part.numbering_part.element
        except (KeyError, NotImplementedError):
            return
        for entry in root.findall(qn("w:abstractNum")):
            self._abstract[entry.get(qn("w:abstractNumId"))] = entry
        for entry in root.findall(qn("w:num")):
            self._of_number[entry.get(qn("w:numId"))] = entry.find(qn("w:abstractNumId")).get(qn("w:val"))

    def before(self, paragraph: Paragraph) -> str:
        """The number Word shows before a paragraph ("12." or "三、"); "" where it shows none."""
        marks: Any = paragraph._element.find(f"{qn('w:pPr')}/{qn('w:numPr')}")
        if marks is None:
            return ""
        level = int(_value(marks, "w:ilvl", "0"))
        abstract_id = self._of_number.get(_value(marks, "w:numId", ""))
        abstract = self._abstract.get(abstract_id or "")
        if abstract_id is None or abstract is None:
            return ""
        return self._next(abstract_id, abstract, level)

    def _next(self, abstract_id: str, abstract: Any, level: int) -> str:
        rule = next((e for e in abstract.findall(qn("w:lvl")) if e.get(qn("w:ilvl")) == str(level)), None)
        if rule is None:
            return ""
        start = _value(rule, "w:start", "1")
        key = (abstract_id, level)
        self._counts[key] = self._counts[key] + 1 if key in self._counts else int(start)
        count = self._counts[key]
        shown = in_chinese(count) if _value(rule, "w:numFmt", "decimal") in _CHINESE_FORMATS else str(count)
        return _value(rule, "w:lvlText", "").replace(f"%{level + 1}", shown) + " "


def _value(rule: Any, name: str, default: str) -> str:
    entry = rule.find(qn(name))
    return str(entry.get(qn("w:val"))) if entry is not None else default
