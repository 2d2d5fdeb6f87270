"""With the sentence model the conversation goes on as without it: the model knows clauses, and no more."""

from pathlib import Path

import pytest

from bench.talk_cases import load_cases
from bench.talks import hold_all
from policies.search.meaning import has_encoder

TALKS = Path(__file__).parents[2] / "data" / "talks" / "own.jsonl"
LIKE_A_CLAUSE = {"own-elsewhere-02", "own-list-20", "own-counted-01", "own-office-by-sound-01"}
"""Conversations with messages that are like some clause, and ask for another place, a list, a figure of the clause, an office."""

pytestmark = pytest.mark.skipif(not has_encoder(), reason="the sentence model is an extra")


async def test_a_message_about_the_conversation_is_not_taken_for_one_about_a_clause(tmp_path: Path) -> None:
    cases = [case for case in load_cases(TALKS) if case["id"] in LIKE_A_CLAUSE]
    assert len(cases) == len(LIKE_A_CLAUSE)
    turns = await hold_all(cases, tmp_path)
    assert [(turn.case, turn.said, turn.faults) for turn in turns if turn.faults] == []
