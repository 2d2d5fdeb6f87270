"""Tables in the shapes that offices print policies in: cards, lists with a first column over several rows, sums in a column."""

import io
from collections.abc import Sequence

import docx
import pytest

from policies.importing.files.documents import read_document
from policies.importing.proposal.propose import Proposal, propose
from policies.importing.proposal.report import ReportedClause
from policies.library.models import AmountKind

Rows = Sequence[Sequence[str]]
FIRST = "对新引进的企业给予10万元奖励。"
SECOND = "对技改项目按设备投资的8%给予补助，最高200万元。"
THIRD = "对参展企业给予5万元补贴。"


def proposed(*parts: str | Rows) -> Proposal:
    """A Word document of lines and tables, read; an empty cell at the left is covered by the one above it."""
    document = docx.Document()
    for part in parts:
        if isinstance(part, str):
            document.add_paragraph(part)
            continue
        table = document.add_table(len(part), len(part[0]))
        for at, row in enumerate(part):
            for place, text in enumerate(row):
                table.cell(at, place).text = text
            if at and not row[0]:
                merged = table.cell(at - 1, 0).merge(table.cell(at, 0))
                merged.text = merged.text.strip()
    raw = io.BytesIO()
    document.save(raw)
    return propose(read_document("a.docx", raw.getvalue()))


def read(*parts: str | Rows) -> list[ReportedClause]:
    return proposed(*parts).report.clauses


def card(given: str, department: str, *heads: tuple[str, str]) -> Rows:
    return (
        *heads,
        ("支持对象", "在本区注册的企业"),
        ("支持标准", given),
        ("申报条件", "合同金额50万元"),
        ("责任单位", department),
    )


def test_a_card_of_a_policy_is_a_clause() -> None:
    found = read(
        "惠企政策明白卡",
        card("按设备投资的8%给予补助", "区工信局", ("政策名称", "技改补助")),
        card("每次给予5万元补贴", "区商务局、区财政局", ("政策名称", "参展补贴")),
    )
    assert [(one.label, one.title, one.departments) for one in found] == [
        ("1", "技改补助", ["区工信局"]),
        ("2", "参展补贴", ["区商务局", "区财政局"]),
    ]
    assert [[one.quote for one in clause.sums] for clause in found] == [["8%"], ["5万元"]]
    assert found[0].text.startswith("支持对象 在本区注册的企业 支持标准 按设备投资的8%给予补助")


def test_cards_are_named_by_their_number_by_a_title_across_or_by_the_line_above() -> None:
    across = (("政策一：技改补助", "政策一：技改补助"),)
    assert [(one.label, one.title) for one in read("明白卡", card("给予1万元", "区工信局", *across))] == [
        ("政策一", "技改补助")
    ]
    numbered = (("序号", "7"), ("政策名称", "参展补贴"))
    assert [(one.label, one.title) for one in read("明白卡", card("给予1万元", "区工信局", *numbered))] == [
        ("7", "参展补贴")
    ]
    found = read(
        "明白卡",
        "一、工业",
        "技改补助",
        card("给予1万元", "甲局"),
        "二、商贸",
        "参展",
        card("给予2万元", "乙局"),
        "外贸",
        card("给予3万元", "丙局"),
    )
    assert [(one.section, one.title) for one in found] == [
        ("一、工业", "技改补助"),
        ("二、商贸", "参展"),
        ("二、商贸", "外贸"),
    ]


def test_several_cards_may_stand_in_one_table() -> None:
    rows = (
        *card("给予1万元", "区工信局", ("政策名称", "技改补助")),
        *card("给予2万元", "区商务局", ("政策名称", "参展补贴")),
    )
    assert [(one.title, one.departments) for one in read("明白卡", rows)] == [
        ("技改补助", ["区工信局"]),
        ("参展补贴", ["区商务局"]),
    ]


def test_a_card_under_a_number_belongs_to_that_clause() -> None:
    one = read(
        "政策",
        "政策一：技改补助",
        card("给予1万元", "区工信局"),
        "政策二：参展",
        card("给予2万元", "区商务局"),
    )[0]
    assert (one.label, one.departments) == ("政策一", ["区工信局"])
    assert ([a.quote for a in one.sums], [a.quote for a in one.not_support]) == (["1万元"], ["50万元"])


@pytest.mark.parametrize(
    "heads", [("类别", "政策内容", "责任单位"), ("重点任务", "怎么支持", "责任单位"), None]
)  # fmt: skip
def test_a_first_column_over_several_rows_holds_the_parts(heads: tuple[str, str, str] | None) -> None:
    rows = (("科技", FIRST, "区科技局"), ("", SECOND, "区工信局"), ("开放", THIRD, "区商务局"))
    found = read("政策清单", (heads, *rows) if heads else rows)
    assert [(one.label, one.section, one.text, one.departments) for one in found] == [
        ("1", "科技", FIRST, ["区科技局"]),
        ("2", "科技", SECOND, ["区工信局"]),
        ("3", "开放", THIRD, ["区商务局"]),
    ]


def test_a_sum_in_a_column_beside_the_text_is_one_of_the_clause_and_a_condition_is_none() -> None:
    heads = ("序号", "政策名称", "支持标准", "最高额度（万元）", "申报条件", "责任单位")
    made = proposed(
        "政策清单",
        (
            heads,
            ("1", "技改", "按设备投资的8%给予补助。", "800", "投资500万元以上", "区工信局"),
            ("2", "升规", "给予10万元奖励。", "10", "营收2000万元", "区工信局"),
        ),
    )
    first, second = made.report.clauses
    assert [(one.quote, one.cny, one.rate) for one in first.sums] == [
        ("8%", None, 0.08),
        ("800", 8_000_000, None),
    ]
    assert [one.quote for one in second.sums] == ["10万元"], "what the text says is no second sum"
    policy = made.document.policies[0]
    assert policy.text == "按设备投资的8%给予补助。最高额度800万元。"
    assert [(one.kind, one.cap_cny or one.max_cny) for one in policy.amounts] == [
        (AmountKind.RATE, None),
        (AmountKind.MAX, 8_000_000),
    ]


def test_rows_of_one_policy_are_its_tiers() -> None:
    rows = (
        ("序号", "政策名称", "支持档次", "支持标准", "责任单位"),
        ("1", "研发机构", "国家级", "100万元", "区科技局"),
        ("", "研发机构", "省级", "50万元", "区科技局"),
        ("2", "技改", "工业", "按8%补助", "区工信局"),
    )
    assert [(one.label, one.text) for one in read("清单", rows)] == [
        ("1", "国家级100万元；省级50万元"),
        ("2", "按8%补助"),
    ]


def test_a_row_of_a_list_may_name_a_part_or_count_the_others() -> None:
    rows = (
        ("序号", "政策内容", "责任单位"),
        ("一", "科技类", " "),
        ("1", FIRST, "区科技局"),
        ("二", "商贸类", " "),
        ("2", THIRD, "区商务局"),
        ("合计", "2项", " "),
    )
    assert [(one.label, one.section) for one in read("清单", rows)] == [
        ("1", "一 科技类"),
        ("2", "二 商贸类"),
    ]


def test_a_table_inside_a_clause_takes_the_unit_of_its_heads() -> None:
    table = (("等级", "产值（亿元）", "奖励（万元）"), ("一等", "10", "100"), ("二等", "5", "50"))
    [one] = read("政策", "1.按下列标准奖励：", table)
    assert [(a.quote, a.cny) for a in one.sums] == [("100", 1_000_000), ("50", 500_000)]
