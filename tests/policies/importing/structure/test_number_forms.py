"""Every form of heading with every form of clause number: all clauses are found under their headings, none is lost or merged."""

import io
import itertools

import docx
import pytest

from policies.importing.files.documents import read_document
from policies.importing.structure.find_clauses import outline_of

HAN, LETTERS, ROMAN, CIRCLES = "一二三", "ABC", "ⅠⅡⅢ", "①②③"
HEADINGS = (
    "",
    "{h}、{t}",
    "第{h}章 {t}",
    "{t}",
    "第{a}部分：{t}",
    "板块{h}：{t}",
    "PART {a} {t}",
    "{a} {t}",
    "【{t}】",
)
ANEW = (
    "{a}.",
    "（{h}）",
    "{c}",
    "{s}.{a} ",
    "{s}.{a}.1 ",
    "{s}-{a} ",
    "（{s}-{a}）",
    "({a})",
    "{a}）",
    "{l}.",
    "{r}、",
)
ONWARDS = ("第{h}条 ", "政策{h}：", "第{a}项 ", "措施{h}、")
PARTS = (("科技创新", ("研发", "平台")), ("人才服务", ("安家",)))


def forms() -> list[tuple[str, str, bool]]:
    alike = {("{a} {t}", "{a}.")}  # two rows of one kind: nothing tells headings from clauses
    every = itertools.product(HEADINGS, [(one, True) for one in ANEW] + [(one, False) for one in ONWARDS])
    return [(heading, clause, anew) for heading, (clause, anew) in every if (heading, clause) not in alike]


@pytest.mark.parametrize("heading", HEADINGS)
def test_clauses_stand_under_their_headings_whatever_the_form_of_both(heading: str) -> None:
    for form, clause, anew in forms():
        if form == heading:
            lines, told = written(heading, clause, anew=anew)
            found = outline_of(read_document("a.txt", "\n".join(lines).encode())).clauses
            assert [(one.label, one.section, one.text) for one in found] == told, clause


def written(heading: str, clause: str, *, anew: bool) -> tuple[list[str], list[tuple[str, str, str]]]:
    """The lines of a document, and its clauses as label, heading and text."""
    lines, told = ["某区促进产业发展若干政策", "某区工业和信息化局", "2026年3月"], []
    for part, (title, subjects) in enumerate(PARTS, 1):
        over = heading.format(a=part, h=HAN[part - 1], t=title)
        lines += [over] if over else []
        for place, subject in enumerate(subjects, 1):
            at = place if anew else len(told) + 1
            signs = {"h": HAN[at - 1], "l": LETTERS[at - 1], "r": ROMAN[at - 1], "c": CIRCLES[at - 1]}
            number = clause.format(s=part, a=at, **signs)
            text = f"对{subject}企业给予10万元奖励。（区科技局）"
            lines.append(number + text)
            told.append((number.rstrip(" .、："), over, text))
    return lines, told


def test_a_title_in_the_style_of_a_heading_is_no_part_and_an_appendix_in_it_no_clause() -> None:
    document = docx.Document()
    document.add_paragraph("某政发〔2026〕3号")
    document.add_heading("某区促进产业发展若干政策", 1)
    for part, clauses in (
        ("一、科技创新", ("1.奖励10万元。", "2.奖励20万元。")),
        ("二、人才", ("3.补贴30万元。",)),
    ):
        document.add_heading(part, 2)
        for clause in clauses:
            document.add_paragraph(clause)
    document.add_heading("附件1 责任分工表", 1)
    document.add_paragraph("1.科技创新：区科技局")
    raw = io.BytesIO()
    document.save(raw)
    found = outline_of(read_document("a.docx", raw.getvalue()))
    assert [(one.label, one.section) for one in found.clauses] == [
        ("1", "一、科技创新"),
        ("2", "一、科技创新"),
        ("3", "二、人才"),
    ]
    assert "attachment" in {warning.code for warning in found.warnings}


def test_a_title_in_the_style_of_a_heading_is_no_part_of_the_sentence_below_it() -> None:
    document = docx.Document()
    document.add_paragraph("某区若干政策")
    for title in ("（一）入库奖励", "（二）担保费补助"):
        document.add_heading(title, 2)
        document.add_paragraph("对企业给予3万元奖励。")
    raw = io.BytesIO()
    document.save(raw)
    found = outline_of(read_document("a.docx", raw.getvalue())).clauses
    assert [one.text for one in found] == [
        "入库奖励 对企业给予3万元奖励。",
        "担保费补助 对企业给予3万元奖励。",
    ]


def test_figures_at_the_beginning_of_a_line_are_no_numbers_of_clauses() -> None:
    lines = (
        "若干政策",
        "1.对技改给予奖励：",
        "1-3家的给予10万元；",
        "A类企业加10%。",
        "2.对展会给予3万元。",
    )
    found = outline_of(read_document("a.txt", "\n".join(lines).encode())).clauses
    assert [one.label for one in found] == ["1", "2"]


@pytest.mark.parametrize(
    ("line", "begins"),
    [
        ("第二条 规范提升农民合作社。奖励10万元。", True),
        ("第二条规范发展。奖励10万元。", True),
        ("第二条中小企业首贷奖励10万元。", True),
        ("第二条 第三方服务奖励10万元。", True),
        ("第二条和谐劳动关系奖励10万元。", True),
        ("第二条规定的企业除外。", False),
        ("第二条、第三条所列企业除外。", False),
        ("第二条和第三条不重复享受。", False),
        ("第二条 第二款所称企业除外。", False),
        ("第二条中所称企业除外。", False),
    ],
)
def test_an_article_begins_with_any_word_but_a_reference_to_one_is_none(line: str, begins: bool) -> None:
    lines = ("第一条 支持研发。奖励10万元。", line, "第三条 支持贸易。奖励10万元。")
    found = outline_of(read_document("a.txt", "\n".join(lines).encode())).clauses
    assert ("第二条" in [clause.label for clause in found]) == begins
