"""Which clauses may be for a company: worked cases, the rules that hold for every company, and the sums."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from policies.library.library_file import load_library
from policies.matching.benefits import Benefit, load_benefits
from policies.matching.checking import check_benefits
from policies.matching.conditions import comparisons
from policies.matching.facts import CompanyFact, FactError, load_facts
from policies.matching.matching import Match, alternatives, match
from policies.matching.results import BenefitVerdict
from tests.kit.properties import given, st

FACTS, BENEFITS, POLICIES = load_facts(), load_benefits(), load_library().policies
BY_ID = {benefit.id: benefit for benefit in BENEFITS}
CASES = [
    json.loads(line)
    for line in (Path(__file__).parents[2] / "data" / "match-cases.jsonl")
    .read_text(encoding="utf-8")
    .splitlines()
]
DAY = date(2026, 3, 2)


def matched(told: dict[str, Any], day: date = DAY) -> Match:
    return match(BENEFITS, FACTS, FACTS.read(told), POLICIES, day)


def verdicts(found: Match) -> dict[str, BenefitVerdict]:
    return {result.benefit.id: result.verdict for result in found.results}


@pytest.mark.parametrize("case", CASES, ids=[case["id"] for case in CASES])
def test_a_worked_case_comes_out_as_an_official_says(case: dict[str, Any]) -> None:
    found = matched(case["facts"])
    results = {result.benefit.id: result for result in found.results}
    likely = {
        id_
        for id_, result in results.items()
        if result.verdict is BenefitVerdict.LIKELY and not result.benefit.general
    }
    assert likely == set(case["likely_benefits"])
    assert sorted(found.of_clause(BenefitVerdict.LIKELY)) == case["likely"]
    for id_, facts in case["maybe_benefits"].items():
        assert (results[id_].verdict, list(results[id_].missing)) == (BenefitVerdict.MAYBE, facts)
    for refused in case["no"]:
        assert results[refused["id"]].verdict is BenefitVerdict.NO
    for line in case["sums"]:
        found_sum = results[line["id"]].sum
        assert found_sum is not None
        assert (found_sum.least_cny, found_sum.most_cny) == (line["least_cny"], line["most_cny"])
    assert {result.benefit.clause for result in found.general} >= set(case["general"])
    together = [{result.benefit.id for result in group} for group in alternatives(found.results)]
    for pair in case["at_most_one_of"]:
        assert any(group >= set(pair) for group in together)
    of_shown = {fact for facts in case["missing"].values() for fact in facts}
    assert of_shown <= set(found.ask_next)


def test_every_quote_stands_in_its_clause_and_every_rule_fits_its_facts() -> None:
    assert list(check_benefits(BENEFITS, FACTS, {policy.key: policy.text for policy in POLICIES})) == []
    assert {benefit.clause for benefit in BENEFITS} == {policy.key for policy in POLICIES}


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"clause": 99}, "no clause 99"),
        ({"conditions_text": ("视情况而定",)}, "does not stand"),
        ({"excludes": ("22z",)}, "excludes 22z"),
    ],
)
def test_a_benefit_that_its_clause_does_not_bear_out_is_named(change: dict[str, Any], fault: str) -> None:
    wrong = BY_ID["22a"].model_copy(update=change)
    assert any(
        fault in line
        for line in check_benefits((wrong,), FACTS, {policy.key: policy.text for policy in POLICIES})
    )


def values(fact: CompanyFact) -> st.SearchStrategy[Any]:
    options = st.sampled_from(sorted(fact.option_ids)) if fact.options else st.nothing()
    return {
        "bool": st.booleans(),
        "choice": options,
        "multi": st.lists(options, unique=True, max_size=4),
    }.get(fact.type, st.integers(0, 10**9))


told_facts = st.lists(st.sampled_from(FACTS.all), unique_by=lambda fact: fact.id, max_size=25).flatmap(
    lambda facts: st.fixed_dictionaries({fact.id: values(fact) for fact in facts})
)


@given(told_facts, told_facts)
def test_more_facts_turn_a_likely_into_a_no_only_by_a_condition_that_names_them(
    first: dict[str, Any], more: dict[str, Any]
) -> None:
    both = {**more, **first}
    new = set(both) - set(first)
    after = verdicts(matched(both))
    for id_, verdict in verdicts(matched(first)).items():
        if verdict is BenefitVerdict.LIKELY and after[id_] is not BenefitVerdict.LIKELY:
            named = {one.fact for term in BY_ID[id_].conditions for one in comparisons(term)}
            assert named & new
        if verdict is BenefitVerdict.NO:
            assert after[id_] is BenefitVerdict.NO or _has_alternatives(BY_ID[id_])


def _has_alternatives(benefit: Benefit) -> bool:
    return any(not hasattr(term, "fact") for term in benefit.conditions)


@given(told_facts, st.randoms())
def test_the_order_of_telling_does_not_matter(told: dict[str, Any], random: Any) -> None:
    shuffled = list(told.items())
    random.shuffle(shuffled)
    assert matched(dict(shuffled)) == matched(told)


@given(told_facts)
def test_no_sum_is_above_its_cap_and_nothing_is_told_of_what_is_refused(told: dict[str, Any]) -> None:
    for result in matched(told).results:
        rule = result.benefit.sum
        if result.sum is None or rule is None:
            continue
        assert result.verdict is not BenefitVerdict.NO
        caps = [getattr(rule, name) for name in ("cap_cny", "most_cny") if getattr(rule, name, None)]
        if caps and not getattr(rule, "per", ""):
            assert result.sum.most_cny <= max(caps)
        assert result.sum.least_cny is None or result.sum.least_cny <= result.sum.most_cny


@given(told_facts)
def test_benefits_that_exclude_each_other_are_in_one_group_and_no_benefit_is_in_two(
    told: dict[str, Any],
) -> None:
    found = matched(told)
    groups = [[result.benefit.id for result in group] for group in alternatives(found.likely)]
    listed = [id_ for group in groups for id_ in group]
    assert sorted(listed) == sorted(result.benefit.id for result in found.likely)
    of = {id_: number for number, group in enumerate(groups) for id_ in group}
    for id_ in listed:
        assert all(of[id_] == of[other] for other in BY_ID[id_].excludes if other in of)


@given(told_facts)
def test_a_question_is_asked_only_where_its_answer_can_still_change_the_result(told: dict[str, Any]) -> None:
    read = FACTS.read(told)
    found = match(BENEFITS, FACTS, read, POLICIES, DAY)
    assert len(found.ask_next) <= 3
    for fact in found.ask_next:
        assert fact not in read
        assert FACTS.by_id[fact].is_worth_asking(read)
        assert any(fact in result.missing for result in found.results)


def test_what_excludes_another_is_excluded_by_it() -> None:
    for benefit in BENEFITS:
        assert all(benefit.id in BY_ID[other].excludes for other in benefit.excludes)


@pytest.mark.parametrize(
    ("id_", "told", "most", "working"),
    [
        (
            "22a",
            {"equipment_investment_cny": 30_000_000},
            3_600_000,
            "30,000,000×12% = 3,600,000 ≤ 上限 6,000,000",
        ),
        (
            "22a",
            {"equipment_investment_cny": 80_000_000},
            6_000_000,
            "80,000,000×12% = 9,600,000 > 上限 6,000,000，取 6,000,000",
        ),
        (
            "28a",
            {"research_services_spend_cny": 100_000, "large_firm_services_spend_cny": 50_000},
            45_000,
            "（100,000+50,000）×30% = 45,000 ≤ 上限 200,000",
        ),
        (
            "5a",
            {"energy_saving_catalog_new_categories": 3, "energy_saving_reward_received_cny": 200_000},
            300_000,
            "3×200,000 = 600,000 > 上限 500,000 减已领 200,000 余 300,000，取 300,000",
        ),
        (
            "38c",
            {"pond_contiguous_area_mu": 300, "pond_investment_cny": 4_000_000},
            1_800_000,
            "4,000,000×60% = 2,400,000 > 上限 1,800,000，取 1,800,000",
        ),
        (
            "39c",
            {"landed_squid_tons": 10.5},
            6_300,
            "10.5×600 = 6,300",
        ),
        (
            "46a",
            {},
            1_500_000,
            "所有获评者合计 1,500,000",
        ),
        (
            "40a",
            {"fishery_brand_new_level": "provincial"},
            500_000,
            "定额 500,000",
        ),
    ],
)
def test_a_sum_is_the_clauses_rule_worked_out(
    id_: str, told: dict[str, Any], most: int, working: str
) -> None:
    rule = BY_ID[id_].sum
    assert rule is not None
    found = rule.work_out(FACTS.read(told))
    assert found is not None
    assert (found.most_cny, found.working) == (most, working)


HOLDER_ELSEWHERE_IN_THE_CITY = {"org_kind": "enterprise", "place": "qingdao_other", "is_holder": True}


@pytest.mark.parametrize(
    ("id_", "told", "verdict"),
    [
        ("3a", {**HOLDER_ELSEWHERE_IN_THE_CITY, "major_industrialisation_project_new_area": True}, "likely"),
        ("3a", {"is_holder": True, "major_industrialisation_project_new_area": True}, "likely"),
        ("6a", {"org_kind": "university", "place": "new_area", "is_holder": True}, "no"),
        ("8a", {"org_kind": "cooperative", "new_industry_titles": ["smart_factory_city"]}, "no"),
        ("10a", {"org_kind": "public_institution", "hightech_status": "first"}, "no"),
        ("10a", {"hightech_status": "first"}, "likely"),
        ("18a", {"org_kind": "hospital", "place": "new_area", "ownership": "private"}, "no"),
        ("18a", {"org_kind": "individual_business", "ownership": "private"}, "likely"),
        (
            "26a",
            {
                **HOLDER_ELSEWHERE_IN_THE_CITY,
                "industry_academia_cooperation": True,
                "validation_platforms": ["proof_of_concept"],
            },
            "likely",
        ),
        (
            "47a",
            {"org_kind": "cooperative", "marine_enterprise": True, "marine_evaluation_or_listing": True},
            "no",
        ),
        (
            "47b",
            {"org_kind": "individual_business", "marine_titles": ["high_growth_marine_city_first"]},
            "no",
        ),
    ],
)
def test_who_may_apply_and_from_where_is_what_the_clause_says(
    id_: str, told: dict[str, Any], verdict: str
) -> None:
    assert verdicts(matched(told))[id_] == verdict


INVESTED = ("股权投资", "领投", "直投")


def test_where_the_state_may_take_a_share_the_benefit_is_no_plain_grant() -> None:
    for benefit in BENEFITS:
        words = (*benefit.conditions_text, benefit.sum.quote if benefit.sum else "")
        invested = any(word in text for word in INVESTED for text in words)
        assert invested is (benefit.instrument != "grant"), benefit.id
    assert BY_ID["22b"].instrument == "grant_or_equity"


def test_every_benefit_names_words_of_its_own_besides_whose_territory_it_is() -> None:
    for benefit in BENEFITS:
        assert benefit.conditions_text or any(one.fact != "place" for one in benefit.comparisons), benefit.id


def test_an_absurd_number_counts_as_not_told() -> None:
    found = matched(
        {"org_kind": "enterprise", "equipment_investment_cny": 10**15, "linked_with_holder": True}
    )
    (result,) = [result for result in found.results if result.benefit.id == "22a"]
    assert result.verdict is BenefitVerdict.MAYBE
    assert "equipment_investment_cny" in result.missing
    assert result.sum is None


@pytest.mark.parametrize(
    ("told", "fault"),
    [
        ({"colour": "red"}, "unknown fact"),
        ({"is_holder": "yes"}, "true or false"),
        ({"place": "moon"}, "one of new_area, moving_in"),
        ({"tracks": "ai"}, "a list"),
        ({"rd_spend_cny": float("nan")}, "a number"),
    ],
)
def test_a_fact_of_the_wrong_kind_is_refused_by_its_name(told: dict[str, Any], fault: str) -> None:
    with pytest.raises(FactError, match=fault):
        FACTS.read(told)


def test_a_clause_whose_basis_is_over_says_so() -> None:
    told = {"tracks": ["ai"], "provincial_digital_key_project": True}
    before, after = matched(told, date(2025, 12, 31)), matched(told, date(2026, 1, 1))
    assert [result.caveat for result in before.of_clause(BenefitVerdict.LIKELY)[11]] == [""]
    assert all(result.caveat for result in after.of_clause(BenefitVerdict.LIKELY)[11])
