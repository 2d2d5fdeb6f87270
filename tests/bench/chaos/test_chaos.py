"""The promise under fire, in small: the whole of it is `python -m bench.chaos`."""

from dataclasses import replace
from pathlib import Path

import pytest

from bench.chaos.plans import SHORT_PLANS, Plan
from bench.chaos.run import run_plan


@pytest.mark.parametrize("plan", SHORT_PLANS, ids=lambda plan: plan.name)
async def test_every_alert_arrives_once_though_everything_is_killed(
    plan: Plan, database_url: str, tmp_path: Path
) -> None:
    if (plan.by == "template") == database_url.startswith("sqlite"):
        pytest.skip("each way on one kind of database; the full run has both")
    small = replace(plan, members=500, rate=120, kills=4, refusing=min(plan.refusing, 50))
    report = await run_plan(small, database_url, tmp_path)
    assert report.problems(small) == [], str(report)
