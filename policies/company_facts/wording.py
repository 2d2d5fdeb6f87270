"""Facts and sums in words, for people. Pure."""

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from policies.matching.conditions import Value
from policies.matching.facts import CompanyFact, Facts
from policies.matching.lines.line_parts import label_of
from policies.matching.results import Result
from policies.matching.sums import BenefitSum
from policies.numbers.written import in_cny

CARE = "以上按条文逐项对照得出，仅供参考；能否享受、金额多少，以主管部门审定为准。"
"""Said once under a result."""
_FIGURE = re.compile(r"(?<![\d.])(\d{1,3}(?:,\d{3})+|\d+)(\.\d+)?(?![\d%.]|,\d)")
_LEAST_IN_MYRIADS = 10_000


def in_words(fact: CompanyFact, value: Value) -> str:
    """Return a value as people say it: 3000万元, 是, 机器人、软件."""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, tuple):
        return "、".join(label_of(fact, one) for one in value) or "没有"
    if isinstance(value, str):
        return label_of(fact, value)
    if fact.type == "yuan":
        return in_cny(int(value))
    return f"{value}{fact.unit}"


def fact_line(fact: CompanyFact, value: Value, *, is_rough: bool = False) -> str:
    """Write a fact: 所属赛道：养老服务; 年度技改设备投资额：约3000万元 if the number is approximate."""
    return f"{fact.label}：{'约' if is_rough else ''}{in_words(fact, value)}"


def facts_in_words(facts: Facts, raw: Mapping[str, Any]) -> dict[str, str]:
    """Return kept facts by their labels, in the order of the questions."""
    told = facts.read_kept(raw)
    ordered = sorted(told, key=facts.order.__getitem__)
    return {facts.by_id[fact].label: in_words(facts.by_id[fact], told[fact]) for fact in ordered}


def sum_in_words(result: Result) -> str:
    """Write the sum of the clause's rule, with its working; "" if the clause states no sum, or a fact is missing.

    最高约360万元（3000万×12% = 360万 ≤ 上限 600万）
    """
    if result.sum is None:
        return ""
    if is_cap_alone(result):
        return f"上限{in_cny(result.sum.most_cny)}（条文没有写比例，不能测算）"
    working = working_in_words(result.sum.working.removeprefix("若符合条件："))
    amount = _amount(result.sum)
    if result.benefit.sum is not None and result.benefit.sum.kind == "pool":
        return f"所有获评者合计{amount}，不是一家所得"
    plain = re.sub(r"[^\d.]", "", working) == re.sub(r"[^\d.]", "", amount)
    return amount if plain else f"{amount}（{working}）"


def outcome_in_words(result: Result) -> str:
    """Write the sum as a statement: 按条文测算最高约360万元 (…), or say that only a cap is stated; "" without a sum."""
    amount = sum_in_words(result)
    return amount if not amount or is_cap_alone(result) else f"按条文测算{amount}"


def is_cap_alone(result: Result) -> bool:
    """Whether the clause pays for a figure of the company's but states no more than the most: nothing can be worked out."""
    rule = result.benefit.sum
    return (
        rule is not None
        and rule.kind == "max"
        and any(
            isinstance(one.value, int | Decimal) and not isinstance(one.value, bool)
            for one in result.benefit.comparisons
        )
    )


def working_in_words(working: str) -> str:
    """Return a working with its large figures in 万: 30,000,000×12% becomes 3000万×12%."""
    return _FIGURE.sub(_figure, working)


def _amount(sum_: BenefitSum) -> str:
    if sum_.least_cny is None:
        return f"最高约{in_cny(sum_.most_cny)}"
    if sum_.least_cny == sum_.most_cny:
        return in_cny(sum_.most_cny)
    return f"{in_cny(sum_.least_cny)}至{in_cny(sum_.most_cny)}"


def _figure(found: re.Match[str]) -> str:
    number = Decimal(found[1].replace(",", "") + (found[2] or ""))
    if number < _LEAST_IN_MYRIADS or number * 100 % _LEAST_IN_MYRIADS:
        return found[0]
    return in_cny(int(number)).removesuffix("元")
