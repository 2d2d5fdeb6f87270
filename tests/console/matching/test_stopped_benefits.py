"""A clause is changed at the desk: which benefits stop is said before, named until it is put right, and drafts are offered."""

import html
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from console.services.desk import DESK
from policies.company_facts.match_service import load_match_service
from policies.district.models import DistrictPart
from policies.district.store import DistrictStore
from policies.importing.imports import Imports
from policies.library.library_file import load_library
from policies.library.models import Policy
from policies.publishing.drafts import Drafts
from policies.publishing.store import PolicyStore
from storage.clock import system_clock
from storage.sql.database import Database
from tests.console import conftest
from tests.console.clauses.test_new_document import import_as
from tests.console.conftest import sign_in

DOCUMENT = Path(__file__).parents[2] / "data" / "compendium.txt"
CLAUSE = "/console/matching/clauses/22"


def raised(policy: Policy) -> Policy:
    """Clause 22 with 700万元 in the place of 600万元."""
    written = policy.model_dump_json().replace("600万元", "700万元").replace("6000000", "7000000")
    return policy.model_validate_json(written)


@pytest.fixture
def after_publication(monkeypatch: pytest.MonkeyPatch) -> None:
    """The desk's process read the library after the change."""
    texts = {one.key: (raised(one) if one.key == 22 else one).text for one in load_library().policies}
    monkeypatch.setattr(conftest, "match_service", lambda: load_match_service(texts=texts))


@pytest.fixture
async def draft_id(desk: Any, sqlite_database: Database) -> str:
    drafts = Drafts(sqlite_database, system_clock)
    [before] = [one for one in load_library().policies if one.key == 22]
    made = await drafts.begin(raised(before), author="li")
    return f"{made.id}.{made.edits}"


async def test_the_page_of_the_publication_says_before_which_benefits_stop(desk: Any, draft_id: str) -> None:
    client = await desk()
    await sign_in(client, "approver")
    page = await (await client.get("/console/policies/drafts/publish", params={"draft": draft_id})).text()
    assert "发布后停用 1 项测算" in page
    assert f'<a href="{CLAUSE}">22a 技术改造设备投资奖补</a>' in page
    assert "最高600万元奖补”" in page
    assert "22b" not in page


@pytest.mark.usefixtures("after_publication")
async def test_what_stopped_is_named_until_it_is_put_right(
    desk: Any, draft_id: str, sqlite_database: Database
) -> None:
    client = await desk()
    await sign_in(client, "editor")
    drafts = Drafts(sqlite_database, system_clock)
    await drafts.publish(await drafts.open(), publisher="wang")
    overview = await (await client.get("/console/")).text()
    assert re.search(rf'<a href="{CLAUSE}">第22条的条文有修改，测算条目 22a 已停用', overview)
    listed = await (await client.get("/console/matching")).text()
    assert "<strong>停用 1</strong>" in listed


def _forms(page: str) -> Iterator[str]:
    yield from re.findall(r'<form method="post" action="/console/matching/clauses.*?</form>', page, re.DOTALL)


async def test_the_clause_marks_what_no_longer_stands_and_offers_drafts_of_its_sums(
    desk: Any, draft_id: str, sqlite_database: Database
) -> None:
    client = await desk()
    await sign_in(client, "editor")
    drafts = Drafts(sqlite_database, system_clock)
    await drafts.publish(await drafts.open(), publisher="wang")
    await read_anew(client.server.app)
    page = html.unescape(await (await client.get(CLAUSE)).text())
    assert "条文已修改，下面的原话不在现行条文里，这一条目停用" in page
    assert "<li>“按照年度设备投资额的12%给予最高600万元奖补”</li>" in page
    [new] = [form for form in _forms(page) if 'value="new"' in form]
    assert "700万元" in new


async def read_anew(app: Any) -> None:
    """What the process's poll does after a publication."""
    [desk] = [sub for sub in app._subapps if DESK in sub]
    await desk[DESK].knowledge.refresh()


async def test_whoever_imports_hears_how_many_benefits_stop(desk: Any) -> None:
    client = await desk()
    await sign_in(client, "editor")
    text = DOCUMENT.read_text(encoding="utf-8").replace("给予最高600万元", "给予最高700万元")
    page = await import_as(client, text, document="xihaian")
    assert "1 项测算的原话不在新条文里，发布后停用" in page


async def test_an_import_that_takes_words_away_drafts_the_sums_anew_and_giving_it_up_takes_them_back(
    sqlite_database: Database,
) -> None:
    store, drafts = PolicyStore(sqlite_database, system_clock), Drafts(sqlite_database, system_clock)
    district = DistrictStore(sqlite_database, system_clock)
    imports = Imports(sqlite_database, system_clock, store, drafts)

    async def waiting() -> list[dict[str, Any]]:
        proposal = (await district.parts())[DistrictPart.BENEFITS].proposal
        found = proposal.content.root["benefits"] if proposal else []  # type: ignore[attr-defined]
        return [one for one in found if one.get("draft")]

    text = DOCUMENT.read_text(encoding="utf-8").replace("给予最高600万元", "给予最高700万元")
    import_id = await imports.read("新版.txt", text.encode(), document="", author="li")
    one = await imports.get(import_id)
    assert one is not None
    await imports.make_drafts(one, author="li")
    [made] = await waiting()
    assert made["clause"] == 22
    assert "700万元" in made["sum"]["quote"]
    again = await imports.get(import_id)
    assert again is not None
    await imports.give_up(again)
    assert await waiting() == []
