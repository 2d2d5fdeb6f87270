"""Writes the outcomes of messages, and marks the next messages, in one transaction.

The usual case is one trip to the database: WeChat took every message, and every row is still ours. Every other case
is written step by step, in a transaction of its own.
"""

import asyncio
import random
import time
from collections.abc import Sequence
from dataclasses import dataclass

import structlog
from sqlalchemy import Connection
from sqlalchemy.ext.asyncio import AsyncSession

from alerts.channels.choice import ALLOWANCES
from alerts.ledger.mark_in_flight import Leaving, mark_all, mark_trying
from alerts.ledger.settle import settle_all
from alerts.model import recipients
from alerts.model.channel import Channel
from alerts.model.recipients import Spent
from alerts.model.rows.row_reasons import SET_ASIDE
from alerts.model.rows.row_states import NotAllOursError, RowState, Settlement, Timing
from alerts.sending.message import Effect, Effects, Message
from alerts.sending.side_effects import has_side_effects, write_effects
from storage.clock import Clock
from storage.sql.database import Database
from storage.sql.database_errors import cause_of, is_of_values

_log = structlog.get_logger(__name__)


@dataclass(slots=True)
class Marked:
    """The result for a group of messages that asked for their mark.

    Attributes:
        leaving: marked messages, each with what it took from its member's allowance.
        without_allowance: messages whose member has no allowance left; they take the next way.
        not_sent: messages whose rows are no longer ours, or may not be sent now.
        asked_at: `time.monotonic()` just before the database was asked whether they may leave.
    """

    leaving: list[tuple[Message, Spent]]
    without_allowance: list[Message]
    not_sent: list[Message]
    asked_at: float

    def with_also(self, other: "Marked") -> "Marked":
        """Return this result and another one, together."""
        return Marked(
            self.leaving + other.leaving,
            self.without_allowance + other.without_allowance,
            self.not_sent + other.not_sent,
            min(self.asked_at, other.asked_at),
        )


class _RefusedError(Exception):
    """The database refuses the values."""


class LedgerWriter:
    """Writes outcomes and marks. Calls must not overlap."""

    def __init__(
        self, database: Database, *, clock: Clock, real_clock: Clock, rng: random.Random, timing: Timing
    ) -> None:
        self._database = database
        self._clock, self._real_clock = clock, real_clock
        self._rng = rng
        self._timing = timing

    async def write(self, effects: Effects, group: Sequence[Message]) -> Marked:
        """Write the outcomes of messages, and mark a group of messages that is about to leave.

        While the database is away, the writer tries again until it is back: no outcome may be lost. Where the database
        refuses the values, the writer halves them until it finds the row that cannot be written. The others are
        written.
        """
        try:
            return await self._until_written(effects, group)
        except _RefusedError:
            halves = _halves(effects, group)
        if halves is None:
            return await self._set_aside(effects, group)
        first, second = [await self.write(*half) for half in halves]
        return first.with_also(second)

    async def _until_written(self, effects: Effects, group: Sequence[Message]) -> Marked:
        pause, refused = 0.05, False
        while True:
            try:
                return await self._write(effects, group)
            except (
                Exception
            ) as error:  # the edge of the database: drivers raise their own kinds when it goes away
                _log.warning(
                    "worker.ledger_not_written", error=cause_of(error), rows=len(effects.settlements)
                )
                if refused and is_of_values(error):
                    raise _RefusedError from error
                refused = is_of_values(
                    error
                )  # a broken connection may look like it, so the writer tries once more
            await asyncio.sleep(pause * (0.5 + self._rng.random()))
            pause = min(pause * 2, 2.0)

    async def _set_aside(self, effects: Effects, group: Sequence[Message]) -> Marked:
        """Set aside the one message whose rows cannot be written. An operator sees the rows at the desk."""
        aside = Effects(
            [
                *(effect._replace(verdict=None, settlements=_aside(effect)) for effect in effects.each),
                *(Effect(message, None, _unmarked(message)) for message in group),
            ]
        )
        rows = [settlement.row.id for settlement in aside.settlements]
        _log.error(
            "worker.rows_set_aside", rows=rows, remedy="decide on them at the desk; tell the developers"
        )
        try:
            await self._until_written(aside, [])
        except _RefusedError:
            _log.exception("worker.rows_not_set_aside", rows=rows)  # their lease ends
        return Marked([], [], list(group), 0)

    async def _write(self, effects: Effects, group: Sequence[Message]) -> Marked:
        asked_at = time.monotonic()
        paid = any(message.costs for message in group)
        if not paid and not any(has_side_effects(*each) for each in effects.verdicts):
            try:
                await self._write_plain(effects, group)
            except NotAllOursError:
                pass  # the slower way below asks row by row
            else:
                return Marked([(message, None) for message in group], [], [], asked_at)
        async with self._database.write() as session:
            await write_effects(session, effects, self._clock(), self._real_clock())
            return await self._mark(session, group, asked_at) if group else Marked([], [], [], asked_at)

    async def _write_plain(self, effects: Effects, group: Sequence[Message]) -> None:
        settlements, rows, now = effects.settlements, _leaving(group), self._clock()

        def work(connection: Connection) -> None:
            settle_all(connection, settlements, now)
            if rows:
                mark_all(connection, rows, self._timing)

        if settlements or rows:
            await self._database.run_in_write_transaction(work)

    async def _mark(self, session: AsyncSession, group: Sequence[Message], asked_at: float) -> Marked:
        spent = await self._spend(session, group)
        able = [m for m in group if not m.costs or id(m) in spent]
        connection = await session.connection()
        marked = await connection.run_sync(mark_trying, _leaving(able), self._timing) if able else set()
        leaving = [(m, spent.get(id(m))) for m in able if all(row.id in marked for row in m.rows)]
        gone = {id(m) for m, _ in leaving}
        staying = [m for m in able if id(m) not in gone]
        unspent = [(m.recipients[0].id, spent[id(m)]) for m in staying if id(m) in spent]
        await recipients.give_back(session, unspent)
        able_ids = {id(m) for m in able}
        return Marked(leaving, [m for m in group if id(m) not in able_ids], staying, asked_at)

    async def _spend(self, session: AsyncSession, group: Sequence[Message]) -> dict[int, Spent]:
        """Return what each message took from its member's allowance, by `id(message)`. Members without an
        allowance are left out.
        """
        payers: dict[tuple[Channel, str], list[Message]] = {}
        for message in group:
            if message.costs:
                payers.setdefault((message.channel, message.template_id), []).append(message)
        spent: dict[int, Spent] = {}
        for (channel, template_id), messages in sorted(payers.items()):
            ids = [message.recipients[0].id for message in messages]
            taken = await ALLOWANCES[channel].spend(session, template_id, ids, self._real_clock())
            spent |= {id(m): taken[m.recipients[0].id] for m in messages if m.recipients[0].id in taken}
        return spent


def _leaving(group: Sequence[Message]) -> list[Leaving]:
    return [(row, message.channel.value, message.lead_id) for message in group for row in message.rows]


def _halves(
    effects: Effects, group: Sequence[Message]
) -> tuple[tuple[Effects, Sequence[Message]], tuple[Effects, Sequence[Message]]] | None:
    """Return the writing in two halves; None if it concerns only one message."""
    if effects and group:
        return (effects, ()), (Effects(), group)
    middle = (len(effects.each) + len(group)) // 2
    if not middle:
        return None
    return (Effects(effects.each[:middle]), group[:middle]), (Effects(effects.each[middle:]), group[middle:])


def _aside(effect: Effect) -> list[Settlement]:
    """For rows whose message may have left: the ledger cannot tell."""
    channel = effect.message.channel
    return [
        Settlement(each.row, RowState.UNKNOWN, SET_ASIDE, channel=channel, attempts=each.attempts)
        for each in effect.settlements
    ]


def _unmarked(message: Message) -> list[Settlement]:
    """For rows whose message has not left."""
    return [Settlement(row, RowState.FAILED, SET_ASIDE, attempts=row.attempts) for row in message.rows]
