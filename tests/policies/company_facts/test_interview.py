"""An interview comes to an end."""

from datetime import date
from typing import Any

from policies.company_facts.interview import Progress, next_question
from policies.company_facts.match_service import load_match_service
from policies.library.library_file import load_library

SERVICE = load_match_service()


def test_an_interview_asks_each_question_once_and_ends() -> None:
    policies = load_library().policies
    told: dict[str, Any] = {}
    unsure: frozenset[str] = frozenset()
    asked = []
    while True:
        progress = Progress(told, unsure, topics=tuple(range(9)), asked=0, until=99)
        fact = next_question(progress, SERVICE.plan, SERVICE.catalogue, policies, date(2026, 3, 2))
        if fact is None:
            break
        asked.append(fact)
        unsure |= {fact}
    assert len(asked) == len(set(asked))
    assert asked[0] == "org_kind"
