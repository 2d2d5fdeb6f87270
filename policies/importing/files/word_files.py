"""Reads a Word document as lines and tables: what Word would print, and separately what Word keeps beside that.

Tracked changes are read as accepted. This module walks over the parts of the file itself, because python-docx drops
insertions, content controls and text boxes, and docx2python and mammoth show hidden text, do not tell what was deleted,
and change Chinese and continued numbers.
"""

import io
import re
import zipfile
from collections.abc import Iterator
from typing import Any

from policies.importing.document.blocks import Block, DocumentLine, DocumentTable, Note, Out, ParsedDocument
from policies.importing.document.errors import DocumentError
from policies.importing.files.word_numbering import WORD, Numbering, parsed, value
from policies.importing.files.word_package import check_size
from policies.importing.files.word_paragraphs import (
    ParagraphText,
    add_edge,
    deleted_line,
    is_inside,
    notes_on,
    paragraph_text,
    plain_text,
)
from policies.importing.files.word_styles import notes_of, style_facts

MAX_DEPTH = 60

_BROKEN = "Word 文件已损坏、设有密码或是旧的 .doc 格式，请另存为 .docx 后再试"
_MATH = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_MARKUP = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
# Containers whose content belongs to the text around them.
_THROUGH = {
    f"{WORD}{name}"
    for name in (
        "ins",
        "moveTo",
        "hyperlink",
        "smartTag",
        "sdtContent",
        "customXml",
        "fldSimple",
        "bdo",
        "dir",
    )
}
_GONE = {f"{WORD}del", f"{WORD}moveFrom"}


def read_docx(raw: bytes) -> ParsedDocument:
    """Return the paragraphs and tables of a Word document.

    Raises:
        DocumentError: it is damaged, locked, an old .doc, or too large.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as package:
            check_size(package)
            return _Reader(package).read()
    except (DocumentError, MemoryError):
        raise
    except Exception as error:  # a broken package raises whatever its parser meets
        raise DocumentError(_BROKEN) from error


class _Reader:
    def __init__(self, package: zipfile.ZipFile) -> None:
        self._package = package
        self._names = set(package.namelist())
        styles = self._part("word/styles.xml")
        self._numbering = Numbering(self._part("word/numbering.xml"), styles)
        self._levels, self._contents, self._hidden, self._default = style_facts(styles)
        self._footnotes = {
            **notes_of(self._part("word/footnotes.xml"), "footnote"),
            **{f"e{key}": text for key, text in notes_of(self._part("word/endnotes.xml"), "endnote").items()},
        }
        self._fields: list[str] = []
        self._carried = ""
        self._pictures = 0

    def read(self) -> ParsedDocument:
        body = parsed(self._package.read("word/document.xml")).find(f"{WORD}body")
        reading = ParsedDocument()
        if body is not None:
            reading.blocks = list(self._blocks(body, 0))
        for name in sorted(self._names):
            if re.fullmatch(r"word/(?:header|footer)\d{0,3}\.xml", name):
                add_edge(reading, parsed(self._package.read(name)))
        if self._pictures:
            reading.notes.append(Note("pictures", f"文件里有 {self._pictures} 处图片，图片里的文字没有读取"))
        if "word/comments.xml" in self._names:
            comments = parsed(self._package.read("word/comments.xml"))
            said = [paragraph_text(entry).strip() for entry in comments.iter(f"{WORD}p")]
            reading.outside += [text for text in said if text]
            reading.notes.append(Note("comments", "文件里有批注，批注没有读入，列在没有收入条款的文字里"))
        return reading

    def _part(self, name: str) -> Any | None:
        return parsed(self._package.read(name)) if name in self._names else None

    def _blocks(self, parent: Any, depth: int, *, contents: bool = False) -> Iterator[Block]:
        if depth > MAX_DEPTH:
            raise DocumentError("Word 文件的嵌套层次过深，无法读取")
        for child in parent:
            if child.tag == f"{WORD}p":
                yield from self._paragraph(child, contents=contents)
            elif child.tag == f"{WORD}tbl":
                yield from self._table(child, depth)
            elif child.tag == f"{WORD}sdt":
                inner = child.find(f"{WORD}sdtContent")
                if inner is not None:
                    yield from self._blocks(inner, depth + 1, contents=contents or _is_contents(child))
            elif child.tag in _THROUGH:
                yield from self._blocks(child, depth + 1, contents=contents)
            elif child.tag in _GONE:
                for entry in child.iter(f"{WORD}p"):
                    yield deleted_line(paragraph_text(entry))

    def _paragraph(self, entry: Any, *, contents: bool) -> Iterator[Block]:
        properties = entry.find(f"{WORD}pPr")
        style = (value(properties, "pStyle") if properties is not None else "") or self._default
        text = ParagraphText(contents=contents or style in self._contents or self._in_contents())
        self._inline(entry, text, 0, hidden=style in self._hidden)
        text.contents = text.contents or self._in_contents()
        self._pictures += text.pictures
        shown = self._carried + "".join(text.shown)
        self._carried = ""
        marks = properties.find(f"{WORD}rPr") if properties is not None else None
        mark_gone = marks is not None and (
            marks.find(f"{WORD}del") is not None or marks.find(f"{WORD}moveFrom") is not None
        )
        if mark_gone and shown.strip():
            self._carried = shown  # the paragraph goes on in the next one
            return
        if text.hidden and not shown.strip():
            yield DocumentLine("".join(text.hidden).strip(), Out.HIDDEN, notes=notes_on(text))
        elif text.deleted and not shown.strip():
            yield deleted_line("".join(text.deleted))
        else:
            number = self._numbering.before(properties, style)  # Word counts empty paragraphs too
            in_cell = entry.getparent().tag == f"{WORD}tc"
            if shown.strip() or (number and in_cell):
                yield from self._lines(number, shown, text, self._level(properties, style))
        for box in text.boxes:
            for block in self._blocks(box, 1):
                block.notes.append(Note("text_box", "文字在文本框里，请核对它的位置"))
                yield block
        for footnote in text.footnotes:
            if footnote:
                yield DocumentLine(footnote, Out.FOOTNOTE)

    def _lines(
        self, number: str, shown: str, text: ParagraphText, level: int | None
    ) -> Iterator[DocumentLine]:
        space = " " if number[-1:].isalnum() else ""
        out = Out.CONTENTS if text.contents else Out.NOTHING
        notes = notes_on(text)
        for part in (number + space + shown).split("\n"):
            line = re.sub(r"\t+", " ", part).strip()
            if line:
                yield DocumentLine(line, out, level, notes=notes)
                notes = []

    def _level(self, properties: Any | None, style: str) -> int | None:
        own = value(properties, "outlineLvl") if properties is not None else ""
        if own.isdecimal():
            return int(own) if int(own) < 9 else None
        return self._levels.get(style)

    def _in_contents(self) -> bool:
        return any(instruction.lstrip().upper().startswith("TOC") for instruction in self._fields)

    def _inline(
        self, parent: Any, text: ParagraphText, depth: int, *, hidden: bool = False, inserted: bool = False
    ) -> None:
        if depth > MAX_DEPTH:
            raise DocumentError("Word 文件的嵌套层次过深，无法读取")
        for child in parent:
            tag = child.tag
            if tag == f"{WORD}r":
                self._run(child, text, depth, hidden=hidden, inserted=inserted)
            elif tag == f"{WORD}sdt":
                inner = child.find(f"{WORD}sdtContent")
                text.controls += 1
                if inner is not None:
                    self._inline(inner, text, depth + 1, hidden=hidden, inserted=inserted)
            elif tag in _THROUGH:
                added = inserted or tag in {f"{WORD}ins", f"{WORD}moveTo"}
                self._inline(child, text, depth + 1, hidden=hidden, inserted=added)
            elif tag in _GONE:
                text.deleted.append(paragraph_text(child))
            elif tag.startswith(_MATH):
                text.shown.append("".join(part.text or "" for part in child.iter(f"{_MATH}t")))

    def _run(self, run: Any, text: ParagraphText, depth: int, *, hidden: bool, inserted: bool) -> None:
        marks = run.find(f"{WORD}rPr")
        vanish = marks.find(f"{WORD}vanish") if marks is not None else None
        if vanish is not None:
            hidden = vanish.get(f"{WORD}val", "1") not in {"0", "false", "off"}
        elif marks is not None and value(marks, "rStyle") in self._hidden:
            hidden = True
        before = len(text.shown)
        self._run_parts(run, text, depth)
        added = "".join(text.shown[before:])
        if hidden and added.strip():
            del text.shown[before:]
            text.hidden.append(added)
        elif inserted and added.strip():
            text.inserted.append(added)

    def _run_parts(self, run: Any, text: ParagraphText, depth: int) -> None:
        for part in run:
            name = part.tag.removeprefix(WORD)
            if (plain := plain_text(part, name)) is not None:
                text.shown.append(plain)
            elif name in {"footnoteReference", "endnoteReference"}:
                key = ("e" if name.startswith("end") else "") + str(part.get(f"{WORD}id"))
                text.footnotes.append(self._footnotes.get(key, ""))
            elif name == "fldChar":
                self._field(part.get(f"{WORD}fldCharType"))
            elif name == "instrText" and self._fields:
                self._fields[-1] += part.text or ""
            elif name == "ruby":
                for base in part.findall(f"{WORD}rubyBase"):
                    self._inline(base, text, depth + 1)
            else:
                self._drawn(part, text)

    def _field(self, kind: str | None) -> None:
        if kind == "begin":
            self._fields.append("")
        elif kind == "end" and self._fields:
            self._fields.pop()

    def _drawn(self, part: Any, text: ParagraphText) -> None:
        """Take text boxes and count pictures. Word keeps each drawing twice, once for older programs."""
        if part.tag == f"{_MARKUP}AlternateContent":
            choice = part.find(f"{_MARKUP}Choice")
            part = choice if choice is not None else part
        boxes = [box for box in part.iter(f"{WORD}txbxContent") if not is_inside(box, part)]
        text.boxes += boxes
        if not boxes and part.tag in {f"{WORD}drawing", f"{WORD}pict", f"{WORD}object", f"{_MARKUP}Choice"}:
            text.pictures += 1

    def _table(self, entry: Any, depth: int) -> Iterator[Block]:
        rows: list[list[str]] = []
        above: dict[int, str] = {}
        table = DocumentTable(rows)
        for row in entry.iter(f"{WORD}tr"):
            if is_inside(row, entry, f"{WORD}tbl"):
                continue  # of a table inside a cell, which is read with the cell
            properties = row.find(f"{WORD}trPr")
            if properties is not None and properties.find(f"{WORD}del") is not None:
                yield deleted_line(paragraph_text(row))
                continue
            cells = self._cells(row, depth, above, table)
            if any(cells):
                rows.append(cells)
        if rows and max(map(len, rows)) == 1:
            for row in rows:  # a frame, not a table
                for line in row[0].split("\n"):
                    yield DocumentLine(line, notes=table.notes)
        elif rows:
            yield table

    def _cells(self, row: Any, depth: int, above: dict[int, str], table: DocumentTable) -> list[str]:
        cells: list[str] = []
        for cell in row.iter(f"{WORD}tc"):
            if is_inside(cell, row, f"{WORD}tc"):
                continue
            properties = cell.find(f"{WORD}tcPr")
            merge = properties.find(f"{WORD}vMerge") if properties is not None else None
            at = len(cells)
            if merge is not None and merge.get(f"{WORD}val", "continue") == "continue":
                text, table.merged = above.get(at, ""), True
            else:
                text = self._cell(cell, depth, table)
            above[at] = text
            span = value(properties, "gridSpan") if properties is not None else ""
            cells += [text] * (min(int(span), 63) if span.isdecimal() and int(span) else 1)
        return cells

    def _cell(self, cell: Any, depth: int, table: DocumentTable) -> str:
        parts = []
        for block in self._blocks(cell, depth + 1):
            table.notes += block.notes
            if isinstance(block, DocumentTable):
                parts += [" ".join(filter(None, row)) for row in block.rows]
            elif not block.out:
                parts.append(block.text)
        return "\n".join(parts)


def _is_contents(control: Any) -> bool:
    gallery = control.find(f"{WORD}sdtPr/{WORD}docPartObj/{WORD}docPartGallery")
    return gallery is not None and "Contents" in str(gallery.get(f"{WORD}val", ""))
