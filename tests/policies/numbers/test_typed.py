"""Sums and counts as people type them."""

import pytest

from policies.numbers.typed import counts_in, is_span, money_in
from tests.kit.properties import given, st


@given(st.integers(1, 99_999), st.sampled_from(["万", "万元", "亿", "元"]))
def test_a_sum_is_read_exactly(number: int, unit: str) -> None:
    scale = {"万": 10**4, "万元": 10**4, "亿": 10**8, "元": 1}[unit]
    (found,) = money_in(f"花了{number}{unit}")
    assert found.value == number * scale


def test_a_count_is_read_with_its_unit_and_a_price_is_none() -> None:
    assert [(one.value, one.unit) for one in counts_in("运回鱿鱼3500吨、招了三名", ("吨", "名"))] == [
        (3500, "吨"),
        (3, "名"),
    ]


@pytest.mark.parametrize(
    "typed", ["几百万", "几十万", "好几十万", "几万块", "几个亿", "十几万", "上百万", "数十亿", "数千元"]
)
def test_an_open_number_is_no_sum(typed: str) -> None:
    assert list(money_in(f"设备投资{typed}元")) == []
    assert is_span(typed)


@pytest.mark.parametrize(("typed", "value"), [("以上十万元", 100_000), ("线上十万元", 100_000)])
def test_a_sum_after_above_is_a_sum(typed: str, value: int) -> None:
    assert [one.value for one in money_in(typed)] == [value]
