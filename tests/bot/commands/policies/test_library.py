"""`policybot library`: one installation's library as a folder, with which another begins."""

import asyncio
from pathlib import Path
from shutil import copytree

import pytest

from policies.district.folder import library_folder, load_district
from policies.district.models import District
from policies.district.store import DistrictStore
from policies.library.library_file import LIBRARY_FILE
from storage.clock import system_clock
from storage.sql.database import Database
from tests.kit.commands.command_line import Policybot, log_of
from tests.policies.second_document import FILE as SECOND

OTHER = Path(__file__).parents[3] / "data" / "yunling"


def test_what_is_exported_is_what_the_program_came_with(policybot: Policybot, tmp_path: Path) -> None:
    folder = tmp_path / "mine"
    assert policybot("library", "export", folder).exit_code == 0
    assert load_district(library_folder(str(folder))) == load_district()
    assert (folder / "policies.json").read_text(encoding="utf-8") == LIBRARY_FILE.read_text(encoding="utf-8")
    checked = policybot("library", "check", folder)
    assert checked.exit_code == 0
    assert "49 clauses, 19 tracks" in checked.stdout


def test_a_new_installation_begins_with_another_library(
    policybot: Policybot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BOT_LIBRARY", str(OTHER))
    policybot("library", "export", tmp_path / "again")
    assert load_district(library_folder(str(tmp_path / "again"))) == load_district(library_folder(str(OTHER)))
    again, other = (folder / "policies.json" for folder in (tmp_path / "again", OTHER))
    assert again.read_text(encoding="utf-8") == other.read_text(encoding="utf-8")


def test_an_export_with_departments_that_only_a_document_prints_is_found_right(
    policybot: Policybot, tmp_path: Path
) -> None:
    policybot("documents", "add", SECOND, "--id", "lingang")
    folder, file = tmp_path / "mine", tmp_path / "all.json"
    policybot("library", "export", folder)
    assert "临港新城商务局" in (folder / "departments.json").read_text(encoding="utf-8")
    assert policybot("library", "check", folder).exit_code == 0
    assert policybot("policies", "check", folder / "policies.json").exit_code == 0
    policybot("policies", "export", file)
    checked = policybot("policies", "check", file)
    assert checked.exit_code == 0, checked.stderr
    assert (
        "! 《现代服务业若干措施》第三条，字段 departments：部门名录里没有“临港新城商务局”" in checked.stderr
    )


@pytest.mark.parametrize("setting", ["nowhere", "."])
def test_a_folder_without_a_library_is_named(
    policybot: Policybot, monkeypatch: pytest.MonkeyPatch, setting: str
) -> None:
    monkeypatch.setenv("BOT_LIBRARY", setting)
    assert "BOT_LIBRARY" in str(policybot("library", "export", "x").exception)


def test_a_folder_is_put_in_effect_at_once_and_the_log_says_by_whom(
    policybot: Policybot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, sqlite_url: str
) -> None:
    monkeypatch.setenv("BOT_LIBRARY", "none")
    assert "赛道, 部门, 地名, 文字 changed" in policybot("library", "import", OTHER).stdout
    assert "nothing changed" in policybot("library", "import", OTHER).stdout

    async def kept() -> District:
        database = Database.open(sqlite_url)
        try:
            return await DistrictStore(database, system_clock).read()
        finally:
            await database.close()

    assert asyncio.run(kept()) == load_district(library_folder(str(OTHER)))
    assert {one.actor[:4] for one in log_of(sqlite_url, kind="district")} == {"cli:"}


def test_what_clauses_need_is_not_taken_away(policybot: Policybot, tmp_path: Path) -> None:
    refused = policybot("library", "import", OTHER)
    assert refused.exit_code == 1
    assert "现行条款还在使用这些赛道，不能删除" in refused.stderr
    folder = tmp_path / "mine"
    copytree(OTHER, folder)
    (folder / "departments.json").write_text("[]", encoding="utf-8")
    checked = policybot("library", "check", folder)
    assert checked.exit_code == 1
    assert "departments.json: 现行条款还在使用这些部门，不能删除：县人社局" in checked.stderr
