"""When a row may leave, and whether at all. Quiet hours and digests defer a row; they never drop it."""

from datetime import date, datetime, time, timedelta

from alerts.model.content import AlertKind
from alerts.model.rows.row_reasons import DEADLINES_ONLY, PAUSED
from storage.clock import SHANGHAI, midnight_of
from storage.working_days import working_day_on_or_before
from subscriptions.members.preferences import Digest, Preferences

DIGEST_AT = time(9, 0)
"""When a digest leaves (Asia/Shanghai): a daily one each day, a weekly one on Monday."""
_SATURDAY = 5
URGENT_DAYS = 3
"""An alert of a window that closes within this many days does not wait for a digest."""
_CAN_WAIT = frozenset({AlertKind.OPENING, AlertKind.NEW_POLICY, AlertKind.POLICY_CHANGED, AlertKind.EXPIRY})
"""Kinds that are no deadline and no changed date."""


def kept_back(kind: AlertKind, wants: Preferences, day: date) -> str:
    """Say why an alert goes into the inbox and is not sent on a day; "" if it may be sent.

    An answer to a member's own request (a company's confirmation) comes even in a pause.
    """
    if kind is AlertKind.COMPANY:
        return ""
    if wants.is_paused(day):
        return PAUSED
    return DEADLINES_ONLY if wants.deadlines_only and kind in _CAN_WAIT else ""


def first_attempt_at(wants: Preferences, now: datetime, closes_on: date | None = None) -> datetime:
    """Return the first business instant at which an alert made now may reach the member.

    An alert waits for the member's digest, but not after the morning on which only `URGENT_DAYS` are left. If offices
    are closed on that morning, the last working morning before it counts. An alert without a closing day (`None`)
    always waits for the digest. If the result falls into quiet hours, it moves to their end.
    """
    at = now
    if wants.digest is not Digest.NONE:
        at = _next_digest(wants.digest, now)
        if closes_on is not None:
            latest = working_day_on_or_before(closes_on - timedelta(days=URGENT_DAYS))
            at = max(now, min(at, midnight_of(latest)))
    return after_quiet_hours(wants, at)


def after_quiet_hours(wants: Preferences, at: datetime) -> datetime:
    """Return the given instant, or the end of the member's quiet hours or weekend if it falls into them."""
    local = at.astimezone(SHANGHAI)
    if not wants.weekends and local.weekday() >= _SATURDAY:
        return after_quiet_hours(wants, midnight_of(local.date() + timedelta(days=7 - local.weekday())))
    minute = local.hour * 60 + local.minute
    start, end = wants.quiet_from, wants.quiet_until
    overnight = start > end
    quiet = (minute >= start or minute < end) if overnight else start <= minute < end
    if not quiet:
        return at
    ends_on = local.date() + timedelta(days=1 if overnight and minute >= start else 0)
    if not wants.weekends and ends_on.weekday() == _SATURDAY:
        ends_on += timedelta(days=2)
    return midnight_of(ends_on) + timedelta(minutes=end)


def _next_digest(digest: Digest, now: datetime) -> datetime:
    local = now.astimezone(SHANGHAI)
    at = datetime.combine(local.date(), DIGEST_AT, SHANGHAI)
    if digest is Digest.WEEKLY:
        at += timedelta(days=-local.weekday() % 7)
    if at < local:
        at += timedelta(days=7 if digest is Digest.WEEKLY else 1)
    return at.astimezone(now.tzinfo)
