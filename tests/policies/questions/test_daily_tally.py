"""Questions are counted by day and by whether they were answered; nothing else of them is kept here."""

from datetime import UTC, date, datetime

from sqlalchemy import text
from structlog.testing import capture_logs

from policies.questions.daily_tally import ANSWERED, DECLINED, QuestionTally
from storage.sql.database import Database


async def test_questions_are_counted_by_the_day_in_shanghai(database: Database) -> None:
    now = [datetime(2026, 3, 1, 15, 59, tzinfo=UTC)]
    one, other = (QuestionTally(database, lambda: now[0]) for _ in range(2))
    for intent in ("clause", "amount", "none", "subscribe", "menu", "multi"):
        one.note(intent)
    other.note("search")
    now[0] = datetime(2026, 3, 1, 16, 0, tzinfo=UTC)
    other.note("none")
    await one.flush()
    await other.flush()
    assert await one.days(date(2026, 3, 2), 3) == {
        date(2026, 2, 28): {ANSWERED: 0, DECLINED: 0},
        date(2026, 3, 1): {ANSWERED: 4, DECLINED: 1},
        date(2026, 3, 2): {ANSWERED: 0, DECLINED: 1},
    }


async def test_a_count_that_the_database_refuses_does_not_hold_back_the_others(
    sqlite_database: Database,
) -> None:
    tally = QuestionTally(sqlite_database, lambda: datetime(2026, 3, 1, tzinfo=UTC))
    for intent in ("clause", "none"):
        tally.note(intent)
    async with sqlite_database.write() as session:
        await session.execute(
            text(
                "CREATE TRIGGER refusal BEFORE INSERT ON daily_tallies WHEN NEW.what = 'answered' "
                "BEGIN SELECT RAISE(ABORT, 'no'); END"
            )
        )
    with capture_logs() as logs:
        assert await tally.days(date(2026, 3, 1), 1) == {date(2026, 3, 1): {ANSWERED: 0, DECLINED: 1}}
    assert [line["event"] for line in logs] == ["tally.refused"]
