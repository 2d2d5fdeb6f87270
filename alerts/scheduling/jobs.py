"""The scheduler's table of alert jobs: what the holder of the lease does, and how often."""

from alerts.scheduling.campaign_progress import CampaignProgress
from alerts.scheduling.schedule import Job
from alerts.scheduling.tick import Tick

DUE_SECONDS = 5
"""How soon a new window, date or publication is seen."""
PROGRESS_SECONDS = 1
"""How soon an approval, a cancellation and a last row take effect."""


def alert_jobs(tick: Tick, progress: CampaignProgress) -> tuple[Job, ...]:
    """The jobs that alerts need; `run_schedule` runs them, beside those of other floors."""
    return (
        Job("alerts_due", DUE_SECONDS, tick),
        Job("campaigns_start", PROGRESS_SECONDS, progress.start),
        Job("campaigns_list", PROGRESS_SECONDS, progress.list_all),
        Job("campaigns_close_rows", PROGRESS_SECONDS, progress.close_rows),
        Job("campaigns_finish", PROGRESS_SECONDS, progress.finish),
    )
