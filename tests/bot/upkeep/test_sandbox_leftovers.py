"""What a sandbox left does not count beside a real account, and goes."""

from sqlalchemy import text

from bot.runtime.process import business_clock
from bot.runtime.settings import Settings
from bot.upkeep.sandbox_leftovers import leftovers, remove_leftovers
from policies.windows.application_windows import Windows
from sandbox.api.control import crowd_openid
from sandbox.platform.people import People
from storage.business_clock import BusinessClock
from storage.clock import system_clock
from storage.sql.database import Database
from subscriptions.directory import Members


async def test_what_a_sandbox_left_never_counts_where_there_is_none(database: Database) -> None:
    far = system_clock().replace(year=2031)
    await BusinessClock(database).set(far)
    windows = Windows(database, system_clock)
    async with database.write() as session:
        await session.execute(
            text(
                "INSERT INTO windows (policy_id, title, opens_on, closes_on, url, sample, created_at, updated_at) "
                "VALUES (22, 'x', '2026-01-01', '2026-02-01', '', :yes, :now, :now)"
            ),
            {"yes": True, "now": system_clock()},
        )
    real = Settings(wechat_app_id="wx1", wechat_token="abcd")
    assert (await business_clock(database, Settings()))().year == 2031
    assert (await business_clock(database, real))().year == system_clock().year
    assert len(await leftovers(database)) == 2
    assert len(await remove_leftovers(database)) == 2
    assert await leftovers(database) == []
    assert await windows.all() == ()


async def test_pretend_people_are_no_members_beside_a_real_account(database: Database) -> None:
    pretend = People("wx1", lambda: 0.0).openid_of("desk 1")
    crowd = crowd_openid("oSIM", 7)
    real = ["oSx9k2M4pQ7bVtR1cY8dZ0aWnE3f", "oSIMple-and-real_0aWnE3fG5hT", "o6_bmjrPTlm6_2sgVt7hMZOPfL2M"]
    members = Members(database, system_clock)
    for openid in (pretend, crowd, *real):
        await members.follow(openid)
    assert await remove_leftovers(database, real_account=False) == []
    assert await leftovers(database) == ["2 pretend members"]
    assert await remove_leftovers(database) == ["2 pretend members"]
    assert set(await members.ids_of([pretend, crowd, *real])) == set(real)
    assert await leftovers(database) == []
