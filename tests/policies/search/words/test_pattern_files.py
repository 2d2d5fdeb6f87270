"""Files of patterns: sections, lines that go on, comments and names."""

from pathlib import Path

import pytest

from policies.search.words.pattern_files import read_patterns

FILE = """\
# 何时
{何时} = (?:几号|
    哪天)
{截止} = {何时}(?:截止|结束)

[time]
# 什么时候截止
{截止}(?:的)?
    {1,2}
# 最后期限
最后期限|
    # 日期
    截止日期

[phone]
电话
"""


def test_lines_are_joined_and_names_filled_in(tmp_path: Path) -> None:
    (tmp_path / "said.txt").write_text(FILE, encoding="utf-8")
    assert read_patterns(tmp_path / "said.txt") == {
        "time": ("(?:几号|哪天)(?:截止|结束)(?:的)?{1,2}", "最后期限|截止日期"),
        "phone": ("电话",),
    }


@pytest.mark.parametrize("text", ["[time]\n{何时}截止\n", "截止\n"])
def test_a_name_that_no_line_gives_and_a_pattern_of_no_section_are_errors(tmp_path: Path, text: str) -> None:
    (tmp_path / "said.txt").write_text(text, encoding="utf-8")
    with pytest.raises(KeyError):
        read_patterns(tmp_path / "said.txt")
