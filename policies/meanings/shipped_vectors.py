"""Vectors of the texts that come with the program, so that a new installation understands its first question by meaning too.

Without them the model would read some 5,000 texts at the first start: a minute of one core, and much longer on a busy machine,
because the model gives way to everything else. A text that the file does not have is read as any other.
`python -m bench.shipped_vectors` writes the file; a test says when it must be written again.
"""

from base64 import b64decode, b64encode
from collections.abc import Collection, Mapping
from importlib import import_module
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from policies.library.data_files import read_data_file
from policies.search.vectors.groups import Vectors

SHIPPED_VECTORS_FILE = Path(__file__).parents[1] / "data" / "vectors.json"
_STEPS = 127


class _File(BaseModel):
    """Vectors by the key of their text (`policies.search.meaning.ModelText.key`): signed bytes (base64), each worth `step`.

    A cosine differs by some 0.0005 from that of the vector as it was read.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    step: float
    vectors: Mapping[str, str]


def shipped_vectors(keys: Collection[str]) -> dict[str, Vectors]:
    """Return the vectors of those of these keys that the file has. numpy must be installed.

    Raises:
        policies.library.data_files.DataFileError: the file can't be used.
    """
    numpy, file = import_module("numpy"), read_data_file(SHIPPED_VECTORS_FILE, _File)
    return {
        key: (numpy.frombuffer(b64decode(file.vectors[key]), dtype="int8") * file.step).astype("float16")
        for key in keys
        if key in file.vectors
    }


def to_json(vectors: Mapping[str, Vectors]) -> str:
    """Return vectors in the form of the file."""
    step = max(float(abs(vector).max()) for vector in vectors.values()) / _STEPS
    packed = {
        key: b64encode((vectors[key] / step).round().astype("int8").tobytes()).decode()
        for key in sorted(vectors)
    }
    return _File(step=step, vectors=packed).model_dump_json(indent=1) + "\n"
