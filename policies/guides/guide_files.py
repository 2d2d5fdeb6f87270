"""Reads and writes files of guides: CSV or Excel. Pure.

The heads are `policy_id,document,conditions,materials,…` or the Chinese ones that offices use. A column that a file does not
have leaves its field as it is.
"""

import csv
import io
import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from pydantic import BaseModel

from policies.guides.guide import Guide
from policies.guides.guide_fields import FIELDS, GuideFieldsError, guide_of, texts_of
from policies.library.library import Library
from storage.files.spreadsheets import escape_formula, unescape_formula
from storage.files.table_files import Row, TableFileError, cell_text, is_note, read_rows

MAX_BYTES = 5_000_000
MAX_ROWS = 5_000

HEADS: Mapping[str, str] = {"policy_id": "条款号", "document": "文件", **FIELDS}
"""The columns of a file, with the heads that operators read."""
_PATTERNS = {
    "policy_id": re.compile(
        r"policy_?id|label|(?:政策)?(?:条款|条目|条文)(?:号|编号|序号)?|条号|政策(?:编号|序号)|对应条款"
    ),
    "document": re.compile(r"document|(?:所属|政策)?文件(?:编号|名称|名)?|汇编"),
    "conditions": re.compile(r"conditions?|(?:申报|申请|办理)?条件(?:要求)?"),
    "materials": re.compile(
        r"materials?|(?:申报|申请|办理|所需|需要|提交)?(?:的)?(?:材料|资料)(?:清单|要求)?"
    ),
    "steps": re.compile(r"steps?|(?:申报|申请|办理|办事)?(?:流程|步骤|程序)"),
    "where": re.compile(
        r"where|address|[在去]哪[里儿]?办|(?:办理|受理|申报|咨询|办公)?(?:地点|地址|窗口|场所)"
    ),
    "phone": re.compile(r"phone|tel(?:ephone)?|(?:咨询|联系|办公|服务)?电话(?:号码)?|联系方式"),
    "url": re.compile(r"url|link|(?:申报|申请|办理|网上|线上|网上申报)?(?:入口|网址|链接|平台|网站)"),
    "source": re.compile(r"source|(?:信息)?来源"),
    "checked_on": re.compile(r"checked_?on|(?:核对|核实|更新)(?:日期|时间|日)"),
}
_HEAD_ROWS = 10
_NUMBER = re.compile(r"第?(\d{1,6})(?:\.0)?条?")


class GuideFileError(Exception):
    """The file is refused as a whole; each line of the message names a line of the file. Nothing was written."""

    def __init__(self, faults: Iterable[str]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(self.faults))


class GuideRow(BaseModel):
    """A line of a file: the clauses it names, by their labels, and the texts of the columns that it has."""

    line: int
    labels: tuple[str, ...]
    document: str = ""
    texts: dict[str, str]


@dataclass(frozen=True, slots=True)
class Listed:
    """A guide for a file: the clause's label, the id of its document, and the guide."""

    label: str
    document: str
    guide: Guide


def read_guide_rows(raw: bytes) -> list[GuideRow]:
    """Return the lines of a file.

    Args:
        raw: an Excel workbook, or CSV in UTF-8 with or without a mark, UTF-16 or GB18030.

    Raises:
        GuideFileError: it is not a table, or has no heads.
    """
    try:
        records = list(read_rows(raw, MAX_ROWS))
    except TableFileError as error:
        raise GuideFileError([str(error)]) from error
    if not records:
        raise GuideFileError(["文件是空的"])
    head, columns = _head(records)
    return [_row(record, columns) for record in records[head + 1 :] if not is_note(record)]


def clause_finder(library: Library) -> Callable[[str, str], int | None]:
    """Return a function from a clause's label (22, 第22条, 第三条), and the id or title of its document, to its key."""
    by_title = {
        name: one.id for one in library.documents for name in (*library.names_of_document(one), one.id)
    }

    def key_of(label: str, document: str) -> int | None:
        named = document.strip("《》 ")
        if named and named not in by_title:
            return None
        where = by_title.get(named)
        found = library.labelled(label, where)
        number = _NUMBER.fullmatch(label)
        if not found and number:
            found = library.numbered(int(number[1]), where)
        return found[0].key if len(found) == 1 else None

    return key_of


def guides_of(
    rows: Iterable[GuideRow],
    key_of: Callable[[str, str], int | None],
    known: Mapping[int, Guide],
    today: date,
) -> dict[int, Guide]:
    """Return the guides in some lines, by clause key.

    Args:
        rows: of a file.
        key_of: the key of the clause with a label, in the document with an id or title ("": the default one).
        known: the present guides. Fields without a column do not change.
        today: the day of checking, if the file gives none.

    Raises:
        GuideFileError: with every line that is wrong.
    """
    faults: list[str] = []
    guides: dict[int, Guide] = {}
    for row in rows:
        if not row.labels:
            faults.append(f"第 {row.line} 行，条款号：请填写")
        for label in row.labels:
            key = key_of(label, row.document)
            if key is None:
                within = f"文件“{row.document[:40]}”中" if row.document else ""
                faults.append(f"第 {row.line} 行，条款号：{within}没有“{label[:20]}”这一条")
            elif key in guides:
                faults.append(f"第 {row.line} 行，条款号：“{label[:20]}”前面已有一行")
            else:
                before = texts_of(known.get(key)) | {"checked_on": ""}
                try:
                    guides[key] = guide_of(before | row.texts, today)
                except GuideFieldsError as error:
                    named = (f"{FIELDS[name]}：{said}" for name, said in error.problems.items())
                    faults += [f"第 {row.line} 行，{said}" for said in named]
    if faults:
        raise GuideFileError(faults)
    return guides


def write_guides(listed: Iterable[Listed]) -> str:
    """Return the file of some guides; `read_guide_rows` gives them back.

    A text that a spreadsheet would take for a formula begins with an apostrophe.
    """
    return _csv(HEADS, ([one.label, one.document, *_cells(texts_of(one.guide))] for one in listed))


def sample_file(library: Library) -> str:
    """Return a file to fill in, in the heads that operators read; its line is of the first clause of the default document."""
    texts = {
        "conditions": "在本区注册、设备投资 500 万元以上",
        "materials": "申报书；设备发票；付款凭证",
        "steps": "网上申报，区级初审，市级复核，公示后拨付",
        "where": "区政务服务中心 3 楼 12 号窗口",
        "phone": "0000-00000000",
        "url": "https://example.com/apply",
        "source": "2026 年度申报通知",
        "checked_on": "2026-03-01",
    }
    document = library.default_document
    clauses = document.policies[:1] if document else ()
    return _csv(HEADS.values(), [[library.reference(one), "", *texts.values()] for one in clauses])


def _csv(heads: Iterable[str], rows: Iterable[Sequence[str]]) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(heads)
    writer.writerows(rows)
    return out.getvalue()


def _cells(texts: Mapping[str, str]) -> list[str]:
    return [
        escape_formula(texts[name].replace("\n", "；") if name == "materials" else texts[name])
        for name in FIELDS
    ]


def _head(records: Sequence[Row]) -> tuple[int, dict[str, int]]:
    """Return the row of heads, which may stand below a title, and the position of each of our columns."""
    for at, record in enumerate(records[:_HEAD_ROWS]):
        columns: dict[str, int] = {}
        for place, cell in enumerate(record.cells):
            name = _column(cell_text(cell))
            if name:
                columns.setdefault(name, place)
        if "policy_id" in columns and len(columns) > 1:
            return at, columns
    raise GuideFileError(
        ["没有找到表头：至少要有“条款号”（policy_id）和“电话”“材料”等其中一列，可下载样例文件对照"]
    )


def _column(head: str) -> str:
    folded = re.sub(r"\s|[（(][^（()）]{0,40}[)）]|[*＊:：]", "", unicodedata.normalize("NFKC", head)).lower()
    return next((name for name, pattern in _PATTERNS.items() if pattern.fullmatch(folded)), "")


def _row(record: Row, columns: Mapping[str, int]) -> GuideRow:
    texts = {
        name: unescape_formula(cell_text(record.cells[at])) if at < len(record.cells) else ""
        for name, at in columns.items()
    }
    named = unicodedata.normalize("NFKC", texts.pop("policy_id"))
    labels = tuple(dict.fromkeys(part for part in re.split(r"[,、;/\s]+", named) if part))
    return GuideRow(line=record.line, labels=labels, document=texts.pop("document", ""), texts=texts)
