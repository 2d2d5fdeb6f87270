"""A scheduler in a process of its own, for tests that kill it: it prints a line each time its one job runs.

It begins when it gets a line on stdin, so that several load side by side.
"""

import asyncio
import sys

from alerts.scheduling.lease import Held
from alerts.scheduling.schedule import Job, run_schedule
from storage.sql.database import Database


async def main(database_url: str, holder: str, lease_seconds: float) -> None:
    async def tick(held: Held) -> None:
        sys.stdout.write(f"{holder} {held.fence}\n")
        sys.stdout.flush()

    sys.stdin.readline()
    database = Database.open(database_url)
    await run_schedule(database, [Job("tick", 0.2, tick)], holder, lease_seconds=lease_seconds)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], sys.argv[2], float(sys.argv[3])))
