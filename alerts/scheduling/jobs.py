"""The scheduler's table of alert jobs: what the holder of the lease does, and how often."""

import asyncio
import time
from collections.abc import Awaitable, Callable

from alerts.lease.lease import HeldLease
from alerts.lease.schedule import Job
from alerts.scheduling.campaign_progress import CampaignProgress
from alerts.scheduling.tick import Tick

DUE_SECONDS = 5
"""How soon a new window, date or publication is seen."""
PROGRESS_SECONDS = 1
"""How soon an approval, a cancellation and a last row take effect."""


_LOOK_S = 0.9


class _WhileAnyIsOpen:
    """Lets jobs run only while a campaign is open; they share one look a second, all that an idle scheduler asks."""

    def __init__(self, progress: CampaignProgress) -> None:
        self._progress = progress
        self._looked_at = float("-inf")
        self._looking = asyncio.Lock()
        self._open = True

    def job(self, name: str, run: Callable[[HeldLease], Awaitable[object]]) -> Job:
        """Return the job. It is skipped if there is nothing to move."""

        async def run_if_open(held: HeldLease) -> None:
            async with self._looking:  # those that come meanwhile wait for the look
                if time.monotonic() - self._looked_at >= _LOOK_S:
                    self._open = await self._progress.any_open()
                    self._looked_at = time.monotonic()
            if self._open:
                await run(held)

        return Job(name, PROGRESS_SECONDS, run_if_open)


def alert_jobs(tick: Tick, progress: CampaignProgress) -> tuple[Job, ...]:
    """Return the jobs that alerts need; `run_schedule` runs them, beside those of other floors."""
    while_open = _WhileAnyIsOpen(progress)
    return (
        Job("alerts_due", DUE_SECONDS, tick),
        while_open.job("campaigns_start", progress.start),
        while_open.job("campaigns_list", progress.list_all),
        while_open.job("campaigns_close_rows", progress.close_rows),
        while_open.job("campaigns_finish", progress.finish),
    )
