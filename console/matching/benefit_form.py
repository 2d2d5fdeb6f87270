"""A benefit as a form, and back: its title, its conditions as lines, the rule of its sum. Pure."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import TypeAdapter, ValidationError

from console.matching.rule_words import rule_in_words
from policies.company_facts.benefit_lines import OP_NAMES, LineError, line_of, term_of
from policies.library.models import Policy
from policies.matching.benefits import Benefit
from policies.matching.checking import check_benefits
from policies.matching.conditions import Op
from policies.matching.facts import Facts
from policies.matching.sums import AnyRule

_RULE: TypeAdapter[AnyRule] = TypeAdapter(AnyRule)
NEW = "new"
"""The id of the form for a benefit that does not exist yet."""


class BenefitFormError(ValueError):
    """What was typed makes no benefit.

    Attributes:
        faults: what is wrong, a Chinese sentence each.
    """

    def __init__(self, faults: Sequence[str]) -> None:
        super().__init__("；".join(faults))
        self.faults = tuple(faults)


@dataclass(frozen=True, slots=True)
class Row:
    """One condition beside the clause's words."""

    quote: str
    condition: str


def rows_of(benefit: Benefit, facts: Facts) -> list[Row]:
    """Its conditions for reading: the clause's words, and what is compared."""
    audited = [Row(words, "由主管部门审核，不影响结论") for words in benefit.conditions_text]
    return [*_compared_rows(benefit, facts), *audited]


def _compared_rows(benefit: Benefit, facts: Facts) -> list[Row]:
    rows = []
    for term in benefit.conditions:
        line = line_of(term, facts)
        if line.startswith("{"):
            words = "、".join(dict.fromkeys(one.quote for one in benefit.comparisons if one.quote in line))
            rows.append(Row(words, line))
            continue
        fact, how, value, quote, *may_be_open = line.split("｜")
        compared = f"{fact}：{value}" if how == OP_NAMES[Op.EQUALS] else f"{fact} {how} {value}"
        rows.append(Row(quote, f"{compared}{'（可以不答）' if may_be_open else ''}"))
    return rows


TEXTS = ("名称", "条件", "须审核的原话", "金额标准", "金额原话", "只能选一项", "支持方式", "一般性支持")
INSTRUMENT_NAMES = {"grant": "奖补", "equity": "股权投资", "grant_or_equity": "奖补或股权投资"}


def texts_of(benefit: Benefit | None, facts: Facts) -> dict[str, str]:
    """A benefit as texts by the names of `TEXTS`, which an approver compares; all are empty where there is none."""
    if benefit is None:
        return {}
    values = (
        benefit.title,
        "\n".join(f"{row.condition}（原文“{row.quote}”）" for row in _compared_rows(benefit, facts)),
        "\n".join(benefit.conditions_text),
        rule_in_words(benefit.sum, facts),
        benefit.sum.quote if benefit.sum else "",
        "、".join(benefit.excludes),
        INSTRUMENT_NAMES[benefit.instrument],
        "是" if benefit.general else "",
    )
    return dict(zip(TEXTS, values, strict=True))


def values_of(benefit: Benefit, facts: Facts) -> dict[str, str]:
    """The fields of its form."""
    rule = benefit.sum.model_dump(mode="json", exclude_unset=True) if benefit.sum else None
    return {
        "title": benefit.title,
        "conditions": "\n".join(line_of(term, facts) for term in benefit.conditions),
        "conditions_text": "\n".join(benefit.conditions_text),
        "sum": json.dumps(rule, ensure_ascii=False) if rule else "",
        "excludes": "、".join(benefit.excludes),
        "general": "1" if benefit.general else "",
        "instrument": benefit.instrument,
    }


def read_form(
    id_: str, typed: Mapping[str, str], policy: Policy, facts: Facts, others: Sequence[Benefit]
) -> Benefit:
    """The benefit of a form, proven against its clause.

    Args:
        id_: the benefit's id, or `NEW`.
        typed: the fields.
        policy: its clause.
        facts: what conditions may name.
        others: all benefits as they are now.

    Raises:
        BenefitFormError: it can't be so.
    """
    faults: list[str] = []
    conditions = []
    for line in filter(None, map(str.strip, typed.get("conditions", "").splitlines())):
        try:
            conditions.append(term_of(line, facts))
        except LineError as error:
            faults.append(str(error))
    rule = _rule(typed.get("sum", "").strip(), faults)
    if not typed.get("title", "").strip():
        faults.append("请填写名称")
    if faults:
        raise BenefitFormError(faults)
    try:
        benefit = Benefit(
            id=_next_id(policy, others) if id_ == NEW else id_,
            clause=policy.key,
            title=typed["title"].strip()[:60],
            conditions=tuple(conditions),
            conditions_text=tuple(
                filter(None, map(str.strip, typed.get("conditions_text", "").splitlines()))
            ),
            sum=rule,
            excludes=tuple(filter(None, typed.get("excludes", "").replace("，", "、").split("、"))),
            general=bool(typed.get("general")),
            instrument=typed.get("instrument") or "grant",
        )
    except ValidationError as error:
        raise BenefitFormError([str(error.errors(include_url=False)[0]["msg"])]) from error
    kept = [one for one in others if one.id != benefit.id]
    about = f"{benefit.id}: "
    found = [
        fault.removeprefix(about)
        for fault in check_benefits([*kept, benefit], facts, {policy.key: policy.text})
        if fault.startswith(about)
    ]
    if found:
        raise BenefitFormError([_in_chinese(fault) for fault in found])
    return benefit


def _rule(typed: str, faults: list[str]) -> AnyRule | None:
    if not typed:
        return None
    try:
        return _RULE.validate_json(typed)
    except ValidationError:
        faults.append('金额标准的写法不对，可参照其他条目，例如 {"kind": "max", "cny": 300000, "quote": "…"}')
        return None


def _in_chinese(fault: str) -> str:
    if "does not stand in" in fault:
        return f"{fault.partition('”')[0]}”不在条文里，请用条文的原话"
    if fault.startswith("excludes"):
        return f"互斥的 {fault.split()[1].rstrip(',')} 不存在"
    return f"条件或金额标准与事实不符：{fault}"


def _next_id(policy: Policy, others: Sequence[Benefit]) -> str:
    taken = {one.id for one in others}
    letters = [*"abcdefghijklmnopqrstuvwxyz"]
    return next(f"{policy.key}{letter}" for letter in letters if f"{policy.key}{letter}" not in taken)


def as_rules(benefits: Sequence[Benefit]) -> dict[str, Any]:
    """Benefits as the part of the library's rules holds them."""
    return {"benefits": [one.model_dump(mode="json", exclude_unset=True) for one in benefits]}
