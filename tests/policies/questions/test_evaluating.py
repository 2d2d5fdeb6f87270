"""`policybot policies evaluate`, as CI runs it."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

from tests.kit.commands.command_line import Policybot

Evaluate = Callable[..., Result]
RIGHT = {"id": "1", "q": "第22条", "kind": "number", "expect": [22]}
DECLINED = {"id": "2", "q": "你好", "kind": "oos", "expect": []}
WRONG = {"id": "3", "q": "第23条", "kind": "number", "expect": [22]}


@pytest.fixture
def evaluate(policybot: Policybot, tmp_path: Path) -> Evaluate:
    def run(*lines: str | dict[str, object], options: tuple[str, ...] = ()) -> Result:
        file = tmp_path / "questions.jsonl"
        texts = (line if isinstance(line, str) else json.dumps(line, ensure_ascii=False) for line in lines)
        file.write_text("\n".join(texts), encoding="utf-8")
        return policybot("policies", "evaluate", file, *options)

    return run


def test_each_kind_has_its_line(evaluate: Evaluate) -> None:
    result = evaluate(RIGHT, "", DECLINED, options=("--bar",))
    assert result.exit_code == 0
    assert "number" in result.stdout
    assert "1 (100.0%)" in result.stdout
    assert result.stderr == ""


def test_a_miss_is_shown_with_what_was_expected_and_why(evaluate: Evaluate) -> None:
    result = evaluate(WRONG, options=("--explain",))
    assert "3 [number] 第23条: expected 22, got clause 23" in result.stdout
    assert "number: 第23条" in result.stdout


def test_under_the_bar_the_command_fails_only_where_the_bar_is_asked_for(evaluate: Evaluate) -> None:
    assert evaluate(WRONG).exit_code == 0
    result = evaluate(RIGHT, WRONG, options=("--bar",))
    assert result.exit_code == 1
    assert "under the bar: first right: 50.0%, the bar is 97%" in result.stderr


@pytest.mark.parametrize("line", ["{", '{"id": "1", "q": "第22条"}', '"第22条"', "[]"])
def test_a_bad_line_is_named_by_its_number(evaluate: Evaluate, line: str) -> None:
    result = evaluate(RIGHT, "", line)
    assert result.exit_code == 2
    assert "questions.jsonl 第 3 行有误" in result.stderr


def test_a_file_that_cannot_be_read_is_named(policybot: Policybot) -> None:
    result = policybot("policies", "evaluate", "none.jsonl")
    assert result.exit_code == 2
    assert "读不到" in result.stderr
