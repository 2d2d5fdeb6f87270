"""Two people change the data of the district; every process has it within a second."""

from dataclasses import replace

import pytest
from sqlalchemy import text

from policies.approval.columns import RevisionState
from policies.approval.errors import EditConflictError, OutdatedDraftError, OwnDraftError, ReturnedDraftError
from policies.district.folder import load_district
from policies.district.models import DepartmentList, District, DistrictPart, Texts
from policies.district.revisions import FaultyPartError
from policies.district.store import DistrictStore, mark_of
from policies.knowledge import Knowledge
from policies.library.library import Library
from policies.library.models import Department, Track, TrackList
from policies.publishing.store import PolicyStore
from storage.sql.database import Database
from tests.kit.clocks import SetClock

WELCOME = Texts(account="滨江惠企", welcome="欢迎，这里有{clauses}条政策。")


@pytest.fixture
async def seeded(database: Database, clock: SetClock, library: Library, district: District) -> PolicyStore:
    store = PolicyStore(database, clock)
    await store.seed(library, district)
    return store


@pytest.fixture
def parts(database: Database, clock: SetClock, seeded: PolicyStore) -> DistrictStore:
    return DistrictStore(database, clock)


async def seen(parts: DistrictStore, part: DistrictPart) -> int:
    return mark_of((await parts.parts())[part].latest)


async def propose(parts: DistrictStore, part: DistrictPart, content, author: str) -> int:
    return mark_of(await parts.propose(part, content, seen=await seen(parts, part), author=author))


async def test_a_change_is_in_effect_once_another_person_approves(
    parts: DistrictStore, seeded: PolicyStore
) -> None:
    knowledge = Knowledge(seeded)
    await knowledge.refresh()
    mark = await propose(parts, DistrictPart.TEXTS, WELCOME, "王编辑")
    assert not await knowledge.refresh(), "a proposal changes nothing"
    with pytest.raises(OwnDraftError):
        await parts.approve(DistrictPart.TEXTS, seen=mark, by="王编辑")
    await parts.approve(DistrictPart.TEXTS, seen=mark, by="李审核")
    assert await knowledge.refresh()
    assert knowledge.index.district.texts == WELCOME
    newest, first = await parts.history(DistrictPart.TEXTS)
    assert (newest.state, newest.authors, newest.publisher) == (
        RevisionState.PUBLISHED,
        ("王编辑",),
        "李审核",
    )
    assert first.state == RevisionState.REPLACED


async def test_an_earlier_state_can_be_proposed_again(parts: DistrictStore, district: District) -> None:
    mark = await propose(parts, DistrictPart.TEXTS, WELCOME, "王编辑")
    await parts.approve(DistrictPart.TEXTS, seen=mark, by="李审核")
    first = (await parts.history(DistrictPart.TEXTS))[-1]
    mark = await propose(parts, DistrictPart.TEXTS, first.content, "李审核")
    await parts.approve(DistrictPart.TEXTS, seen=mark, by="王编辑")
    assert (await parts.read()).texts == district.texts


async def test_whoever_wrote_a_part_of_it_does_not_approve_it(parts: DistrictStore) -> None:
    """Neither after another person wrote on, nor after the proposal was given up and begun anew."""
    mark = await propose(parts, DistrictPart.TEXTS, WELCOME, "王编辑")
    mark = await propose(parts, DistrictPart.TEXTS, WELCOME.model_copy(update={"short": "滨江"}), "李审核")
    with pytest.raises(OwnDraftError):
        await parts.approve(DistrictPart.TEXTS, seen=mark, by="王编辑")
    await parts.discard(DistrictPart.TEXTS, seen=mark)
    mark = await propose(parts, DistrictPart.TEXTS, WELCOME, "赵编辑")
    with pytest.raises(OwnDraftError):
        await parts.approve(DistrictPart.TEXTS, seen=mark, by="李审核")


async def test_the_table_keeps_the_words_that_the_release_before_reads(
    parts: DistrictStore, database: Database
) -> None:
    mark = await propose(parts, DistrictPart.TEXTS, WELCOME, "王编辑")
    rows = text("SELECT state, base_number FROM district_revisions WHERE part = 'texts' ORDER BY number")
    async with database.read() as session:
        assert (await session.execute(rows)).all() == [("in_effect", 0), ("proposed", 0)]
    await parts.approve(DistrictPart.TEXTS, seen=mark, by="李审核")
    async with database.read() as session:
        assert [state for state, _ in await session.execute(rows)] == ["replaced", "in_effect"]


async def test_what_was_sent_back_is_approved_only_after_another_save(parts: DistrictStore) -> None:
    mark = await propose(parts, DistrictPart.TEXTS, WELCOME, "王编辑")
    await parts.send_back(DistrictPart.TEXTS, seen=mark, by="李审核", reason="简称有误")
    waiting = (await parts.parts())[DistrictPart.TEXTS].proposal
    assert waiting is not None
    assert (waiting.returned_by, waiting.return_reason) == ("李审核", "简称有误")
    with pytest.raises(ReturnedDraftError):
        await parts.approve(DistrictPart.TEXTS, seen=mark_of(waiting), by="李审核")
    mark = await propose(parts, DistrictPart.TEXTS, WELCOME.model_copy(update={"short": "滨江"}), "王编辑")
    assert (await parts.approve(DistrictPart.TEXTS, seen=mark, by="李审核")).returned_by is None


async def test_saving_the_same_again_makes_nobody_an_author(parts: DistrictStore) -> None:
    await propose(parts, DistrictPart.TEXTS, WELCOME, "王编辑")
    mark = await propose(parts, DistrictPart.TEXTS, WELCOME, "李审核")
    assert (await parts.parts())[DistrictPart.TEXTS].authors == ("王编辑",)
    await parts.approve(DistrictPart.TEXTS, seen=mark, by="李审核")


async def test_nobody_overwrites_what_they_have_not_seen(parts: DistrictStore) -> None:
    before = await seen(parts, DistrictPart.TEXTS)
    mark = await propose(parts, DistrictPart.TEXTS, WELCOME, "王编辑")
    with pytest.raises(EditConflictError):
        await parts.propose(DistrictPart.TEXTS, Texts(), seen=before, author="李审核")
    await propose(parts, DistrictPart.TEXTS, Texts(short="滨江"), "王编辑")
    with pytest.raises(EditConflictError):
        await parts.approve(DistrictPart.TEXTS, seen=mark, by="李审核")


async def test_an_approval_never_undoes_what_came_between(parts: DistrictStore) -> None:
    mark = await propose(parts, DistrictPart.TEXTS, WELCOME, "王编辑")
    await parts.replace(DistrictPart.TEXTS, Texts(short="滨江"), by="cli:root")
    with pytest.raises(OutdatedDraftError):
        await parts.approve(DistrictPart.TEXTS, seen=mark, by="李审核")
    assert (await parts.read()).texts == Texts(short="滨江")


async def test_what_clauses_carry_stays_in_the_lists(parts: DistrictStore, district: District) -> None:
    with pytest.raises(FaultyPartError, match="区财政局"):
        fewer = tuple(one for one in district.departments if one.name != "区财政局")
        await propose(parts, DistrictPart.DEPARTMENTS, DepartmentList(fewer), "王编辑")
    with pytest.raises(FaultyPartError, match="desalination"):
        tracks = tuple(track for track in district.tracks.tracks if track.id != "desalination")
        await propose(parts, DistrictPart.TRACKS, TrackList(provisional=True, tracks=tracks), "王编辑")


async def test_a_track_and_a_telephone_reach_the_index(
    parts: DistrictStore, seeded: PolicyStore, district: District
) -> None:
    tracks = TrackList(
        provisional=False,
        tracks=(*district.tracks.tracks, Track(id="care", name="养老服务", aliases=("养老",))),
    )
    first, *others = district.departments
    called = first.model_copy(update={"phone": "0532-1234567"})
    for part, content in (
        (DistrictPart.TRACKS, tracks),
        (DistrictPart.DEPARTMENTS, DepartmentList((called, *others))),
    ):
        mark = await propose(parts, part, content, "王编辑")
        await parts.approve(part, seen=mark, by="李审核")
    knowledge = Knowledge(seeded)
    await knowledge.refresh()
    assert knowledge.index.tracks == tracks == await seeded.tracks()
    found = knowledge.index.district.department(first.name)
    assert found is not None
    assert found.phone == "0532-1234567"
    assert knowledge.guides.of_department(first.name) == called
    assert knowledge.guides.of_department(others[0].name) is None, "nobody entered where it is reached"


async def test_a_database_of_an_earlier_version_keeps_its_tracks(
    database: Database, clock: SetClock, library: Library, district: District, parts: DistrictStore
) -> None:
    """It had a table of tracks and none of the other parts."""
    renamed = TrackList(provisional=False, tracks=(Track(id="care", name="养老服务"),))
    store = PolicyStore(database, clock)
    async with database.write() as session:
        from sqlalchemy import delete

        from policies.district.statements import store_tracks
        from policies.district.tables import DistrictRevision

        await session.execute(delete(DistrictRevision))
        await store_tracks(session, renamed)
    assert not await store.seed(Library(), district)
    assert await parts.read() == replace(district, tracks=renamed)


def test_a_district_is_the_same_through_its_folder(tmp_path, district: District) -> None:
    from policies.district.folder import library_folder, write_district

    entered = Department(
        name="区商务局", level="区", kind="商务局", phone="1", address="文昌路8号", hours="工作日"
    )
    told = replace(district, departments=(*district.departments, entered))
    write_district(tmp_path, told)
    assert load_district(library_folder(str(tmp_path))) == told
    assert (tmp_path / "tracks.json").read_text(encoding="utf-8").count("\n") > len(told.tracks.tracks)
