"""What stands beside the clauses of a document is kept out of them, and said: notices, closing words, appendices, comments."""

import io

import docx
from docx.oxml import parse_xml
from docx.oxml.ns import nsmap

from policies.importing.files.documents import read_document
from policies.importing.proposal.propose import propose
from policies.importing.structure.find_clauses import outline_of
from policies.importing.structure.outline import Outline

MEASURES = (
    "某区支持民营经济若干举措",
    "一、保障公平竞争",
    "1.对清理市场准入壁垒成效突出的协会给予5万元补助。（区发展改革局牵头，各有关部门配合）",
    "2.对小微企业给予10%的价格扣除。（区财政局负责）",
    "二、加大资金支持",
    "3.对首贷企业按附件1标准给予贴息。（区财政局负责）",
)


def outline(*lines: str) -> Outline:
    return outline_of(read_document("a.txt", "\n".join(lines).encode()))


def codes(found: Outline) -> set[str]:
    return {warning.code for warning in found.warnings}


def test_a_notice_before_the_document_that_it_issues_is_left_out_and_the_appendices_too() -> None:
    found = outline(
        "某区人民政府办公室关于印发《某区支持民营经济若干举措》的通知",
        "各镇人民政府：",
        "现印发给你们，请认真贯彻执行。",
        "附件：1.扶持标准表",
        "2.名词解释",
        *MEASURES,
        "本举措自印发之日起施行。",
        "附件1",
        "扶持标准表",
        "附件2",
        "名词解释",
        "1.首贷，是指首次取得贷款。",
        "2.续贷，是指到期前取得新的贷款。",
    )
    assert [(one.label, one.section) for one in found.clauses] == [
        ("1", "一、保障公平竞争"),
        ("2", "一、保障公平竞争"),
        ("3", "二、加大资金支持"),
    ]
    assert found.clauses[-1].text.endswith("（区财政局负责）")
    assert {"covering_notice", "closing", "attachment"} <= codes(found)
    assert "1.首贷，是指首次取得贷款。" in found.left_out


def test_an_appendix_after_the_clauses_does_not_make_these_a_notice() -> None:
    """Many measures say 印发 in their first lines and have 附件 behind them."""
    found = outline("某区关于印发若干举措的通知", *MEASURES, "附件", "扶持标准表", "1.甲", "2.乙", "3.丙")
    assert [one.label for one in found.clauses] == ["1", "2", "3"]


def test_what_closes_a_document_without_a_number_is_no_part_of_the_last_article() -> None:
    for heading in ("附　则", "附则", "其他事项"):
        found = outline(
            "某区旅游奖励办法",
            "第一条 对旅行社给予10万元奖励。",
            "第二条 五年内迁出的，应当退还已取得的资金。",
            heading,
            "本办法由区文化旅游局负责解释。",
            "自2026年5月1日起施行，有效期三年。",
        )
        assert [one.text for one in found.clauses][-1].endswith("应当退还已取得的资金。")
        assert "本办法由区文化旅游局负责解释。" in found.left_out
        assert "part_left_out" in codes(found)
    articles = outline(
        "办法", "第一条 给予10万元奖励。", "第二条 应当退还。", "附则", "第三条 本办法自发布之日起施行。"
    )
    assert [(one.label, one.section) for one in articles.clauses][-1] == ("第三条", "附则")


def test_closing_words_in_other_forms_are_left_out() -> None:
    for words in (
        "本暂行办法由区商务局负责解释。",
        "自2026年5月1日起施行。",
        "由区商务局负责解释。",
        "有效期至2028年12月31日。",
        "未尽事宜另行通知。",
        "温馨提示：政策如有调整，以最新文件为准。",
    ):
        found = outline("若干措施", "1.给予10万元奖励（区商务局）。", "2.给予5万元奖励（区商务局）。", words)
        assert [one.text for one in found.clauses] == [
            "给予10万元奖励（区商务局）。",
            "给予5万元奖励（区商务局）。",
        ], words
        assert words in found.left_out


def test_clauses_go_on_after_words_beside_them_also_where_a_number_is_missing() -> None:
    found = outline(
        "政策选编",
        *(f"{at}.对第{at}类企业给予{at}万元补助（区发改局）。" for at in range(1, 8)),
        "咨询电话：0571-86661234",
        "9.对清洁生产企业给予5万元补助（区发改局）。",
    )
    assert [one.label for one in found.clauses][-2:] == ["7", "9"]
    assert {"contact", "gap"} <= codes(found)


def test_a_heading_and_an_appendix_are_told_after_a_field_without_a_full_stop() -> None:
    card = ("支持标准：一次性奖励15万元", "责任科室：县工信局企业科（0571-8803321）")
    found = outline(
        "明白纸",
        "某县编印",
        "工业发展篇",
        "政策一：升规奖励",
        *card,
        "政策二：设备补助",
        "申报条件：",
        "1.完成备案；",
        "2.一年内完工。",
        *card,
        "人才就业篇",
        "政策三：见习补贴",
        *card,
        "附录A 名词解释",
        "1.升规，是指首次纳入统计。",
    )
    assert [(one.label, one.section) for one in found.clauses] == [
        ("政策一", "工业发展篇"),
        ("政策二", "工业发展篇"),
        ("政策三", "人才就业篇"),
    ]
    assert found.clauses[-1].text.endswith("责任科室：县工信局企业科（0571-8803321）")
    assert "附录A 名词解释" in found.left_out


def test_where_numbers_begin_anew_every_clause_is_named_with_its_part() -> None:
    found = outline("措施", "一、甲", "（一）给予1万元。", "（二）给予2万元。", "二、乙", "（一）给予3万元。")
    assert [one.path for one in found.clauses] == ["一（一）", "一（二）", "二（一）"]


def test_a_table_goes_on_after_a_line_that_says_so_and_its_remarks_are_no_clause() -> None:
    document = docx.Document()
    document.add_paragraph("惠企政策清单")
    head = ["序号", "政策名称", "支持内容", "牵头单位"]
    for part, rows in (
        (0, [head, ["一、科技"] * 4, ["1", "甲", "给予1万元。", "县科技局"]]),
        (1, [head, ["2", "乙", "给予2万元。", "县商务局"], ["备注：1.不重复享受；2.以预算为限。"] * 4]),
    ):
        if part:
            document.add_paragraph("续表")
        table = document.add_table(len(rows), 4)
        for at, row in enumerate(rows):
            for cell, text in zip(table.rows[at].cells, row, strict=True):
                cell.text = text
    document.add_paragraph("联系人：张三")
    raw = io.BytesIO()
    document.save(raw)
    found = outline_of(read_document("a.docx", raw.getvalue()))
    assert [(one.label, one.section) for one in found.clauses] == [("1", "一、科技"), ("2", "一、科技")]
    assert "note" in codes(found)
    assert {"续表", "备注：1.不重复享受；2.以预算为限。"} <= set(found.left_out)
    assert found.left_out.index("续表") < found.left_out.index("联系人：张三")
    assert found.front == ["惠企政策清单"]


def test_a_table_below_a_note_belongs_to_no_clause() -> None:
    document = docx.Document()
    for text in ("某区措施", *MEASURES[1:], "注：各档标准见下表。"):
        document.add_paragraph(text)
    document.add_table(2, 2).rows[0].cells[0].text = "档次"
    raw = io.BytesIO()
    document.save(raw)
    found = outline_of(read_document("a.docx", raw.getvalue()))
    assert len(found.clauses) == 3
    assert [clause.tables for clause in found.clauses] == [[], [], []]


def test_a_file_without_an_ending_is_known_by_how_it_begins() -> None:
    raw = io.BytesIO()
    document = docx.Document()
    document.add_paragraph("1.给予10万元奖励。")
    document.save(raw)
    assert [*read_document("政策汇编定稿", raw.getvalue()).texts()] == ["1.给予10万元奖励。"]
    assert [*read_document("定稿2026.3", "1.给予奖励。".encode("gb18030")).texts()] == ["1.给予奖励。"]


def test_comments_are_listed_among_what_was_left_out() -> None:
    document = docx.Document()
    paragraph = document.add_paragraph("1.给予10万元奖励。")
    document.add_comment(paragraph.runs, text="建议提高到12万元", author="财政局")
    raw = io.BytesIO()
    document.save(raw)
    assert read_document("a.docx", raw.getvalue()).outside == ["建议提高到12万元"]


def test_clauses_that_say_the_same_and_sums_in_an_appendix_are_told() -> None:
    lines = ("某区措施", "1.对首贷企业按附件1所列标准给予贴息。", "2.给予10万元奖励。", "3.给予10万元奖励。")
    report = propose(read_document("a.txt", "\n".join(lines).encode())).report
    said = {warning.code: warning.where for warning in report.warnings}
    assert (said["appendix_cited"], said["same_text"]) == ("1", "3")


def test_a_draft_is_told_by_its_title_and_by_its_watermark() -> None:
    assert "draft_text" in codes(outline("某区若干措施（征求意见稿）", *MEASURES[1:]))
    assert "draft_text" not in codes(outline(*MEASURES))
    document = docx.Document()
    for line in MEASURES:
        document.add_paragraph(line)
    run = document.sections[0].header.paragraphs[0].add_run()
    mark = '<v:shape xmlns:v="urn:schemas-microsoft-com:vml"><v:textpath string="送审稿"/></v:shape>'
    run._r.append(parse_xml(f'<w:pict xmlns:w="{nsmap["w"]}">{mark}</w:pict>'))
    raw = io.BytesIO()
    document.save(raw)
    found = outline_of(read_document("a.docx", raw.getvalue()))
    assert {"watermark", "draft_text"} <= codes(found)
    assert "送审稿" in found.left_out
