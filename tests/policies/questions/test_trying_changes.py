"""`policybot questions export`, and `policybot policies evaluate` before a change of words or clauses goes live."""

import asyncio
import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
import typer
from click.testing import Result
from typer.testing import CliRunner

from bot.commands.policies import policies, questions
from policies.library.library_file import load_library
from policies.publishing.drafts import Drafts
from policies.questions.confirmed import ConfirmedQuestions
from policies.search.words.language import SCOPE_FILE
from storage.clock import system_clock
from storage.sql.database import Database

Run = Callable[..., Result]


@pytest.fixture
def run(sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("BOT_DATABASE_URL", sqlite_url)
    monkeypatch.setenv("BOT_DATA_DIR", str(tmp_path / "var"))
    app = typer.Typer()
    policies.register(app)
    questions.register(app)
    return lambda *arguments: CliRunner().invoke(app, [str(argument) for argument in arguments])


def confirm(url: str, answers: dict[str, int | None]) -> None:
    async def work() -> None:
        database = Database.open(url)
        confirmed = ConfirmedQuestions(database)
        for text, key in answers.items():
            await confirmed.confirm([text], key, "王编辑")
        await database.close()

    asyncio.run(work())


def test_confirmed_questions_are_exported_as_test_cases(run: Run, sqlite_url: str, tmp_path: Path) -> None:
    confirm(sqlite_url, {"高企首次认定奖多少": 10, "今天下雨吗": None})
    lines = run("questions", "export").stdout.splitlines()
    cases = [json.loads(line) for line in lines]
    assert [(case["q"], case["kind"], case["expect"]) for case in cases] == [
        ("高企首次认定奖多少", "confirmed", [10]),
        ("今天下雨吗", "oos", []),
    ]
    file = tmp_path / "cases.jsonl"
    assert f"{file}: 2 questions" in run("questions", "export", file).stderr
    asked = run("policies", "evaluate", file, "--bar")
    assert (asked.exit_code, asked.stderr) == (0, "")


def test_other_weights_are_tried_on_confirmed_questions(run: Run, sqlite_url: str, tmp_path: Path) -> None:
    confirm(sqlite_url, {"我们首次认定为高企能奖多少": 10})
    data = tmp_path / "data"
    shutil.copytree(SCOPE_FILE.parent, data)
    scope = json.loads((data / SCOPE_FILE.name).read_text(encoding="utf-8"))
    for weights in scope.values():
        weights |= {"answer": 99.0, "offer": 98.0}
    (data / SCOPE_FILE.name).write_text(json.dumps(scope), encoding="utf-8")
    tried = run("policies", "evaluate", "--data", data, "--bar")
    assert tried.exit_code == 1
    assert "- 我们首次认定为高企能奖多少: search 第10条 → none" in tried.stdout
    assert "1 answers would change, 1 of them for the worse" in tried.stdout
    assert (
        "0 answers would change" in run("policies", "evaluate", "--data", SCOPE_FILE.parent, "--bar").stdout
    )


def test_drafts_are_tried_as_if_they_were_published(run: Run, sqlite_url: str) -> None:
    confirm(sqlite_url, {"高企首次认定奖多少": 10})
    assert run("policies", "check").exit_code == 0
    assert "0 answers would change" in run("policies", "evaluate", "--drafts").stdout

    async def retire() -> None:
        database = Database.open(sqlite_url)
        policy = load_library().get(10)
        assert policy is not None
        await Drafts(database, system_clock).begin(policy, author="王编辑", retires=True)
        await database.close()

    asyncio.run(retire())
    tried = run("policies", "evaluate", "--drafts", "--bar")
    assert tried.exit_code == 1
    assert "- 高企首次认定奖多少: search 第10条 → " in tried.stdout
