"""What gathers is kept so long and no longer, and what the ledger must answer stays."""

from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import func, insert, select

from alerts.model.campaigns.campaign_states import Status
from alerts.model.rows.row_states import RowState
from alerts.model.tables import Campaign, Delivery
from bot.schema.tables import metadata
from bot.upkeep.retention import BATCH_ROWS, RETENTION_RULES, prune
from policies.district.folder import load_district
from policies.library.library_file import load_library
from policies.library.tables import WindowRow
from policies.publishing.drafts import Drafts
from policies.publishing.store import PolicyStore
from policies.questions.tables import AskedQuestion, QuestionGroup
from storage.clock import system_clock
from storage.sql.database import Database
from subscriptions.directory import Members
from subscriptions.members.topics import clause_topic
from subscriptions.tables import Handoff, HandoffLine, TopicSubscription

NOW = datetime(2026, 3, 2, 20, 10, tzinfo=UTC)


def ago(days: float) -> datetime:
    return NOW - timedelta(days=days)


async def count(database: Database, table: str) -> int:
    async with database.read() as session:
        return await session.scalar(select(func.count()).select_from(metadata.tables[table])) or 0


async def test_closed_conversations_go_with_their_lines_and_open_ones_stay(database: Database) -> None:
    member = await Members(database, system_clock).ensure("o-anna")
    async with database.write() as session:
        for number, closed in enumerate((ago(181), ago(179), None), 1):
            hand_over = Handoff(
                id=number, member_id=member, opened_at=ago(300), said_at=ago(300), closed_at=closed
            )
            session.add(hand_over)
            await session.flush()
            session.add(HandoffLine(handoff_id=number, at=ago(300), content="想咨询"))
    await prune(database, NOW)
    async with database.read() as session:
        assert (await session.scalars(select(HandoffLine.handoff_id))).all() == [2, 3]


async def test_old_questions_go_many_at_a_time_and_their_groups_with_them(database: Database) -> None:
    async with database.write() as session:
        for core, days in (("old", 401), ("new", 10)):
            group = QuestionGroup(core=core, times=1, first_at=ago(900), last_at=ago(days))
            session.add(group)
            await session.flush()
            rows = [
                {
                    "group_id": group.id,
                    "text": f"{core}{n}",
                    "reason": "declined",
                    "times": 1,
                    "last_at": ago(days),
                }
                for n in range(BATCH_ROWS + 7)
            ]
            await session.execute(insert(AskedQuestion), rows)
    gone = await prune(database, NOW)
    assert (gone["asked_questions"], gone["question_groups"]) == (BATCH_ROWS + 7, 1)
    assert await count(database, "asked_questions") == BATCH_ROWS + 7
    assert sum((await prune(database, NOW)).values()) == 0


@pytest.mark.parametrize(
    ("status", "ended", "closes", "state", "stays"),
    [
        (Status.DONE, 401, None, RowState.SENT, False),
        (Status.CANCELLED, 401, None, RowState.INBOX, False),
        (Status.DONE, 399, None, RowState.SENT, True),
        (Status.SENDING, 401, None, RowState.SENT, True),
        (Status.PAUSED, 401, None, RowState.PENDING, True),
        (Status.DONE, 401, None, RowState.FAILED, True),
        (Status.DONE, 401, None, RowState.UNKNOWN, True),
        (Status.DONE, 401, 410, RowState.SENT, False),
        (Status.DONE, 401, -30, RowState.SENT, True),  # who was told of a window that is open still
    ],
)
async def test_rows_of_the_ledger_go_a_year_and_a_month_after_the_end(
    sqlite_database: Database, status: Status, ended: int, closes: int | None, state: RowState, stays: bool
) -> None:
    database = sqlite_database
    await PolicyStore(database, system_clock).seed(load_library(), load_district())
    member = await Members(database, system_clock).ensure("o-anna")
    async with database.write() as session:
        window = None
        if closes is not None:
            day = ago(closes).date()
            window = WindowRow(
                policy_id=22,
                title="",
                opens_on=day - timedelta(days=900),
                closes_on=day,
                url="",
                sample=False,
                created_at=ago(900),
                updated_at=ago(900),
            )
            session.add(window)
            await session.flush()
        campaign = Campaign(
            key="k", kind="deadline", title="t", content={}, audience={}, status=status, created_by="x",
            created_at=ago(900), updated_at=ago(ended), window_id=window and window.id,
            closes_on=window and window.closes_on,
        )  # fmt: skip
        session.add(campaign)
        await session.flush()
        session.add(Delivery(campaign_id=campaign.id, member_id=member, state=state))
    await prune(database, NOW)
    assert await count(database, "deliveries") == stays
    assert await count(database, "campaigns") == 1


async def test_who_followed_a_clause_that_is_gone_follows_it_no_more_a_week_later(database: Database) -> None:
    store = PolicyStore(database, lambda: ago(20))
    await store.seed(load_library(), load_district())
    members = Members(database, system_clock)
    member = await members.ensure("o-anna")
    await members.subscribe_topics(member, (clause_topic(47), clause_topic(48), clause_topic(49)))
    clauses = {policy.key: policy for policy in load_library().policies}
    for key, days in ((49, 8), (48, 6)):
        drafts = Drafts(database, partial(ago, days))
        draft = await drafts.begin(clauses[key], author="li", retires=True)
        await drafts.publish([draft], publisher="wang")
    assert (await prune(database, NOW))["topic_subscriptions"] == 1
    async with database.read() as session:
        left = set(await session.scalars(select(TopicSubscription.topic)))
    assert left == {"clause:47", "clause:48"}


def test_every_age_is_in_the_docs() -> None:
    told = (Path(__file__).parents[3] / "docs" / "operations.md").read_text(encoding="utf-8")
    for kept in RETENTION_RULES:
        assert f"`{kept.table}` | {kept.days} days" in told


async def test_ages_hold_for_every_table_of_the_list(database: Database) -> None:
    assert {kept.table for kept in RETENTION_RULES} <= set(metadata.tables)
    assert set((await prune(database, NOW)).values()) == {0}
