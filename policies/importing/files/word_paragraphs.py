"""A paragraph of a Word document while it is read: what is shown, and what is kept beside it."""

from dataclasses import dataclass, field
from typing import Any

from policies.importing.document.blocks import DocumentLine, Note, Out, ParsedDocument
from policies.importing.files.word_numbering import WORD

_CHARACTERS_SHOWN = 30


@dataclass(slots=True)
class ParagraphText:
    """A paragraph while its runs are read."""

    shown: list[str] = field(default_factory=list)
    inserted: list[str] = field(default_factory=list)
    deleted: list[str] = field(default_factory=list)
    hidden: list[str] = field(default_factory=list)
    footnotes: list[str] = field(default_factory=list)
    boxes: list[Any] = field(default_factory=list)
    pictures: int = 0
    controls: int = 0
    contents: bool = False


def paragraph_text(entry: Any) -> str:
    """Return every text under an element, deleted text too."""
    return "".join(part.text or "" for part in entry.iter(f"{WORD}t", f"{WORD}delText"))


def plain_text(part: Any, name: str) -> str | None:
    """Return the text of one part of a run, if the part is text; None for others."""
    match name:
        case "t":
            return (part.text or "").replace("\n", " ")
        case "tab" | "ptab":
            return "\t"
        case "br" | "cr":
            return "" if part.get(f"{WORD}type") in {"page", "column"} else "\n"
        case "noBreakHyphen":
            return "-"
        case "sym":
            return _symbol(part.get(f"{WORD}char", ""))
    return None


def deleted_line(text: str) -> DocumentLine:
    """Return a paragraph that a tracked change has deleted, as a line that is left out."""
    shown = text.strip()
    return DocumentLine(
        shown, Out.DELETED, notes=[Note("tracked", f"修订中删除的段落“{shown[:_CHARACTERS_SHOWN]}”没有读入")]
    )


def notes_on(text: ParagraphText) -> list[Note]:
    """Return what a person should know of a paragraph: tracked changes, hidden text, content controls, footnotes."""
    found = []
    if text.inserted or text.deleted:
        parts = [f"删除“{part}”" for part in text.deleted if part] + [
            f"插入“{part}”" for part in text.inserted
        ]
        found.append(Note("tracked", f"有未接受的修订，按全部接受读取：{'，'.join(parts)[:200]}"))
    if text.hidden:
        found.append(Note("hidden", f"隐藏文字没有读入：{''.join(text.hidden)[:100]}"))
    if text.controls:
        found.append(Note("content_control", "有文字在内容控件里，已读入"))
    for footnote in text.footnotes:
        said = f"脚注没有并入条文：{footnote[:100]}" if footnote else "有脚注标记，文件里却没有脚注的内容"
        found.append(Note("footnote", said))
    return found


def _symbol(code: str) -> str:
    try:
        return chr(int(code, 16))
    except (ValueError, OverflowError):
        return ""


def is_inside(element: Any, top: Any, tag: str = f"{WORD}txbxContent") -> bool:
    """Whether another element with this tag stands between an element and the one above."""
    parent = element.getparent()
    while parent is not None and parent is not top:
        if parent.tag == tag:
            return True
        parent = parent.getparent()
    return False


def add_edge(reading: ParsedDocument, part: Any) -> None:
    """Add the lines of a header or footer, and the watermark that Word keeps in it, to what is outside of the text."""
    lines = {paragraph_text(entry).strip() for entry in part.iter(f"{WORD}p")}
    marks = {one.get("string", "").strip() for one in part.iter("{urn:schemas-microsoft-com:vml}textpath")}
    reading.outside += sorted(line for line in lines | marks if line and line not in reading.outside)
    for mark in sorted(filter(None, marks)):
        note = Note("watermark", f"页面有水印“{mark[:20]}”，没有读入")
        if note not in reading.notes:
            reading.notes.append(note)
