"""Lines of a PDF that has a text layer, without page numbers and running heads."""

import io
import logging
import re
from collections import Counter
from typing import Any

import pdfplumber

from policies.importing.errors import DocumentError
from policies.importing.glyphs import restored, unjustified

MAX_PAGES = 500

_PAGE_NUMBER = re.compile(r"[\s—–\-－·第]*\d{1,4}[\s—–\-－·页]*(?:[/／共]\s*\d{1,4}\s*页?)?")
_REPEATED_SHARE = 0.6


def lines_of_pdf(raw: bytes) -> list[str]:
    """The printed lines of a PDF, page by page.

    Raises:
        DocumentError: it is damaged, locked, too long, or holds pictures of text only.
    """
    logging.getLogger("pdfminer").setLevel(logging.ERROR)  # it warns of each font with a missing box
    try:
        with pdfplumber.open(io.BytesIO(raw)) as document:
            count = len(document.pages)
            pages = [_lines(page) for page in document.pages[:MAX_PAGES]]
    except MemoryError:
        raise
    except Exception as error:  # a broken PDF raises whatever its parser meets
        raise DocumentError("PDF 已损坏或设有密码，无法读取") from error
    if count > MAX_PAGES:
        raise DocumentError(f"PDF 超过 {MAX_PAGES} 页，请只导入政策汇编部分")
    if not any(pages):
        raise DocumentError("PDF 里没有文字层；如果是扫描件，请先做文字识别")
    return [unjustified(restored(line)) for page in _without_furniture(pages) for line in page]


def _lines(page: Any) -> list[str]:
    """The lines of a page; what pdfplumber keeps of it is let go, or 300 pages would stay in memory."""
    lines: list[str] = page.extract_text().splitlines()
    page.close()
    return lines


def _without_furniture(pages: list[list[str]]) -> list[list[str]]:
    """Pages without the page number at either end and without heads that stand on most pages."""
    edges = Counter(line.strip() for page in pages for line in {*page[:1], *page[-1:]})
    running = {line for line, count in edges.items() if count > 2 and count >= len(pages) * _REPEATED_SHARE}
    return [_trim(page, running) for page in pages]


def _trim(page: list[str], running: set[str]) -> list[str]:
    lines = list(page)
    for end in (0, -1):
        while lines and (lines[end].strip() in running or _PAGE_NUMBER.fullmatch(lines[end].strip())):
            lines.pop(end)
    return lines
