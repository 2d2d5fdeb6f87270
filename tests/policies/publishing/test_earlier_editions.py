"""What the present edition of a document changed, whatever was corrected before and after it."""

import pytest

from policies.district.models import District
from policies.library.changes import ChangeKind, changes_between
from policies.library.library import Library
from policies.library.models import Policy
from policies.publishing.drafts import Drafts
from policies.publishing.earlier_editions import EarlierEdition
from policies.publishing.imported import Imported
from policies.publishing.store import PolicyStore
from storage.sql.database import Database
from tests.kit.clocks import SetClock


@pytest.fixture
async def store(database: Database, clock: SetClock, library: Library, district: District) -> PolicyStore:
    store = PolicyStore(database, clock)
    assert await store.seed(library, district)
    return store


@pytest.fixture
def drafts(database: Database, clock: SetClock) -> Drafts:
    return Drafts(database, clock)


def worded(policy: Policy, words: str) -> Policy:
    return policy.model_copy(update={"text": f"{policy.text}{words}"})


async def publish_edition(drafts: Drafts, store: PolicyStore, edition: str, *policies: Policy) -> None:
    """The next edition: these clauses in the place of theirs, clause 49 gone."""
    now = await store.published()
    new = {policy.key: policy for policy in policies}
    after = [new.get(policy.key, policy) for policy in now.policies if policy.key != 49]
    surroundings = now.documents[0].surroundings.model_copy(update={"edition": edition})
    imported = Imported(changes_between(now.policies, after), surroundings)
    await drafts.publish(await drafts.begin_all(imported, author="a", note=edition), publisher="b")


async def of_first(store: PolicyStore) -> EarlierEdition | None:
    library = await store.published()
    return (await store.earlier_editions(library)).get(library.default)


async def test_a_library_that_never_changed_has_no_earlier_edition(store: PolicyStore) -> None:
    assert await of_first(store) is None


async def test_an_amendment_without_an_edition_is_compared_with_what_was_entered(
    store: PolicyStore, drafts: Drafts
) -> None:
    before = (await store.published()).get(2)
    assert before is not None
    await drafts.publish([await drafts.begin(worded(before, "甲。"), author="a")], publisher="b")
    await drafts.publish([await drafts.begin(worded(before, "乙。"), author="a")], publisher="b")
    earlier = await of_first(store)
    assert earlier is not None
    assert earlier.name == ""
    [change] = earlier.changes.values()
    assert (change.before, change.after) == (before, worded(before, "乙。"))


async def test_an_edition_is_compared_with_the_last_state_of_the_one_before(
    store: PolicyStore, drafts: Drafts, library: Library
) -> None:
    """Clause 2 was corrected in the old edition, changed by the new one and corrected again; 3 was only corrected before."""
    second, third = library.get(2), library.get(3)
    assert second is not None and third is not None
    for policy in (worded(second, "旧。"), worded(third, "旧。")):
        await drafts.publish([await drafts.begin(policy, author="a")], publisher="b")
    await publish_edition(drafts, store, "2027年1月", worded(second, "新。"))
    await drafts.publish([await drafts.begin(worded(second, "更正。"), author="a")], publisher="b")

    earlier = await of_first(store)
    assert earlier is not None
    assert earlier.name == library.documents[0].edition
    assert set(earlier.changes) == {2, 49}
    change = earlier.changes[2]
    assert (change.before, change.after) == (worded(second, "旧。"), worded(second, "更正。"))
    assert earlier.changes[49].kind is ChangeKind.GONE


async def test_only_the_edition_right_before_counts(
    store: PolicyStore, drafts: Drafts, library: Library
) -> None:
    second = library.get(2)
    assert second is not None
    await publish_edition(drafts, store, "2027年1月", worded(second, "新。"))
    await publish_edition(drafts, store, "2028年1月")
    earlier = await of_first(store)
    assert earlier is not None
    assert (earlier.name, dict(earlier.changes)) == ("2027年1月", {})
