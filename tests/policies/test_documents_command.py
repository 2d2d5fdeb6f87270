"""`policybot documents`, as whoever has the shell types it, and what `ask` then says."""

import json
from pathlib import Path

import pytest

from tests.kit.commands.command_line import Policybot, log_of
from tests.policies.second_document import FILE, NAME, TITLE


def test_a_document_is_added_listed_made_the_default_and_retired(
    policybot: Policybot, sqlite_url: str
) -> None:
    added = policybot("documents", "add", FILE, "--id", "lingang")
    assert added.exit_code == 0
    assert f"lingang: 《{TITLE}》, 9 clauses published" in added.stdout
    assert "没有识别到依据文件" in added.stderr
    held = json.loads(policybot("documents", "list", "--json").stdout)
    assert [(one["id"], one["clauses"], one["is_default"]) for one in held] == [
        ("xihaian", 49, True),
        ("lingang", 9, False),
    ]
    assert policybot("documents", "retire", "xihaian").exit_code == 1
    assert policybot("documents", "default", "lingang").exit_code == 0
    assert policybot("documents", "retire", "xihaian").exit_code == 0
    assert "已停用" in policybot("documents", "list").stdout

    logged = [(one.action, one.subject_id) for one in log_of(sqlite_url) if one.actor.startswith("cli")]
    assert logged == [
        ("停用文件", "xihaian"),
        ("更换默认文件", "lingang"),
        ("新增文件并发布", "lingang"),
    ]


def test_what_a_new_document_lacks_is_said_before_it_is_published(policybot: Policybot) -> None:
    looked = policybot("documents", "add", FILE, "--id", "lingang", "--preview")
    assert (looked.exit_code, "9 clauses; nothing written" in looked.stdout) == (0, True)
    assert "部门名录里没有" in looked.stderr
    assert "部门在工作台“本区资料 → 部门”登记" in looked.stderr
    assert len(json.loads(policybot("documents", "list", "--json").stdout)) == 1
    added = policybot("documents", "add", FILE, "--id", "lingang")
    assert (added.exit_code, added.stderr) == (0, looked.stderr)
    assert added.output.index("部门名录里没有") < added.output.index("clauses published")
    assert json.loads(policybot("ask", "第3条", "--json").stdout)["clauses"] == [3]


def test_a_document_is_called_by_the_name_that_somebody_gave_it(policybot: Policybot, tmp_path: Path) -> None:
    policybot("documents", "add", FILE, "--id", "lingang")
    assert policybot("documents", "name", "lingang", "《服务业措施》").exit_code == 0
    lines = tmp_path / "questions.jsonl"
    lines.write_text(json.dumps({"id": 1, "q": "服务业措施第三条"}), "utf-8")
    said = json.loads(policybot("ask", "--batch", lines).stdout)
    assert (said["refs"], said["reply"][:11]) == (["lingang/第三条"], "《服务业措施》第三条 ")
    assert json.loads(policybot("documents", "list", "--json").stdout)[1]["short_name"] == "服务业措施"
    again = policybot("documents", "name", "xihaian", "服务业措施")
    assert (again.exit_code, "另一份文件已叫“服务业措施”" in again.stderr) == (1, True)
    assert "简称最多 20 个字" in policybot("documents", "name", "lingang", "长" * 21).stderr
    assert '"short_name": "服务业措施"' in policybot("policies", "export").stdout
    assert policybot("documents", "name", "lingang", "").exit_code == 0
    assert json.loads(policybot("documents", "list", "--json").stdout)[1]["short_name"] == NAME


def test_what_can_not_be_added_changes_nothing(policybot: Policybot, tmp_path: Path) -> None:
    letter = tmp_path / "letter.txt"
    letter.write_text("一封信\n您好。\n", encoding="utf-8")
    refused = policybot("documents", "add", letter, "--id", "letter")
    assert (refused.exit_code, "没有识别到条款" in refused.stderr) == (2, True)
    taken = policybot("documents", "add", FILE, "--id", "xihaian")
    assert (taken.exit_code, "已有编号为 xihaian 的文件" in taken.stderr) == (1, True)
    nowhere = policybot("policies", "import", FILE, "--document", "nowhere")
    assert (nowhere.exit_code, "没有编号为 nowhere 的文件" in nowhere.stderr) == (1, True)
    assert len(json.loads(policybot("documents", "list", "--json").stdout)) == 1


def test_a_batch_prints_labels_and_tells_the_documents_apart(policybot: Policybot, tmp_path: Path) -> None:
    policybot("documents", "add", FILE, "--id", "lingang", "--title", "临港若干措施")
    lines = tmp_path / "questions.jsonl"
    questions = ("第3条", "《临港若干措施》第三条")
    lines.write_text("\n".join(json.dumps({"id": n, "q": q}) for n, q in enumerate(questions)), "utf-8")
    first, second = map(json.loads, policybot("ask", "--batch", lines).stdout.splitlines())
    assert (first["clauses"], first["refs"]) == ([3], ["xihaian/3"])
    assert "其他文件也有这个编号" in first["reply"]
    assert "《临港若干措施》第三条" in first["reply"]
    assert (second["clauses"], second["refs"]) == (["第三条"], ["lingang/第三条"])
    assert second["reply"].startswith("《临港若干措施》第三条 ")


def test_an_edition_of_the_second_document_changes_that_one_alone(
    policybot: Policybot, tmp_path: Path
) -> None:
    policybot("documents", "add", FILE, "--id", "lingang")
    edition = tmp_path / "lingang-2.txt"
    edition.write_text(FILE.read_text("utf-8").replace("15万元奖励", "20万元奖励"), "utf-8")
    shown = policybot("policies", "import", edition, "--document", "lingang", "--apply")
    assert f"~ 《{NAME}》第四条" in shown.stdout
    assert "1 drafts made" in shown.stdout
    again = policybot("policies", "import", edition, "--document", "lingang", "--apply")
    assert "0 drafts made" in again.stdout


ASKED = (
    "第3条", "你好", "目录", "部门", "帮助", "查询窗口", "订阅", "近期可申报", "500万以上", "老字号创新", "第一部分",
    "临港新城商务局", "第90条", "海水淡化",
)  # fmt: skip


def asked(policybot: Policybot, folder: Path) -> dict[str, dict[str, object]]:
    lines = folder / "asked.jsonl"
    lines.write_text("\n".join(json.dumps({"id": n, "q": q}) for n, q in enumerate(ASKED)), "utf-8")
    result = policybot("ask", "--batch", lines)
    assert result.exit_code == 0
    return {row["q"]: row for row in map(json.loads, result.stdout.splitlines())}


def test_an_empty_installation_runs_and_says_what_to_do_next(
    policybot: Policybot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BOT_LIBRARY", "none")
    assert "no documents yet; policybot documents add FILE --id ID" in policybot("documents", "list").stdout
    assert json.loads(policybot("documents", "list", "--json").stdout) == []
    refused = policybot("policies", "import", FILE)
    assert (refused.exit_code, "policybot documents add" in refused.stderr) == (1, True)
    replies = asked(policybot, tmp_path)
    for question in ("第3条", "500万以上", "老字号创新", "目录"):
        assert "这里还没有发布政策" in str(replies[question]["reply"])
    assert "还没有设置赛道" in str(replies["订阅"]["reply"])
    assert not any(row["clauses"] for row in replies.values())


def test_an_installation_with_the_second_document_alone_knows_no_other_district(
    policybot: Policybot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BOT_LIBRARY", "none")
    assert policybot("documents", "add", FILE, "--id", "lingang").exit_code == 0
    replies = asked(policybot, tmp_path)
    assert replies["第3条"]["refs"] == ["lingang/第三条"]
    assert str(replies["第3条"]["reply"]).startswith("第三条 支持会展活动举办")
    assert replies["老字号创新"]["refs"] == ["lingang/第五条"]
    assert replies["临港新城商务局"]["refs"] == ["lingang/第三条", "lingang/第五条", "lingang/第六条"]
    assert "条款编号是第一条到第九条，分4个部分" in str(replies["第90条"]["reply"])
    everything = " ".join(str(row["reply"]) for row in replies.values())
    for word in ("青岛", "西海岸", "新区", "海水淡化项目", "摘编", "首台套"):
        assert word not in everything
    assert [one["id"] for one in json.loads(policybot("documents", "list", "--json").stdout)] == ["lingang"]
