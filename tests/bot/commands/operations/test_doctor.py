"""What `policybot doctor` says of the sentence model, and before the first start."""

import sys
from pathlib import Path

import pytest

from bot.commands.operations.doctor import CHECKS, CheckWarned
from bot.runtime.settings import Settings
from policies.search.meaning import MODEL
from tests.conftest import WITHOUT_MODEL

MEANING = next(check for check in CHECKS if check.name == "meaning")


async def test_doctor_says_that_words_alone_decide_without_the_model(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, MODEL, None)
    with pytest.raises(CheckWarned, match=r"not installed.*pip install policybot\[meaning\]"):
        await MEANING.run(Settings())


async def test_doctor_says_where_the_model_does_not_run(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(WITHOUT_MODEL))
    monkeypatch.delitem(sys.modules, MODEL, raising=False)
    with pytest.raises(CheckWarned, match="does not run on this machine"):
        await MEANING.run(Settings())


@pytest.mark.parametrize("name", ["database", "restored", "holidays"])
async def test_doctor_says_before_the_first_start_that_no_database_was_made_yet(
    name: str, tmp_path: Path
) -> None:
    [check] = (check for check in CHECKS if check.name == name)
    with pytest.raises(CheckWarned, match="the first start of any role makes it"):
        await check.run(Settings(data_dir=tmp_path))
