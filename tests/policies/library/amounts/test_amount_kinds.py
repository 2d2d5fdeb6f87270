"""An amount is of the kind that its clause says: a ceiling is never a fixed sum."""

from typing import Any

import pytest

from policies.library.amounts.how_stated import Stated, said, says_each, stated_sums
from policies.library.checking import check_policy
from policies.library.library import Library
from policies.library.models import Amount


def faults_of(library: Library, text: str, *amounts: dict[str, Any]) -> set[str]:
    """The fields of the amounts that are wrong in a clause of this text alone."""
    made = tuple(Amount.model_validate({"quote": text} | amount) for amount in amounts)
    clause = library.policies[6].model_copy(update={"text": text, "amounts": made})
    found = check_policy(clause, set(clause.tracks), set(clause.departments), "第7条")
    return {fault.field for fault in found if fault.field.startswith("amounts")}


@pytest.mark.parametrize(
    ("text", "stated"),
    [
        ("一次性最高100万元", [Stated.MAX]),
        ("最高不超过 1000 万元", [Stated.MAX]),
        ("最高可给予一次性奖励资金100万元", [Stated.MAX]),
        ("最高50万元、30万元", [Stated.MAX, Stated.MAX]),
        ("给予100万元以内的奖励", [Stated.MAX]),
        ("给予100万元封顶的奖励", [Stated.MAX]),
        ("每亩奖补上限 6000 元", [Stated.MAX]),
        ("最高奖励从优，给予100万元", [Stated.PLAIN]),
        ("给予100万元内容建设奖励", [Stated.PLAIN]),
        ("20万元至50万元", [Stated.LEAST, Stated.MOST]),
        ("20—50万元", [Stated.LEAST, Stated.MOST]),
        ("共150万元", [Stated.POOL]),
        ("合计 150 万元", [Stated.POOL]),
        ("公共150万元", [Stated.PLAIN]),
        ("50万元、30万元", [Stated.PLAIN, Stated.PLAIN]),
        ("最高50万元，另给予10万元", [Stated.MAX, Stated.PLAIN]),
    ],
)
def test_how_a_sum_is_stated(text: str, stated: list[Stated]) -> None:
    assert [one.stated for one in stated_sums(text)] == stated


CAPPED, PLAIN = "给予企业最高100万元奖励", "给予企业100万元奖励"
BETWEEN, POOLED = "给予企业20万元至50万元奖励", "给予企业共100万元奖励"
FIXED = {"kind": "fixed", "value_cny": 1_000_000}
MAX = {"kind": "max", "max_cny": 1_000_000}
POOL = {"kind": "pool", "value_cny": 1_000_000}
RANGE = {"kind": "range", "min_cny": 200_000, "max_cny": 500_000}


@pytest.mark.parametrize(
    ("text", "amount"),
    [(CAPPED, MAX), (PLAIN, FIXED), (BETWEEN, RANGE), (POOLED, POOL), ("投资不设上限", {"kind": "uncapped"})],
)
def test_the_kind_that_the_text_says_is_right(library: Library, text: str, amount: dict[str, Any]) -> None:
    assert faults_of(library, text, amount) == set()


@pytest.mark.parametrize(
    ("text", "amount", "field"),
    [
        (CAPPED, FIXED, "kind"),
        (CAPPED, {**FIXED, "quote": "100万元奖励"}, "kind"),
        (CAPPED, POOL, "kind"),
        (CAPPED, {**FIXED, "kind": "per_unit", "per": "企业"}, "kind"),
        (PLAIN, MAX, "kind"),
        (PLAIN, POOL, "kind"),
        (POOLED, FIXED, "kind"),
        (BETWEEN, {"kind": "fixed", "value_cny": 200_000}, "kind"),
        (BETWEEN, {"kind": "max", "max_cny": 500_000}, "kind"),
        (PLAIN, {"kind": "uncapped"}, "kind"),
        ("按设备投资额的12%给予最高100万元奖励", MAX, "kind"),
        (CAPPED, {**MAX, "value_cny": 1_000_000}, "value_cny"),
        (PLAIN, {**FIXED, "per": "家企业每年"}, "per"),
        (PLAIN, {**FIXED, "who": "所有企业"}, "who"),
        (CAPPED, {**MAX, "cap_per": "企业每年"}, "cap_per"),
        (PLAIN, {**FIXED, "value_cny": -1_000_000}, "value_cny"),
    ],
)
def test_another_kind_unit_or_receiver_is_refused(
    library: Library, text: str, amount: dict[str, Any], field: str
) -> None:
    assert f"amounts[0].{field}" in faults_of(library, text, amount)


def test_a_cap_beside_its_rate_is_right(library: Library) -> None:
    text = "按设备投资额的12%给予最高100万元奖励"
    rate = {"kind": "rate", "rate": 0.12, "of": "设备投资额", "cap_cny": 1_000_000}
    assert faults_of(library, text, rate) == set()


def test_a_tier_is_named_by_what_stands_apart() -> None:
    assert said("被评为国家级、省级和市级保种单位的", "省级保种单位")
    assert not said("被评为国家级保种单位的", "省级保种单位")
    assert says_each("每个 品种给予", "品种")
    assert not says_each("品种给予", "品种")
