"""In which clauses a term stands, how strongly, and how rare it is."""

import pytest

from policies.search.postings import STRENGTH_UNIT, Postings


@pytest.fixture
def postings() -> Postings:
    postings = Postings()
    postings.add({"高企": 1.0, "奖补": 0.5}, ["高企", "奖补"])
    postings.add({"奖补": 0.75}, ["奖补"])
    postings.add({"海淡": 1.25}, ["海淡"])
    return postings


def test_a_term_of_one_clause_is_rarer_than_one_of_two(postings: Postings) -> None:
    assert postings.rarity("高企") > postings.rarity("奖补") > 0
    assert postings.rarity("高企") == pytest.approx(1)
    assert postings.rarity("无") == 0


def test_strengths_are_kept_to_a_hundredth(postings: Postings) -> None:
    strengths = {row: strength / STRENGTH_UNIT for row, strength in postings.strengths("奖补")}
    assert strengths == pytest.approx({0: 0.5, 1: 0.75}, abs=0.01)
    assert [row for row, _ in postings.strengths("奖补", among=(1, 2))] == [1]
    assert list(postings.strengths("无")) == []
    assert postings.strength("奖补", 1) == pytest.approx(0.75, abs=0.01)
    assert postings.strength("奖补", 2) == postings.strength("无", 0) == 0


def test_pairs_are_found_among_rows(postings: Postings) -> None:
    assert list(postings.with_pair("奖补")) == [0, 1]
    assert list(postings.with_pair("奖补", among=(1, 2))) == [1]


def test_few_postings_are_not_narrowed(postings: Postings) -> None:
    assert postings.narrow(["高企", "奖补"], []) is None


def test_many_are_narrowed_to_rows_of_the_rarest_terms() -> None:
    postings = Postings()
    for row in range(4_000):
        postings.add({"常见": 1.0} | ({"少见": 1.0} if row % 1_000 == 7 else {}), ["常见"])
    narrowed = postings.narrow(["常见", "少见"], ["常见"])
    assert narrowed is not None
    assert list(narrowed) == [7, 1_007, 2_007, 3_007]
