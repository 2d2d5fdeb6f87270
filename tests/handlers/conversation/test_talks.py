"""Scripted conversations hold, typed through signed pushes as WeChat sends them: `bench/talks.py` holds them one by one."""

from pathlib import Path

import pytest

from bench.talk_cases import load_cases
from bench.talks import hold_all

TALKS = Path(__file__).parents[2] / "data" / "talks"


@pytest.mark.parametrize(("name", "part"), [("sample", "1/1"), *(("own", f"{n}/4") for n in range(1, 5))])
async def test_every_turn_of_a_scripted_conversation_holds(name: str, part: str, tmp_path: Path) -> None:
    """In parts, for several workers to hold."""
    number, parts = map(int, part.split("/"))
    turns = await hold_all(load_cases(TALKS / f"{name}.jsonl")[number - 1 :: parts], tmp_path)
    failing = [(turn.case, turn.number, turn.said, turn.faults) for turn in turns if turn.faults]
    assert failing == []
