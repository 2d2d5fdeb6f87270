"""A benefit as a form, and back: its title, its conditions as lines, the rule of its sum. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from console.matching.rule_words import rule_in_words
from policies.library.models import Policy
from policies.matching.benefits import Benefit
from policies.matching.checking import check_benefits
from policies.matching.conditions import Op, Term, comparisons
from policies.matching.facts import Facts
from policies.matching.lines.benefit_lines import OP_NAMES, lines_of, terms_of
from policies.matching.lines.line_parts import BAR, LineError
from policies.matching.lines.sum_lines import line_of_sum, sum_of_line
from policies.matching.sums import AnyRule

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
class ConditionRow:
    """One condition beside the clause's words."""

    quote: str
    condition: str


def rows_of(benefit: Benefit, facts: Facts) -> list[ConditionRow]:
    """Return its conditions for reading: the clause's words, and what is compared."""
    audited = [ConditionRow(words, "由主管部门审核，不影响结论") for words in benefit.conditions_text]
    return [*_compared_rows(benefit, facts), *audited]


def _compared_rows(benefit: Benefit, facts: Facts) -> list[ConditionRow]:
    rows = []
    for term in benefit.conditions:
        quotes = dict.fromkeys(one.quote for one in comparisons(term))
        rows.append(ConditionRow("；".join(quotes), "\n".join(map(_read_aloud, lines_of(term, facts)))))
    return rows


def _read_aloud(line: str) -> str:
    """Return a line without its quote, which stands beside it."""
    first, *parts = line.split(BAR)
    if not parts:
        return first
    joined, parts = (f"{first} ", parts) if first in {"或", "且"} else ("", [first, *parts])
    if len(parts) < 3:  # 符合其一, 可以不答
        return f"{joined}{parts[0]}（可以不答）"
    fact, how, value, *rest = parts
    compared = f"{fact}：{value}" if how == OP_NAMES[Op.EQUALS] else f"{fact} {how} {value}".rstrip()
    return f"{joined}{compared}{'（可以不答）' if rest[1:] else ''}"


TEXTS = (
    "名称",
    "条件",
    "须审核的原话",
    "金额标准",
    "金额原话",
    "理解",
    "只能选一项",
    "支持方式",
    "一般性支持",
    "拟稿",
)
INSTRUMENT_NAMES = {"grant": "奖补", "equity": "股权投资", "grant_or_equity": "奖补或股权投资"}


def texts_of(benefit: Benefit | None, facts: Facts) -> dict[str, str]:
    """Return a benefit as texts by the names of `TEXTS`, for an approver to compare; empty texts if there is no benefit."""
    if benefit is None:
        return {}
    values = (
        benefit.title,
        "\n".join(f"{row.condition}（原文“{row.quote}”）" for row in _compared_rows(benefit, facts)),
        "\n".join(benefit.conditions_text),
        rule_in_words(benefit.sum, facts),
        benefit.sum.quote if benefit.sum else "",
        benefit.reading,
        "、".join(benefit.excludes),
        INSTRUMENT_NAMES[benefit.instrument],
        "是" if benefit.general else "",
        "是" if benefit.draft else "",
    )
    return dict(zip(TEXTS, values, strict=True))


def values_of(benefit: Benefit, facts: Facts) -> dict[str, str]:
    """Return the fields of its form."""
    return {
        "title": benefit.title,
        "conditions": "\n".join(line for term in benefit.conditions for line in lines_of(term, facts)),
        "conditions_text": "\n".join(benefit.conditions_text),
        "sum": line_of_sum(benefit.sum, facts) if benefit.sum else "",
        "reading": benefit.reading,
        "excludes": "、".join(benefit.excludes),
        "general": "1" if benefit.general else "",
        "instrument": benefit.instrument,
    }


def read_form(
    id_: str, typed: Mapping[str, str], policy: Policy, facts: Facts, others: Sequence[Benefit]
) -> Benefit:
    """Return the benefit of a form, proven against its clause.

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
    conditions: list[Term] = []
    rule: AnyRule | None = None
    try:
        conditions = terms_of(filter(None, map(str.strip, typed.get("conditions", "").splitlines())), facts)
    except LineError as error:
        faults.append(str(error))
    try:
        rule = sum_of_line(typed["sum"].strip(), facts) if typed.get("sum", "").strip() else None
    except LineError as error:
        faults.append(str(error))
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
            reading=typed.get("reading", "").strip()[:300],
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


def _in_chinese(fault: str) -> str:
    if fault.startswith("no condition"):
        return "请至少写一个条件，否则对所有公司都算符合"
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
