"""Scripted conversations hold, typed through signed pushes as WeChat sends them: `bench/talks.py` holds them one by one."""

from pathlib import Path

import pytest

from bench.talk_cases import load_cases
from bench.talks import hold_each

TALKS = Path(__file__).parents[2] / "data" / "talks"


_PARTS = {"sample": 2, "own": 8}
"""For several workers to hold."""


@pytest.mark.parametrize(
    ("name", "part"), [(name, part) for name, parts in _PARTS.items() for part in range(parts)]
)
async def test_every_turn_of_a_scripted_conversation_holds(
    name: str, part: int, tmp_path: Path, sqlite_url: str, redis_url: str
) -> None:
    cases = load_cases(TALKS / f"{name}.jsonl")[part :: _PARTS[name]]
    turns = await hold_each(cases, tmp_path, sqlite_url, redis_url)
    failing = [(turn.case, turn.number, turn.said, turn.faults) for turn in turns if turn.faults]
    assert failing == []
