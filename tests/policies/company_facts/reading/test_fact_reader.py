"""Facts are read from what people type: the words that tell them, nothing besides, and whatever is typed."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from policies.company_facts.match_service import load_match_service
from policies.company_facts.reading.words import load_words
from tests.kit.properties import given, st

SERVICE = load_match_service()
FACTS = SERVICE.facts
DATA = Path(__file__).parents[3] / "data"
STORIES = [json.loads(line) for line in (DATA / "match-cases.jsonl").read_text(encoding="utf-8").splitlines()]


@pytest.mark.parametrize("story", STORIES, ids=[story["id"] for story in STORIES])
def test_a_told_story_gives_its_facts(story: dict[str, Any]) -> None:
    assert _unordered(SERVICE.read(story["story"]).facts) == _unordered(FACTS.read(story["facts"]))


def _unordered(facts: dict[str, Any]) -> dict[str, Any]:
    return {fact: set(value) if isinstance(value, tuple) else value for fact, value in facts.items()}


@pytest.mark.parametrize(
    ("typed", "facts"),
    [
        ("前年从城阳搬过来的", {"place": "new_area"}),
        ("在城阳注册", {"place": "qingdao_other"}),
        ("我们不是高企", {"hightech_status": "none"}),
        ("没有评上小巨人", {"little_giant_status": "none"}),
        ("今年首次认定为高新技术企业", {"hightech_status": "first"}),
        ("高企证书到期，刚重新认定", {"hightech_status": "renewed"}),
        ("去年首次认定高企", {"hightech_status": "held"}),
        ("高企是去年刚认定的", {"hightech_status": "held"}),
        ("前年首次评上小巨人", {"little_giant_status": "held"}),
        ("我们是工信部新认的小巨人，第一次评上", {"little_giant_status": "first"}),
        ("小巨人是今年头一回评下来的", {"little_giant_status": "first"}),
        ("去年评上市级瞪羚", {}),
        ("去年营收3000万，今年首次认定高企", {"hightech_status": "first"}),
        ("今年营收500万，研发费用300万", {"rd_spend_cny": 3_000_000}),
        ("研发费用300万，利润50万", {"rd_spend_cny": 3_000_000}),
        ("设备更新贷款3000万", {"equipment_renewal_loan_cny": 30_000_000}),
        ("准备申报高企", {"hightech_status": "planning"}),
        ("不是先进技术产品持有单位", {"is_holder": False}),
        ("跟一家持有单位合作", {"linked_with_holder": True}),
        ("算力花了200万", {"compute_spend_cny": 2_000_000}),
        ("研发费用一千二百万元", {"rd_spend_cny": 12_000_000}),
        ("技改设备投资1.5亿", {"equipment_investment_cny": 150_000_000}),
        ("设备投了3千万", {"equipment_investment_cny": 30_000_000}),
        ("鱿鱼3500吨，金枪鱼1200吨", {"landed_squid_tons": 3500, "landed_ult_tuna_tons": 1200}),
        ("今天天气不错", {}),
        ("2023年首次认定高企", {"hightech_status": "held"}),
        ("23年评上的小巨人", {"little_giant_status": "held"}),
        ("小巨人是2022年首次认定的", {"little_giant_status": "held"}),
        ("去年评上市级智能工厂、省级绿色工厂", {}),
        (f"{date.today().year}年首次认定高企", {"hightech_status": "first"}),
        ("研发费用三千来万", {"rd_spend_cny": 30_000_000}),
        ("算力花了500多万", {"compute_spend_cny": 5_000_000}),
        ("设备投资0.3亿", {"equipment_investment_cny": 30_000_000}),
        ("技改设备投资1亿2千万", {"equipment_investment_cny": 120_000_000}),
        ("技改设备投了两个多亿", {"equipment_investment_cny": 200_000_000}),
        ("设备投资500到800万", {}),
        ("设备投资七八百万", {}),
        ("没有设备更新贷款", {"equipment_renewal_loan_cny": 0}),
        ("小巨人还没评上", {"little_giant_status": "none"}),
        ("没有评上高企、小巨人", {"hightech_status": "none", "little_giant_status": "none"}),
        ("没有评过海洋类人才称号", {"talent_titles": ()}),
        ("我们算不算先进技术产品持有单位，要回去问", {}),
        ("公司入没入科技型中小企业库还不清楚", {"org_kind": "enterprise"}),
        ("履约评估还没出结果", {"compliance_assessed": False}),
        ("项目在新区落地转化", {"place": "new_area"}),
        ("公司正往西海岸新区落", {"org_kind": "enterprise", "place": "moving_in"}),
        (
            "小微企业，专精特新",
            {"org_kind": "enterprise", "small_micro": True, "sme": True, "sme_title": "specialised"},
        ),
        ("国家级专精特新小巨人", {"little_giant_status": "held"}),
        ("公司参加中国创新创业大赛没拿奖", {"org_kind": "enterprise", "national_contest_won": False}),
        (
            "在崂山的医院，没入科小库",
            {"org_kind": "hospital", "place": "qingdao_other", "in_sme_database": False},
        ),
        ("省重点实验室今年刚获批", {"science_platforms": ("provincial_key_lab_new",)}),
        ("桁架2万方水体，造价3800万", {"truss_water_volume_m3": 20_000, "truss_cost_cny": 38_000_000}),
        ("银行贷款一千万是设备更新贷款", {"equipment_renewal_loan_cny": 10_000_000}),
        ("去年技改投了800万设备", {}),
        ("研发费用比去年多了200万", {"rd_increment_cny": 2_000_000}),
        ("智能工厂市级的今年刚认定", {"new_industry_titles": ("smart_factory_city",)}),
        ("付给高校的检测费40万元，没有付给大企业", {"research_services_spend_cny": 400_000}),
    ],
)
def test_words_tell_facts_and_denied_words_the_opposite(typed: str, facts: dict[str, Any]) -> None:
    assert SERVICE.read(typed).facts == facts


@given(
    st.text(max_size=300)
    | st.text("我们公司不是没有高企小巨人设备投资3000万元亿，。、今年黄岛城阳", max_size=120)
)
def test_whatever_is_typed_is_read_the_same_twice_and_every_fact_by_words_of_the_text(typed: str) -> None:
    told = SERVICE.read(typed)
    assert told == SERVICE.read(typed)
    assert FACTS.read(told.facts) == told.facts
    plain = SERVICE.plain(typed)
    assert all(word in plain for words in told.words.values() for word in words.split("、"))
    assert told.words.keys() == told.facts.keys()


def test_every_word_list_names_facts_and_options_that_exist() -> None:
    words = load_words()
    for row in words.values:
        fact = FACTS.by_id[row.fact]
        assert row.value is None or fact.read([row.value] if fact.type == "multi" else row.value) is not None
    for number in (*words.amounts, *words.counts):
        assert FACTS.by_id[number.fact].type in {"yuan", "number"}
