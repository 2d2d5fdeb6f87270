"""A question for the library is no request for a match."""

import json
from pathlib import Path

import pytest

from policies.company_facts.match_service import load_match_service
from policies.company_facts.reading.requests import Wish

SERVICE = load_match_service()
DATA = Path(__file__).parents[3] / "data"
QUESTIONS = [
    json.loads(line)
    for path in sorted(DATA.glob("questions-*.jsonl"))
    for line in path.read_text(encoding="utf-8").splitlines()
]


def test_a_question_to_the_compendium_is_not_taken_for_a_match() -> None:
    """Of all questions that people wrote for the search, only those with a sum to work out are taken."""
    taken = {one["q"]: SERVICE.request(one["q"]) for one in QUESTIONS}
    others = [typed for typed, request in taken.items() if request and request.wish is not Wish.SUM]
    assert others == []
    assert sum(request is not None for request in taken.values()) <= len(QUESTIONS) // 200


@pytest.mark.parametrize(
    ("typed", "is_asked"),
    [
        ("载重5000吨以上的工船最高补多少", False),
        ("投资3000万以上的设备补多少", False),
        ("买3000万的设备能补多少", True),
        ("我们投了3000万以上,技改能补多少", True),
    ],
)
def test_a_figure_that_bounds_a_kind_of_thing_is_nobodys_own(typed: str, is_asked: bool) -> None:
    request = SERVICE.request(typed)
    assert (request is not None and request.wish is Wish.SUM) is is_asked


@pytest.mark.parametrize(
    "typed", ["除了这个我能申报哪些", "除此之外我们还能拿什么补贴", "除了刚才那个以外,我们还能报什么"]
)
def test_whatever_else_a_company_may_get_is_asked_for(typed: str) -> None:
    request = SERVICE.request(typed)
    assert request is not None
    assert request.wish is Wish.ALL


@pytest.mark.parametrize("typed", ["除了这个条件还要什么材料", "除了这个区,外地的企业给多少"])
def test_what_else_a_clause_wants_is_no_request_for_a_match(typed: str) -> None:
    assert SERVICE.request(typed) is None
