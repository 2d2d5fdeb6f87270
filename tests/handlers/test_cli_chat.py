"""`policybot ask`: one question or thousands, by the same road, and nothing of it kept."""

import json
from functools import partial
from pathlib import Path

import pytest

from handlers.cli_chat import BatchLineError, ask, ask_batch, talk
from handlers.framework.context import Context
from handlers.router import Router
from tests.kit.commands.command_line import Policybot


@pytest.fixture
def ask_typed(policybot: Policybot, monkeypatch: pytest.MonkeyPatch) -> Policybot:
    """`policybot ask` on an empty data folder, with no Redis anywhere."""
    monkeypatch.delenv("BOT_DATABASE_URL")
    return partial(policybot, "ask")


async def test_a_talk_remembers_what_was_shown_and_ends_with_its_lines(context: Context) -> None:
    said = [answer.text async for answer in talk(Router(context), ["第22条\n", "\n", "哪个部门管\n"])]
    assert len(said) == 3
    assert "欢迎关注" in said[0]
    assert said[1].startswith("第22条")
    assert "区工信局" in said[2]


async def test_a_batch_is_answered_in_order_and_in_the_agreed_shape(context: Context) -> None:
    lines = ['{"id": "a", "q": "第22条", "kind": "number"}', "", '{"id": 2, "q": "你好"}']
    answered = [row async for row in ask_batch(Router(context), lines)]
    assert [list(row) for row in answered] == [["id", "q", "intent", "clauses", "refs", "reply"]] * 2
    first, greeting = answered
    assert (first["id"], first["intent"], first["clauses"]) == ("a", "clause", [22])
    assert "第22条 企业技术改造设备投资奖补" in first["reply"]
    assert first["refs"] == ["xihaian/22"]
    assert (greeting["id"], greeting["intent"], greeting["clauses"]) == (2, "none", [])


@pytest.mark.parametrize("line", ["{", "[]", '"q"', '{"id": 1}', '{"q": "x"}', '{"id": 1, "q": null}'])
async def test_a_line_that_cannot_be_read_is_named_by_its_number(context: Context, line: str) -> None:
    with pytest.raises(BatchLineError, match="line 2: ") as caught:
        [row async for row in ask_batch(Router(context), ['{"id": 1, "q": "第1条"}', line])]
    assert caught.value.number == 2


async def test_questions_do_not_know_of_each_other(context: Context) -> None:
    router = Router(context)
    await ask(router, "市海洋发展局")
    assert "再发一次" in (await ask(router, "下一页")).text
    lines = ['{"id": 1, "q": "订阅 海水淡化"}', '{"id": 2, "q": "我的订阅"}']
    first, second = [row["reply"] async for row in ask_batch(router, lines)]
    assert "已为您订阅" in first
    assert "还没有订阅" in second


async def test_half_a_character_from_json_does_no_harm(context: Context) -> None:
    (row,) = [row async for row in ask_batch(Router(context), [r'{"id": 1, "q": "第22条\ud800"}'])]
    assert row["clauses"] == [22]


def test_the_command_answers_in_words(ask_typed: Policybot) -> None:
    result = ask_typed("第22条")
    assert result.exit_code == 0, result.output
    assert "青政发〔2024〕11号" in result.output
    assert "/p/22" in result.output
    assert "<a " not in result.output


def test_the_command_answers_in_json_with_its_reasons(ask_typed: Policybot) -> None:
    result = ask_typed("第22条", "--json", "--explain")
    shown = json.loads(result.stdout)
    assert (shown["intent"], shown["clauses"]) == ("clause", [22])
    assert "reasons" in shown


def test_a_batch_from_a_file(policybot: Policybot, ask_typed: Policybot, tmp_path: Path) -> None:
    guides, file = tmp_path / "guides.csv", tmp_path / "questions.jsonl"
    guides.write_text("policy_id,phone\n22,0532-55551234\n", encoding="utf-8")
    assert policybot("guides", "import", guides).exit_code == 0
    file.write_text('{"id": "x", "q": "首台套"}\n{"id": "y", "q": "第22条的电话"}\n', encoding="utf-8")
    result = ask_typed("--batch", file)
    assert result.exit_code == 0, result.output
    rows = [json.loads(line) for line in result.stdout.splitlines()]
    assert [row["id"] for row in rows] == ["x", "y"]
    assert rows[0]["clauses"][0] == 4
    assert "0532-55551234" in rows[1]["reply"]


def test_a_broken_line_ends_the_batch_with_its_number(ask_typed: Policybot, tmp_path: Path) -> None:
    file = tmp_path / "questions.jsonl"
    file.write_text('{"id": "x", "q": "首台套"}\n{oops\n', encoding="utf-8")
    result = ask_typed("--batch", file)
    assert result.exit_code == 1
    assert json.loads(result.stdout)["id"] == "x"
    assert "line 2" in result.stderr


@pytest.mark.parametrize("arguments", [[], ["首台套", "--batch", "-"]])
def test_a_question_or_a_batch_is_wanted_not_both(ask_typed: Policybot, arguments: list[str]) -> None:
    assert ask_typed(*arguments).exit_code == 2
