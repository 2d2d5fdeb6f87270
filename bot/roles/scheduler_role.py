"""The scheduler role: its jobs, which run while it holds the lease."""

import os
import secrets
import socket
from collections.abc import Mapping
from datetime import timedelta

from apscheduler.triggers.cron import CronTrigger

from alerts.channels.group_robot.channel import GroupRobot
from alerts.lease.lease import HeldLease
from alerts.lease.schedule import Job, run_schedule
from alerts.notices.notices import OperatorNotices
from alerts.scheduling.campaign_progress import CampaignProgress
from alerts.scheduling.jobs import DUE_SECONDS, alert_jobs
from alerts.scheduling.tick import Tick, TickMetrics
from bot.roles.background import Work
from bot.runtime.services import Services
from bot.upkeep.restore_detection import ADVANCE_SECONDS
from bot.upkeep.retention import prune
from policies.company_facts.rules_watch import RulesWatch
from policies.matching.catalogue import load_catalogue
from storage.clock import SHANGHAI, system_clock
from subscriptions.members.syncing import sync_followers
from wechat.account import Capability

_NOTICES_SECONDS = 15
_NIGHT = CronTrigger(hour=3, minute=20, timezone=SHANGHAI)
_LATER_AT_NIGHT = CronTrigger(hour=4, minute=10, timezone=SHANGHAI)


def scheduler_work(services: Services) -> list[Work]:
    """Return the background work of a scheduler."""
    holder = f"{socket.gethostname()[:30]}:{os.getpid()}:{secrets.token_hex(4)}"
    return [_schedule(services, holder)]


async def _schedule(services: Services, holder: str) -> None:
    await run_schedule(services.database, _jobs(services, await services.store.texts()), holder)


def _jobs(services: Services, texts: Mapping[int, str]) -> list[Job]:
    catalogue = load_catalogue(services.rules, texts)
    metrics = TickMetrics.register(services.registry)
    tick = Tick(services.database, services.store, services.clock, metrics, catalogue)
    jobs = list(alert_jobs(tick, CampaignProgress(services.database, services.clock, catalogue)))
    following, kept = services.members.following, timedelta(days=services.settings.forget_after_days)

    async def forget(_held: HeldLease) -> None:
        await following.forget_long_gone(kept)

    async def sync(_held: HeldLease) -> None:
        await sync_followers(services.database, services.clock, services.wechat.followers())

    rules_watch = RulesWatch(services.store, lambda *now: catalogue.become(load_catalogue(*now)))

    async def read_rules(_held: HeldLease) -> None:
        await rules_watch.refresh()

    jobs.append(Job("rules", DUE_SECONDS, read_rules))
    jobs.append(Job("restore_detection", ADVANCE_SECONDS, services.restore_detector.advance))

    async def prune_old(_held: HeldLease) -> None:
        await prune(services.database, system_clock())

    jobs.append(Job("members_forget", _NIGHT, forget))
    jobs.append(Job("old_rows", _LATER_AT_NIGHT, prune_old))
    if webhook := services.settings.operators_webhook.get_secret_value():
        desk = f"{services.settings.effective_public_url}/console"
        robot = GroupRobot(services.http, webhook)
        notices = OperatorNotices(services.database, robot, desk, services.clock)
        jobs.append(Job("operator_notices", _NOTICES_SECONDS, notices))
    if services.settings.has_account and services.bot.account.may(Capability.USER_INFO):
        jobs.append(Job("followers_sync", _NIGHT, sync))
    return jobs
