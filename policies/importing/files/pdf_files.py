"""Reads a PDF with a text layer as paragraphs and tables, without headers, footers and page numbers.

pdfplumber gives words with places and the lines that rule tables. pypdfium2 is twenty times as fast and gives
neither; pymupdf gives both, under the AGPL.
"""

import io
import logging
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import pdfplumber

from policies.importing.document.blocks import Block, DocumentLine, DocumentTable, Note, Out, ParsedDocument
from policies.importing.document.errors import DocumentError
from policies.importing.document.markers import markers_of
from policies.importing.files.pdf_furniture import take_furniture
from policies.importing.files.pdf_layout import Printed, gutter_of, in_columns, paragraph_starts
from policies.library.folding import folded

MAX_PAGES = 500
_SLANT = 0.05
_BESIDE = re.compile(r"抄送|主送|附\s{0,2}[件表录]|注[:：]")
_MAX_WORDS = 20_000
_HEADS = re.compile(r"序号|编号|名称|内容|标准|条件|责任单位|责任部门|部门|时间|备注")
_COMPLETE = re.compile(r"[。.；;!！?？)）》”〕】]\Z")


@dataclass(slots=True)
class _Page:
    number: int
    lines: list[Printed]
    tables: list[tuple[float, DocumentTable]] = field(default_factory=list)
    columns: bool = False
    pictures: bool = False
    watermark: str = ""


def read_pdf(raw: bytes) -> ParsedDocument:
    """Return the paragraphs and tables of a PDF, page by page.

    Raises:
        DocumentError: it is damaged, locked, too long, holds pictures of text only, or tables without lines.
    """
    logging.getLogger("pdfminer").setLevel(logging.ERROR)  # it warns of each font with a missing box
    try:
        with pdfplumber.open(io.BytesIO(raw)) as document:
            count = len(document.pages)
            pages = [
                _page(page, at)
                for at, page in enumerate(document.pages[: MAX_PAGES + 1], 1)
                if at <= MAX_PAGES
            ]
    except (DocumentError, MemoryError):
        raise
    except Exception as error:  # a broken PDF raises whatever its parser meets
        raise DocumentError("PDF 已损坏或设有密码，无法读取") from error
    if count > MAX_PAGES:
        raise DocumentError(f"PDF 超过 {MAX_PAGES} 页，请只导入政策汇编部分")
    if not any(page.lines or page.tables for page in pages):
        raise DocumentError("PDF 里没有文字层；如果是扫描件，请先做文字识别")
    reading = ParsedDocument()
    take_furniture(pages, reading)
    _warn_pages(pages, reading)
    footnotes = _take_footnotes(pages)
    reading.blocks = _paragraphs(pages)
    reading.blocks += footnotes
    return reading


def _page(page: Any, number: int) -> _Page:
    """One page. What pdfplumber caches of the page is dropped, because 300 pages would fill the memory."""
    watermark = "".join(one["text"] for one in page.chars if _is_slanted(one)).strip()
    upright = page.filter(lambda one: not _is_slanted(one)) if watermark else page
    words = upright.extract_words(extra_attrs=["size"], keep_blank_chars=False, use_text_flow=False)
    if len(words) > _MAX_WORDS:
        raise DocumentError(f"PDF 第 {number} 页的文字过多，无法读取")
    found = _Page(number, [], watermark=watermark)
    if len(page.edges) > 3:
        for table in page.find_tables(_table_settings(page)):
            rows = table.extract()
            if rows and max(map(len, rows)) > 1:
                found.tables.append((table.bbox[1], _table(rows)))
                words = [word for word in words if not _within(word, table.bbox)]
    gutter = gutter_of(words)
    found.columns = gutter is not None
    found.lines = in_columns(words, gutter)
    for line in found.lines:
        line.page = number
        if not found.tables and not found.columns and _is_head_of_table(line.text):
            raise DocumentError(
                f"PDF 第 {number} 页有没有框线的表格，无法按列读取；请改用 Word 文件，或另存为 .txt"
            )
    found.pictures = bool(page.images)
    page.close()
    return found


def _is_slanted(one: dict[str, Any]) -> bool:
    """Whether a letter of a page, or another object, is slanted, like those of a watermark."""
    matrix = one.get("matrix") if one.get("object_type") == "char" else None
    return matrix is not None and abs(matrix[0]) > _SLANT and abs(matrix[1]) > _SLANT


def _table_settings(page: Any) -> dict[str, Any]:
    """Return settings for tables that go on over pages: the cut ends of vertical lines count as ends of rows."""
    upright = [edge for edge in page.edges if edge["orientation"] == "v"]
    if not upright:
        return {}
    ends = [min(edge["top"] for edge in upright), max(edge["bottom"] for edge in upright)]
    return {"explicit_horizontal_lines": ends}


def _table(rows: list[list[str | None]]) -> DocumentTable:
    """Return a table with lines. None stands in a place that a cell beside or above covers."""
    width = max(map(len, rows))
    table = DocumentTable([])
    for printed in rows:
        row = [cell if cell is None else _unwrapped(cell) for cell in printed]
        above = table.rows[-1] if table.rows else [""] * width
        alone = [cell for cell in row if cell is not None]
        if len(alone) == 1 and width > 1:
            table.rows.append([alone[0]] * width)
            continue
        table.merged = table.merged or any(cell is None and above[at] for at, cell in enumerate(row))
        cells = [above[at] if cell is None else cell for at, cell in enumerate(row)]
        table.rows.append(cells + [""] * (width - len(cells)))
    return table


def _unwrapped(cell: str) -> str:
    """Return a cell without the line breaks that its width made. A line that begins with a number stays a line."""
    text = ""
    for line in cell.split("\n"):
        starts = bool(text) and bool(markers_of(line.strip())) and bool(_COMPLETE.search(text))
        text = f"{text}\n{line}" if starts else _glued(text, line)
    return text


def _within(word: dict[str, Any], box: tuple[float, float, float, float]) -> bool:
    x, y = (word["x0"] + word["x1"]) / 2, (word["top"] + word["bottom"]) / 2
    return bool(box[0] - 1 <= x <= box[2] + 1 and box[1] - 1 <= y <= box[3] + 1)


def _is_head_of_table(text: str) -> bool:
    """Whether a line is the column heads of a table."""
    heads = _HEADS.findall(text)
    rest = len(folded(text)) - sum(map(len, heads))
    return len(heads) >= 3 and rest <= 2 * len(heads) and not re.search(r"[，。、；：]", text)


def _warn_pages(pages: Sequence[_Page], reading: ParsedDocument) -> None:
    empty = [page.number for page in pages if not page.lines and not page.tables]
    if empty:
        shown = "、".join(map(str, empty[:20]))
        said = f"第 {shown} 页没有文字（可能是扫描件），这些页上的条款没有读入，请补上文字后再导入"
        reading.notes.append(Note("page_without_text", said))
    pictured = [page.number for page in pages if page.pictures and (page.lines or page.tables)]
    if pictured:
        shown = "、".join(map(str, pictured[:20]))
        reading.notes.append(Note("pictures", f"第 {shown} 页有图片，图片里的文字没有读取"))
    for mark in dict.fromkeys(page.watermark for page in pages if page.watermark):
        reading.outside.append(mark)
        reading.notes.append(Note("watermark", f"页面有水印“{mark[:20]}”，没有读入"))
    columned = [page.number for page in pages if page.columns]
    if columned:
        shown = "、".join(map(str, columned[:20]))
        reading.notes.append(Note("columns", f"第 {shown} 页分两栏，按先左栏后右栏读取，请核对"))


def _take_footnotes(pages: Sequence[_Page]) -> list[Block]:
    """Take footnotes out: small lines at the foot of a page that a mark in the text or a number at their beginning belongs to."""
    sizes = Counter(round(line.size, 1) for page in pages for line in page.lines for _ in line.text)
    body = sizes.most_common(1)[0][0] if sizes else 0
    found: list[Block] = []
    for page in pages:
        small: list[Printed] = []
        while page.lines and page.lines[-1].size < body * 0.88:
            small.insert(0, page.lines.pop())
        numbered = small and re.match(r"[\d①-⑩*＊\[［注]", small[0].text)
        if small and not numbered and not any(line.marks for line in page.lines):
            page.lines += small
            continue
        text = ""
        for line in small:
            if text and re.match(r"[\d①-⑩]", line.text) and _COMPLETE.search(text):
                found.append(_footnote(text))
                text = ""
            text += line.text
        if text:
            found.append(_footnote(text))
    return found


def _footnote(text: str) -> DocumentLine:
    note = Note("footnote", f"脚注没有并入条文，请核对它限制的是哪一条：{text[:100]}")
    return DocumentLine(text, Out.FOOTNOTE, notes=[note])


def _paragraphs(pages: Sequence[_Page]) -> list[Block]:
    lines = [line for page in pages for line in page.lines]
    starts = dict(zip(map(id, lines), paragraph_starts(lines), strict=True))
    blocks: list[Block] = []
    page_of_last = 0
    for page in pages:
        for entry in _in_order(page):
            if isinstance(entry, DocumentTable):
                blocks.append(entry)
                continue
            start = starts[id(entry)]
            last = blocks[-1] if blocks else None
            if start is False and _may_begin(entry.text, last, same_page=page_of_last == page.number):
                start = None  # what stands between two pages can't be seen; a number after a sentence begins something
            page_of_last = page.number
            if start is None and isinstance(last, DocumentLine) and _goes_on(last.text, entry):
                start = False
            notes = (
                [Note("footnote_mark", f"“{entry.text[:20]}…”一行有脚注标记，脚注没有并入条文")]
                if entry.marks
                else []
            )
            if start is False and isinstance(last, DocumentLine):
                last.text = _glued(last.text, entry.text)
                last.notes += notes
            else:
                blocks.append(DocumentLine(entry.text, starts=start, notes=notes))
    return blocks


def _may_begin(text: str, last: Block | None, *, same_page: bool) -> bool:
    """Whether a line may begin a paragraph although its layout does not say so."""
    ended = isinstance(last, DocumentLine) and last.text.endswith(("。", "；"))
    if markers_of(text):
        return ended or not same_page
    return ended and bool(_BESIDE.match(text))


def _in_order(page: _Page) -> Iterator[Printed | DocumentTable]:
    tables = sorted(page.tables, key=lambda entry: entry[0])
    for line in page.lines:
        while tables and tables[0][0] < line.top:
            yield tables.pop(0)[1]
        yield line
    for _, table in tables:
        yield table


def _goes_on(before: str, line: Printed) -> bool:
    """Whether a line continues the sentence before it, if the layout does not show it. A line with a number does not."""
    return len(before) > 15 and not _COMPLETE.search(before) and not markers_of(line.text)


def _glued(before: str, text: str) -> str:
    latin = before[-1:].isascii() and before[-1:].isalpha() and text[:1].isascii() and text[:1].isalpha()
    return f"{before} {text}" if latin else before + text
