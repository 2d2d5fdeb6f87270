"""What a document is made of once its file format is out of the way: lines and tables, in reading order."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum


class Out(StrEnum):
    """Why a line is no part of what the document says; "" where it is."""

    NOTHING = ""
    CONTENTS = "目录"
    FURNITURE = "页眉页脚"
    FOOTNOTE = "脚注"
    DELETED = "修订中已删除"
    HIDDEN = "隐藏文字"


@dataclass(frozen=True, slots=True)
class Note:
    """Something a person should look at, of a kind (`code`) that programs may tell apart."""

    code: str
    message: str


@dataclass(slots=True)
class Line:
    """A paragraph, or one printed line of it.

    Attributes:
        text: without white space around it; with the number that Word prints before it.
        out: why it is left out.
        level: of a heading by its style, from 0; None for others.
        starts: a paragraph begins here: True or False where the layout tells, None where it doesn't.
        notes: for the person who reviews the import.
    """

    text: str
    out: Out = Out.NOTHING
    level: int | None = None
    starts: bool | None = None
    notes: list[Note] = field(default_factory=list)


@dataclass(slots=True)
class Table:
    """A table with the text of each cell; what is merged stands in every cell it covers.

    Attributes:
        rows: cells by row; paragraphs of a cell are apart by a line break.
        merged: cells are merged downwards.
        notes: for the person who reviews the import.
    """

    rows: list[list[str]]
    merged: bool = False
    notes: list[Note] = field(default_factory=list)


Block = Line | Table


@dataclass(slots=True)
class Reading:
    """A document as its format gives it.

    Attributes:
        blocks: in reading order.
        outside: texts that belong to the page, not to the document: heads, feet.
        notes: about the file as a whole.
    """

    blocks: list[Block] = field(default_factory=list)
    outside: list[str] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)

    def texts(self) -> Iterator[str]:
        """Every text of the document, also what is left out of it."""
        for block in self.blocks:
            if isinstance(block, Line):
                yield block.text
            else:
                yield from (cell for row in block.rows for cell in row)
