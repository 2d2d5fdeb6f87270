"""What is published is the truth; the file only seeds an empty database."""

import asyncio
from dataclasses import replace

import pytest

from policies.approval.columns import RevisionState
from policies.approval.errors import EditConflictError, OwnDraftError, ReturnedDraftError, RevisionError
from policies.district.models import District
from policies.library.changes import ChangeKind, changes_between
from policies.library.library import Library
from policies.library.models import Policy, TrackList
from policies.publishing.drafts import Drafts
from policies.publishing.imported import Imported
from policies.publishing.revisions import SURROUNDINGS, FaultyDraftError
from policies.publishing.store import NothingPublishedError, PolicyStore
from storage.sql.database import Database
from tests.kit.clocks import SetClock


@pytest.fixture
def store(database: Database, clock: SetClock) -> PolicyStore:
    return PolicyStore(database, clock)


@pytest.fixture
async def seeded(store: PolicyStore, library: Library, district: District) -> PolicyStore:
    assert await store.seed(library, district)
    return store


@pytest.fixture
def drafts(database: Database, clock: SetClock) -> Drafts:
    return Drafts(database, clock)


def clause(library: Library, number: int) -> Policy:
    return next(policy for policy in library.policies if policy.key == number)


def raised(policy: Policy) -> Policy:
    """Clause 2 with its 200万元 raised to 300万元."""
    text = policy.text.replace("最高200万元", "最高300万元")
    amount = policy.amounts[0]
    quote = amount.quote.replace("最高200万元", "最高300万元")
    raised_amount = amount.model_copy(update={"quote": quote, "max_cny": 3_000_000})
    return policy.model_copy(update={"text": text, "amounts": (raised_amount,)})


async def test_an_empty_database_says_so(store: PolicyStore) -> None:
    assert await store.version() == 0
    with pytest.raises(NothingPublishedError):
        await store.published()


async def test_the_files_seed_an_empty_database_once(
    seeded: PolicyStore, library: Library, district: District
) -> None:
    assert await seeded.published() == library
    assert await seeded.district() == replace(district, rules={})
    assert await seeded.version() == 1
    assert not await seeded.seed(Library(), District())
    assert await seeded.published() == library
    assert await seeded.district() == replace(district, rules={})
    assert await seeded.version() == 1


async def test_seeding_announces_nothing(seeded: PolicyStore) -> None:
    assert await seeded.publications_after(0) == ()
    assert await seeded.publications_after(0) == ()


async def test_of_several_processes_that_seed_at_once_one_does(
    store: PolicyStore, library: Library, district: District
) -> None:
    outcomes = await asyncio.gather(*(store.seed(library, district) for _ in range(4)))
    assert sorted(outcomes) == [False, False, False, True]
    assert len(await store.history(1)) == 1


async def test_a_draft_goes_to_the_public_by_another_hand(
    seeded: PolicyStore, drafts: Drafts, library: Library, clock: SetClock
) -> None:
    old = clause(library, 2)
    draft = await drafts.begin(raised(old), author="王编辑", note="上限调整")
    assert await seeded.published() == library
    with pytest.raises(OwnDraftError, match="第2条"):
        await drafts.publish([draft], publisher="王编辑")
    clock.forward(hours=3)
    publication = await drafts.publish([draft], publisher="李审核", note="第二版")

    (change,) = publication.changes
    assert (change.kind, change.before, change.after) == (ChangeKind.CHANGED, old, raised(old))
    (figure,) = change.moved_figures
    assert (figure.before, figure.after) == ("最高200万元", "最高300万元")
    assert clause(await seeded.published(), 2) == raised(old)
    assert await seeded.version() == 2

    newest, first = await seeded.history(2)
    assert (newest.state, newest.author, newest.publisher) == (RevisionState.PUBLISHED, "王编辑", "李审核")
    assert newest.note == "上限调整"
    assert newest.published_at == clock()
    assert (first.state, first.author) == (RevisionState.REPLACED, "policies.json")


async def test_publications_wait_for_alerts_to_announce_them(
    seeded: PolicyStore, drafts: Drafts, library: Library
) -> None:
    new = clause(library, 49).model_copy(update={"key": 50, "label": "50"})
    first = await drafts.publish([await drafts.begin(new, author="a")], publisher="b")
    gone = await drafts.begin(new, author="a", retires=True)
    second = await drafts.publish([gone], publisher="b")
    assert [change.kind for change in first.changes] == [ChangeKind.NEW]
    assert [change.kind for change in second.changes] == [ChangeKind.GONE]
    assert await seeded.publications_after(0) == (first, second)
    assert await seeded.publications_after(first.id) == (second,)
    assert (await seeded.publications_after(0))[-1].id == second.id


async def test_a_removed_clause_is_retired_not_deleted(
    seeded: PolicyStore, drafts: Drafts, library: Library
) -> None:
    gone = await drafts.begin(clause(library, 49), author="a", retires=True)
    await drafts.publish([gone], publisher="b")
    assert [policy.key for policy in (await seeded.published()).policies] == list(range(1, 49))
    assert [revision.content for revision in await seeded.history(49)] == [clause(library, 49)] * 2

    back = await drafts.begin(clause(library, 49), author="a")
    publication = await drafts.publish([back], publisher="b")
    assert [change.kind for change in publication.changes] == [ChangeKind.NEW]
    assert await seeded.published() == library


async def test_two_editors_do_not_overwrite_each_other(
    seeded: PolicyStore, drafts: Drafts, library: Library
) -> None:
    policy = clause(library, 2)
    draft = await drafts.begin(raised(policy), author="a")
    with pytest.raises(EditConflictError, match="第2条"):
        await drafts.begin(policy, author="b")
    saved = await drafts.save(draft.id, policy, seen=draft.edits, author="b")
    assert saved.author == "b"
    with pytest.raises(EditConflictError):
        await drafts.save(draft.id, raised(policy), seen=draft.edits, author="a")
    with pytest.raises(EditConflictError):
        await drafts.publish([draft], publisher="c")
    with pytest.raises(EditConflictError):
        await drafts.discard(draft.id, seen=draft.edits)
    assert await drafts.of(2) == saved
    assert await seeded.published() == library
    assert await seeded.version() == 1


async def test_of_editors_who_begin_at_the_same_moment_one_does(
    seeded: PolicyStore, drafts: Drafts, library: Library
) -> None:
    outcomes = await asyncio.gather(
        *(drafts.begin(clause(library, 3), author=f"编辑{n}") for n in range(4)), return_exceptions=True
    )
    assert sum(isinstance(outcome, EditConflictError) for outcome in outcomes) == 3
    assert len(await drafts.open()) == 1


async def test_a_draft_cannot_be_saved_as_another_clause(
    seeded: PolicyStore, drafts: Drafts, library: Library
) -> None:
    draft = await drafts.begin(clause(library, 2), author="a")
    with pytest.raises(EditConflictError):
        await drafts.save(draft.id, clause(library, 3), seen=draft.edits, author="a")


async def test_a_discarded_draft_stays_in_the_history(
    seeded: PolicyStore, drafts: Drafts, library: Library
) -> None:
    draft = await drafts.begin(raised(clause(library, 2)), author="a")
    await drafts.discard(draft.id, seen=draft.edits)
    assert await drafts.open() == ()
    assert [revision.state for revision in await seeded.history(2)] == [
        RevisionState.DISCARDED,
        RevisionState.PUBLISHED,
    ]
    assert (await drafts.begin(clause(library, 2), author="a")).number == 3


async def test_publishing_nothing_is_refused(seeded: PolicyStore, drafts: Drafts) -> None:
    with pytest.raises(RevisionError):
        await drafts.publish([], publisher="b")


async def test_a_publication_is_whole_or_not_at_all(
    seeded: PolicyStore, drafts: Drafts, library: Library
) -> None:
    second = await drafts.begin(raised(clause(library, 2)), author="a")
    third = await drafts.begin(clause(library, 3), author="a")
    await drafts.discard(third.id, seen=third.edits)
    with pytest.raises(EditConflictError):
        await drafts.publish([second, third], publisher="b")
    assert await seeded.published() == library
    assert await seeded.publications_after(0) == ()


async def test_an_import_becomes_drafts_and_then_the_truth(
    seeded: PolicyStore, drafts: Drafts, library: Library
) -> None:
    edition = library.documents[0].surroundings.model_copy(update={"preamble": "第二版前言。"})
    policies = [raised(p) if p.key == 2 else p for p in library.policies if p.key != 49]
    changes = changes_between(library.policies, policies)
    made = await drafts.begin_all(Imported(changes, edition), author="导入", note="第二版")
    assert [draft.subject for draft in made] == [SURROUNDINGS, 2, 49]
    assert await drafts.begin_all(Imported(changes, edition), author="导入", note="第二版") == ()

    publication = await drafts.publish(await drafts.open(), publisher="b")
    assert [(c.key, c.kind) for c in publication.changes] == [
        (2, ChangeKind.CHANGED),
        (49, ChangeKind.GONE),
    ]
    published = await seeded.published()
    assert published.documents[0].surroundings == edition
    assert list(published.policies) == policies


async def test_an_import_never_overwrites_a_draft_in_work(
    seeded: PolicyStore, drafts: Drafts, library: Library
) -> None:
    in_work = await drafts.begin(clause(library, 2), author="a")
    changes = changes_between(library.policies, [raised(clause(library, 2))])
    with pytest.raises(EditConflictError, match="第2条"):
        await drafts.begin_all(Imported(changes, None), author="导入", note="")
    assert await drafts.open() == (in_work,)


async def test_saving_the_same_text_again_washes_nobody_off(
    seeded: PolicyStore, drafts: Drafts, library: Library
) -> None:
    draft = await drafts.begin(raised(clause(library, 2)), author="李")
    same = await drafts.save(draft.id, raised(clause(library, 2)), seen=draft.edits, author="张")
    assert (same.author, await drafts.authors([same])) == ("李", {draft.id: ("李",)})
    with pytest.raises(OwnDraftError, match="第2条"):
        await drafts.publish([same], publisher="李")
    await drafts.publish([same], publisher="张")


async def test_who_wrote_a_part_and_was_written_over_is_still_an_author(
    seeded: PolicyStore, drafts: Drafts, library: Library
) -> None:
    policy = clause(library, 2)
    draft = await drafts.begin(raised(policy), author="李")
    titled = raised(policy).model_copy(update={"title": "另一个标题"})
    saved = await drafts.save(draft.id, titled, seen=draft.edits, author="cli:张")
    for author in ("李", "张"):
        with pytest.raises(OwnDraftError):
            await drafts.publish([saved], publisher=author)
    await drafts.publish([saved], publisher="王")
    again = await drafts.begin(policy, author="王")
    await drafts.publish([again], publisher="李")  # what was approved counts no more


async def test_a_draft_given_up_leaves_its_author_to_the_next(
    seeded: PolicyStore, drafts: Drafts, library: Library
) -> None:
    first = await drafts.begin(raised(clause(library, 2)), author="李")
    await drafts.discard(first.id, seen=first.edits)
    second = await drafts.begin(raised(clause(library, 2)), author="张")
    with pytest.raises(OwnDraftError):
        await drafts.publish([second], publisher="李")


async def test_a_returned_draft_is_not_published_before_it_is_saved_again(
    seeded: PolicyStore, drafts: Drafts, library: Library
) -> None:
    draft = await drafts.begin(raised(clause(library, 2)), author="李")
    await drafts.send_back(draft.id, seen=draft.edits, by="王", reason="文号有误")
    with pytest.raises(EditConflictError):
        await drafts.publish([draft], publisher="王")
    returned = await drafts.of(2)
    assert returned is not None
    assert (returned.returned_by, returned.return_reason) == ("王", "文号有误")
    with pytest.raises(ReturnedDraftError):
        await drafts.publish([returned], publisher="王")
    saved = await drafts.save(returned.id, returned.content, seen=returned.edits, author="李")
    await drafts.publish([saved], publisher="王")


async def test_what_the_check_refuses_is_neither_saved_nor_published(
    seeded: PolicyStore, drafts: Drafts, library: Library
) -> None:
    old = clause(library, 2)
    wrong = raised(old).model_copy(update={"amounts": old.amounts})
    with pytest.raises(FaultyDraftError, match="原文里没有"):
        await drafts.begin(wrong, author="a")
    draft = await drafts.begin(raised(old), author="a")
    with pytest.raises(FaultyDraftError):
        await drafts.save(draft.id, wrong, seen=draft.edits, author="a")
    await drafts.discard(draft.id, seen=draft.edits)
    (imported,) = await drafts.begin_all(Imported(changes_between([old], [wrong]), None), author="a", note="")
    with pytest.raises(FaultyDraftError):
        await drafts.publish([imported], publisher="b")
    assert await seeded.published() == library
    assert await seeded.version() == 1


async def test_a_publication_is_checked_as_the_whole_that_it_would_make(
    seeded: PolicyStore, drafts: Drafts, library: Library
) -> None:
    """Clause 31 alone may not become 30, for there would be two; once 30 goes with it, it may."""
    moved = await drafts.begin(clause(library, 31).model_copy(update={"label": "30"}), author="a")
    with pytest.raises(FaultyDraftError, match="不重复"):
        await drafts.publish([moved], publisher="b")
    gone = await drafts.begin(clause(library, 30), author="a", retires=True)
    await drafts.publish([moved, gone], publisher="b")
    assert [policy.key for policy in (await seeded.published()).policies if policy.label == "30"] == [31]


async def test_an_old_fault_elsewhere_does_not_hold_a_clause_back(
    store: PolicyStore, drafts: Drafts, library: Library, district: District
) -> None:
    followed = next(policy for policy in library.policies if policy.tracks and policy.key != 2)
    left = tuple(track for track in district.tracks.tracks if track.id not in followed.tracks)
    await store.seed(library, replace(district, tracks=TrackList(provisional=False, tracks=left)))
    draft = await drafts.begin(raised(clause(library, 2)).model_copy(update={"tracks": ()}), author="a")
    await drafts.publish([draft], publisher="b")
    dangling = followed.model_copy(update={"title": "另一个标题"})
    with pytest.raises(FaultyDraftError, match="赛道"):
        await drafts.begin(dangling, author="a")
