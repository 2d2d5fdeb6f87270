"""The scheduler: runs jobs in the process that holds the lease."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.cron import CronTrigger

from alerts.lease.lease import LEASE_SECONDS, SCHEDULER, HeldLease, LeaseLostError, release, renew, take
from storage.clock import SHANGHAI
from storage.sql.database import Database
from storage.sql.database_errors import DATABASE_ERRORS, DatabaseUnavailableError
from storage.tasks.cancel_tasks import cancel_and_wait
from storage.tasks.outage_log import OutageLog

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Job:
    """A job that the holder of the lease repeats.

    `run` must be harmless when it is done twice or not at all, and guards what it writes with the lease.

    Attributes:
        when: seconds from the end of one run to the next, by a clock that nobody sets; or a time of day.
    """

    name: str
    when: float | CronTrigger
    run: Callable[[HeldLease], Awaitable[object]]


async def run_schedule(
    database: Database,
    jobs: Sequence[Job],
    holder: str,
    *,
    lease_seconds: float = LEASE_SECONDS,
) -> None:
    """Wait for the lease, run the jobs while it is held, and wait again, until cancelled.

    With the default length another process takes over within 15 s of a holder's death: 10 s until the lease
    has run out, and a fifth of that at most until someone asks for it.
    """
    outage = OutageLog("scheduler.lease_not_asked")
    while True:
        held = await _try_to_take(database, holder, lease_seconds, outage)
        if held is not None:
            _log.info("scheduler.lease_taken", holder=holder, fence=held.fence)
            await _run_while_held(database, jobs, held)
        await asyncio.sleep(lease_seconds / 5)


async def _try_to_take(
    database: Database, holder: str, seconds: float, outage: OutageLog
) -> HeldLease | None:
    try:
        held = await take(database, SCHEDULER, holder, seconds=seconds)
    except DATABASE_ERRORS as error:
        outage.failed(error)
        return None
    outage.recovered()
    return held


async def _run_while_held(database: Database, jobs: Sequence[Job], held: HeldLease) -> None:
    scheduler = AsyncIOScheduler(timezone=SHANGHAI)
    repeated = []
    for job in jobs:
        if isinstance(job.when, CronTrigger):
            scheduler.add_job(
                _run_job,
                job.when,
                args=(job, held, OutageLog(f"scheduler.job_waits.{job.name}")),
                id=job.name,
                max_instances=1,
                coalesce=True,
                misfire_grace_time=None,
            )
        else:
            repeated.append(asyncio.ensure_future(_run_again_and_again(job, job.when, held)))
    scheduler.start()
    try:
        await _keep(database, held)
    finally:
        scheduler.shutdown(wait=False)
        await cancel_and_wait(repeated)
        await _release(database, held)


async def _keep(database: Database, held: HeldLease) -> None:
    """Renew until the lease is lost, or until the database has been away for its whole length."""
    kept_at = time.monotonic()
    while time.monotonic() - kept_at < held.seconds:
        await asyncio.sleep(held.seconds / 4)
        try:
            await renew(database, held)
            kept_at = time.monotonic()
        except LeaseLostError:
            break
        except DATABASE_ERRORS as error:
            _log.warning("scheduler.lease_not_renewed", error=type(error).__name__)
    _log.warning("scheduler.lease_lost", holder=held.holder, fence=held.fence)


async def _release(database: Database, held: HeldLease) -> None:
    try:
        await release(database, held)
    except DATABASE_ERRORS as error:
        _log.warning("scheduler.lease_not_released", error=type(error).__name__)


async def _run_again_and_again(job: Job, seconds: float, held: HeldLease) -> None:
    """The time for APScheduler. It would count by the wall clock; when that is set back two minutes, all jobs would wait."""
    outage = OutageLog(f"scheduler.job_waits.{job.name}", "it is tried again: is the database away?")
    while True:
        await _run_job(job, held, outage)
        await asyncio.sleep(seconds)


async def _run_job(job: Job, held: HeldLease, outage: OutageLog) -> None:
    try:
        await job.run(held)
        outage.recovered()
    except DatabaseUnavailableError as error:
        outage.failed(error)
    except LeaseLostError:
        _log.warning("scheduler.job_stopped", job=job.name)
    except Exception:  # the edge of every job: one that fails must not stop the others, nor itself next time
        _log.exception("scheduler.job_failed", job=job.name)
