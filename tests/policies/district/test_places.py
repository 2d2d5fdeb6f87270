"""What is here and what is elsewhere is the district's data: each library declines the other's places."""

from pathlib import Path

import pytest

from policies.district.folder import library_folder, load_district
from policies.district.models import District
from policies.library.library import Library
from policies.library.library_file import load_library
from policies.search.decision import Intent
from policies.search.index import PolicyIndex

OTHER = Path(__file__).parents[2] / "data" / "yunling"


@pytest.fixture(scope="module")
def ours(library: Library, district: District) -> PolicyIndex:
    return PolicyIndex.build(library, district)


@pytest.fixture(scope="module")
def theirs() -> PolicyIndex:
    return PolicyIndex.build(load_library(OTHER / "policies.json"), load_district(library_folder(str(OTHER))))


@pytest.mark.parametrize("typed", ["北京有补贴吗", "崂山有什么政策"])
def test_another_place_is_declined_here(ours: PolicyIndex, typed: str) -> None:
    assert ours.decide(typed).intent is Intent.NONE
    assert ours.decide("青岛有什么补贴").ask


@pytest.mark.parametrize("typed", ["青岛有什么补贴", "北京有补贴吗", "青石县有什么政策"])
def test_our_places_are_declined_there(theirs: PolicyIndex, typed: str) -> None:
    assert theirs.decide(typed).intent is Intent.NONE
    assert theirs.decide("安澜有什么补贴").ask == theirs.decide("有什么补贴").ask


def test_a_level_of_another_district_tells_its_departments(theirs: PolicyIndex) -> None:
    assert theirs.decide("云岭县文旅局有哪些政策").subject == "县文旅局"
    assert theirs.decide("县里的商务局").clauses == theirs.of_department("县商务局")


def test_a_list_that_only_the_office_has_is_the_districts(ours: PolicyIndex, theirs: PolicyIndex) -> None:
    assert ours.decide("先进技术产品目录在哪看").intent is Intent.CONTACT
    assert theirs.decide("先进技术产品目录在哪看").intent is not Intent.CONTACT
    assert theirs.decide("涉密内容找谁").intent is Intent.CONTACT
