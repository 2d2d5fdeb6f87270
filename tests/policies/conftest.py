"""A clock that stands still until moved, and the real library."""

import pytest

from policies.district.folder import load_district
from policies.district.models import District
from policies.library.library import Library
from policies.library.library_file import load_library
from policies.library.models import Department, Document, TrackList
from tests.kit.clocks import SetClock


@pytest.fixture
def clock() -> SetClock:
    return SetClock()


@pytest.fixture(scope="session")
def library() -> Library:
    return load_library()


@pytest.fixture(scope="session")
def compendium(library: Library) -> Document:
    """The one document that comes with the program."""
    [only] = library.documents
    return only


@pytest.fixture(scope="session")
def district() -> District:
    return load_district()


@pytest.fixture(scope="session")
def tracks(district: District) -> TrackList:
    return district.tracks


@pytest.fixture(scope="session")
def departments(district: District) -> tuple[Department, ...]:
    return district.departments
