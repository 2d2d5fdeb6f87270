"""Scripted conversations hold, typed through signed pushes as WeChat sends them: `bench/talks.py` holds them one by one."""

from pathlib import Path

import pytest

from bench.talk_cases import load_cases
from bench.talks import hold_all

TALKS = Path(__file__).parents[2] / "data" / "talks"


@pytest.mark.parametrize("name", ["sample", "own"])
async def test_every_turn_of_a_scripted_conversation_holds(name: str, tmp_path: Path) -> None:
    turns = await hold_all(load_cases(TALKS / f"{name}.jsonl"), tmp_path)
    failing = [(turn.case, turn.number, turn.said, turn.faults) for turn in turns if turn.faults]
    assert failing == []
