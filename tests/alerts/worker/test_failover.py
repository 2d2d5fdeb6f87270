"""A bad day in small: the whole of it is `python -m bench.failover`."""

from pathlib import Path

import pytest

from bench.failover.failures import FAILURES
from bench.failover.run import Plan, run

WORST = ("PostgreSQL: primary killed, standby promoted", "Redis: master killed, replica promoted")

pytestmark = pytest.mark.xdist_group("sentinels")


async def test_nothing_is_lost_and_nobody_gets_two_while_a_primary_and_a_master_die(tmp_path: Path) -> None:
    failures = [one for one in FAILURES if one.name in WORST]
    assert len(failures) == len(WORST)
    plan = Plan(1_500, 150, 50, failures)
    report = await run(plan, tmp_path)
    assert report.problems(plan) == [], str(report)
