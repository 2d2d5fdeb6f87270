"""Retention: how long rows are kept. Once a night older rows are deleted, in short transactions of 500 rows.

Ledger rows of a campaign are kept for 400 days after it ended. These stay: its counts, dead letters, rows in doubt,
and rows of a window that may still be applied for, because it matters who was told of it. The audit log and the digests
of erased members are kept for good.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

import structlog
from sqlalchemy import ColumnElement, Connection, String, cast, delete, exists, select, tuple_
from sqlalchemy.orm import InstrumentedAttribute

from alerts.model.campaigns.campaign_states import Status
from alerts.model.rows.row_states import RowState
from alerts.model.tables import Campaign, Delivery, Receipt
from console.tables import RememberedAnswer
from policies.approval.columns import RevisionState as PolicyState
from policies.library.tables import EditionImportRow, RevisionRow
from policies.questions.tables import AnsweredQuestion, AskedQuestion, DailyTally, QuestionGroup
from storage.clock import day_of
from storage.sql.database import Database
from storage.tasks.write_behind import BREATH_S
from subscriptions.members.topics import TopicKind
from subscriptions.profiles.effective import orphans_deleted
from subscriptions.tables import Handoff, SubscriptionChange, TopicSubscription

BATCH_ROWS = 500
_MOST_TRANSACTIONS = 1_000
"""Transactions for each rule in one night; that is half a million rows."""
_ENDED = (Status.DONE, Status.CANCELLED, Status.FAILED)

_log = structlog.stdlib.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class RetentionRule:
    """How long rows of one table are kept.

    Attributes:
        days: after the instant or day in the column `at`.
        keys: the primary key of the table.
        at: the column.
        also: further conditions under which a row is deleted.
    """

    days: int
    keys: tuple[InstrumentedAttribute[Any], ...]
    at: InstrumentedAttribute[Any]
    also: tuple[ColumnElement[bool], ...] = ()

    @property
    def table(self) -> str:
        return str(self.keys[0].class_.__tablename__)

    def old(self, now: datetime) -> ColumnElement[bool]:
        """Return the condition of rows that are to be deleted at `now`."""
        before: datetime | date = now - timedelta(days=self.days)
        if self.at is DailyTally.day:
            before = day_of(now - timedelta(days=self.days))
        condition: ColumnElement[bool] = self.at < before
        for more in self.also:
            condition &= more
        return condition


RETENTION_RULES = (
    RetentionRule(7, (Receipt.member_id, Receipt.message_id), Receipt.came_at),
    RetentionRule(
        7,
        (TopicSubscription.member_id, TopicSubscription.topic),
        RevisionRow.published_at,  # of the revision that took the clause away: its followers have been told
        (
            RevisionRow.state == PolicyState.PUBLISHED,
            RevisionRow.retires.is_(True),
            TopicSubscription.topic == f"{TopicKind.CLAUSE}:" + cast(RevisionRow.subject, String),
        ),
    ),
    RetentionRule(30, (RememberedAnswer.api_key_id, RememberedAnswer.idempotency_key), RememberedAnswer.at),
    RetentionRule(60, (AnsweredQuestion.text,), AnsweredQuestion.last_at),
    RetentionRule(
        90,
        (EditionImportRow.id,),
        EditionImportRow.updated_at,
        (
            ~exists().where(
                RevisionRow.import_id == EditionImportRow.id, RevisionRow.state == PolicyState.DRAFT
            ),
        ),
    ),
    RetentionRule(180, (Handoff.id,), Handoff.closed_at),  # with its lines
    RetentionRule(400, (AskedQuestion.id,), AskedQuestion.last_at),
    RetentionRule(
        400,
        (QuestionGroup.id,),
        QuestionGroup.last_at,
        (~exists().where(AskedQuestion.group_id == QuestionGroup.id),),
    ),
    RetentionRule(730, (SubscriptionChange.id,), SubscriptionChange.at),
    RetentionRule(1_100, (DailyTally.day, DailyTally.what), DailyTally.day),
)
DELIVERIES_DAYS = 400


async def prune(database: Database, now: datetime) -> dict[str, int]:
    """Delete the rows that are past their time; returns how many of each table.

    Args:
        database: other processes write between the short transactions.
        now: the machine's time.
    """
    gone = {}
    for kept in RETENTION_RULES:
        gone[kept.table] = await _delete_in_batches(database, kept.keys, kept.old(now))
    gone["company_profiles"] = await database.run_in_write_transaction(_delete_orphaned_profiles)
    gone["deliveries"] = 0
    for campaign_id in await database.run_in_read_transaction(partial(_long_ended, now=now)):
        rows = (Delivery.campaign_id == campaign_id) & Delivery.state.not_in(
            (RowState.FAILED, RowState.UNKNOWN)
        )
        gone["deliveries"] += await _delete_in_batches(database, (Delivery.id,), rows)
    _log.info("old_rows.pruned", **{table: rows for table, rows in gone.items() if rows})
    return gone


def _delete_orphaned_profiles(connection: Connection) -> int:
    """Delete a company's facts if no confirmed member consents any more (after an unbinding or a removal)."""
    return int(connection.execute(orphans_deleted()).rowcount)


async def _delete_in_batches(
    database: Database, keys: Sequence[InstrumentedAttribute[Any]], condition: ColumnElement[bool]
) -> int:
    total = 0
    for _ in range(_MOST_TRANSACTIONS):
        rows = await database.run_in_write_transaction(partial(_delete_some, keys=keys, condition=condition))
        total += rows
        if rows < BATCH_ROWS:
            break
        await asyncio.sleep(BREATH_S)
    return total


def _delete_some(
    connection: Connection, keys: Sequence[InstrumentedAttribute[Any]], condition: ColumnElement[bool]
) -> int:
    some = select(*keys).where(condition).limit(BATCH_ROWS)
    return connection.execute(delete(keys[0].class_).where(tuple_(*keys).in_(some))).rowcount


def _long_ended(connection: Connection, now: datetime) -> list[int]:
    """Select campaigns that ended long ago. If they are about a window, it has also closed long ago."""
    before = now - timedelta(days=DELIVERIES_DAYS)
    over = Campaign.window_id.is_(None) | (Campaign.closes_on < day_of(before))
    return list(
        connection.scalars(
            select(Campaign.id)
            .where(Campaign.status.in_(_ENDED), Campaign.updated_at < before, over)
            .where(exists().where(Delivery.campaign_id == Campaign.id))
            .order_by(Campaign.id)
        )
    )
