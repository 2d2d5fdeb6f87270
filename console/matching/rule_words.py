"""The rule of a benefit's sum as one line that an operator reads. Pure."""

from collections.abc import Iterable

from policies.company_facts.wording import in_words
from policies.matching.facts import Facts
from policies.matching.sums import AnyRule, ByChoice, Fixed, Maximum, PerUnit, Pool, Range, Share
from policies.numbers.written import in_cny, in_percent


def rule_in_words(rule: AnyRule | None, facts: Facts) -> str:
    """Write a rule in words: 按研发投入的10%，最高500万元; "" if the clause states no sum."""
    match rule:
        case Maximum():
            return f"最高{in_cny(rule.cny)}"
        case Fixed():
            return f"定额{in_cny(rule.cny)}"
        case Pool():
            return f"所有获评者合计{in_cny(rule.cny)}"
        case Range():
            per = f"，乘以{_named([rule.per], facts)}" if rule.per else ""
            return f"{in_cny(rule.least_cny)}至{in_cny(rule.most_cny)}{per}"
        case ByChoice():
            fact = facts.by_id[rule.of]
            sums = "、".join(f"{in_words(fact, option)}{in_cny(cny)}" for option, cny in rule.cny.items())
            return f"按{fact.label}：{sums}"
        case Share():
            cap = f"，最高{in_cny(rule.cap_cny)}" if rule.cap_cny is not None else ""
            if rule.cap_per is not None:
                cap = f"，最高{in_cny(rule.cap_per.cny)}乘以{_named([rule.cap_per.of], facts)}"
            return f"{_named(rule.of, facts)}的{in_percent(float(rule.rate))}{cap}"
        case PerUnit():
            parts = "；".join(f"{_named(part.of, facts)}每份{in_cny(part.cny)}" for part in rule.parts)
            cap = f"，合计最高{in_cny(rule.cap_cny)}" if rule.cap_cny is not None else ""
            if rule.already_received:
                cap += f"（含{_named([rule.already_received], facts)}）"
            return f"{parts}{cap}"
    return ""


def _named(fact_ids: Iterable[str], facts: Facts) -> str:
    return "与".join(facts.by_id[one].label if one in facts.by_id else one for one in fact_ids)
