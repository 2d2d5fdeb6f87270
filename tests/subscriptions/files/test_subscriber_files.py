"""Lists of subscribers as offices keep them, with what Excel does to credit codes named for what it is."""

import io
from pathlib import Path

import openpyxl
import pytest

from policies.district.folder import load_district
from subscriptions.files.subscriber_files import grouped, read_subscribers
from subscriptions.members.track_names import TrackNames

FILES = Path(__file__).parents[2] / "data" / "subscribers"
NAMES = TrackNames(load_district().tracks.tracks)


def test_codes_that_excel_ruined_in_every_line_are_one_sentence() -> None:
    rows, problems = read_subscribers((FILES / "b5.csv").read_bytes(), NAMES)
    (said,) = grouped(problems)
    assert (rows, len(problems)) == ([], 500)
    assert "共 500 行" in said
    assert "设为“文本”格式" in said


def test_a_damaged_list_is_read_line_by_line_with_the_reason_of_each() -> None:
    rows, problems = read_subscribers((FILES / "b2.csv").read_bytes(), NAMES)
    assert [row.line for row in rows] == [2, 3, 9, 11, 12, 13, 14, 17, 23, 24, 25, 26]
    said = {problem.line: problem.what for problem in problems}
    assert "Excel" in said[4]
    assert "Excel" in said[5]
    assert "15 位的旧工商注册号" in said[10]
    assert "是否为“海水淡化”" in said[16]
    assert "请确认是哪一个" in said[22]


def test_a_list_in_gbk_with_tracks_behind_every_mark_is_read() -> None:
    rows, problems = read_subscribers((FILES / "b1.csv").read_bytes(), NAMES)
    assert not problems
    assert [len(row.tracks) for row in rows] == [2, 2, 1]


def workbook(*rows: list[object]) -> bytes:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_a_workbook_with_a_title_and_chinese_heads_is_read() -> None:
    raw = workbook(
        ["订阅企业名单"],
        ["openid", "企业名称", "统一社会信用代码", "赛道", "备注"],
        ["o1", "青岛甲公司", "'91370211930364265D", "海水淡化、人工智能", "x"],
        ["o2", "青岛乙公司", "无", "海水淡化"],
    )
    rows, problems = read_subscribers(raw, NAMES)
    assert not problems
    assert [(row.openid, row.company, row.uscc, len(row.tracks)) for row in rows] == [
        ("o1", "青岛甲公司", "91370211930364265D", 2),
        ("o2", "青岛乙公司", "", 1),
    ]


def test_a_code_kept_as_a_number_has_lost_its_end() -> None:
    raw = workbook(
        ["openid", "企业名称", "统一社会信用代码", "赛道"], ["o1", "甲公司", 913702119458073052, "海水淡化"]
    )
    (problem,) = read_subscribers(raw, NAMES)[1]
    assert "后几位已经丢失" in problem.what


@pytest.mark.parametrize("typed", ["无", "-", "", "　"])
def test_no_code_is_no_fault(typed: str) -> None:
    rows, problems = read_subscribers(f"openid,company,uscc,tracks\no1,甲公司,{typed},ai\n".encode(), NAMES)
    assert (rows[0].uscc, problems) == ("", [])
