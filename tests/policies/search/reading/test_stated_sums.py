"""The tables of sums find what comparing with every clause finds."""

import pytest

from policies.library.library import Library
from policies.library.models import AmountKind, Policy
from policies.search.reading.stated_sums import StatedSums
from policies.search.reading.sums import Comparison, SumAsked, states
from tests.kit.properties import given, st

EVERY = {Comparison.AT_MOST, Comparison.UNDER}


@pytest.fixture(scope="module")
def sums(library: Library) -> StatedSums:
    return StatedSums(library.policies)


def _states(policy: Policy, asked: SumAsked) -> bool:
    amounts = [amount for amount in policy.amounts if amount.kind is not AmountKind.POOL]
    found = [states(amount, asked) for amount in amounts]
    return bool(found) and (all(found) if asked.comparison in EVERY else any(found))


@given(
    comparison=st.sampled_from(sorted(set(Comparison) - {Comparison.LARGEST})),
    low=st.sampled_from([200, 1200, 3000, 10**5, 3 * 10**5, 5 * 10**5, 10**6, 2 * 10**6, 10**7, 2 * 10**7]),
    more=st.sampled_from([0, 10**5, 10**7]),
)
def test_as_every_clause_says(
    library: Library, sums: StatedSums, comparison: Comparison, low: int, more: int
) -> None:
    asked = SumAsked(comparison, low, low + more)
    expected = {policy.key for policy in library.policies if _states(policy, asked)}
    if not expected and comparison is Comparison.CAP:
        equal = SumAsked(Comparison.EQUAL, low, low)
        expected = {policy.key for policy in library.policies if _states(policy, equal)}
    assert set(sums.clauses(asked)) == expected


def test_the_largest_come_first(sums: StatedSums) -> None:
    assert sums.clauses(SumAsked(Comparison.LARGEST))[0] in {22, 26}
    assert sums.clauses(SumAsked(Comparison.AT_LEAST, 10**7, 10**7))[:2] == (22, 26)
