"""When a row may leave. Quiet hours and digests defer a row; they never drop it."""

from datetime import date, datetime, time, timedelta

from alerts.model.working_days import working_day_on_or_before
from storage.clock import SHANGHAI
from subscriptions.members.preferences import Digest, Preferences

DIGEST_AT = time(9, 0)
"""When a digest leaves (Asia/Shanghai): a daily one each day, a weekly one on Monday."""
URGENT_DAYS = 3
"""An alert of a window that closes within so many days does not wait for a digest."""


def first_attempt_at(wants: Preferences, now: datetime, closes_on: date | None = None) -> datetime:
    """The first business instant at which an alert made now may reach the member.

    A digest gathers until its hour, but not past the morning on which only `URGENT_DAYS` are left, or where
    offices are closed then, the last one before on which they work; an alert without a closing day (`None`)
    waits for the digest. Quiet hours then defer what falls into them.
    """
    at = now
    if wants.digest is not Digest.NONE:
        at = _next_digest(wants.digest, now)
        if closes_on is not None:
            latest = working_day_on_or_before(closes_on - timedelta(days=URGENT_DAYS))
            at = max(now, min(at, _midnight(latest)))
    return after_quiet_hours(wants, at)


def after_quiet_hours(wants: Preferences, at: datetime) -> datetime:
    """The given instant, or the end of the member's quiet hours where it falls into them."""
    local = at.astimezone(SHANGHAI)
    minute = local.hour * 60 + local.minute
    start, end = wants.quiet_from, wants.quiet_until
    overnight = start > end
    quiet = (minute >= start or minute < end) if overnight else start <= minute < end
    if not quiet:
        return at
    ends_on = local.date() + timedelta(days=1 if overnight and minute >= start else 0)
    return _midnight(ends_on) + timedelta(minutes=end)


def _next_digest(digest: Digest, now: datetime) -> datetime:
    local = now.astimezone(SHANGHAI)
    at = datetime.combine(local.date(), DIGEST_AT, SHANGHAI)
    if digest is Digest.WEEKLY:
        at += timedelta(days=-local.weekday() % 7)
    if at < local:
        at += timedelta(days=7 if digest is Digest.WEEKLY else 1)
    return at.astimezone(now.tzinfo)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), SHANGHAI)
