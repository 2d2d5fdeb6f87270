"""`python -m bench.failover`: prints the table of docs/performance.md; 1 where the promise was broken."""

import argparse
import asyncio
import sys
import tempfile
from pathlib import Path

from bench.failover.failures import FAILURES
from bench.failover.run import Plan, run

FULL = Plan(20_000, 2_000, 400, FAILURES)


def main() -> int:
    """Play the whole day, or some failures of it."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--only", default="", help="failures whose name holds this")
    options.add_argument("--sends", type=int, default=FULL.sends)
    options.add_argument("--messages", type=int, default=FULL.messages)
    options.add_argument("--keep", type=Path, help="a new folder for servers and logs, which stays")
    chosen = options.parse_args()
    failures = [one for one in FAILURES if chosen.only in one.name]
    plan = Plan(chosen.sends, chosen.messages, min(FULL.people, chosen.messages), failures)
    if chosen.keep:
        chosen.keep.mkdir(parents=True)
        report = asyncio.run(run(plan, chosen.keep))
    else:
        with tempfile.TemporaryDirectory(prefix="failover-", ignore_cleanup_errors=True) as folder:
            report = asyncio.run(run(plan, Path(folder)))
    print(report)
    problems = report.problems(plan)
    for problem in problems:
        print(f"  BROKEN: {problem}")
    return int(bool(problems))


if __name__ == "__main__":
    sys.exit(main())
