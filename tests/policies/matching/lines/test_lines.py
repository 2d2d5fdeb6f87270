"""Conditions and rules stand at the desk as lines; a line says the same as the data, and a wrong line is refused."""

import pytest

from policies.matching.catalogue import load_catalogue
from policies.matching.facts import load_facts
from policies.matching.lines.benefit_lines import lines_of, terms_of
from policies.matching.lines.line_parts import LineError
from policies.matching.lines.sum_lines import line_of_sum, sum_of_line

FACTS = load_facts()


def test_conditions_and_rules_as_lines_are_the_same_and_none_is_json() -> None:
    for benefit in load_catalogue().benefits:
        lines = [line for term in benefit.conditions for line in lines_of(term, FACTS)]
        assert not any(line.startswith("{") for line in lines)
        assert tuple(terms_of(lines, FACTS)) == benefit.conditions
        if benefit.sum is not None:
            assert sum_of_line(line_of_sum(benefit.sum, FACTS), FACTS) == benefit.sum


@pytest.mark.parametrize(
    "line",
    [
        "",
        "｜｜｜",
        "{",
        "所属赛道｜包含｜火星｜x",
        "年度技改设备投资额｜大于｜很多｜x",
        "符合其一",
        "或｜所属赛道｜包含｜人工智能｜x",
        "符合其一｜也许",
    ],
)
def test_a_line_that_is_no_condition_is_refused(line: str) -> None:
    with pytest.raises(LineError):
        terms_of([line], FACTS)


@pytest.mark.parametrize(
    "line",
    [
        "600万",
        "最高｜很多｜x",
        "区间｜20万元｜x",
        "比例｜十二｜年度技改设备投资额｜x",
        "比例｜12%｜颜色｜x",
        "按量｜20万元｜x",
        "按答案｜主体类型｜火星＝3万元｜x",
        "比例｜12%｜年度技改设备投资额｜封顶600万元｜x",
    ],
)
def test_a_line_that_is_no_rule_is_refused(line: str) -> None:
    with pytest.raises(LineError):
        sum_of_line(line, FACTS)
