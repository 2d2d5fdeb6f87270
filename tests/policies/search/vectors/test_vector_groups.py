"""Very many vectors in groups: all are compared roughly, some groups exactly."""

from typing import Any

import pytest

from policies.search.vectors.groups import Groups

numpy = pytest.importorskip("numpy")


@pytest.fixture
def rows() -> Any:
    chance = numpy.random.default_rng(3)
    found = chance.normal(0, 1, (2_000, 8)) @ chance.normal(0, 1, (8, 100))
    return (found / numpy.linalg.norm(found, axis=1, keepdims=True)).astype("float32")


@pytest.fixture
def starts() -> Any:
    """The first rows of groups of 1 to 7."""
    sizes = numpy.random.default_rng(4).integers(1, 8, 2_000)
    firsts = numpy.cumsum(sizes) - sizes
    return firsts[firsts < 2_000]


def test_very_many_groups_are_compared_roughly_and_some_exactly(rows: Any, starts: Any) -> None:
    exact, rough = Groups(numpy, rows, starts), Groups(numpy, rows, starts, many=1_000)
    expected = exact.nearest(rows[7])
    assert rough.is_rough and not exact.is_rough
    assert rough.nearest(rows[7]) == pytest.approx(expected, abs=0.05)
    some = numpy.random.default_rng(5).permutation(len(starts))[:300]
    assert rough.nearest_in(some, rows[7]) == pytest.approx(expected[some], abs=1e-6)


def test_a_group_is_as_near_as_its_nearest(rows: Any) -> None:
    groups = Groups(numpy, rows, numpy.array([0, 1, 1_999]))
    cosines = rows @ rows[3]
    expected = [cosines[0], 1.0, cosines[1_999]]
    assert groups.nearest(rows[3]) == pytest.approx(expected, abs=1e-6)
    assert groups.nearest_in(numpy.array([2, 1]), rows[3]) == pytest.approx([expected[2], 1.0], abs=1e-6)
