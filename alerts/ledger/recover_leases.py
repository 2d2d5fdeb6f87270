"""Frees the rows of workers that died."""

from collections import Counter
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Update, and_, exists, func, literal, null, or_, update

from alerts.ledger.settle import Moved, count
from alerts.model.rows.row_reasons import NO_ANSWER
from alerts.model.rows.row_states import IS_LEASED, RowState, Timing
from alerts.model.tables import Delivery
from storage.sql.batches import database_now, seconds_since


def any_lapsed(dialect: str) -> ColumnElement[bool]:
    """Whether there is a row that `recover` would free."""
    return exists().where(IS_LEASED, Delivery.claimed_until <= database_now(dialect))


def recover(connection: Connection, now: datetime, timing: Timing) -> Counter[str]:
    """Free the rows whose lease has ended. Return their counts: claimed, trying, unknown.

    A claimed row is free again. A row that was being tried is sent again if WeChat still remembers the message's id.
    Otherwise nobody can tell whether it arrived, and it becomes `unknown`.
    """
    lapsed = Delivery.claimed_until <= database_now(connection)
    age = seconds_since(connection, Delivery.tried_at)
    remembered = or_(
        and_(Delivery.channel == "template", age < timing.remembered_s),
        and_(Delivery.channel == "mass", age < timing.mass_remembered_s),
    )
    trying = and_(Delivery.state == RowState.TRYING.value, IS_LEASED, lapsed)
    again: dict[str, Any] = {
        "state": RowState.PENDING.value,
        "claimed_until": null(),
        "queued_until": null(),
        "retry_at": null(),
    }
    lost = {
        "state": RowState.UNKNOWN.value,
        "reason": NO_ANSWER,
        "settled_at": literal(now, Delivery.settled_at.type),
        "claimed_until": null(),
    }
    claimed = and_(Delivery.state == RowState.CLAIMED.value, IS_LEASED, lapsed)
    freed = len(_taken_back(connection, update(Delivery).where(claimed).values(again)))
    retried = len(_taken_back(connection, update(Delivery).where(trying, remembered).values(again)))
    unknown = _taken_back(
        connection, update(Delivery).where(trying, func.coalesce(remembered, False).is_(False)).values(lost)
    )
    count(connection, unknown, RowState.PENDING)
    return Counter(claimed=freed, trying=retried, unknown=len(unknown))


def _taken_back(connection: Connection, statement: Update) -> list[Moved]:
    found = connection.execute(statement.returning(Delivery.campaign_id, Delivery.state))
    return [(campaign_id, state) for campaign_id, state in found]
