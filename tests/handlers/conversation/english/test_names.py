"""The English reader knows what the clauses support: each name of its file finds a clause, and people's words find theirs."""

import pytest

from handlers.conversation.english.chinese_words import NAMES_FILE, question_meant
from policies.district.folder import load_district
from policies.library.library_file import load_library
from policies.search.index import PolicyIndex
from policies.search.words.pattern_files import read_patterns


@pytest.fixture(scope="module")
def index() -> PolicyIndex:
    return PolicyIndex.build(load_library(), load_district())


def test_every_name_of_the_file_finds_a_clause(index: PolicyIndex) -> None:
    lines = read_patterns(NAMES_FILE)["names"]
    names = [line.partition(" = ")[0] for line in lines]
    assert len(names) > 80
    assert [name for name in names if not index.decide(name).clauses] == []


@pytest.mark.parametrize(
    ("typed", "clause"),
    [
        ("any subsidy for upgrading fish ponds? ours is 300 mu in one piece", 38),
        ("is there anything for shrimp ponds", 38),
        ("any grant for live fish carriers", 38),
        ("how much for a new LNG carrier", 42),
        ("do you support geothermal heating", 12),
        ("who handles charging stations", 19),
        ("we want to list on the stock market, is there a bonus", 47),
        ("funding for proof of concept centers", 26),
        ("we make cosmetics from seaweed", 43),
        ("wave energy projects", 44),
        ("gpu rental subsidy", 29),
        ("what about green supply chain", 9),
        ("hatchery support", 37),
        ("government procurement of green building materials", 20),
        ("how much for a unicorn", 7),
    ],
)
def test_what_is_asked_in_english_finds_its_clause(typed: str, clause: int, index: PolicyIndex) -> None:
    assert clause in index.decide(question_meant(typed)).clauses[:2]


@pytest.mark.parametrize(
    "typed",
    ["how do I park my car", "the tank is here", "the weather is nice today", "can you tell me a joke"],
)
def test_other_english_names_nothing(typed: str) -> None:
    assert question_meant(typed) == ""


def test_a_cap_is_asked_but_a_market_cap_is_not() -> None:
    assert question_meant("And what is the cap?") == "最高多少"
    assert question_meant("our market cap is small") == ""
