"""Says whether sums of a clause can be combined, or received a second time, in the clause's own words. Pure."""

import re

from handlers.clause_facts.passages import SENTENCES
from policies.library.amounts.amount_words import quotes_of
from policies.library.models import Policy

_STACKED = re.compile(r"不重复|重复(?:享受|奖|补)|就高|不再|同一(?:项目|事项|企业)|叠加|择优|其一|累计|除外")
_OFFICES_BEFORE = re.compile(r"^[(（]责任单位[^)）]*[)）]")
"""The offices of the sentence before. They stand after its mark."""
_AGAIN = re.compile(r"首次|再次|重新认定|连续|不再|不重复")
_NEW = re.compile(r"新(?:认定|获批|获评|入选|批准|评定)")
"""Says that it is for new things. It is read only if nothing is said of a second time."""


def together_lines(policy: Policy, _edition: object) -> list[str]:
    """Quote whether sums exclude each other, and what the clause says of other policies; [] if it says nothing."""
    choices = quotes_of(policy, (amount for amount in policy.amounts if amount.choice))
    others = [
        said.strip()
        for said in SENTENCES.findall(policy.text)
        if _STACKED.search(said) and not any(choice in said for choice in choices)
    ]
    lines = [f"· {quote}" for quote in (*choices, *others)]
    if choices:
        return ["条文写明只能选择其一：", *lines]
    return ["条文是这样写的：", *lines] if lines else []


def again_lines(policy: Policy, _edition: object) -> list[str]:
    """Quote whether it is given a second time; [] if the clause says nothing."""
    sentences = SENTENCES.findall(policy.text)
    found = [said for said in sentences if _AGAIN.search(said)] or [
        said for said in sentences if _NEW.search(said)
    ]
    lines = [f"· {_OFFICES_BEFORE.sub('', said.strip())}" for said in found]
    return ["条文是这样写的：", *lines] if lines else []
