"""Sums and shares are read as official documents write them."""

from itertools import pairwise

import pytest

from policies.numbers.printed import money_in, shares_in
from tests.kit.properties import given, st


@pytest.mark.parametrize(
    ("text", "sums"),
    [
        ("最高600万元", [6_000_000]),
        ("最高 2000 万元", [20_000_000]),
        ("每亩奖补上限 6000 元", [6000]),
        ("1.5亿元", [150_000_000]),
        ("0.5万元", [5000]),
        ("6,000元、１２万元", [6000, 120_000]),
        ("2 万元至 5 万元", [20_000, 50_000]),
        ("20至50万元", [200_000, 500_000]),
        ("5—10万元", [50_000, 100_000]),
        ("五十万元", [500_000]),
        ("一亿二千万元", [120_000_000]),
        ("3百万元", [3_000_000]),
        ("青政发〔2024〕11号，2024-2028年，前10位，200亩", []),
        ("多元、单元、一元化、二元结构", []),
        ("50万元、40万元和30万元", [500_000, 400_000, 300_000]),
    ],
)
def test_sums_of_a_text(text: str, sums: list[int]) -> None:
    assert [money.cny for money in money_in(text)] == sums


@pytest.mark.parametrize(
    ("text", "rates"),
    [
        ("12%给予", [0.12]),
        ("额的 12%、10 ％", [0.12, 0.1]),
        ("百分之三十", [0.3]),
        ("7.5%", [0.075]),
        ("50", []),
    ],
)
def test_shares_of_a_text(text: str, rates: list[float]) -> None:
    assert [share.rate for share in shares_in(text)] == rates


@given(st.text(st.sampled_from("0123456789０.,，万亿千百元%％至-—~、零一两十 最高〔〕年\n"), max_size=60))
def test_figures_are_found_in_order_within_any_text(text: str) -> None:
    for found in ([*money_in(text)], [*shares_in(text)]):
        places = [(one.start, one.end) for one in found]
        assert all(0 <= start < end <= len(text) for start, end in places)
        assert all(end <= start for (_, end), (start, _) in pairwise(places))


@given(st.text(max_size=200))
def test_no_text_breaks_the_reading_of_figures(text: str) -> None:
    assert all(money.cny >= 0 for money in money_in(text))
    assert all(share.rate >= 0 for share in shares_in(text))
