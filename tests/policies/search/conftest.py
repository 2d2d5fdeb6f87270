"""The index over the real library, built once, and what its keywords must bring."""

import pytest

from policies.district.models import District
from policies.library.library import Library
from policies.search.decision import Decision
from policies.search.index import PolicyIndex
from policies.search.words.normalise import compact


@pytest.fixture(scope="session")
def index(library: Library, district: District) -> PolicyIndex:
    return PolicyIndex.build(library, district)


@pytest.fixture(scope="session")
def exact_matches(library: Library) -> dict[str, set[int]]:
    """Which clauses carry a keyword, by the keyword as compared."""
    found: dict[str, set[int]] = {}
    for policy in library.policies:
        for keyword in policy.keywords:
            found.setdefault(compact(keyword).lower(), set()).add(policy.key)
    return found


def leads(decision: Decision, ids: set[int]) -> bool:
    """All of `ids` come before any other clause."""
    return set(decision.clauses[: len(ids)]) == ids
