"""A guide is entered as a draft, published by a second person, read by every answer; its files go in and out."""

import io
from datetime import date, timedelta
from pathlib import Path

import openpyxl
import pytest

from policies.approval.columns import RevisionState
from policies.approval.errors import EditConflictError, OwnDraftError, ReturnedDraftError, RevisionError
from policies.district.models import District
from policies.guides.drafts import GuideDrafts
from policies.guides.guide import Guide
from policies.guides.guide_fields import GuideFieldsError, guide_of, texts_of
from policies.guides.guide_files import (
    GuideFileError,
    Listed,
    clause_finder,
    guides_of,
    read_guide_rows,
    sample_file,
    write_guides,
)
from policies.guides.of_clauses import GuidesOfClauses
from policies.guides.store import GuideStore
from policies.guides.task import read_guides_apart
from policies.knowledge import Knowledge
from policies.library.library import Library
from policies.publishing.store import PolicyStore
from storage.sql.database import Database
from tests.kit.clocks import SetClock
from tests.kit.properties import given, st

TODAY = date(2026, 3, 2)
GUIDE = Guide(
    materials=("申报书", "设备发票"), phone="0532-00000001", where="区政务中心3楼", checked_on=TODAY
)
OTHER = GUIDE.model_copy(update={"phone": "0532-00000002"})


@pytest.fixture
def store(database: Database) -> GuideStore:
    return GuideStore(database)


@pytest.fixture
def drafts(database: Database, clock: SetClock) -> GuideDrafts:
    return GuideDrafts(database, clock)


async def test_a_second_person_publishes_a_guide(store: GuideStore, drafts: GuideDrafts) -> None:
    draft = await drafts.save(22, GUIDE, author="li")
    assert draft is not None
    assert (await store.book()).of_clause(22) is None
    with pytest.raises(OwnDraftError):
        await drafts.publish([draft], publisher="li")
    await drafts.publish([draft], publisher="wang")
    assert (await store.book()).of_clause(22) == GUIDE
    assert [one.publisher for one in await store.history(22)] == ["wang"]


async def test_a_draft_that_goes_to_another_clause_keeps_its_authors(
    database: Database, clock: SetClock, store: GuideStore, drafts: GuideDrafts
) -> None:
    first = await drafts.save(22, GUIDE, author="li")
    await drafts.save(22, OTHER, author="wang", seen=first)
    async with database.write() as session:
        await GuidesOfClauses(clock).hand_over(session, 22, 24)
    moved = await store.draft_of(24)
    assert moved is not None
    for author in ("li", "wang"):
        with pytest.raises(OwnDraftError):
            await drafts.publish([moved], publisher=author)
    await drafts.publish([moved], publisher="zhao")
    assert (await store.book()).of_clause(24) == OTHER


async def test_who_wrote_a_part_is_an_author_although_another_saved_over_it(
    store: GuideStore, drafts: GuideDrafts
) -> None:
    first = await drafts.save(22, GUIDE, author="li")
    second = await drafts.save(22, OTHER, author="wang", seen=first)
    assert second is not None
    for author in ("li", "wang", "cli:wang"):
        with pytest.raises(OwnDraftError):
            await drafts.publish([second], publisher=author)
    assert (await drafts.authors([second]))[second.id] == ("li", "wang")
    await drafts.discard(second)
    third = await drafts.save(22, OTHER, author="zhao")  # from the same text, anew
    assert third is not None
    with pytest.raises(OwnDraftError):
        await drafts.publish([third], publisher="li")
    await drafts.publish([third], publisher="sun")


async def test_a_draft_that_another_person_saved_is_not_overwritten(drafts: GuideDrafts) -> None:
    first = await drafts.save(22, GUIDE, author="li")
    await drafts.save(22, OTHER, author="wang", seen=first)
    with pytest.raises(EditConflictError):
        await drafts.save(22, GUIDE.model_copy(update={"where": "5楼"}), author="li", seen=first)
    with pytest.raises(EditConflictError):
        await drafts.save(22, GUIDE, author="li")
    assert first is not None
    with pytest.raises(EditConflictError):
        await drafts.publish([first], publisher="sun")


async def test_a_guide_sent_back_waits_for_another_save(store: GuideStore, drafts: GuideDrafts) -> None:
    draft = await drafts.save(22, GUIDE, author="li")
    assert draft is not None
    with pytest.raises(RevisionError, match="原因"):
        await drafts.send_back(draft, by="wang", reason=" ")
    await drafts.send_back(draft, by="wang", reason="电话打不通")
    returned = await store.draft_of(22)
    assert returned is not None
    assert returned.return_reason == "电话打不通"
    with pytest.raises(ReturnedDraftError):
        await drafts.publish([returned], publisher="wang")
    saved = await drafts.save(22, OTHER, author="li", seen=returned)
    assert saved is not None
    await drafts.publish([saved], publisher="wang")


async def test_an_empty_guide_takes_the_published_one_away(store: GuideStore, drafts: GuideDrafts) -> None:
    await drafts.publish_at_once({22: GUIDE}, author="cli:li")
    empty = await drafts.save(22, Guide(checked_on=TODAY), author="li")
    assert empty is not None
    await drafts.publish([empty], publisher="wang")
    assert (await store.book()).of_clause(22) is None
    assert len(await store.history(22)) == 2


async def test_publishing_at_once_gives_drafts_up_and_counts_what_changed(
    store: GuideStore, drafts: GuideDrafts
) -> None:
    await drafts.save(22, GUIDE, author="li")
    assert await drafts.publish_at_once({22: OTHER, 10: GUIDE}, author="cli:li") == (22, 10)
    assert await drafts.publish_at_once({22: OTHER, 10: GUIDE}, author="cli:li") == ()
    assert [one.state for one in await store.history(22)] == [
        RevisionState.PUBLISHED,
        RevisionState.DISCARDED,
    ]


async def test_every_process_reads_a_published_guide_without_a_new_index(
    database: Database, clock: SetClock, library: Library, district: District, drafts: GuideDrafts
) -> None:
    policies = PolicyStore(database, clock)
    await policies.seed(library, district)
    knowledge = Knowledge(policies, guides=GuideStore(database))
    await knowledge.refresh()
    index, book = knowledge.index, knowledge.guides
    await knowledge.refresh()
    assert knowledge.guides is book
    await drafts.publish_at_once({22: GUIDE}, author="cli:li")
    assert not await knowledge.refresh()
    assert knowledge.guides.of_clause(22) == GUIDE
    assert knowledge.index is index


def test_a_guide_grows_old_after_half_a_year() -> None:
    assert not GUIDE.is_old(TODAY + timedelta(days=179))
    assert GUIDE.is_old(TODAY + timedelta(days=180))


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        ("phone", "见通知", "不是电话号码"),
        ("url", "www.example.com", "https://"),
        ("url", "javascript:alert(1)", "https://"),
        ("checked_on", "上周", "不是日期"),
        ("checked_on", "2026-03-03", "今天或之前"),
        ("where", "楼" * 201, "最多 200 字"),
    ],
)
def test_a_field_that_cannot_be_is_refused_in_words(field: str, typed: str, said: str) -> None:
    with pytest.raises(GuideFieldsError) as refused:
        guide_of({field: typed}, TODAY)
    assert said in refused.value.problems[field]


_LINE = st.text(st.sampled_from('申报书发票，（）、0123456789- =+@"'), max_size=30).map(str.strip)


@given(
    guide=st.builds(
        Guide,
        conditions=_LINE,
        materials=st.lists(_LINE.filter(bool), max_size=5, unique=True).map(tuple),
        steps=_LINE,
        where=_LINE,
        phone=st.sampled_from(["", "0532-00000001", "+86 532 12345", "12345"]),
        url=st.sampled_from(["", "https://example.cn/a?b=1,2"]),
        source=_LINE,
        checked_on=st.dates(date(2020, 1, 1), TODAY),
    )
)
def test_a_guide_comes_back_from_a_form_and_from_a_file(guide: Guide) -> None:
    assert guide_of(texts_of(guide), TODAY) == guide
    rows = read_guide_rows(write_guides([Listed("22", "xihaian", guide)]).encode())
    assert guides_of(rows, lambda label, document: int(label), {}, TODAY) == {22: guide}


HARNESS = (
    "policy_id,phone,where,materials,url\n"
    "22,0532-00000001,区政务中心3楼,申报书;设备发票,https://example.invalid/g22\n"
    "10,0532-00000002,区政务中心5楼,认定证书；纳税证明,https://example.invalid/g10\n"
)


def test_heads_in_english_and_in_chinese_name_the_same_columns(library: Library) -> None:
    chinese = HARNESS.replace(
        "policy_id,phone,where,materials,url", "条款号,咨询电话,办理地点,申报材料,网上申报入口"
    )
    titled = "2026年办理指南,,,,\n" + chinese.replace("22,", "第22条,")
    wanted = read(HARNESS.encode(), library)
    assert wanted[22].materials == ("申报书", "设备发票")
    assert wanted[22].checked_on == TODAY
    for raw in (chinese.encode(), titled.encode("gb18030"), workbook(HARNESS), sheet_of_numbers()):
        found = read(raw, library)
        assert found[22].phone == wanted[22].phone
    assert read(titled.encode(), library) == wanted


def read(raw: bytes, library: Library) -> dict[int, Guide]:
    return guides_of(read_guide_rows(raw), clause_finder(library), {}, TODAY)


def workbook(text: str) -> bytes:
    book, out = openpyxl.Workbook(), io.BytesIO()
    for line in text.splitlines():
        book.active.append(line.split(","))
    book.save(out)
    return out.getvalue()


def sheet_of_numbers() -> bytes:
    """As Excel keeps it: a number for the clause, a date for the day of checking."""
    book, out = openpyxl.Workbook(), io.BytesIO()
    book.active.append(["条款号", "电话", "核对日期"])
    book.active.append([22, "0532-00000001", date(2026, 2, 1)])
    book.save(out)
    return out.getvalue()


def test_a_column_that_a_file_does_not_have_stays_as_it_is(library: Library) -> None:
    rows = read_guide_rows("条款号,电话\n22,12345\n".encode())
    found = guides_of(rows, clause_finder(library), {22: GUIDE}, TODAY)
    assert found == {22: GUIDE.model_copy(update={"phone": "12345"})}
    emptied = guides_of(
        read_guide_rows("条款号,电话\n22,\n".encode()), clause_finder(library), {22: GUIDE}, TODAY
    )
    assert emptied[22].phone == ""


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        ("条款号,电话\n99,12345\n", "第 2 行，条款号：没有“99”这一条"),
        ("条款号,电话\n22,12345\n第22条,12345\n", "第 3 行，条款号：“第22条”前面已有一行"),
        ("条款号,电话\n22,没有\n", "第 2 行，电话：“没有”不是电话号码"),
        ("条款号,文件,电话\n22,别的措施,12345\n", "文件“别的措施”中没有“22”这一条"),
        ("条款号,电话\n,12345\n", "第 2 行，条款号：请填写"),
        ("电话,地址\n1,2\n", "没有找到表头"),
        ("", "文件是空的"),
    ],
)
def test_a_file_is_refused_as_a_whole_with_each_line(raw: str, said: str, library: Library) -> None:
    with pytest.raises(GuideFileError) as refused:
        read(raw.encode(), library)
    assert said in str(refused.value)


def test_the_manual_links_to_the_file_that_the_desk_offers(library: Library) -> None:
    shown = Path(__file__).parents[3] / "docs" / "办理指南样例.csv"
    assert shown.read_bytes() == sample_file(library).encode("utf-8-sig")


async def test_the_sample_file_is_taken_in_a_process_of_its_own(library: Library) -> None:
    rows = await read_guides_apart(sample_file(library).encode())
    found = guides_of(rows, clause_finder(library), {}, TODAY)
    assert found[1].materials == ("申报书", "设备发票", "付款凭证")
    with pytest.raises(GuideFileError, match=r"损坏|表格"):
        await read_guides_apart(b"PK\x03\x04 not a workbook")
    with pytest.raises(GuideFileError, match="文件过大，请控制在 5 MB 以内"):
        await read_guides_apart(b"x" * 5_000_001)
