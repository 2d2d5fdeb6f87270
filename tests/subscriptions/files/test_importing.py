"""A file of subscribers: taken whole or not at all, with each wrong line and field named."""

import io
import random

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from policies.library.models import Track
from storage.sql.database import Database
from subscriptions.directory import Members
from subscriptions.files.importing import ImportReport, import_subscribers
from subscriptions.files.subscriber_files import read_subscribers, subscriber_writer
from subscriptions.members.track_names import TrackNames
from subscriptions.members.track_subscriptions import ChangeSource
from subscriptions.privacy.erasure import Erasing
from subscriptions.privacy.export import subscribers
from subscriptions.tables import Company, Member, SubscriptionChange
from tests.kit.clocks import SetClock
from tests.subscriptions.conftest import TRACKS

pytestmark = pytest.mark.usefixtures("kept_readings")
HEADER = "openid,company,uscc,tracks\n"
CODE = "91350100M000100Y43"
NAMES = TrackNames(Track(id=track_id, name=name) for track_id, name in TRACKS.items())


class Import:
    """`policybot subscribers import` with a database at hand."""

    def __init__(self, database: Database, clock: SetClock) -> None:
        self.database, self.clock = database, clock

    async def __call__(self, text: str | bytes, *, partial: bool = False) -> ImportReport:
        raw = text.encode() if isinstance(text, str) else text
        return await import_subscribers(
            self.database, self.clock, raw, NAMES, actor="王秘书", partial=partial
        )


@pytest.fixture
def take_in(members: Members, database: Database, clock: SetClock) -> Import:
    return Import(database, clock)


@pytest.fixture
def take_in_sqlite(sqlite_database: Database, clock: SetClock) -> Import:
    """For files that are refused as they are read, before any database is asked."""
    return Import(sqlite_database, clock)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
async def test_a_file_of_each_encoding_is_taken_in(
    take_in: Import, members: Members, database: Database, encoding: str
) -> None:
    text = HEADER + f"o-anna,青岛某某海洋科技有限公司,{CODE.lower()},海水淡化;ai；nev\r\no-bert,,,\n\n"
    report = await take_in(text.encode(encoding))
    assert (report.applied, report.members, report.subscriptions, report.problems) == (True, 2, 3, [])
    anna = await members.by_openid("o-anna")
    assert anna is not None
    assert anna.binding is not None
    assert (anna.binding.name, anna.binding.uscc, anna.binding.confirmed) == (
        "青岛某某海洋科技有限公司",
        CODE,
        True,
    )
    assert set(await members.tracks(anna.id)) == {"water", "ai", "nev"}
    async with database.read() as session:
        changes = (await session.scalars(select(SubscriptionChange))).all()
    assert {(change.source, change.actor) for change in changes} == {("import", "王秘书")}


FAULTS = [
    (",,,海水淡化", "第 2 行，openid：不能为空"),
    ("o anna,,,", "第 2 行，openid：只能由字母"),
    ("张三,,,", "第 2 行，openid：只能由字母"),
    ("o1,,,海水单化", "第 2 行，tracks：没有赛道“海水单化”，是否为“海水淡化”？"),
    ("o1,,,房地产", "第 2 行，tracks：没有赛道“房地产”"),
    ("o1,,91350100M000100Y44,", "第 2 行，uscc：校验未通过"),
    ("o1,,12345,", "第 2 行，uscc：统一社会信用代码应为 18 位，您输入的是 5 位"),
    ("o1,甲,,", "第 2 行，company：企业名称请写 2 到 100 个字"),
    ("o1,12345,,", "第 2 行，company：企业名称里应有文字"),
    ("o1,,", "第 2 行：应有 4 列，实有 3 列"),
    ("o1,甲,乙公司,,", "第 2 行：应有 4 列，实有 5 列"),
    ('o1,"甲公司,,', "第 2 行：引号不配对"),
    ("o1,,,\no2,,,\no1,,,ai", "第 4 行，openid：与第 2 行重复"),
]


@pytest.mark.parametrize(("lines", "says"), FAULTS)
def test_a_wrong_line_is_named(lines: str, says: str) -> None:
    _, problems = read_subscribers((HEADER + lines + "\n").encode(), NAMES)
    assert [str(problem)[: len(says)] for problem in problems] == [says]


async def test_a_wrong_line_holds_back_the_file(take_in_sqlite: Import) -> None:
    lines, says = FAULTS[3]
    report = await take_in_sqlite(HEADER + "o9,,,\n" + lines + "\n")
    assert (report.applied, report.lines) == (False, 1)
    assert [str(problem) for problem in report.problems] == [says.replace("2", "3")]
    async with take_in_sqlite.database.read() as session:
        assert (await session.scalars(select(Member.id))).all() == []


@pytest.mark.parametrize(
    ("raw", "says"),
    [
        (b"", "表头应为"),
        (b"openid,company\no1,\n", "表头应为"),
        (b"\xff\xfe\x00", "无法识别文件编码"),
        ((HEADER + "o1,青岛海洋公司,,\n").encode()[:-8] + b",,\n", "第 2 行：有损坏的字符"),
    ],
)
def test_a_file_that_cannot_be_read_has_no_lines(raw: bytes, says: str) -> None:
    rows, problems = read_subscribers(raw, NAMES)
    assert rows == []
    assert says in str(problems[0])


async def test_a_file_without_a_line_that_can_be_read_is_refused_though_partial(
    take_in_sqlite: Import,
) -> None:
    report = await take_in_sqlite("openid,company\no1,\n", partial=True)
    assert not report.applied
    assert "表头应为" in str(report.problems[0])


async def test_columns_may_stand_in_any_order(take_in: Import, members: Members) -> None:
    report = await take_in("tracks,OpenID,uscc,company\nai,o1,,\n")
    assert report.applied
    assert await members.tracks_by_openid("o1") == ("ai",)


async def test_partial_takes_the_good_lines(take_in: Import, members: Members) -> None:
    report = await take_in(HEADER + "o1,,,ai\no2,,,房地产\no3,,,ic\n", partial=True)
    assert report.applied
    assert [problem.line for problem in report.problems] == [3]
    assert [await members.id_of(name) is not None for name in ("o1", "o2", "o3")] == [True, False, True]


async def test_a_second_import_changes_nothing_and_takes_nothing_away(
    take_in: Import, members: Members
) -> None:
    await take_in(HEADER + "o1,甲公司,,ai\n")
    member_id = await members.ensure("o1")
    await members.subscribe(member_id, ["nev"], source=ChangeSource.CHAT)
    report = await take_in(HEADER + "o1,甲公司,,ai\n")
    assert (report.applied, report.members, report.subscriptions) == (True, 0, 0)
    assert set(await members.tracks(member_id)) == {"ai", "nev"}


async def test_companies_are_known_by_code_else_by_name(take_in: Import, database: Database) -> None:
    await take_in(
        HEADER + f"o1,甲公司,{CODE},\no2,甲公司,,\no3,甲公司,,\no4,,{CODE},\no5,,9144030071526726XG,\n"
    )
    async with database.read() as session:
        known = await session.execute(select(Company.name, Company.uscc).order_by(Company.id))
        assert [tuple(row) for row in known] == [
            ("甲公司", CODE),
            ("甲公司", None),
            ("", "9144030071526726XG"),
        ]


async def test_a_line_without_tracks_begins_from_the_companys(take_in: Import, members: Members) -> None:
    await take_in(HEADER + f"o1,甲公司,{CODE},ai;ic\no2,甲公司,{CODE},\no3,,,\n")
    assert set(await members.tracks_by_openid("o2")) == {"ai", "ic"}
    assert await members.tracks_by_openid("o3") == ()


async def test_who_asked_to_be_erased_is_left_out(
    take_in: Import, members: Members, database: Database, clock: SetClock
) -> None:
    await members.ensure("o1")
    await Erasing(database, clock, secret=b"s").erase("o1")
    report = await take_in(HEADER + "o1,,,ai\no2,,,ai\n")
    assert (report.applied, report.members, report.erased) == (True, 1, [2])
    assert await members.id_of("o1") is None


async def test_what_is_exported_can_be_imported(
    take_in: Import, members: Members, database: Database
) -> None:
    text = HEADER + f"o1,=甲公司,{CODE},人工智能;海水淡化\no2,,,\no3,,,新能源汽车\n"
    await take_in(text)
    claimant = await members.ensure("o4")
    await members.companies.bind(claimant, CODE, "自称甲公司")
    await members.unfollow("o3")
    out = io.StringIO()
    write = subscriber_writer(out)
    async for openid, company, uscc, tracks in subscribers(database):
        write(openid, company, uscc, [NAMES.name(track) for track in tracks])
    assert out.getvalue() == HEADER + f"o1,'=甲公司,{CODE},人工智能;海水淡化\no2,,,\no4,,,\n"
    rows, problems = read_subscribers(out.getvalue().encode(), NAMES)
    assert not problems
    assert rows[0].company == "=甲公司"
    assert len([row async for row in subscribers(database, include_unfollowed=True)]) == 4


async def test_random_bytes_never_break_the_reader() -> None:
    dice = random.Random(5)
    for _ in range(300):
        raw = HEADER.encode() + bytes(dice.randrange(256) for _ in range(dice.randrange(80)))
        rows, problems = read_subscribers(raw, NAMES)
        assert rows or problems or not raw[len(HEADER) :].strip(b"\r\n ,\t\x0b\x0c\x1c\x1d\x1e\x1f")


async def test_a_company_is_not_renamed_in_silence(take_in: Import) -> None:
    await take_in(HEADER + f"o1,甲公司,{CODE},ai\n")
    report = await take_in(HEADER + f"o2,乙公司,{CODE},ai\n")
    assert report.renamed == [(2, "甲公司", "乙公司")]


async def test_an_import_that_can_not_be_noted_in_the_log_is_not_kept(
    take_in: Import, members: Members, database: Database, clock: SetClock
) -> None:
    def full_log(_session: AsyncSession, _report: ImportReport) -> None:
        raise OSError("the disk is full")

    with pytest.raises(OSError, match="full"):
        await import_subscribers(
            database, clock, f"{HEADER}o-anna,,,\n".encode(), NAMES, actor="王秘书", audit=full_log
        )
    async with database.read() as session:
        assert await session.scalar(select(Member.id)) is None
