"""When an alert may reach a member: quiet hours defer, digests gather, urgent ones don't wait."""

from datetime import UTC, date, datetime

import pytest

from alerts.model.rows.quiet_hours import after_quiet_hours, first_attempt_at
from storage.clock import SHANGHAI
from subscriptions.members.preferences import Digest, Preferences
from tests.kit.properties import given, st

MINUTES = st.integers(0, 24 * 60 - 1)
INSTANTS = st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31), timezones=st.just(UTC))


def shanghai(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("now", "arrives"),
    [
        ("2026-11-24 10:00", "2026-11-24 10:00"),
        ("2026-11-24 00:00", "2026-11-24 08:30"),
        ("2026-11-24 08:29", "2026-11-24 08:30"),
        ("2026-11-24 08:30", "2026-11-24 08:30"),
        ("2026-11-24 20:59", "2026-11-24 20:59"),
        ("2026-11-24 21:00", "2026-11-25 08:30"),
    ],
)
def test_the_default_quiet_hours_run_from_nine_to_half_past_eight(now: str, arrives: str) -> None:
    assert first_attempt_at(Preferences(), shanghai(now)) == shanghai(arrives)


@pytest.mark.parametrize(
    ("start", "end", "now", "arrives"),
    [
        (12 * 60, 13 * 60 + 30, "11:59:59", "11:59:59"),
        (12 * 60, 13 * 60 + 30, "12:00:00", "13:30:00"),
        (12 * 60, 13 * 60 + 30, "13:29:59", "13:30:00"),
        (12 * 60, 13 * 60 + 30, "13:30:20", "13:30:20"),
        (21 * 60, 8 * 60 + 30, "08:30:20", "08:30:20"),
        (21 * 60, 8 * 60 + 30, "20:59:59", "20:59:59"),
        (9 * 60, 9 * 60, "09:00:20", "09:00:20"),
    ],
)
def test_the_minute_that_ends_the_quiet_hours_is_not_quiet(
    start: int, end: int, now: str, arrives: str
) -> None:
    wants = Preferences(quiet_from=start, quiet_until=end)
    assert after_quiet_hours(wants, shanghai(f"2026-11-24 {now}")) == shanghai(f"2026-11-24 {arrives}")


@pytest.mark.parametrize(
    ("digest", "now", "closes_on", "arrives"),
    [
        (Digest.DAILY, "2026-11-24 00:00", date(2026, 12, 24), "2026-11-24 09:00"),
        (Digest.DAILY, "2026-11-24 09:01", date(2026, 12, 24), "2026-11-25 09:00"),
        (Digest.WEEKLY, "2026-11-24 00:00", date(2026, 12, 24), "2026-11-30 09:00"),  # Tuesday → Monday
        (Digest.WEEKLY, "2026-11-30 09:00", date(2026, 12, 24), "2026-11-30 09:00"),
        (Digest.WEEKLY, "2026-11-24 10:00", date(2026, 11, 27), "2026-11-24 10:00"),  # three days left
        (Digest.WEEKLY, "2026-11-24 10:00", date(2026, 11, 30), "2026-11-27 08:30"),  # three left by then
        (Digest.DAILY, "2026-11-24 10:00", date(2026, 11, 28), "2026-11-25 08:30"),
        (Digest.WEEKLY, "2026-09-30 00:00", date(2026, 10, 8), "2026-09-30 08:30"),  # 5 October is a holiday
        (Digest.WEEKLY, "2026-11-24 10:00", None, "2026-11-30 09:00"),  # nothing closes
    ],
)
def test_a_digest_gathers_what_can_wait(
    digest: Digest, now: str, closes_on: date | None, arrives: str
) -> None:
    assert first_attempt_at(Preferences(digest=digest), shanghai(now), closes_on) == shanghai(arrives)


@given(now=INSTANTS, start=MINUTES, end=MINUTES)
def test_quiet_hours_defer_by_less_than_a_day_and_never_into_themselves(
    now: datetime, start: int, end: int
) -> None:
    wants = Preferences(quiet_from=start, quiet_until=end)
    at = after_quiet_hours(wants, now)
    assert 0 <= (at - now).total_seconds() < 24 * 3600
    assert after_quiet_hours(wants, at) == at
    local = at.astimezone(SHANGHAI)
    minute = local.hour * 60 + local.minute
    span = (end - start) % (24 * 60)
    assert (minute - start) % (24 * 60) >= span


@given(now=INSTANTS, days=st.integers(0, 40), digest=st.sampled_from(Digest), start=MINUTES, end=MINUTES)
def test_an_alert_is_never_early_and_reaches_a_digest_reader_while_there_is_time(
    now: datetime, days: int, digest: Digest, start: int, end: int
) -> None:
    wants = Preferences(quiet_from=start, quiet_until=end, digest=digest)
    today = now.astimezone(SHANGHAI).date()
    closes_on = date.fromordinal(today.toordinal() + days)
    at = first_attempt_at(wants, now, closes_on)
    assert at >= now
    # The morning with three days left, then quiet hours of less than a day: two days stay at least.
    waited_until = at.astimezone(SHANGHAI).date()
    assert waited_until <= max(today, date.fromordinal(closes_on.toordinal() - 3)) + (date.resolution)


@pytest.mark.parametrize(
    ("now", "arrives"),
    [
        ("2026-11-27 20:00", "2026-11-27 20:00"),  # Friday
        ("2026-11-27 22:00", "2026-11-30 08:30"),
        ("2026-11-28 10:00", "2026-11-30 08:30"),  # Saturday
        ("2026-11-29 23:00", "2026-11-30 08:30"),
        ("2026-11-30 10:00", "2026-11-30 10:00"),
    ],
)
def test_who_wants_no_weekends_hears_on_monday(now: str, arrives: str) -> None:
    assert after_quiet_hours(Preferences(weekends=False), shanghai(now)) == shanghai(arrives)
