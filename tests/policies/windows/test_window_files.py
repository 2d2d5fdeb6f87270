"""Windows as offices keep them: Excel, titles above Chinese heads, every way to write a day."""

from datetime import date, datetime
from pathlib import Path

import pytest

from policies.library.library import Library
from policies.windows.clause_cells import ClauseCells
from policies.windows.typed_dates import OPEN_ENDED, TypedDateError, read_day
from policies.windows.window_fields import WindowFileError, closing_words, shown
from policies.windows.window_files import read_windows, sample_file

FILES = Path(__file__).parents[2] / "data" / "windows"
NUMBERS = range(1, 50)
CLAUSES = ClauseCells(
    default="booklet",
    documents={"booklet": "booklet"},
    labels={"booklet": {str(number): [number] for number in NUMBERS}},
    numbers={"booklet": {number: [number] for number in NUMBERS}},
    titles={number: f"政策{number}" for number in NUMBERS},
)
TODAY = date(2026, 11, 26)
SPRING = date(2026, 3, 31)


@pytest.mark.parametrize(
    ("name", "windows"),
    [
        ("w1.xlsx", [(22, "2026-12-01", "2026-12-31"), (45, "2026-12-01", "长期")]),
        ("w2m.csv", [(22, "2026-12-01", "2026-12-31")]),
        ("w5.csv", [(22, "2026-12-01", "2026-12-31")]),
        ("w7.csv", [(22, "2026-12-01", "2026-12-31")]),
        ("w13.csv", [(22, "2026-12-01", "2026-12-31")]),
    ],
)
def test_files_of_many_shapes_are_read(name: str, windows: list[tuple[int, str, str]]) -> None:
    read = read_windows((FILES / name).read_bytes(), CLAUSES, TODAY)
    assert [(row.policy_id, str(row.opens_on), closing_words(row.closes_on)) for row in read.rows] == windows


def test_a_column_of_no_use_is_named() -> None:
    read = read_windows((FILES / "w7.csv").read_bytes(), CLAUSES, TODAY)
    assert [*shown(read.remarks)] == ["列“备注”没有使用"]


def test_of_many_columns_of_no_use_some_are_named() -> None:
    head = "policy_id,opens_on,closes_on" + "".join(f",x{number}" for number in range(40_000))
    read = read_windows(f"{head}\n22,2026-12-01,2026-12-31\n".encode(), CLAUSES, TODAY)
    (said,) = shown(read.remarks)
    assert said.endswith("”等 40000 列没有使用")
    assert len(said) < 100


def test_a_title_stands_as_it_was_typed_and_is_seen() -> None:
    """It goes into alerts: what turns the text after it is left out, and one of unseen characters is none."""
    rows = "22,2026-12-01,2026-12-31,\u202e奖补\u2066,\n45,2026-12-01,2026-12-31,\u200b\u200d,\n"
    read = read_windows(f"policy_id,opens_on,closes_on,title,url\n{rows}".encode(), CLAUSES, TODAY)
    assert [row.title for row in read.rows] == ["奖补", "政策45"]


@pytest.mark.parametrize(
    "link", ["https://a.b/\u202egpj.exe", "https://a.b/\u200b", "https://a.b:99999/", "https://a.b:0/"]
)
def test_a_link_that_reads_otherwise_than_it_leads_is_refused(link: str) -> None:
    with pytest.raises(WindowFileError, match="不是完整的网址"):
        read_windows(
            f"policy_id,opens_on,closes_on,title,url\n22,2026-12-01,2026-12-31,,{link}\n".encode(),
            CLAUSES,
            TODAY,
        )


def test_every_bad_row_among_good_ones_is_named_with_its_reason() -> None:
    with pytest.raises(WindowFileError) as caught:
        read_windows((FILES / "w3.csv").read_bytes(), CLAUSES, TODAY)
    said = {fault.line: fault.message for fault in caught.value.faults}
    assert sorted(said) == [8, 10, 12, 13, 14, 19, 20, 21, 25, 26, 28, 33]
    assert "没有年份" in said[8]
    assert "只有年月" in said[12]
    assert "不是确切的日期" in said[13]
    assert "没有这一天" in said[14]
    assert "没有截止日期的请写“长期”" in said[20]
    assert "没有第 99 条" in said[25]


def test_a_note_below_the_table_is_no_row() -> None:
    lines = "条款号,开始日期,截止日期\n22,2026-12-01,2026-12-31\n注：以上时间如有调整另行通知。,,\n"
    read = read_windows(lines.encode(), CLAUSES, TODAY)
    assert [row.policy_id for row in read.rows] == [22]
    assert [*shown(read.remarks)] == ["第 3 行：这一行是表下的说明，没有读取"]


def test_all_that_is_wrong_in_a_row_is_said_under_the_heads_of_the_file() -> None:
    lines = "对应条款,申报起始日期,受理截止,申报项目,网上入口\n九九,三月底,,申报,example.cn\n"
    with pytest.raises(WindowFileError) as caught:
        read_windows(lines.replace("网上入口", "申报网址").encode(), CLAUSES, TODAY)
    assert [str(fault) for fault in caught.value.faults] == [
        "第 2 行，对应条款：没有第九九条",
        "第 2 行，申报起始日期：“三月底”不是确切的日期，请写成 2026-03-31 的样子",
        "第 2 行，受理截止：请填写日期；没有截止日期的请写“长期”",
        "第 2 行，申报网址：“example.cn”不是完整的网址，请以 https:// 或 http:// 开头",
    ]


@pytest.mark.parametrize(
    "cell",
    [
        "2026-03-31", "2026/3/31", "2026.3.31", "2026年3月31日", "2026 年 3 月 31 日", "20260331",
        "２０２６年３月３１日", "2026年3月31日前", "2026-03-31（周二）", "2026/03/31 0:00", "46112", 46112, 46112.0,
        date(2026, 3, 31), datetime(2026, 3, 31, 17, 0),
    ],
)  # fmt: skip
def test_a_day_is_read_however_it_is_written(cell: object) -> None:
    assert read_day(cell, TODAY).day == SPRING  # type: ignore[arg-type]


@pytest.mark.parametrize("cell", ["长期", "长期有效", "常年受理", "额满为止", "先到先得", "无截止日期"])
def test_what_has_no_end_is_open_ended_and_never_shown_as_a_day(cell: str) -> None:
    assert read_day(cell, TODAY).day == OPEN_ENDED
    assert closing_words(OPEN_ENDED) == "长期"


@pytest.mark.parametrize(
    "cell", ["3月31日", "2026年3月", "三月底", "2026年3月上旬", "2126-03-31", "46.5", "x"]
)
def test_what_is_no_day_is_refused(cell: str) -> None:
    with pytest.raises(TypedDateError):
        read_day(cell, TODAY)


def test_a_time_of_day_and_a_serial_number_are_said() -> None:
    assert "17:00" in read_day("2026-03-31 17:00", TODAY).remark
    assert "Excel" in read_day("46112", TODAY).remark
    assert read_day("即日起", TODAY).day == TODAY


def test_a_cell_for_two_clauses_makes_two_windows() -> None:
    head = "条款,开始日期,截止日期,名称\n"
    read = read_windows(f"{head}第22条、45,2026-12-01,2026-12-31,\n".encode(), CLAUSES, TODAY)
    assert [(row.policy_id, row.title) for row in read.rows] == [(22, "政策22"), (45, "政策45")]


def test_an_address_without_its_scheme_gets_one_and_a_formula_stays_text() -> None:
    lines = "条款号,开始日期,截止日期,名称,链接\n22,2026-12-01,2026-12-31,=1+1,www.example.com\n"
    read = read_windows(lines.encode(), CLAUSES, TODAY)
    assert (read.rows[0].title, read.rows[0].url) == ("=1+1", "https://www.example.com")
    assert len(read.remarks) == 2


def test_the_sample_to_download_reads_back(library: Library) -> None:
    assert len(read_windows(sample_file(library).encode("utf-8-sig"), CLAUSES, date(2026, 1, 1)).rows) == 2


def test_what_many_rows_share_is_said_once() -> None:
    lines = "条款号,开始日期,截止日期\n" + "".join(f"{n},46082,46112\n" for n in range(1, 21))
    read = read_windows(lines.encode(), CLAUSES, date(2026, 1, 1))
    assert len([*shown(read.remarks)]) == 2


def test_old_excel_files_and_files_without_heads_are_refused_with_what_to_do() -> None:
    for raw, said in (
        (b"\xd0\xcf\x11\xe0x", "另存为 .xlsx"),
        (b"a,b\n1,2\n", "表头"),
        (b"PK\x03\x04x", "已损坏"),
    ):
        with pytest.raises(WindowFileError, match=said):
            read_windows(raw, CLAUSES, TODAY)
