"""The parts of a document without its file format: lines and tables, in reading order."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum


class Out(StrEnum):
    """Why a line is left out of what the document says; "" for a line that is kept."""

    NOTHING = ""
    CONTENTS = "目录"
    FURNITURE = "页眉页脚"
    FOOTNOTE = "脚注"
    DELETED = "修订中已删除"
    HIDDEN = "隐藏文字"


@dataclass(frozen=True, slots=True)
class Note:
    """Something that a person should look at. Programs tell kinds apart by `code`."""

    code: str
    message: str


@dataclass(slots=True)
class DocumentLine:
    """A paragraph, or one printed line of it.

    Attributes:
        text: without white space around it; with the number that Word prints before it.
        out: why it is left out.
        level: of a heading by its style, from 0; None for others.
        starts: whether a paragraph begins here; None if the layout does not show it.
        notes: for the person who reviews the import.
    """

    text: str
    out: Out = Out.NOTHING
    level: int | None = None
    starts: bool | None = None
    notes: list[Note] = field(default_factory=list)


@dataclass(slots=True)
class DocumentTable:
    """A table with the text of each cell. A merged cell's text stands in every cell that it covers.

    Attributes:
        rows: cells by row; paragraphs of a cell are apart by a line break.
        merged: cells are merged downwards.
        notes: for the person who reviews the import.
    """

    rows: list[list[str]]
    merged: bool = False
    notes: list[Note] = field(default_factory=list)


Block = DocumentLine | DocumentTable


@dataclass(slots=True)
class ParsedDocument:
    """A document as its reader gives it.

    Attributes:
        blocks: in reading order.
        outside: headers and footers of the pages.
        notes: about the file as a whole.
    """

    blocks: list[Block] = field(default_factory=list)
    outside: list[str] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)

    def texts(self) -> Iterator[str]:
        """Yield every text of the document, also of lines that are left out."""
        for block in self.blocks:
            if isinstance(block, DocumentLine):
                yield block.text
            else:
                yield from (cell for row in block.rows for cell in row)
