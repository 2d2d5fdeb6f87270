"""Calculates a sum by the clauses' own rules, with the working: 买3000万设备能补多少."""

from collections.abc import Sequence

from handlers.framework.answer import Answer
from handlers.framework.edition import Edition
from handlers.framework.taps import tap
from handlers.matching.matched_benefits import brought
from handlers.matching.result_text import (
    clause_name,
    clause_tap,
    deciding_quotes,
    stopped_line,
    told_in_words,
)
from handlers.matching.stopped_benefits import clause_instead, starting_from
from policies.company_facts.reading.fact_reader import StatedFacts
from policies.company_facts.wording import CARE, outcome_in_words
from policies.library.models import Policy
from policies.matching.benefits import INSTRUMENTS
from policies.matching.catalogue import Catalogue
from policies.matching.conditions import ToldFacts
from policies.matching.matching import alternatives
from policies.matching.results import BenefitVerdict, Result

SUM = "match_sum"
"""The intent of an answer with a sum."""
_MOST_SHOWN = 5
_MOST_CONDITIONS = 4
_OF_ABOUT = "您说的是约数，够不够门槛、能有多少，以实际数为准。"
_EACH_BY_ITSELF = "各条分别测算，能不能同时享受条文没有写明，所以没有相加。"


def told_sum(asked: StatedFacts, told: ToldFacts, catalogue: Catalogue, edition: Edition) -> Answer | None:
    """Calculate what the facts in a question give. Return None if no rule and no fixed sum applies.

    Rules start from the question's sums and counts. Fixed sums follow from its other facts
    (今年首次认定高企，又技改投了1000万).

    Args:
        asked: what the question itself tells.
        told: these facts, and what else is known of the company.
        catalogue: the benefits.
        edition: what is published.
    """
    found = [
        result
        for policy in edition.index.library.policies
        if policy.key in catalogue.with_rules
        for result in catalogue.of_clause(policy, told, edition.today)
        if result.sum is not None
        and result.benefit.sum is not None
        and asked.facts.keys() & set(result.benefit.sum.facts())
    ]
    started = {fact for result in found if result.benefit.sum for fact in result.benefit.sum.facts()}
    others = brought(asked.facts.keys() - started, told, catalogue, edition)
    found += [result for result in others if result.sum is not None and result not in found]
    stopped = starting_from(asked.facts, catalogue, edition)
    if not found:
        return clause_instead(SUM, stopped[0].benefit.clause, edition) if stopped else None
    found.sort(key=lambda result: result.verdict is not BenefitVerdict.LIKELY)
    head = f"按您说的（{told_in_words(asked.facts, catalogue.facts, asked.rough)}）："
    blocks = [sum_block(result, catalogue, edition) for result in found[:_MOST_SHOWN]]
    clauses = tuple(dict.fromkeys(result.benefit.clause for result in found))
    ways = [tap(f"算一算 {clause_name(clause, edition)}") for clause in clauses[:_MOST_SHOWN]]
    checked = filter(None, [stopped_line(stopped, edition)])
    about = [_OF_ABOUT] if asked.rough else []
    apart = [_EACH_BY_ITSELF] if len(clauses) > 1 else []
    text = "\n\n".join(
        [head, *blocks, *_rivals(found), *apart, *about, *checked, CARE, "核对条件：" + "　".join(ways)]
    )
    return Answer.of(SUM, text, clauses)


def clause_sum(policy: Policy, told: ToldFacts, catalogue: Catalogue, edition: Edition) -> Answer:
    """Calculate each benefit of one clause for the told facts, or say why it does not apply."""
    results = catalogue.of_clause(policy, told, edition.today)
    if not results and policy.key in catalogue.stopped:
        return clause_instead(SUM, policy.key, edition)
    head = f"{clause_name(policy.key, edition)} {policy.title}（{told_in_words(told, catalogue.facts) or '还没有告诉我情况'}）"
    wanted = [result for result in results if result.verdict is not BenefitVerdict.NO]
    blocks = [sum_block(result, catalogue, edition) for result in wanted]
    if not wanted:
        blocks = [_why_not(result) for result in results if not result.benefit.general]
    checked = filter(None, [stopped_line(catalogue.stopped.get(policy.key, ()), edition)])
    text = "\n\n".join([head, *blocks, *_rivals(wanted), *checked, CARE])
    return Answer.of(SUM, text, (policy.key,))


def sum_block(result: Result, catalogue: Catalogue, edition: Edition) -> str:
    """Write one benefit: its sum with working, the clause's words of the rule, and the state of each condition."""
    benefit = result.benefit
    lines = [f"▪ {clause_tap(benefit.clause, edition)} {benefit.title}"]
    amount = outcome_in_words(result)
    state = "看起来符合" if result.verdict is BenefitVerdict.LIKELY else "若符合条件，"
    lines.append(
        f"{state}{'，' if result.verdict is BenefitVerdict.LIKELY else ''}{amount}"
        if amount
        else state.rstrip("，")
    )
    if benefit.sum is not None:
        lines.append(f"条文：“{benefit.sum.quote}”")
    if result.missing:
        waits_for = "；".join(catalogue.facts.by_id[fact].label for fact in result.missing[:_MOST_CONDITIONS])
        lines.append(f"还要看：{waits_for}")
    elif quotes := deciding_quotes(result):
        lines.append("对上的条文：" + "".join(f"“{quote}”" for quote in quotes))
    if benefit.conditions_text:
        lines.append("还须审核：" + "；".join(benefit.conditions_text))
    if benefit.instrument in INSTRUMENTS:
        lines.append(f"支持方式：{INSTRUMENTS[benefit.instrument]}")
    if result.caveat:
        lines.append(result.caveat)
    return "\n".join(lines)


def _why_not(result: Result) -> str:
    """Quote the condition that is not met."""
    reason = next((reason for reason in result.why if reason.met is False), None)
    words = f"条文写的是“{reason.quote}”" if reason else "有一项条件不符"
    return f"▪ {result.benefit.title}：不符合，{words}"


def _rivals(results: Sequence[Result]) -> list[str]:
    """Return a sentence for each group of benefits of which a company can have only one."""
    return [
        "、".join(f"“{result.benefit.title}”" for result in group) + "只能选一项，金额不能相加。"
        for group in alternatives(results)
        if len(group) > 1
    ]
