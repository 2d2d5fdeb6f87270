"""Application windows: kept by clause, title and first day; a file is taken whole or not at all."""

from datetime import date, timedelta

import pytest

from policies.district.models import District
from policies.library.library import Library
from policies.publishing.store import PolicyStore
from policies.windows.application_windows import Windows
from policies.windows.window import WindowImport
from policies.windows.window_fields import WindowFields, WindowFileError
from policies.windows.window_files import write_windows
from storage.clock import SHANGHAI
from storage.sql.database import Database
from tests.kit.clocks import SetClock

pytestmark = pytest.mark.usefixtures("kept_readings")  # what is read of a file: test_window_files.py
HEADER = "policy_id,opens_on,closes_on,title,url\n"
TECH = "22,2026-03-01,2026-03-31,技改奖补申报,https://example.cn/22\n"


@pytest.fixture
async def windows(database: Database, clock: SetClock, library: Library, district: District) -> Windows:
    await PolicyStore(database, clock).seed(library, district)
    return Windows(database, clock)


@pytest.fixture
async def sqlite_windows(
    sqlite_database: Database, clock: SetClock, library: Library, district: District
) -> Windows:
    """For what a file says: it is read before any database is asked."""
    await PolicyStore(sqlite_database, clock).seed(library, district)
    return Windows(sqlite_database, clock)


async def taken(windows: Windows, raw: bytes) -> WindowImport:
    """What the desk and the command line do with a file."""
    return await windows.put((await windows.read_file(raw)).rows)


def csv(*lines: str) -> bytes:
    return (HEADER + "".join(lines)).encode()


async def test_a_file_of_windows_is_taken(windows: Windows) -> None:
    done = await taken(windows, csv(TECH, "45,2026-05-01,2026-06-30,,\n"))
    assert [(w.policy_id, w.title) for w in done.added] == [
        (22, "技改奖补申报"),
        (45, "海水淡化项目奖补与用地、用海支持"),
    ]
    assert not any(w.sample for w in done.added)
    assert await windows.all() == done.added


@pytest.mark.parametrize(
    "raw",
    [
        csv(TECH),
        b"\xef\xbb\xbf" + csv(TECH),
        csv(TECH).decode().encode("gb18030"),
        csv(TECH).decode().encode("utf-16"),
        csv(TECH).replace(b"\n", b"\r\n"),
        csv(TECH).replace(b"2026-03-01", b"2026/3/1"),
        csv(TECH).replace(b"2026-03-31", "2026年3月31日".encode()),
        csv(TECH, "\n", ",,,,\n"),
        "title,url,policy_id,opens_on,closes_on\n技改奖补申报,https://example.cn/22,22,2026-03-01,2026-03-31".encode(),
    ],
    ids=["utf-8", "bom", "gb18030", "utf-16", "crlf", "slashes", "年月日", "blank-lines", "other-order"],
)
async def test_files_from_any_desktop_read_the_same(sqlite_windows: Windows, raw: bytes) -> None:
    (window,) = (await taken(sqlite_windows, raw)).added
    assert (window.policy_id, window.opens_on, window.closes_on, window.title, window.url) == (
        22,
        date(2026, 3, 1),
        date(2026, 3, 31),
        "技改奖补申报",
        "https://example.cn/22",
    )


async def test_importing_again_changes_nothing(windows: Windows) -> None:
    await taken(windows, csv(TECH))
    again = await taken(windows, csv(TECH))
    assert (again.added, again.changed, again.unchanged) == ((), (), 1)


async def test_a_moved_closing_day_is_recognised(windows: Windows) -> None:
    (window,) = (await taken(windows, csv(TECH))).added
    done = await taken(windows, csv(TECH.replace("2026-03-31", "2026-04-15")))
    (change,) = done.changed
    assert change.closes_moved
    assert (change.old_closes_on, change.window.closes_on) == (date(2026, 3, 31), date(2026, 4, 15))
    assert change.window.id == window.id


async def test_a_changed_link_is_not_a_moved_day(windows: Windows) -> None:
    await taken(windows, csv(TECH))
    (change,) = (await taken(windows, csv(TECH.replace("example", "other")))).changed
    assert not change.closes_moved
    assert change.old_url == "https://example.cn/22"


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("60,2026-03-01,2026-03-31,申报,\n", "第 2 行，policy_id（条款号）：没有第 60 条"),
        ("x,2026-03-01,2026-03-31,申报,\n", "第 2 行，policy_id（条款号）：“x”不是条款号"),
        (",2026-03-01,2026-03-31,申报,\n", "第 2 行，policy_id（条款号）：请填写条款号"),
        (
            "22,2026-13-01,2026-03-31,申报,\n",
            "第 2 行，opens_on（开始日期）：“2026-13-01”不是日期：没有这一天，请写成 2026-03-31 的样子",
        ),
        ("22,2026-03-01,,申报,\n", "第 2 行，closes_on（截止日期）：请填写日期；没有截止日期的请写“长期”"),
        (
            "22,2026-03-31,2026-03-01,申报,\n",
            "第 2 行，closes_on（截止日期）：截止日期 2026-03-01 早于开始日期 2026-03-31",
        ),
        ("22,2026-03-01,2026-03-31,申报,example.cn\n", "第 2 行，url（链接）：“example.cn”不是完整的网址"),
        ("22,2026-03-01,2026-03-31,申报,javascript:alert(1)\n", "第 2 行，url（链接）："),
        ("22,2026-03-01,2026-03-31,申报,https://[x\n", "第 2 行，url（链接）："),
        ("22,2026-03-01,2026-03-31,申,,,报\n", "第 2 行：应有 5 列，实有 7 列"),
        (f"22,2026-03-01,2026-03-31,{'长' * 201},\n", "第 2 行，title（名称）：名称有 201 字，最多 200 字"),
        ('22,2026-03-01,2026-03-31,"申\x00报",\n', "第 2 行，title（名称）：名称中不能有控制字符"),
        ('22,2026-03-01,2026-03-31,"申报,\n', "第 2 行：引号不配对"),
    ],
)
async def test_a_wrong_line_is_named_and_nothing_is_taken(
    sqlite_windows: Windows, line: str, said: str
) -> None:
    with pytest.raises(WindowFileError) as caught:
        await taken(sqlite_windows, csv(line, TECH))
    assert str(caught.value).startswith(said)
    assert await sqlite_windows.all() == ()


async def test_every_wrong_line_is_reported_at_once(sqlite_windows: Windows) -> None:
    raw = csv(TECH, "99,2026-03-01,2026-03-31,申报,\n", "\n", TECH, "22,x,2026-03-31,申报,\n")
    with pytest.raises(WindowFileError) as caught:
        await taken(sqlite_windows, raw)
    assert [(fault.line, fault.field) for fault in caught.value.faults] == [
        (3, "policy_id"),
        (5, "title"),
        (6, "opens_on"),
    ]


@pytest.mark.parametrize("raw", [b"", b"\n\n", b"a,b\n1,2\n", b"\xff\xff\xff\x00", b"x" * 5_000_001])
async def test_what_is_no_file_of_windows_is_refused(sqlite_windows: Windows, raw: bytes) -> None:
    with pytest.raises(WindowFileError):
        await taken(sqlite_windows, raw)


async def test_a_written_file_reads_back(windows: Windows, library: Library) -> None:
    rows = [
        WindowFields(22, date(2026, 3, 1), date(2026, 3, 31), '=cmd|"x",申报', "https://example.cn/?a=1,2"),
        WindowFields(45, date(2026, 3, 1), date(2026, 4, 30), "'引号开头"),
    ]
    done = await windows.put(rows)
    text = write_windows(done.added, library)
    assert "\n22,2026-03-01,2026-03-31,\"'=cmd" in text
    assert (await taken(windows, text.encode())).unchanged == 2


async def test_windows_are_found_by_day(windows: Windows, database: Database, clock: SetClock) -> None:
    await taken(
        windows,
        csv(
            TECH,
            "22,2026-02-01,2026-03-05,补报,\n",
            "45,2026-03-20,2026-05-01,海水淡化,\n",
            "7,2026-04-01,2026-04-02,五G工厂,\n",
        ),
    )
    day = date(2026, 3, 2)
    assert [w.title for w in await windows.open_on(day)] == ["补报", "技改奖补申报"]
    assert [w.title for w in await windows.open_on(date(2026, 3, 31))] == ["技改奖补申报", "海水淡化"]
    assert [w.title for w in await windows.open_on(day, {45})] == []
    assert [w.title for w in await windows.open_for(22, day)] == ["补报", "技改奖补申报"]


async def test_a_removed_window_is_gone_from_answers_at_once(windows: Windows) -> None:
    (window,) = (await taken(windows, csv(TECH))).added
    day = date(2026, 3, 2)
    assert await windows.open_for(22, day) == (window,)
    assert await windows.remove(window.id)
    assert await windows.open_for(22, day) == ()
    assert await windows.get(window.id) is None
    assert not await windows.remove(window.id)


async def test_another_process_sees_a_window_within_a_second(
    windows: Windows, database: Database, clock: SetClock
) -> None:
    real = [100.0]
    elsewhere = Windows(database, clock, monotonic=lambda: real[0])
    day = date(2026, 3, 2)
    assert await elsewhere.open_for(22, day) == ()
    await taken(windows, csv(TECH))
    real[0] += 0.5
    assert await elsewhere.open_for(22, day) == ()
    real[0] += 0.5
    assert len(await elsewhere.open_for(22, day)) == 1


async def test_answers_go_on_from_memory_while_the_database_is_away(
    sqlite_database: Database, clock: SetClock, library: Library, district: District
) -> None:
    real = [0.0]
    windows = Windows(sqlite_database, clock, monotonic=lambda: real[0])
    await PolicyStore(sqlite_database, clock).seed(library, district)
    (window,) = (await taken(windows, csv(TECH))).added
    assert await windows.open_for(22, date(2026, 3, 2)) == (window,)
    async with sqlite_database.write() as session:
        await (await session.connection()).exec_driver_sql("ALTER TABLE windows RENAME TO away")
    real[0] += 60
    assert await windows.open_for(22, date(2026, 3, 2)) == (window,)


async def test_sample_windows_come_marked_and_go_again(windows: Windows, clock: SetClock) -> None:
    today = clock().astimezone(SHANGHAI).date()
    (real,) = (await taken(windows, csv(TECH))).added
    assert await windows.add_samples() == 5
    assert await windows.add_samples() == 0
    samples = [window for window in await windows.open_on(today) if window.sample]
    assert sorted((window.closes_on - today).days for window in samples) == [1, 3, 7, 14, 30]
    assert await windows.clear_samples() == 5
    assert await windows.all() == (real,)


async def test_a_sample_never_takes_a_real_windows_place(
    windows: Windows, clock: SetClock, library: Library
) -> None:
    today = clock().astimezone(SHANGHAI).date()
    title = next(policy.title for policy in library.policies if policy.key == 25)
    real = WindowFields(25, today - timedelta(days=1), today + timedelta(days=5), title)
    done = await windows.put([real])
    assert await windows.add_samples() == 4
    await windows.clear_samples()
    assert await windows.all() == done.added


async def test_a_window_that_cannot_be_is_refused(windows: Windows) -> None:
    with pytest.raises(WindowFileError, match="没有第 50 条"):
        await windows.put([WindowFields(50, date(2026, 3, 1), date(2026, 3, 2), "申报")])
