from datetime import UTC, datetime, timedelta

from storage.business_clock import BusinessClock

REAL = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
WANTED = datetime(2026, 6, 1, 1, 0, tzinfo=UTC)


async def test_it_is_the_machines_time_until_it_is_set(database):
    clock = BusinessClock(database, lambda: REAL)
    await clock.refresh()
    assert clock() == REAL
    assert not clock.moved


async def test_a_date_set_in_one_process_holds_in_every_other(database):
    here, there = BusinessClock(database, lambda: REAL), BusinessClock(database, lambda: REAL)
    await here.set(WANTED)
    await there.refresh()
    assert here() == there() == WANTED
    assert there.moved


async def test_time_runs_on_from_the_date_that_was_set(database):
    now = [REAL]
    clock = BusinessClock(database, lambda: now[0])
    await clock.set(WANTED)
    now[0] += timedelta(hours=3)
    assert clock() == WANTED + timedelta(hours=3)


async def test_it_can_be_set_twice_and_reset(database):
    here, there = BusinessClock(database, lambda: REAL), BusinessClock(database, lambda: REAL)
    await here.set(WANTED)
    await here.set(WANTED + timedelta(days=1))
    await here.reset()
    await there.refresh()
    assert here() == there() == REAL
