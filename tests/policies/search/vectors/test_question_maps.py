"""The maps that move a question to its clause: those that come with the program, and maps of a test's own."""

from pathlib import Path

import pytest

from policies.search.vectors import question_maps
from policies.search.vectors.question_maps import QuestionMaps, load_question_maps

numpy = pytest.importorskip("numpy")
SIZE = 384
ROUNDED = 1e-2


def test_a_moved_question_has_length_1() -> None:
    vector = numpy.ones(SIZE, dtype="float32") / numpy.sqrt(SIZE)
    for moved in load_question_maps().moved(vector):
        assert numpy.linalg.norm(moved) == pytest.approx(1.0)


def test_maps_are_read_as_they_were_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    chance = numpy.random.default_rng(1)
    place, scope = (numpy.eye(SIZE) + chance.normal(0, 0.02, (SIZE, SIZE)) for _ in range(2))
    file = tmp_path / "maps.json"
    file.write_text(QuestionMaps(place, scope, 20.0, 0.8).to_json())
    monkeypatch.setattr(question_maps, "QUESTION_MAPS_FILE", file)
    read = load_question_maps.__wrapped__()
    assert (read.sharpness, read.least) == (20.0, 0.8)
    for matrix, original in zip(read.matrices, (place, scope), strict=True):
        assert numpy.abs(matrix - original).max() < ROUNDED
