"""The vectors that come with the program are those of its own texts."""

import json

from bench.shipped_vectors import shipped_readings
from policies.meanings.shipped_vectors import SHIPPED_VECTORS_FILE


def test_the_program_comes_with_the_vectors_of_all_its_texts_and_of_no_others() -> None:
    shipped = json.loads(SHIPPED_VECTORS_FILE.read_text())["vectors"]
    assert set(shipped) == set(shipped_readings()), "run .venv/bin/python -m bench.shipped_vectors"
