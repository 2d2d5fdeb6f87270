"""One table of texts: what a document prints by them, and what somebody who types them says."""

from itertools import pairwise

import pytest

from policies.numbers import printed, typed
from policies.numbers.written import in_cny, in_percent
from policies.search.reading.sums import figures
from tests.kit.properties import given, st
from tests.policies.numbers.spelling import SPELLINGS, spelt

WAN, YI = 10**4, 10**8
Said = list[int | tuple[int, int]]

SUMS: list[tuple[str, list[int], Said]] = [
    ("最高600万元", [600 * WAN], [600 * WAN]),
    ("1.5亿元", [15 * YI // 10], [15 * YI // 10]),
    ("1亿2000万元", [12 * YI // 10], [12 * YI // 10]),
    ("1亿2千万", [], [12 * YI // 10]),
    ("1亿2千", [], [12 * YI // 10]),
    ("一亿二千万元", [12 * YI // 10], [12 * YI // 10]),
    ("叁佰万元", [300 * WAN], [300 * WAN]),
    ("人民币壹仟贰佰万圆", [1200 * WAN], [1200 * WAN]),
    ("百万元", [100 * WAN], [100 * WAN]),
    ("10万元以上50万元以下", [10 * WAN, 50 * WAN], [10 * WAN, 50 * WAN]),
    ("十万元以上五十万元以下", [10 * WAN, 50 * WAN], [10 * WAN, 50 * WAN]),
    ("6,000元", [6000], [6000]),
    ("20至50万元", [20 * WAN, 50 * WAN], [(20 * WAN, 50 * WAN)]),
    ("500万元到800万元", [500 * WAN, 800 * WAN], [(500 * WAN, 800 * WAN)]),
    ("500到800万", [], [(500 * WAN, 800 * WAN)]),
    ("三到五百万", [], [(300 * WAN, 500 * WAN)]),
    ("二十到五十万", [], [(20 * WAN, 50 * WAN)]),
    ("七八百万", [], [(700 * WAN, 800 * WAN)]),
    ("两三个亿", [], [(2 * YI, 3 * YI)]),
    ("十五六万", [], [(15 * WAN, 16 * WAN)]),
    ("两个亿", [], [2 * YI]),
    ("2.5个亿", [], [25 * YI // 10]),
    ("半个亿", [], [YI // 2]),
    ("一个半亿", [], [15 * YI // 10]),
    ("1点5亿", [], [15 * YI // 10]),
    ("三万五", [], [35_000]),
    ("三万五元", [], [35_000]),
    ("三万五千元", [35_000], [35_000]),
    ("三万零五元", [30_005], [30_005]),
    ("给600w", [], [600 * WAN]),
    ("5000块钱", [], [5000]),
    ("千百元", [], []),
    ("几十万元", [], []),
    ("数百万元", [], []),
    ("上千万元", [], []),
    ("好几百万", [], []),
    ("千万别删", [], []),
    ("3000万2个项目", [], [3000 * WAN]),
    ("第22条，2025年，200亩", [], []),
    ("多元、单元、一元化、二元结构", [], [1, 2]),
]


@pytest.mark.parametrize(("text", "print_", "_said"), SUMS, ids=[row[0] for row in SUMS])
def test_what_a_document_prints(text: str, print_: list[int], _said: Said) -> None:
    assert [money.cny for money in printed.money_in(text)] == print_


@pytest.mark.parametrize(("text", "_print", "said"), SUMS, ids=[row[0] for row in SUMS])
def test_what_somebody_says(text: str, _print: list[int], said: Said) -> None:
    sums = typed.sums_in(text)
    assert [one.cny or (one.least, one.most) for one in sums] == said
    assert not any(one.is_rough for one in sums)
    assert [number.value for number in typed.money_in(text)] == [one for one in said if isinstance(one, int)]
    assert typed.is_span(text) == any(word in text for word in ("几", "数", "上千")) or any(
        isinstance(one, tuple) for one in said
    )


@pytest.mark.parametrize(
    ("text", "named", "least", "most"),
    [
        ("三千来万", 3000 * WAN, 2700 * WAN, 3300 * WAN),
        ("十来万", 10 * WAN, 9 * WAN, 11 * WAN),
        ("三千万左右", 3000 * WAN, 2700 * WAN, 3300 * WAN),
        ("大约500万", 500 * WAN, 450 * WAN, 550 * WAN),
        ("约500万", 500 * WAN, 450 * WAN, 550 * WAN),
        ("五百多万", 500 * WAN, 500 * WAN, 600 * WAN - 1),
        ("三千万余元", 3000 * WAN, 3000 * WAN, 4000 * WAN - 1),
        ("5000多块", 5000, 5000, 5999),
        ("两个多亿", 2 * YI, 2 * YI, 3 * YI - 1),
    ],
)
def test_about_a_sum_names_a_number_and_how_far_it_may_be_off(
    text: str, named: int, least: int, most: int
) -> None:
    [one] = typed.sums_in(text)
    assert (one.cny, one.least, one.most) == (named, least, most)
    assert one.is_rough
    assert [(number.value, number.is_rough) for number in typed.money_in(text)] == [(named, True)]


@pytest.mark.parametrize("text", ["预约500万", "投500万来买设备", "500万多少利息", "签约2亿"])
def test_words_of_something_else_make_no_sum_rough(text: str) -> None:
    [one] = typed.sums_in(text)
    assert not one.is_rough


SHARES: list[tuple[str, list[float], list[float]]] = [
    ("12%", [12], [12]),
    ("50 %", [50], [50]),
    ("7.5%", [7.5], [7.5]),
    ("百分之十二", [12], [12]),
    ("百分之一点五", [1.5], [1.5]),
    ("百分之百", [100], [100]),
    ("百分之12", [], [12]),
    ("12个点", [], [12]),
    ("1.5个百分点", [], [1.5]),
    ("十二个点", [], [12]),
    ("两成", [], [20]),
    ("一成二", [], [12]),
    ("百分之几", [], []),
    ("公司一成立", [], []),
    ("三成本金", [], []),
    ("50", [], []),
]


@pytest.mark.parametrize(("text", "print_", "said"), SHARES, ids=[row[0] for row in SHARES])
def test_shares_as_printed_and_as_said(text: str, print_: list[float], said: list[float]) -> None:
    assert [round(share.rate * 100, 4) for share in printed.shares_in(text)] == print_
    assert [share.per_myriad / 100 for share in typed.shares_in(text)] == said


@pytest.mark.parametrize(
    ("text", "counts"),
    [
        ("运回3500吨，招了三名", [(3500, "吨"), (3, "名")]),
        ("1.5万吨", [(15_000, "吨")]),
        ("两千来亩", [(2000, "亩")]),
        ("新批了3个保健食品", [(3, "个")]),
        ("500到800吨，几百吨，七八名", []),
        ("百名专家、千人计划", []),
        ("800元一吨，每吨800", [(1, "吨")]),
        ("800一吨", [(1, "吨")]),
        ("1万多吨", [(10_000, "吨")]),
        ("1万2千吨，一万二千五百亩", [(12_000, "吨"), (12_500, "亩")]),
        ("3000万2个项目", [(2, "个")]),
    ],
)
def test_counts(text: str, counts: list[tuple[int, str]]) -> None:
    found = typed.counts_in(text, ("吨", "名", "亩", "个", "人"))
    assert [(one.value, one.unit) for one in found] == counts


@pytest.mark.parametrize("spelling", SPELLINGS)
@given(number=st.integers(1, 10**12 - 1))
def test_an_amount_in_any_spelling_is_read_back_by_both(spelling: str, number: int) -> None:
    text = f"投资{spelt(number, spelling)}元。"
    assert [one.cny for one in typed.sums_in(text)] == [number]
    if spelling != "mixed":
        assert [one.cny for one in printed.money_in(text)] == [number]


@given(st.integers(0, 10**12))
def test_a_sum_as_it_is_written_is_read_back_by_both(value: int) -> None:
    assert [one.cny for one in printed.money_in(in_cny(value))] == [value]
    assert [one.cny for one in typed.sums_in(in_cny(value))] == [value]


@given(st.integers(1, 10_000))
def test_a_share_as_it_is_written_is_read_back_by_both(per_myriad: int) -> None:
    written = in_percent(per_myriad / 10_000)
    assert [one.rate for one in printed.shares_in(written)] == [per_myriad / 10_000]
    assert [one.per_myriad for one in typed.shares_in(written)] == [per_myriad]


@given(st.text("0123456789.,点零〇一二两三九十百千万亿w半个多来余几数上到至约元块左右%成 叁佰", max_size=60))
def test_sums_are_found_in_order_within_any_text(text: str) -> None:
    for found in (typed.sums_in(text), typed.shares_in(text)):
        places = [(one.start, one.end) for one in found]
        assert all(0 <= start < end <= len(text) for start, end in places)
        assert all(end <= start for (_, end), (start, _) in pairwise(places))
    assert all(one.least <= one.most for one in typed.sums_in(text))
    assert figures(text) == figures(text)


def test_the_search_reads_sums_with_their_points_and_drops_pieces() -> None:
    assert figures("投1.5亿,按7.5%给两块") == ((15 * YI // 10,), (750,))
    assert figures("500到800万") == ((500 * WAN, 800 * WAN), ())
