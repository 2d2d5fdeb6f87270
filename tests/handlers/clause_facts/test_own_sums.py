"""A figure of one's own is put into the rules it is for; a figure of the clause, a day or another matter is not."""

import pytest

from handlers.clause_facts.own_sums import own_sum
from policies.library.library_file import load_library

LIBRARY = load_library()


@pytest.mark.parametrize(
    ("label", "text", "told"),
    [
        ("41", "认证花了80万", ["80万元 × 50% = 40万元"]),
        ("39", "捕了3000吨鱿鱼", ["鱿鱼：3000吨 × 600元 = 180万元"]),
        ("39", "鱿鱼1.5万吨", ["鱿鱼：15000吨 × 600元 = 900万元"]),
        ("38", "造工船花了六千万", ["最高1500万元"]),
        ("38", "池塘改造投了200万", ["200万元 × 60% = 120万元"]),
        ("22", "1.2亿呢", ["12000万元 × 12% = 1440万元", "12000万元"]),
        ("29", "那三百万呢", ["300万元 × 20% = 60万元"]),
        ("41", "就照八十万审定价算呢", ["80万元 × 50% = 40万元"]),
        (
            "43",
            "今年一口气批七个的话总共",
            ["350万元，超过上限，每个企业每年最高300万元", "7个 × 300000元 = 210万元"],
        ),
    ],
)
def test_it_is_worked_out_by_what_it_is_of(label: str, text: str, told: list[str]) -> None:
    [policy] = LIBRARY.labelled(label)
    _, lines = own_sum(policy, text)
    assert len(lines) == len(told)
    assert all(one in line for one, line in zip(told, lines, strict=True))


@pytest.mark.parametrize(
    ("label", "text"),
    [
        ("22", "600万那个怎么申请"),
        ("22", "600万呢"),
        ("22", "孵化器投了3000万"),
        ("22", "是不是最高600万"),
        ("22", "3000万够不够"),
        ("46", "150万是一家拿还是大家分"),
        ("22", "七个呢"),
        ("43", "两个部门呢"),
        ("29", "按揭付了三百万"),
    ],
)
def test_other_figures_are_left_to_the_rest(label: str, text: str) -> None:
    [policy] = LIBRARY.labelled(label)
    assert own_sum(policy, text) == ((), ())
