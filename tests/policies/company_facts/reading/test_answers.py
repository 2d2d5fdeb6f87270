"""The answer to one question: an option by its number or name, a sum, 没有, 不清楚; and what is no answer."""

import unicodedata

import pytest

from policies.company_facts.match_service import load_match_service
from policies.company_facts.reading.answers import read_answer
from policies.company_facts.wording import in_words
from tests.kit.properties import given, st

SERVICE = load_match_service()
FACTS = SERVICE.facts


@pytest.mark.parametrize(
    ("fact", "typed", "value"),
    [
        ("place", "1", "new_area"),
        ("place", "黄岛", "new_area"),
        ("place", "城阳区的", "qingdao_other"),
        ("is_holder", "是的", True),
        ("is_holder", "没有", False),
        ("tracks", "18", ("desalination",)),
        ("tracks", "1 3", ("ai", "display")),
        ("tracks", "海水淡化和船舶", ("ships", "desalination")),
        ("tracks", "没有", ()),
        ("hightech_status", "没有", "none"),
        ("equipment_investment_cny", "3000万", 30_000_000),
        ("equipment_investment_cny", "没有", 0),
        ("postdocs_recruited", "3人", 3),
        ("equipment_investment_cny", "不清楚", None),
    ],
)
def test_an_answer_is_read_by_number_by_name_or_by_other_words(fact: str, typed: str, value: object) -> None:
    answer = read_answer(FACTS.by_id[fact], typed.lower(), SERVICE.reader)
    assert answer is not None
    assert not answer.problem
    found = answer.value
    assert (set(found) if isinstance(found, tuple) else found) == (
        set(value) if isinstance(value, tuple) else value
    )


@pytest.mark.parametrize(
    ("fact", "typed", "problem"),
    [
        ("place", "7", "1 到 4"),
        ("place", "1 2", "只选一项"),
        ("equipment_investment_cny", "300", "带上单位"),
        ("equipment_investment_cny", "90000亿", "看起来不对"),
    ],
)
def test_an_answer_that_cannot_be_taken_says_why(fact: str, typed: str, problem: str) -> None:
    answer = read_answer(FACTS.by_id[fact], typed.lower(), SERVICE.reader)
    assert answer is not None
    assert problem in answer.problem


@pytest.mark.parametrize("fact", ["place", "tracks", "is_holder", "equipment_investment_cny"])
@pytest.mark.parametrize(
    "typed",
    ["第22条", "高企认定奖励多少", "小企业呢", "海水淡化能补多少", "订阅 海水淡化", "黄岛的找谁", "退订"],
)
def test_a_question_and_a_command_are_no_answer_although_they_name_an_option(fact: str, typed: str) -> None:
    assert read_answer(FACTS.by_id[fact], typed, SERVICE.reader) is None


@pytest.mark.parametrize(
    "typed",
    ["营收3000万元", "年销售额3000万", "利润300万", "注册资本500万元", "3000万产值", "设备投资3000万"],
)
def test_a_sum_of_something_else_is_no_answer(typed: str) -> None:
    assert read_answer(FACTS.by_id["rd_increment_cny"], typed, SERVICE.reader) is None


@pytest.mark.parametrize(
    ("fact", "typed"),
    [
        ("equipment_renewal_loan_cny", "贷款3000万"),
        ("rd_increment_cny", "研发投入3000万"),
        ("rd_increment_cny", "大概3000万"),
    ],
)
def test_a_sum_named_as_it_was_asked_is_an_answer(fact: str, typed: str) -> None:
    answer = read_answer(FACTS.by_id[fact], typed, SERVICE.reader)
    assert answer is not None
    assert answer.value == 30_000_000


def _options() -> list[tuple[str, int]]:
    return [(fact.id, place) for fact in FACTS.all for place in range(len(fact.options))]


@given(st.sampled_from(_options()))
def test_an_option_that_is_shown_can_be_typed_back(option: tuple[str, int]) -> None:
    fact = FACTS.by_id[option[0]]
    chosen = fact.options[option[1]]
    value = fact.read([chosen.id] if fact.type == "multi" else chosen.id)
    assert value is not None
    shown = in_words(fact, value)
    answer = read_answer(fact, unicodedata.normalize("NFKC", shown).lower(), SERVICE.reader)
    assert answer is not None
    assert chosen.id in answer.value if isinstance(answer.value, tuple) else answer.value == chosen.id
