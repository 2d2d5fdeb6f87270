"""The directory of departments: what the document prints, and what people call it."""

from pathlib import Path

from pydantic import RootModel

from policies.library.data_files import read_data_file
from policies.library.models import Department

DEPARTMENTS_FILE = Path(__file__).parents[2] / "library" / "departments.json"


class _Directory(RootModel[tuple[Department, ...]]):
    """The file as it stands: a list of departments."""


def load_departments(path: Path = DEPARTMENTS_FILE) -> tuple[Department, ...]:
    """Read the directory of departments, in the order of first mention in the document.

    Raises:
        DataFileError: the file can't be read or doesn't fit.
    """
    return read_data_file(path, _Directory).root
