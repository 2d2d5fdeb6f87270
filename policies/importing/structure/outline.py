"""A document as clauses: the values that finding the clauses results in. Pure."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from policies.importing.document.blocks import DocumentTable, Note
from policies.library.validity import Validity, validity_in

_ISSUED = re.compile(r"((?:19|20)\d\d)\s*+年\s*+(\d{1,2})\s*+月\s*+(\d{1,2})\s*+日(?:\s*+印发)?")


class Structure(StrEnum):
    """Which lines are the clauses."""

    AUTO = "auto"
    ARTICLES = "articles"
    NUMBERS = "numbers"
    PARAGRAPHS = "paragraphs"
    TABLE = "table"


@dataclass(frozen=True, slots=True)
class Remark:
    """A warning for the operator.

    Attributes:
        code: tells kinds of warnings apart.
        message: in Chinese.
        where: the path or label of the clause that it is about, or the headings of the part; "" for the document as a whole.
    """

    code: str
    message: str
    where: str = ""


@dataclass(slots=True)
class Clause:
    """A clause as printed.

    Attributes:
        label: its number as printed, without the closing point.
        path: the label if it is unique; else the headings' numbers and the label.
        headings: from outer to inner, as printed.
        numbers: of these headings, from outer to inner (一, （二）); a heading without a number has none.
        text: without the number.
        departments: from a column of a table; None if only the text can tell.
        tables: of the text: rows of cells.
        title: from a column of a table, or the name of a card.
        notes: what a person should look at; the report tells each with the clause's path.
        article: its number is of the kind 第一条.
        beside: for a row of a list, head and cell of each column outside the text.
    """

    label: str
    headings: tuple[str, ...]
    text: str
    path: str = ""
    numbers: tuple[str, ...] = ()
    title: str = ""
    departments: tuple[str, ...] | None = None
    tables: list[DocumentTable] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    article: bool = False
    beside: tuple[tuple[str, str], ...] = ()

    @property
    def section(self) -> str:
        """Headings in one line."""
        return " / ".join(self.headings)


@dataclass(slots=True)
class Outline:
    """A document as clauses.

    Attributes:
        structure: how the clauses were found.
        front: lines before the first heading or clause.
        headings: each part that was met, as its headings from outer to inner; in order, also parts without a clause.
        preambles: what stands between a heading and its first clause, by the headings.
        closing: words about whom to ask, after the clauses.
        left_out: every text that is in no clause and no heading.
        warnings: for the operator, in the order of the document.
    """

    structure: Structure = Structure.AUTO
    front: list[str] = field(default_factory=list)
    headings: list[tuple[str, ...]] = field(default_factory=list)
    preambles: dict[tuple[str, ...], str] = field(default_factory=dict)
    clauses: list[Clause] = field(default_factory=list)
    closing: str = ""
    left_out: list[str] = field(default_factory=list)
    warnings: list[Remark] = field(default_factory=list)

    def warn(self, code: str, message: str, where: str = "") -> None:
        self.warnings.append(Remark(code, message, where))

    def leave(self, text: str) -> None:
        """Keep a text that is in no clause and no heading."""
        if text:
            self.left_out.append(text)

    def leave_table(self, table: DocumentTable) -> None:
        """Keep the text of a table that is in no clause, one line for each row."""
        for row in table.rows:
            self.leave("　".join(dict.fromkeys(filter(None, row))))

    @property
    def issued(self) -> date | None:
        """The day that stands in a line of its own, the last such: a document is signed at its end, a notice before it."""
        found = [match for line in self.left_out if (match := _ISSUED.fullmatch(line.strip()))]
        try:
            return date(*map(int, found[-1].groups())) if found else None
        except ValueError:
            return None

    @property
    def validities(self) -> Mapping[str, Validity]:
        """Return when the document is in force, under "". If one file has several documents, the key is the heading
        with the title.
        """
        said: dict[str, Validity] = {}
        issued = self.issued
        for part, text in (
            *(("", line) for line in self.left_out),
            *((one.headings[0] if one.headings else "", one.text) for one in self.clauses),
        ):
            if found := validity_in(text, issued):
                said[part] = found
        of_parts = {part: one for part, one in said.items() if part and one.is_in_force_from}
        if len(of_parts) > 1:
            return of_parts
        return {"": next(reversed(said.values()))} if said else {}

    def warn_same_labels(self) -> bool:
        """Warn once if labels come again in other parts. Returns whether they do."""
        told = {warning.where for warning in self.warnings if warning.code == "duplicate"}
        labels = [clause.label for clause in self.clauses if clause.label not in told]
        if len(set(labels)) == len(labels):
            return False
        twice = next(label for label in labels if labels.count(label) > 1)
        said = f"编号在各部分重新开始（“{twice}”出现 {labels.count(twice)} 次），条款以所在部分区分"
        self.warn("restart", said)
        return True
