"""Very many vectors: most are compared roughly, the most alike exactly."""

import pytest

from policies.search.vectors.rows import Rows

numpy = pytest.importorskip("numpy")


def test_the_most_alike_of_very_many_rows_are_told_exactly() -> None:
    chance = numpy.random.default_rng(3)
    rows = chance.normal(0, 1, (2_000, 8)) @ chance.normal(0, 1, (8, 100))
    rows = (rows / numpy.linalg.norm(rows, axis=1, keepdims=True)).astype("float32")
    asked = rows[chance.choice(2_000, 2)].T
    exact = Rows(numpy, rows).cosines(asked)
    found = Rows(numpy, rows, many=1_000).cosines(asked)
    nearest = numpy.argsort(-(exact @ numpy.ones(2)))[:50]
    assert found[nearest] == pytest.approx(exact[nearest], abs=1e-6)
    assert found == pytest.approx(exact, abs=0.05)
