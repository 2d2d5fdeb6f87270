"""A bad day in small: the whole of it is `python -m bench.failover`."""

from dataclasses import replace
from pathlib import Path

from bench.failover.failures import FAILURES
from bench.failover.run import Plan, run

WORST = {
    "Redis: master killed, replica promoted": 4.0,  # until the sentinels have noticed, 2 s, and promoted the replica
    "PostgreSQL: primary killed, standby promoted": 1.0,  # after the standby was promoted
}
"""And how long each lasts."""


async def test_nothing_is_lost_and_nobody_gets_two_while_a_primary_and_a_master_die(
    open_folder: Path,
) -> None:
    named = {one.name: one for one in FAILURES}
    failures = [replace(named[name], lasts_s=seconds) for name, seconds in WORST.items()]
    plan = Plan(600, 90, 30, failures, calm_s=1, change_s=1.5, forked=True)
    report = await run(plan, open_folder)
    assert report.problems(plan) == [], str(report)
