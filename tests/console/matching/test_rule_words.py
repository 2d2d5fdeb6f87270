"""The rules of sums and the conditions as an operator reads them: words, no names of our own."""

import re

import pytest

from console.matching.benefit_form import rows_of, texts_of
from console.matching.rule_words import rule_in_words
from policies.matching.benefits import load_benefits
from policies.matching.facts import load_facts
from policies.matching.sums import Share

FACTS, BENEFITS = load_facts(), {one.id: one for one in load_benefits()}


@pytest.mark.parametrize(
    ("benefit", "words"),
    [
        ("1a", "最高30万元"),
        ("8a", "定额50万元"),
        ("22a", "年度技改设备投资额的12%，最高600万元"),
        ("37c", "按水产种质保种单位级别：国家级50万元、省级40万元、市级30万元"),
        ("46a", "所有获评者合计150万元"),
    ],
)
def test_a_rule_is_said_in_words(benefit: str, words: str) -> None:
    assert rule_in_words(BENEFITS[benefit].sum, FACTS) == words


def test_no_rule_shows_a_name_of_the_program() -> None:
    said = {id_: rule_in_words(one.sum, FACTS) for id_, one in BENEFITS.items()}
    assert {id_: words for id_, words in said.items() if re.search("[a-z=_{]", words)} == {}
    assert all(said[id_] for id_, one in BENEFITS.items() if one.sum)


def test_a_fact_that_has_to_be_so_reads_as_a_colon() -> None:
    assert "全国大赛获奖：是" in [row.condition for row in rows_of(BENEFITS["1a"], FACTS)]


def test_a_benefit_that_goes_has_no_texts_and_another_rate_is_seen() -> None:
    assert texts_of(None, FACTS) == {}
    old = BENEFITS["22a"]
    assert isinstance(old.sum, Share)
    new = old.model_copy(update={"sum": old.sum.model_copy(update={"rate": old.sum.rate / 2})})
    before, after = texts_of(old, FACTS), texts_of(new, FACTS)
    assert {name for name, text in before.items() if after[name] != text} == {"金额标准"}
