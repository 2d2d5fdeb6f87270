"""A question for the library is no request for a match."""

import json
from pathlib import Path

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
