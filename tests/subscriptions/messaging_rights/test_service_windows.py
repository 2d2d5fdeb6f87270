"""The windows in which WeChat lets us write unasked, opened by what people do and spent one by one."""

import asyncio
from contextlib import suppress

import pytest
from structlog.testing import capture_logs

from storage.sql.database import Database
from subscriptions.directory import Members
from subscriptions.messaging_rights.service_windows import (
    Pool,
    ServiceWindowLog,
    close,
    give_back,
    opened_by,
    spend,
)
from subscriptions.privacy.erasure import Erasing
from tests.kit.clocks import SetClock
from wechat.push.messages import Inbound


def message(openid: str = "o-anna", **more: object) -> Inbound:
    return Inbound(kind="text", openid=openid, account="gh_1", sent_at=0, **more)


def event(name: str, openid: str = "o-anna") -> Inbound:
    return Inbound(kind="event", openid=openid, account="gh_1", sent_at=0, event=name)


@pytest.mark.parametrize(
    ("inbound", "pool"),
    [
        (message(text="你好"), Pool.MESSAGE),
        (Inbound(kind="image", openid="o", account="gh", sent_at=0), Pool.MESSAGE),
        (message(text="满意", by_menu_tap=True), Pool.ACTION),
        (event("click"), Pool.ACTION),
        (event("scancode_waitmsg"), Pool.ACTION),
        (event("scancode_push"), Pool.ACTION),
        (event("subscribe"), Pool.ACTION),
        (event("scan"), Pool.ACTION),
        (event("view"), None),
        (event("location"), None),
        (event("pic_weixin"), None),
        (event("unsubscribe"), None),
        (event("templatesendjobfinish"), None),
    ],
)
def test_what_opens_a_window(inbound: Inbound, pool: Pool | None) -> None:
    assert opened_by(inbound) == pool


class Windows:
    """Spends for one member, as delivery would."""

    def __init__(self, database: Database, clock: SetClock, member_id: int) -> None:
        self.database, self.clock, self.member_id = database, clock, member_id

    async def spend(self) -> Pool | None:
        async with self.database.write() as session:
            return (await spend(session, [self.member_id], self.clock.now)).get(self.member_id)


@pytest.fixture
def log(database: Database, clock: SetClock) -> ServiceWindowLog:
    return ServiceWindowLog(database, clock)


@pytest.fixture
async def anna(members: Members, database: Database, clock: SetClock) -> Windows:
    return Windows(database, clock, await members.ensure("o-anna"))


async def test_a_message_pays_for_five_in_48_hours(
    log: ServiceWindowLog, anna: Windows, clock: SetClock
) -> None:
    assert await anna.spend() is None
    log.note(message())
    await log.flush()
    assert [await anna.spend() for _ in range(6)] == [Pool.MESSAGE] * 5 + [None]
    log.note(message())
    log.note(message())
    await log.flush()
    clock.forward(hours=47, minutes=59)
    assert await anna.spend() is Pool.MESSAGE
    clock.forward(minutes=2)
    assert await anna.spend() is None


async def test_the_short_window_is_spent_first(log: ServiceWindowLog, anna: Windows, clock: SetClock) -> None:
    log.note(message())
    log.note(event("click"))
    await log.flush()
    assert [await anna.spend() for _ in range(4)] == [Pool.ACTION] * 3 + [Pool.MESSAGE]
    log.note(event("scan"))
    await log.flush()
    clock.forward(seconds=61)
    assert await anna.spend() is Pool.MESSAGE


async def test_what_surely_did_not_leave_is_given_back(
    log: ServiceWindowLog, anna: Windows, database: Database
) -> None:
    log.note(message())
    await log.flush()
    await anna.spend()
    async with database.write() as session:
        for _ in range(3):
            await give_back(session, Pool.MESSAGE, [anna.member_id])
    assert [await anna.spend() for _ in range(6)].count(Pool.MESSAGE) == 5
    log.note(message())
    await log.flush()
    async with database.write() as session:
        await close(session, [anna.member_id])
    assert await anna.spend() is None


async def test_workers_that_spend_at_once_never_overdraw(log: ServiceWindowLog, anna: Windows) -> None:
    log.note(message())
    log.note(event("click"))
    await log.flush()
    spent = await asyncio.gather(*(anna.spend() for _ in range(20)))
    assert (spent.count(Pool.ACTION), spent.count(Pool.MESSAGE)) == (3, 5)


async def test_who_left_gets_nothing(log: ServiceWindowLog, anna: Windows, members: Members) -> None:
    log.note(message())
    await log.flush()
    await members.unfollow("o-anna")
    log.note(message())  # on its way while they left
    await log.flush()
    assert await anna.spend() is None


async def test_strangers_become_members_but_not_who_asked_to_be_erased(
    log: ServiceWindowLog, members: Members, database: Database, clock: SetClock
) -> None:
    await members.ensure("o-anna")
    elsewhere = ServiceWindowLog(database, clock)  # another process, that noted a message a moment before
    elsewhere.note(message())
    log.note(message())
    await Erasing(database, clock, secret=b"s", service_windows=log).erase("o-anna")
    log.note(message("o-bert"))
    await log.flush()
    await elsewhere.flush()
    assert await members.id_of("o-anna") is None
    assert await members.id_of("o-bert") is not None
    await members.follow("o-anna")
    assert await members.id_of("o-anna") is not None


async def test_a_flush_that_fails_keeps_what_was_noted(
    members: Members, log: ServiceWindowLog, database: Database, clock: SetClock
) -> None:
    gone = Database.open("sqlite+aiosqlite:////nonexistent/nowhere.db")
    broken = ServiceWindowLog(gone, clock)
    broken.note(message())
    with pytest.raises(Exception, match="unable to open"):
        await broken.flush()
    broken._database = database
    await broken.flush()
    await gone.close()
    assert await members.id_of("o-anna") is not None


async def test_what_is_noted_at_the_end_is_written_at_the_end(
    members: Members, log: ServiceWindowLog
) -> None:
    running = asyncio.create_task(log.run())
    await asyncio.sleep(0)
    log.note(message())
    running.cancel()
    with suppress(asyncio.CancelledError):
        await running
    assert await members.id_of("o-anna") is not None


async def test_an_openid_that_the_database_refuses_does_not_hold_back_the_others(
    log: ServiceWindowLog, anna: Windows
) -> None:
    for number in range(20):
        log.note(message(f"o-{number}"))
    log.note(message("o-\ud800"))
    log.note(message())
    with capture_logs() as logs:
        await log.flush()
        await log.flush()
    assert await anna.spend() is Pool.MESSAGE
    assert [line["event"] for line in logs] == ["service_windows.refused"]
    assert "o-" not in str(logs)
