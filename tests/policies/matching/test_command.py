"""`policybot match`, as a program calls it."""

import json
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from bot.commands.policies import match

LINE = json.dumps(
    {"id": "x", "facts": {"org_kind": "enterprise", "place": "new_area", "hightech_status": "first"}}
)


@pytest.fixture
def app(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> typer.Typer:
    monkeypatch.chdir(tmp_path)
    made = typer.Typer()
    match.register(made)
    return made


def test_a_file_and_standard_input_give_the_same(app: typer.Typer, tmp_path: Path) -> None:
    (tmp_path / "companies.jsonl").write_text(f"\ufeff{LINE}\n\n{LINE}\n", encoding="utf-8")
    of_file = CliRunner().invoke(app, ["companies.jsonl"])
    of_input = CliRunner().invoke(app, ["-"], input=f"{LINE}\n\n{LINE}\n")
    assert (of_file.exit_code, of_input.exit_code) == (0, 0)
    assert of_file.stdout == of_input.stdout
    found = json.loads(of_input.stdout.splitlines()[1])
    assert "10a" in {
        f"{one['clause']}{one['benefit']}" for one in found["results"] if one["verdict"] == "likely"
    }


@pytest.mark.parametrize("bad", ["{", '{"facts": {}}', '{"id": 1, "facts": {"colour": "red"}}', "[]"])
def test_a_bad_line_is_named_and_ends_with_2(app: typer.Typer, bad: str) -> None:
    result = CliRunner().invoke(app, ["-"], input=f"{LINE}\n{bad}\n")
    assert result.exit_code == 2
    assert "standard input, line 2" in result.stderr
    assert len(result.stdout.splitlines()) == 1
