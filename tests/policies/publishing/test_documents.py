"""Documents beside each other: a new one is published at once, one of them is the default, one can be retired."""

import pytest

from policies.approval.errors import RevisionError
from policies.district.models import District
from policies.library.changes import ChangeKind
from policies.library.library import Library
from policies.publishing.documents import Documents
from policies.publishing.drafts import Drafts
from policies.publishing.revisions import FaultyDraftError
from policies.publishing.store import PolicyStore
from policies.windows.application_windows import Windows
from policies.windows.window_fields import WindowFields
from storage.sql.database import Database
from tests.kit.clocks import SetClock
from tests.policies.second_document import NAME, second_document


@pytest.fixture
async def store(database: Database, clock: SetClock, library: Library, district: District) -> PolicyStore:
    seeded = PolicyStore(database, clock)
    await seeded.seed(library, district)
    return seeded


@pytest.fixture
def documents(database: Database, clock: SetClock) -> Documents:
    return Documents(database, clock)


async def add(documents: Documents) -> list[int]:
    added = await documents.add(second_document(), by="cli:li", note="导入")
    return [policy.key for policy in added.document.policies]


async def test_a_new_document_stands_beside_the_first_under_keys_of_its_own(
    store: PolicyStore, documents: Documents, library: Library
) -> None:
    version = await store.version()
    keys = await add(documents)
    assert keys == list(range(1001, 1010))
    held = await store.published()
    assert [document.id for document in held.documents] == ["xihaian", "lingang"]
    assert held.documents[0] == library.documents[0]
    assert [policy.label for policy in held.documents[1].policies[:3]] == ["第一条", "第二条", "第三条"]
    assert held.name_of(1003) == f"《{NAME}》第三条"
    assert held.default == "xihaian"
    assert await store.version() > version
    [publication] = await store.publications_after(0)
    assert {change.kind for change in publication.changes} == {ChangeKind.NEW}
    assert [one.number for one in await store.history(1003)] == [1]


async def test_an_id_is_never_given_twice(store: PolicyStore, documents: Documents) -> None:
    keys = await add(documents)
    with pytest.raises(RevisionError, match="lingang"):
        await add(documents)
    await documents.retire("lingang")
    with pytest.raises(RevisionError, match="lingang"):
        await add(documents)
    again = second_document().model_copy(update={"id": "lingang-2"})
    added = await documents.add(again, by="cli:li", note="")
    assert min(policy.key for policy in added.document.policies) > max(keys)
    with pytest.raises(RevisionError, match="小写字母"):
        await documents.add(second_document().model_copy(update={"id": "Lin Gang"}), by="x", note="")


async def test_what_a_clause_does_not_bear_out_is_left_out_and_what_is_missing_is_told(
    store: PolicyStore, documents: Documents
) -> None:
    document = second_document()
    first = document.policies[0]
    wrong = first.amounts[0].model_copy(update={"max_cny": 7_000_000})
    policies = (first.model_copy(update={"amounts": (wrong,)}), *document.policies[1:])
    added = await documents.add(document.model_copy(update={"policies": policies}), by="x", note="")
    assert added.document.policies[0].amounts == ()
    told = {str(fault) for fault in added.incomplete if fault.clause == 1001}
    assert f"《{NAME}》第一条，字段 amounts：原文的“500万元”没有对应的金额" in told


async def test_a_document_with_a_fault_is_not_published(store: PolicyStore, documents: Documents) -> None:
    document = second_document()
    twice = (document.policies[0], *document.policies)
    same = tuple(policy.model_copy(update={"key": at}) for at, policy in enumerate(twice, 1))
    with pytest.raises(FaultyDraftError, match="两个“第一条”"):
        await documents.add(document.model_copy(update={"policies": same}), by="x", note="")
    assert [one.id for one in await documents.all()] == ["xihaian"]
    assert len((await store.published()).documents) == 1


async def test_a_bare_number_means_the_default_document(store: PolicyStore, documents: Documents) -> None:
    await add(documents)
    await documents.make_default("lingang")
    held = await store.published()
    assert [policy.key for policy in held.numbered(3)] == [1003]
    assert [(one.id, one.is_default, one.clauses) for one in await documents.all()] == [
        ("xihaian", False, 49),
        ("lingang", True, 9),
    ]
    with pytest.raises(RevisionError, match="没有编号为 nowhere 的文件；现有：xihaian、lingang"):
        await documents.make_default("nowhere")


async def test_a_retired_document_is_gone_for_people_and_stays_in_the_history(
    store: PolicyStore, documents: Documents, database: Database, clock: SetClock
) -> None:
    await add(documents)
    with pytest.raises(RevisionError, match="默认文件"):
        await documents.retire("xihaian")
    windows = Windows(database, clock)
    day = clock().date()
    await windows.put([WindowFields(1003, day, day, "会展补助申报")])
    with pytest.raises(RevisionError, match="还有 1 个申报期"):
        await documents.retire("lingang")
    [window] = await windows.all()
    await windows.remove(window.id)
    await documents.retire("lingang")
    held = await store.published()
    assert [document.id for document in held.documents] == ["xihaian"]
    assert held.get(1003) is None
    assert 1003 in held.gone
    assert await store.history(1003)
    assert [(one.id, one.retired) for one in await documents.all()] == [("xihaian", False), ("lingang", True)]


async def test_what_was_public_and_incomplete_does_not_stop_a_correction(
    store: PolicyStore, documents: Documents, database: Database, clock: SetClock
) -> None:
    """The document prints no basis, and its departments are in no directory yet."""
    added = await documents.add(second_document(), by="cli:li", note="")
    drafts = Drafts(database, clock)
    better = added.document.policies[2].model_copy(update={"title": "会展活动补助"})
    draft = await drafts.begin(better, author="li")
    await drafts.publish([draft], publisher="wang")
    held = await store.published()
    assert held.get(1003) == better
    faulty = better.model_copy(update={"departments": ("无中生有局",)})
    with pytest.raises(FaultyDraftError, match="无中生有局"):
        await drafts.begin(faulty, author="li")
