"""`policybot policies` and `policybot windows`, as an operator types them."""

import json
import re
from datetime import datetime, timedelta
from pathlib import Path

from policies.library.library_file import LIBRARY_FILE
from storage.clock import SHANGHAI
from tests.kit.commands.command_line import Policybot, log_of

DOCUMENT = Path(__file__).parents[1] / "data" / "compendium.txt"


def second_edition(folder: Path) -> Path:
    text = DOCUMENT.read_text(encoding="utf-8")
    file = folder / "second.txt"
    file.write_text(text.replace("给予最高200万元的专项支持", "给予最高300万元的专项支持"), encoding="utf-8")
    return file


def test_check_proves_the_file_that_comes_with_the_program(policybot: Policybot) -> None:
    result = policybot("policies", "check")
    assert result.exit_code == 0
    assert "49 clauses in 12 sections" in result.stdout
    assert re.search(r"benefits.json: \d+ benefits over \d+ facts", result.stdout)


def test_check_names_clause_and_field(policybot: Policybot, tmp_path: Path) -> None:
    file = tmp_path / "policies.json"
    text = LIBRARY_FILE.read_text(encoding="utf-8")
    file.write_text(text.replace('"cap_cny": 6000000', '"cap_cny": 7000000', 1), encoding="utf-8")
    result = policybot("policies", "check", file)
    assert result.exit_code == 1
    assert "第22条，字段 amounts[0].cap_cny：引文里没有 700万元" in result.stderr


def test_check_names_a_benefit_whose_words_no_longer_stand_in_its_clause(
    policybot: Policybot, tmp_path: Path
) -> None:
    file = tmp_path / "policies.json"
    text = LIBRARY_FILE.read_text(encoding="utf-8")
    file.write_text(
        text.replace("新落地西海岸新区的外地获奖企业", "新落地本区的外地获奖企业"), encoding="utf-8"
    )
    result = policybot("policies", "check", file)
    assert result.exit_code == 1
    assert "benefits.json: 1b: “新落地西海岸新区的外地获奖企业” does not stand in clause 1" in result.stderr


def test_the_same_document_changes_nothing(policybot: Policybot) -> None:
    result = policybot("policies", "import", DOCUMENT)
    assert result.exit_code == 0
    assert result.stdout.endswith("no clause changes\n")


def test_import_shows_and_writes_only_when_told(policybot: Policybot, tmp_path: Path) -> None:
    file = second_edition(tmp_path)
    shown = policybot("policies", "import", file)
    assert "[-200万元-]{+300万元+}" in shown.stdout
    assert "三等奖及以上获奖项目：最高200万元 → 最高300万元" in shown.stdout
    assert "nothing written" in shown.stdout
    assert policybot("policies", "diff").exit_code == 0

    assert "1 drafts made" in policybot("policies", "import", file, "--apply").stdout
    diff = policybot("policies", "diff")
    assert diff.exit_code == 1
    assert "drafts against what is published: 0 new, 1 changed, 0 gone" in diff.stdout
    assert "0 drafts made" in policybot("policies", "import", file, "--apply").stdout


def test_the_log_keeps_an_applied_import_and_each_draft(
    policybot: Policybot, tmp_path: Path, sqlite_url: str
) -> None:
    file = second_edition(tmp_path)
    policybot("policies", "import", file)
    policybot("policies", "import", file, "--apply")
    file.write_text(file.read_text(encoding="utf-8").replace("300万元", "400万元"), encoding="utf-8")
    assert policybot("policies", "import", file, "--apply").exit_code == 1

    kept = sorted(
        (entry.action, entry.subject_id) for entry in log_of(sqlite_url) if entry.actor.startswith("cli")
    )
    assert kept == [("保存草稿", "2"), ("导入文件", "draft")]


def test_a_draft_in_work_is_not_overwritten(policybot: Policybot, tmp_path: Path) -> None:
    file = second_edition(tmp_path)
    policybot("policies", "import", file, "--apply")
    file.write_text(file.read_text(encoding="utf-8").replace("300万元", "400万元"), encoding="utf-8")
    result = policybot("policies", "import", file, "--apply")
    assert result.exit_code == 1
    assert re.search("第2条已有未发布的草稿", result.stderr)


def test_an_import_says_what_can_not_be_published(policybot: Policybot, tmp_path: Path) -> None:
    file = tmp_path / "second.txt"
    text = DOCUMENT.read_text(encoding="utf-8")
    wrong = text.replace("最高5万元奖补（区新质生产力促进中心）", "最高5万元奖补（某新设中心）")
    assert wrong != text
    file.write_text(wrong, encoding="utf-8")
    shown = policybot("policies", "import", file, "--apply").stdout
    assert "第10条，字段 departments：部门名录里没有“某新设中心”" in shown
    assert "修改前不能发布" in shown


def test_export_writes_what_is_published(policybot: Policybot, tmp_path: Path) -> None:
    assert policybot("policies", "export", tmp_path / "out.json").exit_code == 0
    expected = LIBRARY_FILE.read_text(encoding="utf-8")
    assert (tmp_path / "out.json").read_text(encoding="utf-8") == expected
    assert policybot("policies", "export", "-").stdout == expected


def test_an_export_without_a_path_is_printed_and_overwrites_nothing(
    policybot: Policybot, tmp_path: Path
) -> None:
    assert policybot("policies", "export").stdout == LIBRARY_FILE.read_text(encoding="utf-8")
    assert not [*tmp_path.glob("*.json")]


def test_a_document_that_is_none_says_why(policybot: Policybot, tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("您好。", encoding="utf-8")
    result = policybot("policies", "import", tmp_path / "letter.txt")
    assert result.exit_code == 2
    assert result.stderr.startswith("policybot: letter.txt: 没有识别到条款")


def test_windows_are_taken_from_a_file(policybot: Policybot, tmp_path: Path) -> None:
    file = tmp_path / "windows.csv"
    file.write_text(
        "policy_id,opens_on,closes_on,title,url\n22,2026-03-01,2026-03-31,技改,\n", encoding="gb18030"
    )
    assert "1 added, 0 changed, 0 as before" in policybot("windows", "import", file).stdout
    file.write_text(file.read_text(encoding="gb18030").replace("03-31", "04-15"), encoding="utf-8")
    assert "截止日期 2026-03-31 → 2026-04-15" in policybot("windows", "import", file).stdout
    file.write_text(file.read_text(encoding="utf-8").replace("\n22", "\n222"), encoding="utf-8")
    wrong = policybot("windows", "import", file)
    assert wrong.exit_code == 1
    assert "windows.csv 第 2 行，policy_id（条款号）：没有第 222 条" in wrong.stderr


def test_json_prints_what_was_read_and_how_it_differs(policybot: Policybot, tmp_path: Path) -> None:
    proposal = json.loads(policybot("policies", "import", second_edition(tmp_path), "--json").stdout)
    assert proposal["title"] == "先进技术产品转化应用试点政策摘编"
    assert proposal["structure"] == "numbers"
    assert [clause["label"] for clause in proposal["clauses"]] == [str(n) for n in range(1, 50)]
    assert set(proposal["clauses"][1]) >= {
        "label",
        "path",
        "section",
        "text",
        "departments",
        "doc_nos",
        "sums",
    }
    assert proposal["clauses"][1]["sums"] == [{"quote": "300万元", "cny": 3_000_000, "rate": None}]
    assert proposal["pairs"] == [{"old": "2", "new": "2", "kind": "changed"}]
    assert proposal["not_clauses"]
    assert {"code", "message", "where"} == set(proposal["warnings"][0])


def test_a_structure_can_be_chosen(policybot: Policybot, tmp_path: Path) -> None:
    file = tmp_path / "list.txt"
    file.write_text(
        "政策\n工业\n对首次入规企业给予10万元奖励（县工信局）。\n对技改给予200万元（县工信局）。\n", "utf-8"
    )
    assert policybot("policies", "import", file, "--json").exit_code == 2
    proposal = json.loads(policybot("policies", "import", file, "--json", "--structure", "paragraphs").stdout)
    assert [clause["label"] for clause in proposal["clauses"]] == ["1", "2"]
    assert "numbered_by_import" in {warning["code"] for warning in proposal["warnings"]}


def test_guides_are_published_from_a_file_and_come_back_as_one(
    policybot: Policybot, tmp_path: Path, sqlite_url: str
) -> None:
    file = tmp_path / "guides.csv"
    file.write_text(
        "policy_id,phone,where,materials,url\n22,0532-00000001,区政务中心3楼,申报书;设备发票,https://a.example/22\n",
        encoding="utf-8",
    )
    taken = policybot("guides", "import", file)
    assert (taken.exit_code, taken.stdout) == (0, "~ 第22条\n1 published, 0 as before\n")
    assert policybot("guides", "import", file).stdout == "0 published, 1 as before\n"
    exported = policybot("guides", "export")
    assert "22,xihaian,,申报书；设备发票,,区政务中心3楼,0532-00000001,https://a.example/22" in exported.stdout
    file.write_text(exported.stdout.replace("0532-00000001", "0532-00000009"), encoding="utf-8")
    assert policybot("guides", "import", file).stdout.endswith("1 published, 0 as before\n")
    logged = log_of(sqlite_url)
    assert [(entry.action, entry.subject_id) for entry in logged] == [("发布指南", "22")] * 2
    assert (logged[0].before, logged[0].after) == (
        {"phone": "0532-00000001"},
        {"phone": "0532-00000009"},
    )


def test_a_file_of_guides_with_a_fault_is_taken_not_at_all(policybot: Policybot, tmp_path: Path) -> None:
    file = tmp_path / "guides.csv"
    file.write_text("条款号,电话\n22,12345\n99,12345\n", encoding="utf-8")
    refused = policybot("guides", "import", file)
    assert refused.exit_code == 1
    assert "guides.csv 第 3 行，条款号：没有“99”这一条" in refused.stderr
    assert "没有导入任何内容" in refused.stderr
    assert policybot("guides", "export").stdout.count("\n") == 1


WITHOUT_12 = Path(__file__).parents[1] / "data" / "import" / "e1.txt"


def test_an_edition_is_shown_pair_by_pair_and_what_hangs_on_a_clause_that_goes_is_decided(
    policybot: Policybot, tmp_path: Path
) -> None:
    file = tmp_path / "windows.csv"
    closes = datetime.now(SHANGHAI).date() + timedelta(days=30)
    file.write_text(f"policy_id,opens_on,closes_on,title,url\n12,2026-01-05,{closes},风电申报,\n", "utf-8")
    assert "1 added" in policybot("windows", "import", file).stdout
    shown = policybot("policies", "import", WITHOUT_12).stdout
    assert "第12条 → —  gone" in shown
    assert "第49条 → 第48条  renumbered" in shown
    assert "\n0 new, 0 changed, 1 gone, 37 renumbered or moved, and what surrounds the clauses\n" in shown
    assert "not in a clause: 高校理事会秘书处" in shown
    assert "原第12条不再收录，名下有申报期 1 项" in shown

    refused = policybot("policies", "import", WITHOUT_12, "--apply")
    assert refused.exit_code == 1
    assert "没有决定" in refused.stderr
    assert (
        "新版没有第99条"
        in policybot("policies", "import", WITHOUT_12, "--apply", "--hand-over", "12=99").stderr
    )
    assert policybot("policies", "diff").exit_code == 0, "nothing is kept of a refused import"
    made = policybot("policies", "import", WITHOUT_12, "--apply", "--hand-over", "12=13")
    assert "39 drafts made" in made.stdout, "1 gone, 37 renumbered, and what surrounds the clauses"
