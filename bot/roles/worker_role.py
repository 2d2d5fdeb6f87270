"""The worker role: it sends the due rows of the ledger."""

from alerts.channels.outlet import Outlet
from alerts.sending.metrics import DeliveryMetrics
from alerts.worker import worker
from alerts.worker.worker import WorkerParts
from bot.roles.background import Work
from bot.runtime.services import Services


def worker_work(services: Services) -> list[Work]:
    """Return the background work of a worker: send what is due."""
    outlet = Outlet(
        services.wechat,
        services.bot.account,
        services.bot.templates,
        services.settings.effective_public_url,
        services.links,
    )
    parts = WorkerParts(
        database=services.database,
        redis=services.redis,
        outlet=outlet,
        clock=services.clock,
        metrics=DeliveryMetrics.register(services.registry),
        rate_per_s=services.settings.wechat_rate_per_s,
    )
    return [worker.run(parts)]
