"""统一社会信用代码: published codes pass, every slip of the finger is refused and its place told."""

import random

import pytest
from stdnum.cn import uscc

from subscriptions.companies.credit_code import (
    ALPHABET,
    BODY,
    CHECK,
    DEPARTMENT,
    REGION,
    CreditCodeError,
    check,
)

STANDARDS_OWN = "91350100M000100Y43"  # the worked example of GB 32100-2015
PUBLISHED = (
    STANDARDS_OWN,
    "9144030071526726XG",
    "914403001922038216",
    "91330100799655058B",
    "91110000802100433B",
    "91110108551385082Q",
    "91370200163562681G",
    "91370200264574251E",
    "91110000600037341L",
)


@pytest.mark.parametrize("code", PUBLISHED)
def test_published_codes_pass(code: str) -> None:
    assert check(code) == code


@pytest.mark.parametrize(
    "typed",
    [
        "91350100m000100y43",
        " 9135 0100 M000 100Y 43 ",
        "９１３５０１００Ｍ０００１００Ｙ４３",
        "91350100-M000100Y4-3",
    ],
)
def test_how_a_phone_types_it_does_not_matter(typed: str) -> None:
    assert check(typed) == STANDARDS_OWN


def test_a_code_of_agriculture_or_other_departments_passes() -> None:
    for start in ("N2370211", "Y1370200", "A1110000"):
        body = start + "M000100Y4"
        assert check(body + uscc.calc_check_digit(body))


@pytest.mark.parametrize(
    ("typed", "part", "says"),
    [
        ("91350100M000100Y4", None, "17 位"),
        ("", None, "0 位"),
        ("91350100M000100Y4Z", CHECK, "是否应为“2”"),  # the standard's own wrong example
        ("91350100MO00100Y43", BODY, "是否应为“0”"),
        ("9135010AM000100Y43", REGION, "应全为数字"),
        ("91350100M00#100Y43", BODY, "只由数字和大写字母组成"),
        ("91990100M000100Y43", REGION, "第 3–8 位"),
        ("B1350100M000100Y43", DEPARTMENT, "第 1 位"),
        ("91350100M000100Y53", BODY, "第 9–17 位"),
        ("91350100M000100Y44", CHECK, "第 18 位"),
        ("91350101M000100Y43", CHECK, "第 1–8 位"),
    ],
)
def test_the_wrong_part_is_named(typed: str, part: object, says: str) -> None:
    with pytest.raises(CreditCodeError) as error:
        check(typed)
    assert error.value.part == part
    assert says in error.value.sentence


@pytest.mark.parametrize("code", PUBLISHED)
def test_every_change_of_one_character_is_refused(code: str) -> None:
    for position, right in enumerate(code):
        for wrong in ALPHABET.replace(right, ""):
            with pytest.raises(CreditCodeError):
                check(code[:position] + wrong + code[position + 1 :])


@pytest.mark.parametrize("code", PUBLISHED)
def test_every_swap_of_unequal_neighbours_is_refused(code: str) -> None:
    for position in range(len(code) - 1):
        left, right = code[position : position + 2]
        if left != right:
            with pytest.raises(CreditCodeError):
                check(code[:position] + right + left + code[position + 2 :])


def test_ten_thousand_random_edits_of_random_codes_are_refused() -> None:
    dice = random.Random(32100)
    for _ in range(10_000):
        start = "9" + dice.choice("123") + "".join(dice.choices("0123456789", k=6))
        start += "".join(dice.choices(ALPHABET, k=9))
        code = start + uscc.calc_check_digit(start)
        assert check(code) == code
        position = dice.randrange(17)
        pair = code[position : position + 2]
        edited = pair[::-1] if dice.random() < 0.5 and pair[0] != pair[1] else _other(dice, pair[0]) + pair[1]
        with pytest.raises(CreditCodeError):
            check(code[:position] + edited + code[position + 2 :])


def _other(dice: random.Random, character: str) -> str:
    return dice.choice(ALPHABET.replace(character, ""))
