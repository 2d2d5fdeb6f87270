"""A bad day in small: the whole of it is `python -m bench.failover`."""

from dataclasses import replace
from pathlib import Path

import pytest

from bench.failover.failures import FAILURES
from bench.failover.run import Plan, run

WORST = ("PostgreSQL: primary killed, standby promoted", "Redis: master killed, replica promoted")
LASTS_S = 5.0
"""Longer than each takes to be noticed and mended: 2 s and a moment."""

pytestmark = pytest.mark.xdist_group("sentinels")


async def test_nothing_is_lost_and_nobody_gets_two_while_a_primary_and_a_master_die(tmp_path: Path) -> None:
    failures = [replace(one, lasts_s=LASTS_S) for one in FAILURES if one.name in WORST]
    assert len(failures) == len(WORST)
    plan = Plan(600, 90, 30, failures, calm_s=2)
    report = await run(plan, tmp_path)
    assert report.problems(plan) == [], str(report)
