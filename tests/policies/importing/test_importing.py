"""The importer reads the printed document, with all its traps, as a person would."""

import html
import io
import re
import zipfile
from pathlib import Path

import docx
import pytest
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from playwright.async_api import Browser

from policies.importing.clause_parts.citations import citations_in, resolve
from policies.importing.clause_parts.responsible import departments_in
from policies.importing.clause_parts.sums import amounts_in
from policies.importing.document.blocks import ParsedDocument
from policies.importing.document.errors import DocumentError
from policies.importing.files.documents import lines_of, read_document
from policies.importing.proposal.propose import Proposal, propose
from policies.importing.structure.find_clauses import outline_of
from policies.library.folding import folded
from policies.library.models import Amount, Department, Document, Policy
from policies.numbers.written import in_chinese
from tests.kit.properties import examples, given, st

DATA = Path(__file__).parents[2] / "data"
DOCUMENT = (DATA / "compendium.txt").read_bytes()
TEXT = DOCUMENT.decode()


@pytest.fixture(scope="module")
def lines() -> tuple[str, ...]:
    return lines_of(read_document("compendium.txt", DOCUMENT))


@pytest.fixture(scope="module")
def fresh(lines: tuple[str, ...], departments: tuple[Department, ...]) -> Proposal:
    """The document read with nothing known before."""
    return propose(read_text(*lines), departments=departments)


def read_text(*lines: str) -> ParsedDocument:
    return read_document("a.txt", "\n".join(lines).encode())


def by_key(document: Document) -> dict[int, Policy]:
    return {policy.key: policy for policy in document.policies}


def test_the_document_is_read_as_it_was_completed_by_hand(fresh: Proposal, compendium: Document) -> None:
    assert fresh.remarks == ()
    assert fresh.document.surroundings == compendium.surroundings.model_copy(update={"id": "document"})
    for read, known in zip(fresh.document.policies, compendium.policies, strict=True):
        for field in ("key", "label", "section", "text", "basis", "departments", "valid_until"):
            assert getattr(read, field) == getattr(known, field), (read.key, field)


def figures(amount: Amount) -> dict[str, object]:
    told_by_hand = {"quote", "what", "who", "choice", "cap_per"}
    return amount.model_dump(exclude=told_by_hand)


def test_the_rule_finds_every_sum_that_was_set_by_hand(fresh: Proposal, compendium: Document) -> None:
    for read, known in zip(fresh.document.policies, compendium.policies, strict=True):
        assert [figures(a) for a in read.amounts] == [figures(a) for a in known.amounts], read.key
        assert [bool(a.choice) for a in read.amounts] == [bool(a.choice) for a in known.amounts]
        assert all(amount.quote in read.text for amount in read.amounts)


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (1, "全国颠覆性技术创新大赛等活动,给予西海岸新区获奖企业"),
        (3, "“一事一议”政府领投支持"),
        (13, "（区新质生产力促进中心、开发区税务局、黄岛区税务局）"),
        (22, "按照年度设备投资额的 12%通过"),
        (28, "（青西新管办发〔2023〕26号)》".replace("（", "(")),
        (35, "给予50万元奖补"),
        (43, "每个品种给予 50 万元奖补"),
        (47, "专精特新“小巨人”企业的评定"),
    ],
)
def test_paragraphs_broken_over_pages_are_joined(fresh: Proposal, number: int, words: str) -> None:
    assert words in by_key(fresh.document)[number].text


def test_a_clause_number_without_a_dot_is_read(fresh: Proposal) -> None:
    assert by_key(fresh.document)[45].text.startswith("支持海水淡化规模化利用。")


def test_two_groups_of_departments_are_read(fresh: Proposal) -> None:
    departments = by_key(fresh.document)[47].departments
    assert departments[0] == "市发展改革委"
    assert departments[-2:] == ("市海洋发展局", "市财政局")
    assert len(departments) == 8


@pytest.mark.parametrize(
    ("text", "departments"),
    [
        ("支持企业（区工信局）。", ("区工信局",)),
        ("支持企业。（区工信局、区财政局）", ("区工信局", "区财政局")),
        ("支持企业。(责任单位:市海洋发展局、市财政局)", ("市海洋发展局", "市财政局")),
        ("支持企业。（责任单位：市科技局）按规定评选。（责任单位：市财政局）", ("市科技局", "市财政局")),
        ("支持（超大型油船、气体运输船舶等）建设（水下采油树、水下管汇等）。", ()),
        ("支持(产品认可、型式/工厂认可)的企业(区工信局)", ("区工信局",)),
        ("支持企业（区工信局、区财 政局）", ("区工信局", "区财政局")),
        ("支持企业", ()),
    ],
)
def test_departments_are_told_from_other_brackets(text: str, departments: tuple[str, ...]) -> None:
    assert departments_in(text) == departments


@pytest.mark.parametrize(
    ("text", "basis"),
    [
        ("按照某局《甲办法（青政发〔2024〕11号）》，支持", [("甲办法", "青政发〔2024〕11号", "")]),
        ("按照《甲办法(试行)(青科字〔2024〕15 号)》,支持", [("甲办法（试行）", "青科字〔2024〕15号", "")]),
        ("按照《甲办法》（青政发〔2024〕11号），支持", [("甲办法", "青政发〔2024〕11号", "")]),
        ("按照《甲（2024—2028年）》，支持", [("甲（2024—2028年）", "", "")]),
        ("按照《〈甲〉的通知》，支持", [("甲", "", "〈甲〉的通知")]),
        (
            "根据《关于印发〈甲〉的通知（青政办发〔2025〕1号）》，",
            [("甲", "青政办发〔2025〕1号", "关于印发〈甲〉的通知")],
        ),
        (
            "按照《甲（青政办字〔2024〕53）》和《乙》，支持《丙目录》",
            [("甲", "青政办字〔2024〕53", ""), ("乙", "", "")],
        ),
        ("支持列入《已使用化妆品原料目录》的企业", []),
        ("按照规定支持《丙目录》", []),
    ],
)
def test_basis_documents_are_read(text: str, basis: list[tuple[str, str, str]]) -> None:
    assert [(b.title, b.doc_no, b.cited_as) for b in citations_in(text)] == basis


def test_a_number_printed_later_counts_for_what_is_cited_before_and_never_for_a_near_twin() -> None:
    plan = citations_in("按照《数字经济实施方案（青财经委发〔2023〕3号）》，支持")
    rules = citations_in("按照《数字经济实施方案工信领域配套细则（青工信字〔2023〕83号）》，支持")
    bare = citations_in("按照《数字经济实施方案工信领域配套细则》，支持")
    unknown = citations_in("按照《数字经济实施方案财政领域配套细则》，支持")
    everything = (*plan, *bare, *unknown, *rules)
    assert [b.doc_no for b in resolve(bare, everything)] == ["青工信字〔2023〕83号"]
    assert [b.doc_no for b in resolve(unknown, everything)] == [""]
    assert [b.doc_no for b in resolve(plan, everything)] == ["青财经委发〔2023〕3号"]


@pytest.mark.parametrize(
    ("text", "sums"),
    [
        ("给予最高30万元奖励", [("max", 300_000, None)]),
        ("给予30万元奖励", [("fixed", 300_000, None)]),
        ("给予20万元至50万元资助", [("range", 500_000, None)]),
        ("给予20至50万元资助", [("range", 500_000, None)]),
        ("按照设备投资额的12%给予最高600万元奖补", [("rate", 6_000_000, 0.12)]),
        ("按照设备投资额的12%给予奖补", [("rate", None, 0.12)]),
        ("每吨奖补800元", [("per_unit", 800, None)]),
        ("给予每人每月500元租房补贴，最长36个月", [("per_unit", 500, None)]),
        ("对博士给予每人一次性5万元奖励", [("per_unit", 50_000, None)]),
        ("给予所有获评企业共150万元奖补", [("pool", 1_500_000, None)]),
        ("考核前10%的给予30万元", [("fixed", 300_000, None)]),
        ("营业收入增长10%以上的给予30万元", [("fixed", 300_000, None)]),
        ("投资金额不设上限", [("uncapped", None, None)]),
        ("分别给予50万元、30万元奖励，入选的给予最高200万元", [
            ("fixed", 500_000, None), ("fixed", 300_000, None), ("max", 2_000_000, None)
        ]),
        ("支持单一来源采购", []),
    ],
)  # fmt: skip
def test_sums_are_proposed_by_rule(text: str, sums: list[tuple[str, int | None, float | None]]) -> None:
    found = amounts_in(text)
    assert [(a.kind.value, a.highest_cny, a.rate) for a in found] == sums
    assert all(amount.quote in text for amount in found)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030", "utf-16"])
def test_text_of_any_desktop_reads_the_same(encoding: str, lines: tuple[str, ...]) -> None:
    assert lines_of(read_document("a.TXT", DOCUMENT.decode().encode(encoding))) == lines


def as_docx(lines: tuple[str, ...]) -> bytes:
    """The document as an office would type it: a table for the contents, a paragraph a line."""
    document = docx.Document()
    table = None
    for line in lines:
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if line.startswith("|") and not set(line) <= set("|- "):
            table = table or document.add_table(rows=0, cols=2)
            row = table.add_row()
            row.cells[0].text, row.cells[1].text = cells
        elif not line.startswith("|"):
            document.add_paragraph(line)
    return saved(document)


def saved(document: object) -> bytes:
    out = io.BytesIO()
    document.save(out)  # type: ignore[attr-defined]
    return out.getvalue()


def test_a_word_file_reads_as_the_text(
    lines: tuple[str, ...], compendium: Document, departments: tuple[Department, ...]
) -> None:
    proposal = propose(read_document("汇编.docx", as_docx(lines)), compendium, departments=departments)
    assert (proposal.changes, proposal.surroundings) == ((), None)


def numbered(document: object, number_format: str, pattern: str, *, abstract_id: str) -> str:
    """An automatic numbering, as Word keeps it; gives the id paragraphs refer to."""
    root = document.part.numbering_part.element  # type: ignore[attr-defined]
    abstract = OxmlElement("w:abstractNum")
    abstract.set(qn("w:abstractNumId"), abstract_id)
    level = OxmlElement("w:lvl")
    level.set(qn("w:ilvl"), "0")
    for name, value in (("w:start", "1"), ("w:numFmt", number_format), ("w:lvlText", pattern)):
        entry = OxmlElement(name)
        entry.set(qn("w:val"), value)
        level.append(entry)
    abstract.append(level)
    root.insert(0, abstract)
    return str(root.add_num(int(abstract_id)).numId)


def test_numbers_that_word_counts_itself_are_read(compendium: Document) -> None:
    document = docx.Document()
    sections = numbered(document, "chineseCounting", "%1、", abstract_id="90")
    clauses = numbered(document, "decimal", "%1.", abstract_id="91")

    def add(text: str, number_id: str) -> None:
        properties = document.add_paragraph(text)._p.get_or_add_pPr().get_or_add_numPr()
        properties.get_or_add_ilvl().val = 0
        properties.get_or_add_numId().val = int(number_id)

    for section in compendium.sections:
        add(section.title, sections)
        for policy in compendium.policies:
            if policy.section == section.number:
                add(policy.text, clauses)
    outline = outline_of(read_document("a.docx", saved(document)))
    assert [title for (title,) in outline.headings] == [
        f"{in_chinese(section.number)}、{section.title}" for section in compendium.sections
    ]
    assert [(clause.label, clause.text) for clause in outline.clauses] == [
        (policy.label, policy.text) for policy in compendium.policies
    ]


async def printed(browser: Browser, text: str) -> bytes:
    """A text as Chromium prints it: justified lines, a running head, — n — at the foot."""
    body = "".join(f"<p>{html.escape(line)}</p>" for line in text.splitlines() if line.strip())
    page = await browser.new_page()
    await page.set_content(f'<html lang="zh-CN"><body style="text-align: justify">{body}</body></html>')
    small = '<p style="font-size: 9px; margin: auto">'
    return await page.pdf(
        format="A5",
        display_header_footer=True,
        header_template=f"{small}先进技术产品转化应用试点政策摘编</p>",
        footer_template=f'{small}— <span class="pageNumber"></span> —</p>',
        margin={"top": "25mm", "bottom": "25mm", "left": "20mm", "right": "20mm"},
    )


@pytest.mark.browser
async def test_a_pdf_with_running_heads_and_page_numbers_reads_as_the_text(
    browser: Browser, compendium: Document, departments: tuple[Department, ...]
) -> None:
    raw = await printed(browser, TEXT)
    proposal = propose(read_document("a.pdf", raw), compendium, departments=departments)
    assert proposal.changes == ()
    assert proposal.document.policies == compendium.policies
    assert proposal.document.contact == compendium.contact
    assert (proposal.document.title, proposal.document.issuer) == (compendium.title, compendium.issuer)


@pytest.mark.parametrize(
    ("name", "raw", "said"),
    [
        ("a.doc", b"x", "不认识的文件类型 .doc"),
        ("a", b"x\x00", "无扩展名"),
        ("a.txt", b"", "没有文字"),
        ("a.txt", b" \n\n", "没有文字"),
        ("a.txt", b"\x81", "编码"),
        ("a.txt", b"x" * 30_000_001, "文件过大"),
        ("a.docx", b"PK\x03\x04 broken", "Word 文件已损坏"),
        ("a.docx", b"", "Word 文件已损坏"),
        ("a.pdf", b"%PDF-1.7 broken", "PDF 已损坏"),
        ("a.pdf", b"", "PDF 已损坏"),
    ],
)
def test_a_file_that_cannot_be_read_says_why(name: str, raw: bytes, said: str) -> None:
    with pytest.raises(DocumentError, match=said):
        read_document(name, raw)


def test_a_word_file_that_unpacks_to_too_much_is_refused() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for part in range(5):
            archive.writestr(f"word/{part}.xml", b" " * 13_000_000)
    with pytest.raises(DocumentError, match="解压后过大"):
        read_document("a.docx", out.getvalue())


def test_a_text_without_clauses_is_refused() -> None:
    with pytest.raises(DocumentError, match="没有识别到条款"):
        propose(read_text("一封信", "您好。"))


def test_clauses_without_sections_are_kept() -> None:
    proposal = propose(read_text("某办法", "第一条 支持甲（区工信局）。", "第二条 支持乙（区工信局）。"))
    assert [(p.key, p.label, p.section, p.text) for p in proposal.document.policies] == [
        (1, "第一条", 1, "支持甲（区工信局）。"),
        (2, "第二条", 1, "支持乙（区工信局）。"),
    ]
    assert any("分部" in remark for remark in proposal.remarks)


HAN = "支持企业海洋发展平台建设创新人才融合项目研究开发设备改造"
sentences = st.text(HAN + "0123456789%，、", min_size=4, max_size=40).map(lambda s: f"支{s}业。")
offices = st.lists(
    st.sampled_from(["区工信局", "市财政局", "区招才中心"]), min_size=1, max_size=3, unique=True
)


@st.composite
def compendia(draw: st.DrawFn) -> list[list[tuple[str, tuple[str, ...]]]]:
    """Sections of clauses; a clause is its text and the departments the text ends with."""
    sections = []
    for _ in range(draw(st.integers(1, 4))):
        clauses = []
        for _ in range(draw(st.integers(1, 4))):
            names = draw(offices)
            wrapping = draw(st.sampled_from(["（{}）。", "({})", "(责任单位:{})", "（责任单位：{}）"]))
            body = "".join(draw(st.lists(sentences, min_size=1, max_size=3)))
            clauses.append((body + wrapping.format("、".join(names)), tuple(names)))
        sections.append(clauses)
    return sections


@examples(150)
@given(compendia(), st.data())
def test_what_was_printed_over_pages_is_read_back(
    sections: list[list[tuple[str, tuple[str, ...]]]], data: st.DataObject
) -> None:
    number, printed = 0, ["某汇编", "某处", "2026年1月", "前言。"]
    for at, clauses in enumerate(sections):
        printed.append(f"{'一二三四'[at]}、{HAN[:6]}")
        for text, _ in clauses:
            number += 1
            mark = data.draw(st.sampled_from([". ", ".", "．", "、", " "]))
            cut = data.draw(st.integers(1, len(text) - 1))
            starts_anew = re.match(r"\d{1,3}\s*[.．、]?", text[cut:]) or re.match("[一二三四]、", text[cut:])
            pieces = [text] if starts_anew else [text[:cut], "", text[cut:]]
            printed += [f"{number}{mark}{pieces[0]}", *pieces[1:]]
    read = propose(read_text(*printed)).document
    expected = [clause for clauses in sections for clause in clauses]
    assert [(p.text, p.departments) for p in read.policies] == expected
    assert [p.label for p in read.policies] == [str(at) for at in range(1, number + 1)]
    assert read.preamble == "前言。"


pieces = st.one_of(
    st.text(max_size=30),
    st.sampled_from(
        [
            "1. ",
            "2、",
            "3 支持",
            "一、",
            "二、",
            "第一条 ",
            "《",
            "》",
            "（青政发〔2024〕1号）",
            "按照《甲》，",
            "（区工信局）",
            "12%",
            "万元",
            "最高",
            "每",
            "至",
            "不设上限",
            "\n",
            "\r",
            "\x00",
            "\u2028",
            "999999999999999999亿元",
            "⽤",
            "|",
        ]
    ),
)


@examples(300)
@given(st.lists(pieces, max_size=40).map("".join))
def test_no_text_breaks_the_importer(text: str) -> None:
    try:
        proposal = propose(read_document("a.txt", text.encode("utf-8", "surrogatepass")))
    except DocumentError:
        return
    kept = folded("".join(policy.text for policy in proposal.document.policies))
    assert kept
    for policy in proposal.document.policies:
        assert all(amount.quote in policy.text for amount in policy.amounts)


@examples(60)
@given(
    st.binary(max_size=300),
    st.sampled_from(["a.txt", "a.docx", "a.pdf"]),
    st.sampled_from([b"", b"PK\x03\x04", b"%PDF-1.4\n"]),
)
def test_no_bytes_break_the_reading_of_files(raw: bytes, name: str, magic: bytes) -> None:
    try:
        lines = lines_of(read_document(name, magic + raw))
    except DocumentError:
        return
    assert all(lines)


def test_a_clause_reads_as_its_characters_stand() -> None:
    """A mark of direction would show 10 as 01 wherever the clause is shown."""
    text = "第一条 对\u200b企业\u202e给予\u2066奖励\u2069最高\x0010万元。"
    proposal = propose(read_document("a.txt", text.encode()))
    assert [policy.text for policy in proposal.document.policies] == ["对企业给予奖励最高10万元。"]
