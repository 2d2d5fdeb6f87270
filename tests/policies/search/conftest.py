"""The index over the real compendium, built once."""

import pytest

from policies.models import Compendium, Department, TrackList
from policies.search.index import PolicyIndex


@pytest.fixture(scope="session")
def index(compendium: Compendium, tracks: TrackList, departments: tuple[Department, ...]) -> PolicyIndex:
    return PolicyIndex.build(compendium, tracks, departments)
