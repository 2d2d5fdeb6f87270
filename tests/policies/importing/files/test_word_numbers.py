"""Numbers that Word prints and no text holds: lists of several levels, a column that counts by itself, rows under one number."""

import io

import docx
import pytest
from docx.document import Document as WordDocument
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from docx.table import Table
from docx.text.paragraph import Paragraph

from policies.importing.files.documents import read_document
from policies.importing.structure.find_clauses import outline_of
from policies.importing.structure.outline import Outline

Level = tuple[str, str, str]
"""Format, text, further rules."""


def numbered(*levels: Level) -> WordDocument:
    """A document whose list 90 has these levels."""
    document = docx.Document()
    document.add_paragraph("某区扶持政策")
    rules = "".join(
        f'<w:lvl w:ilvl="{at}"><w:start w:val="1"/><w:numFmt w:val="{form}"/>{more}<w:lvlText w:val="{text}"/></w:lvl>'
        for at, (form, text, more) in enumerate(levels)
    )
    numbering = document.part.numbering_part.element
    space = nsdecls("w")
    numbering.insert(0, parse_xml(f'<w:abstractNum {space} w:abstractNumId="90">{rules}</w:abstractNum>'))
    numbering.append(parse_xml(f'<w:num {space} w:numId="90"><w:abstractNumId w:val="90"/></w:num>'))
    return document


def at_level(paragraph: Paragraph, level: int) -> None:
    marks = f'<w:numPr {nsdecls("w")}><w:ilvl w:val="{level}"/><w:numId w:val="90"/></w:numPr>'
    paragraph._p.get_or_add_pPr().append(parse_xml(marks))


def read(document: WordDocument) -> Outline:
    raw = io.BytesIO()
    document.save(raw)
    return outline_of(read_document("a.docx", raw.getvalue()))


def filled(table: Table, *rows: tuple[str, ...]) -> None:
    for row in rows:
        for cell, text in zip(table.add_row().cells, row, strict=True):
            cell.text = text


@pytest.mark.parametrize(
    ("levels", "told"),
    [
        (
            [("chineseCountingThousand", "%1、", ""), ("decimal", "%1.%2", "<w:isLgl/>")],
            [("1.1", "一、科技创新"), ("1.2", "一、科技创新"), ("2.1", "二、人才服务")],
        ),
        (
            [("decimal", "%1", ""), ("decimal", "%1.%2", "")],
            [("1.1", "1 科技创新"), ("1.2", "1 科技创新"), ("2.1", "2 人才服务")],
        ),
        (
            [
                ("taiwaneseCountingThousand", "第%1章", ""),
                ("chineseCounting", "第%2条", '<w:lvlRestart w:val="0"/>'),
            ],
            [("第一条", "第一章 科技创新"), ("第二条", "第一章 科技创新"), ("第三条", "第二章 人才服务")],
        ),
    ],
)
def test_a_list_of_two_levels_is_headings_with_clauses(
    levels: list[Level], told: list[tuple[str, str]]
) -> None:
    document = numbered(*levels)
    for heading, clauses in (("科技创新", ("研发", "平台")), ("人才服务", ("安家",))):
        at_level(document.add_paragraph(heading), 0)
        for clause in clauses:
            at_level(document.add_paragraph(f"对{clause}给予10万元奖励（区科技局）。"), 1)
    found = read(document)
    assert [(one.label, one.section) for one in found.clauses] == told
    assert all(one.text.endswith("奖励（区科技局）。") for one in found.clauses)


def test_an_empty_paragraph_with_a_number_is_counted() -> None:
    document = numbered(("decimal", "%1.", ""))
    for text in ("给予10万元奖励。", "", "给予20万元奖励。"):
        at_level(document.add_paragraph(text), 0)
    assert [one.label for one in read(document).clauses] == ["1", "3"]


def test_a_number_column_that_word_counts_by_itself_tells_the_rows_apart() -> None:
    document = numbered(("decimal", "%1", ""))
    table = document.add_table(0, 3)
    filled(table, ("序号", "支持标准", "责任单位"))
    for text in ("奖励1万元。", "奖励2万元。"):
        filled(table, ("", text, "县科技局"))
        at_level(table.rows[-1].cells[0].paragraphs[0], 0)
    assert [(one.label, one.text) for one in read(document).clauses] == [
        ("1", "奖励1万元。"),
        ("2", "奖励2万元。"),
    ]


def test_rows_under_one_merged_number_are_one_clause() -> None:
    document = docx.Document()
    document.add_paragraph("惠企政策清单")
    table = document.add_table(0, 4)
    rows = (
        ("序号", "政策名称", "支持内容", "责任单位"),
        ("1", "平台奖励", "国家级奖励50万元。", "县科技局"),
        ("", "", "省级奖励20万元。", "县科技局"),
        ("2", "展会补助", "每场补助3万元。", "县商务局"),
    )
    filled(table, *rows)
    for column in (0, 1):
        table.cell(1, column).merge(table.cell(2, column))
    assert [(one.label, one.text) for one in read(document).clauses] == [
        ("1", "国家级奖励50万元。省级奖励20万元。"),
        ("2", "每场补助3万元。"),
    ]
