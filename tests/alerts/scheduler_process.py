"""Schedulers as processes of their own, for tests that kill them: each prints a line whenever its one job runs.

They are forks of one process, which begins one for each name that it gets on stdin, and says its process id.
"""

import asyncio
import os
import signal
import sys

from alerts.lease.lease import HeldLease
from alerts.lease.schedule import Job, run_schedule
from storage.sql.database import Database


async def main(database_url: str, holder: str, lease_seconds: float) -> None:
    async def tick(held: HeldLease) -> None:
        _say(holder, held.fence)

    database = Database.open(database_url)
    await run_schedule(database, [Job("tick", 0.2, tick)], holder, lease_seconds=lease_seconds)


def _say(name: str, number: int) -> None:
    sys.stdout.write(f"{name} {number}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    began = []
    for line in sys.stdin:
        name = line.strip()
        if not (fork := os.fork()):
            asyncio.run(main(sys.argv[1], name, float(sys.argv[2])))
            os._exit(0)
        began.append(fork)
        _say(f"process of {name}", fork)
    for fork in began:
        try:
            os.kill(fork, signal.SIGKILL)
        except ProcessLookupError:
            continue
