"""Two linear maps that move the vector of a question to where the passages that answer it are.

A small sentence model puts a question next to texts that look like it, and people tell their situation in other words than a
document does (电费太高想装光伏 / 分布式发电). From many questions with known clauses, of several districts' documents, the
maps learn which directions of the model's space tell one support from another, and which are only manner of speech. They know
no document: an imported one gains as much as the one that comes with the program. `bench/question_maps.py` fits them.
"""

from base64 import b64decode, b64encode
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict

from policies.library.data_files import read_data_file

QUESTION_MAPS_FILE = Path(__file__).parents[2] / "data" / "question_maps.json"
_STEPS = 127


class _Matrix(BaseModel):
    """What a map adds to a vector: rows of signed bytes (base64), each worth `step`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    step: float
    rows: tuple[str, ...]


class _File(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    place: _Matrix
    scope: _Matrix
    sharpness: float
    least: float


class QuestionMaps:
    """The maps.

    Attributes:
        sharpness, least: a clause answers with log-odds of `sharpness` × (its cosine by `scope` - `least`).
    """

    def __init__(self, place: Any, scope: Any, sharpness: float, least: float) -> None:
        """Args:
        place: a square matrix. Moved by it, a question is nearest to its clause.
        scope: moved by it, a question that no clause answers is far from every clause.
        sharpness: see the attributes.
        least: see the attributes.
        """
        self._numpy = import_module("numpy")
        self.matrices = (place, scope)
        self.sharpness = sharpness
        self.least = least

    def moved(self, vectors: Any) -> list[Any]:
        """Return a question's vector, or rows of them, moved by `place`, and by `scope`; each of length 1."""
        both = (vectors @ matrix for matrix in self.matrices)
        return [each / self._numpy.linalg.norm(each, axis=-1, keepdims=True) for each in both]

    def to_json(self) -> str:
        """Return the maps as `question_maps.json` holds them."""
        place, scope = (self._packed(matrix) for matrix in self.matrices)
        file = _File(place=place, scope=scope, sharpness=self.sharpness, least=self.least)
        return file.model_dump_json(indent=1) + "\n"

    def _packed(self, matrix: Any) -> _Matrix:
        added = matrix - self._numpy.eye(len(matrix))
        step = float(abs(added).max()) / _STEPS
        rows = self._numpy.round(added / step).astype("int8")
        return _Matrix(step=step, rows=tuple(b64encode(row.tobytes()).decode() for row in rows))


@cache
def load_question_maps() -> QuestionMaps:
    """Return the maps that come with the program. numpy must be installed.

    Raises:
        policies.library.data_files.DataFileError: the file can't be used.
    """
    file = read_data_file(QUESTION_MAPS_FILE, _File)
    return QuestionMaps(_matrix(file.place), _matrix(file.scope), file.sharpness, file.least)


def _matrix(packed: _Matrix) -> Any:
    numpy = import_module("numpy")
    rows = [numpy.frombuffer(b64decode(row), dtype="int8") for row in packed.rows]
    return (numpy.eye(len(rows)) + numpy.array(rows) * packed.step).astype("float32")
