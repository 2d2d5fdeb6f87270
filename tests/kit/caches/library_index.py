"""The index of the library that we come with is kept from test to test: to build it takes a quarter of a second."""

from policies.search.index import PolicyIndex

_KEPT: list[PolicyIndex] = []


def keep(index: PolicyIndex) -> None:
    """Keep the first one; `PolicyIndex.build` gives it again while it is in use."""
    if not _KEPT:
        _KEPT.append(index)
