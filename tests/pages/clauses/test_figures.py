"""The table of a clause's sums says what the clause says."""

import pytest

from pages.clauses.clause_page import passages
from pages.clauses.figures import figure_groups
from policies.library.library_file import load_library
from policies.library.models import Amount, Policy

POLICIES = {policy.key: policy for policy in load_library().policies}


@pytest.mark.parametrize(
    ("clause", "row", "each", "money", "how"),
    [
        (3, 0, "", "不设上限", ""),
        (5, 0, "每产品类别", "20万元", "政策实施期内单个企业最高50万元"),
        (8, 1, "", "30万元", ""),
        (15, 0, "单个项目", "最高1000万元", ""),
        (22, 1, "", "最高2000万元", "年度设备投资额的12%"),
        (32, 3, "", "20万元至50万元", ""),
        (38, 2, "每亩", "最高6000元", "总投资的60%"),
        (39, 2, "每吨", "800元", ""),
        (43, 0, "每品种", "50万元", "每个企业每年最高300万元"),
        (46, 0, "", "共150万元", ""),
    ],
)
def test_a_sum_is_set_out(clause: int, row: int, each: str, money: str, how: str) -> None:
    figures = [figure for group in figure_groups(POLICIES[clause].amounts) for figure in group.figures]
    assert (figures[row].each, figures[row].money, figures[row].how) == (each, money, how)


def test_sums_of_one_passage_stand_over_one_quote() -> None:
    groups = figure_groups(POLICIES[45].amounts)
    assert [len(group.figures) for group in groups] == [2]


def test_sums_that_exclude_each_other_say_so() -> None:
    assert [group.choice for group in figure_groups(POLICIES[38].amounts)] == [
        True,
        False,
        False,
        False,
        False,
    ]


@pytest.mark.parametrize("policy", POLICIES.values(), ids=POLICIES)
def test_every_sum_of_the_compendium_has_a_row_with_a_name(policy: Policy) -> None:
    groups = figure_groups(policy.amounts)
    assert sum(len(group.figures) for group in groups) == len(policy.amounts)
    for group in groups:
        assert group.quote in policy.text
        assert all(figure.who and figure.money for figure in group.figures)


@pytest.mark.parametrize("policy", POLICIES.values(), ids=POLICIES)
def test_setting_off_the_sums_leaves_the_text_verbatim(policy: Policy) -> None:
    assert "".join(passage.text for passage in passages(policy)) == policy.text
    assert any(passage.states_sum for passage in passages(policy)) == bool(policy.amounts)


def test_a_rate_without_a_cap_shows_the_rate() -> None:
    amount = Amount.model_validate(
        {"kind": "rate", "quote": "按30%给予", "what": "补助", "rate": 0.3, "of": "费用"}
    )
    (figure,) = figure_groups([amount])[0].figures
    assert (figure.money, figure.how) == ("30%", "费用的30%")
