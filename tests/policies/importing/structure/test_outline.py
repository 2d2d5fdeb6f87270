"""Which lines are clauses, under which headings, in the shapes that no sample holds."""

import pytest

from policies.importing.files.documents import read_document
from policies.importing.structure.find_clauses import outline_of
from policies.importing.structure.outline import Outline

FIRST = "对首次入规企业给予10万元奖励（县工信局）。"
SECOND = "对技术改造项目按设备投资的8%给予最高200万元奖补（县工信局）。"
THIRD = "对冷库给予30万元奖励（县农业农村局）。"


def outline(*lines: str) -> Outline:
    return outline_of(read_document("a.txt", "\n".join(("双城县惠企政策摘编", *lines)).encode()))


def read(*lines: str) -> list[tuple[str, str, str]]:
    return [(one.label, one.section, one.text) for one in outline(*lines).clauses]


@pytest.mark.parametrize(
    ("marks", "labels"),
    [
        (("1. ", "2. "), ("1", "2")),
        (("1．", "2．"), ("1", "2")),
        (("1，", "2，"), ("1", "2")),
        (("1-", "2-"), ("1", "2")),
        (("01.", "02."), ("01", "02")),
        (("1 ", "2 "), ("1", "2")),
        (("(1)", "(2)"), ("(1)", "(2)")),
        (("【1】", "【2】"), ("【1】", "【2】")),
        (("⑴", "⑵"), ("⑴", "⑵")),
        (("⒈", "⒉"), ("⒈", "⒉")),
        (("（一）", "（二）"), ("（一）", "（二）")),
        (("第1条 ", "第2条 "), ("第1条", "第2条")),
        (("第一项 ", "第二项 "), ("第一项", "第二项")),
        (("措施一：", "措施二："), ("措施一", "措施二")),
        (("No.1 ", "No.2 "), ("No.1", "No.2")),
        (("● 1.", "● 2."), ("1", "2")),
        (("1.1 ", "1.2 "), ("1.1", "1.2")),
        (("第1款 ", "第2款 "), ("第1款", "第2款")),
        (("ZC-01 ", "ZC-02 "), ("ZC-01", "ZC-02")),
    ],
)
def test_numbers_of_every_kind_are_read(marks: tuple[str, str], labels: tuple[str, str]) -> None:
    found = read("一、工业", marks[0] + FIRST, marks[1] + SECOND)
    assert found == [(labels[0], "一、工业", FIRST), (labels[1], "一、工业", SECOND)]


@pytest.mark.parametrize(
    "heads",
    [("（一）工业", "（二）农业"), ("第一章 工业", "第二章 农业"), ("工业", "农业"), ("【工业】", "【农业】"),
     ("一、给予工业支持", "二、给予农业支持"), ("一、支持工业（责任单位：县工信局）", "二、支持农业（县农业局负责）")],
)  # fmt: skip
def test_headings_of_every_kind_are_read(heads: tuple[str, str]) -> None:
    lines = ("双城县政府", "2026年2月", heads[0], "1." + FIRST, "2." + SECOND, heads[1], "3." + THIRD)
    assert [section for _, section, _ in read(*lines)] == [heads[0], heads[0], heads[1]]


def test_a_figure_behind_the_point_belongs_to_the_text() -> None:
    lines = ("1." + FIRST, "2.2026年新认定的企业给予5万元。", "3.5G工厂给予5万元。", "4. 100家企业给予5万元。",
             "5.24小时营业的商店给予5万元。")  # fmt: skip
    assert [text[:3] for _, _, text in read("一、工业", *lines)] == ["对首次", "202", "5G工", "100", "24小"]


def test_conditions_inside_a_clause_stay_inside() -> None:
    lines = ("1." + FIRST, "2.给予20万元，须符合下列条件：", "1.在本县注册；", "2.纳税信用良好；", "3.无失信记录。",
             "3.对平台给予30万元奖励（县工信局）。")  # fmt: skip
    found = read("一、工业", *lines)
    assert [label for label, _, _ in found] == ["1", "2", "3"]
    assert found[1][2] == "给予20万元，须符合下列条件：1.在本县注册；2.纳税信用良好；3.无失信记录。"


def test_a_gap_a_double_and_a_wrong_order_are_kept_and_said() -> None:
    found = outline("一、工业", "1." + FIRST, "3." + SECOND, "2." + THIRD, "2." + FIRST)
    assert [one.label for one in found.clauses] == ["1", "3", "2", "2"]
    assert {"gap", "order", "duplicate"} <= {one.code for one in found.warnings}


def test_notes_attachments_and_contacts_end_no_document() -> None:
    lines = ("1." + FIRST, "注：1.同一项目不重复享受。", "2.金额为人民币。", "附件：申报表", "2." + SECOND,
             "咨询电话：0532-88888888", "3." + THIRD, "附件：1.申报表", "2.承诺书", "3.汇总表")  # fmt: skip
    found = outline("一、工业", *lines)
    assert [one.text for one in found.clauses] == [FIRST, SECOND, THIRD]
    assert {"2.金额为人民币。", "附件：申报表", "咨询电话：0532-88888888", "3.汇总表"} <= set(found.left_out)


def test_articles_stand_under_chapters_parts_and_numbered_headings() -> None:
    lines = (
        "一、甲办法",
        "第一条 给予10万元。",
        "第二条 给予20万元。",
        "二、乙办法",
        "第一条 给予30万元。",
        "第一条规定的除外。",
    )
    found = outline(*lines)
    assert [one.path for one in found.clauses] == ["一/第一条", "一/第二条", "二/第一条"]
    assert found.clauses[-1].text == "给予30万元。第一条规定的除外。"


def test_a_covering_notice_is_no_part_of_its_attachment() -> None:
    lines = ("关于印发若干措施的通知", "各有关单位：", "一、高度重视。", "二、加强宣传。", "某局", "2026年1月1日", "附件",
             "若干措施", "一、工业", "1." + FIRST, "2." + SECOND, "二、农业", "3." + THIRD)  # fmt: skip
    assert [label for label, _, _ in read(*lines)] == ["1", "2", "3"]


def test_aims_and_safeguards_beside_measures_are_no_clauses() -> None:
    lines = ("一、总体要求", "坚持发展，力争产值达到100亿元。", "二、支持措施", "（一）" + FIRST, "（二）" + SECOND,
             "三、保障措施", "加强组织领导。")  # fmt: skip
    assert [label for label, _, _ in read(*lines)] == ["（一）", "（二）"]


def test_measures_without_numbers_below_are_clauses_with_their_items() -> None:
    lines = ("一、加大技改支持。给予支持：", "（一）对设备投资给予8%补助；", "（二）对首台套给予100万元。",
             "二、加大研发支持。给予10%补助。（责任单位：市科技局）", "本措施自2026年1月1日起施行。")  # fmt: skip
    found = outline(*lines)
    assert [one.label for one in found.clauses] == ["一", "二"]
    assert found.left_out[-1] == "本措施自2026年1月1日起施行。"


def test_more_than_a_thousand_clauses_are_told_apart() -> None:
    assert len(read("一、工业", *(f"{n}.对第{n}类企业给予{n}万元。" for n in range(1, 1300)))) == 1299


def test_a_collection_of_documents_is_read_to_its_end() -> None:
    lines = ("甲若干措施", "一、支持甲。给予10万元奖励。", "二、支持乙。给予20万元奖励。", "本措施自2026年1月1日起施行。",
             "乙若干措施", "一、支持丙。给予30万元奖励。", "二、支持丁。给予40万元奖励。", "本措施由某局负责解释。")  # fmt: skip
    found = outline(*lines)
    assert [one.label for one in found.clauses] == ["一", "二", "一", "二"]
    assert [one.section for one in found.clauses] == ["", "", "乙若干措施", "乙若干措施"]
    assert {"restart", "closing"} <= {one.code for one in found.warnings}


@pytest.mark.parametrize(
    ("marks", "paths"),
    [
        (("1.", "1.", "2.", "2.", "1."), ("1/1", "1/2", "2/1")),
        (("1、", "1.", "2.", "2、", "1."), ("1/1", "1/2", "2/1")),
        (("1.", "1.", "2.", "2.", "3."), ("1", "2", "3")),
        (
            ("（一）", "（一）", "（二）", "（二）", "（一）"),
            ("（一）（一）", "（一）（二）", "（二）（一）"),
        ),
        (("一、", "一、", "二、", "二、", "一、"), ("一/一", "一/二", "二/一")),
    ],
)
def test_a_heading_may_have_a_number_of_the_same_kind_as_its_clauses(
    marks: tuple[str, ...], paths: tuple[str, ...]
) -> None:
    texts = ("支持工业企业做大做强", FIRST, SECOND, "农业农村", THIRD)
    lines = [mark + text for mark, text in zip(marks, texts, strict=True)]
    found = outline(*lines).clauses
    assert [(one.path, one.section, one.text) for one in found] == [
        (paths[0], lines[0], FIRST),
        (paths[1], lines[0], SECOND),
        (paths[2], lines[3], THIRD),
    ]


def test_a_list_inside_a_clause_is_no_row_under_a_heading() -> None:
    lines = (
        "1.对企业分档奖励：",
        "1.国家级10万元；",
        "2.省级5万元。",
        "2.对技改项目分档补助：",
        "1.一档8%；",
        "2.二档5%。",
    )
    assert [one.label for one in outline(*lines).clauses] == ["1", "2"]


def test_fields_in_brackets_end_without_a_full_stop() -> None:
    def card(name: str, department: str) -> tuple[str, ...]:
        return (name, "【支持标准】给予1万元", "【申报时间】4月1日至4月30日", f"【责任单位】{department}")

    cards = (
        *card("政策1 甲", "市工信局"),
        *card("政策2 乙", "市科技局"),
        "商贸类",
        *card("政策3 丙", "市商务局"),
    )
    found = outline("双城县政府", "工业类", *cards, "注：以最新文件为准。")
    assert [(one.label, one.section, one.text[-9:]) for one in found.clauses] == [
        ("政策1", "工业类", "【责任单位】市工信局"[-9:]),
        ("政策2", "工业类", "【责任单位】市科技局"[-9:]),
        ("政策3", "商贸类", "【责任单位】市商务局"[-9:]),
    ]


def test_a_figure_may_follow_a_decimal_after_a_space() -> None:
    lines = (
        "1. 工业",
        "1.1 " + FIRST,
        "1.2 5G工厂每家奖励5万元（县工信局）。",
        "2. 商贸",
        "2.1 2026年新设的给予3万元（县商务局）。",
    )
    assert [one.label for one in outline(*lines).clauses] == ["1.1", "1.2", "2.1"]


def test_lines_with_bullets_are_clauses_where_nothing_is_numbered() -> None:
    found = outline("工业发展", "● " + FIRST, "● " + SECOND, "农业", "● " + THIRD)
    assert [(one.label, one.section, one.text) for one in found.clauses] == [
        ("1", "工业发展", FIRST),
        ("2", "工业发展", SECOND),
        ("3", "农业", THIRD),
    ]
    assert [warning.code for warning in found.warnings] == ["numbered_by_import"]


def test_each_of_several_documents_after_a_notice_is_read() -> None:
    first = (
        "附件1",
        "双城县科技创新若干措施",
        "一、" + FIRST,
        "二、" + SECOND,
        "本措施自2026年4月1日起施行。",
    )
    second = ("附件2", "双城县农业发展若干政策", "一、" + THIRD, "附件3", "申报指南", "一、申报条件")
    notice = (
        "关于印发两项政策的通知",
        "各镇：",
        "现印发给你们。",
        "附件：1.科技创新若干措施",
        "2.农业发展若干政策",
    )
    found = outline_of(read_document("a.txt", "\n".join((*notice, *first, *second)).encode()))
    assert [(one.label, one.section) for one in found.clauses] == [
        ("一", ""),
        ("二", ""),
        ("一", "双城县农业发展若干政策"),
    ]
    assert "一、申报条件" in found.left_out


def test_titles_with_fields_below_are_clauses_where_nothing_is_numbered() -> None:
    def card(name: str, given: str) -> tuple[str, ...]:
        return (name, "支持对象：企业", f"支持标准：{given}", "责任单位：县工信局")

    found = outline(
        "工业类", *card("研发奖励", "给予10万元"), *card("技改补助", "按8%补助"), "咨询电话：12345"
    )
    assert [(one.label, one.section, one.title) for one in found.clauses] == [
        ("1", "工业类", "研发奖励"),
        ("2", "工业类", "技改补助"),
    ]
    assert found.clauses[0].text == "研发奖励 支持对象：企业 支持标准：给予10万元 责任单位：县工信局"
    assert "咨询电话：12345" in found.left_out


def test_a_short_heading_may_end_with_a_colon() -> None:
    lines = ("一、工业发展：", "1、升规：" + FIRST, "2、技改：" + SECOND, "二、农业：", "1、冷库：" + THIRD)
    assert [(one.path, one.section) for one in outline(*lines).clauses] == [
        ("一1", "一、工业发展："),
        ("一2", "一、工业发展："),
        ("二1", "二、农业："),
    ]


def test_headings_of_a_text_with_marks_have_levels() -> None:
    found = outline("# 惠企政策", "## 一、工业", "1. " + FIRST, "## 二、农业", "2. " + THIRD)
    assert [one.section for one in found.clauses] == ["一、工业", "二、农业"]


def test_a_clause_that_is_repealed_is_told() -> None:
    found = outline("1." + FIRST, "2.（已废止）", "3." + THIRD)
    assert [one.label for one in found.clauses] == ["1", "2", "3"]
    assert [warning.where for warning in found.warnings if warning.code == "empty"] == ["2"]
