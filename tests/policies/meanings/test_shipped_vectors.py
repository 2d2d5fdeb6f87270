"""The vectors that come with the program are those of its own texts."""

from bench.shipped_vectors import shipped_readings
from policies.meanings.shipped_vectors import shipped_keys


def test_the_program_comes_with_the_vectors_of_all_its_texts_and_of_no_others() -> None:
    assert shipped_keys() == set(shipped_readings()), "run .venv/bin/python -m bench.shipped_vectors"
