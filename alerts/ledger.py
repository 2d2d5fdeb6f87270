"""The ledger: rows move from state to state by conditional updates whose returned rows say who won.

pending → claimed (nothing has left: free to take again when the lease ends)
        → trying (marked in one statement right before the messages leave)
        → settled, or pending again with a time before which it is not looked at.

What was 'trying' when a worker died is tried again only where WeChat remembers the message's id, and only
inside that memory; else it is 'unknown' and an operator decides.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import cache
from operator import itemgetter
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Float,
    Integer,
    Select,
    String,
    Update,
    and_,
    bindparam,
    case,
    exists,
    func,
    literal,
    literal_column,
    null,
    or_,
    select,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession

from alerts.batches import (
    among,
    database_now,
    dialect_of,
    later,
    packed,
    rows_as_table,
    seconds_since,
    table_of_parameter,
)
from alerts.campaigns import Status
from alerts.stop import OUTGOING
from alerts.tables import Campaign, CampaignCount, Delivery, Switch


class State(StrEnum):
    """Where a row stands; from SENT on it is settled."""

    PENDING = "pending"
    CLAIMED = "claimed"
    TRYING = "trying"
    SENT = "sent"
    DELIVERED = "delivered"
    """A receipt said so."""
    ACCEPTED = "accepted"
    """By a mass send: WeChat tells counts only."""
    INBOX = "inbox"
    """No way was open: kept, and handed over in the next conversation."""
    FAILED = "failed"
    """A dead letter: `errcode` and `reason` say why; can be tried again."""
    SKIPPED = "skipped"
    """Not sent by a rule: expired, cancelled, passed over."""
    UNREACHABLE = "unreachable"
    """The member unfollowed or takes no messages."""
    UNKNOWN = "unknown"
    """It may have arrived: WeChat never said. An operator decides."""


OPEN = (State.PENDING, State.CLAIMED, State.TRYING)
"""Counted as `pending` in a campaign's counters."""


IS_PENDING = Delivery.state == literal_column("'pending'")  # spelt out: the partial indexes are found by it
_LEASED = Delivery.state.in_((literal_column("'claimed'"), literal_column("'trying'")))
NO_ANSWER = "微信没有回应，可能已送达，请人工确认"


@dataclass(frozen=True, slots=True)
class Timing:
    """How long things last, in seconds of real time; a chaos test scales them together.

    Attributes:
        claim_s: lease of a claimed row; longer than a chunk takes.
        try_s: lease of a row under way; longer than `request_s` and writing its outcome.
        request_s: time-out of one call to WeChat.
        queued_s: a queued row is queued again after so long.
        remembered_s: template messages: the last moment a doubtful row leaves again, counted from its first
            try, so that it arrives within 8 minutes: WeChat remembers ids for 10.
        mass_remembered_s: the same of mass sends (WeChat: 24 hours).
        sweep_s: between two sweeps.
        backoff_s: first wait after a failed try; doubled each time, up to `backoff_max_s`.
    """

    claim_s: float = 120
    try_s: float = 30
    request_s: float = 8
    queued_s: float = 90
    remembered_s: float = 470
    mass_remembered_s: float = 23 * 3600
    sweep_s: float = 15
    backoff_s: float = 1
    backoff_max_s: float = 60


@dataclass(slots=True)
class Row:
    """A claimed row as a worker holds it.

    Attributes:
        run: the claim it belongs to; updates hold only while the row still carries it.
        doubt_s: seconds since the first try of unknown fate; None: none is open.
    """

    id: int
    campaign_id: int
    member_id: int
    run: str
    attempts: int
    due_at: datetime | None
    channel: str | None = None
    lead_id: int | None = None
    doubt_s: float | None = None


@dataclass(frozen=True, slots=True)
class Settlement:
    """What becomes of a row after a try, or instead of one.

    Attributes:
        state: settled, or PENDING: again after `retry_in_s`.
        doubt: the try may have been carried out: the row keeps its channel and the time of its first try.
        attempts: tries that count.
    """

    row: Row
    state: State
    reason: str | None = None
    errcode: int | None = None
    message_id: str | None = None
    channel: str | None = None
    retry_in_s: float = 0
    doubt: bool = False
    attempts: int = 0


def may_leave() -> ColumnElement[bool]:
    """The row's campaign is being sent, and nothing stops everything outgoing."""
    sending = exists().where(Campaign.id == Delivery.campaign_id, Campaign.status == Status.SENDING.value)
    return and_(sending.correlate(Delivery), ~exists().where(Switch.name == OUTGOING))


def _is_due(session: AsyncSession, now: datetime) -> ColumnElement[bool]:
    return and_(
        Delivery.next_attempt_at <= now,
        or_(Delivery.retry_at.is_(None), Delivery.retry_at <= database_now(session)),
    )


async def pick_due(
    session: AsyncSession, campaign_id: int, limit: int, now: datetime, timing: Timing
) -> list[int]:
    """Rows of a campaign that are due and not on the queue; they count as queued from now on."""
    unqueued = or_(Delivery.queued_until.is_(None), Delivery.queued_until <= database_now(session))
    picked = (
        select(Delivery.id)
        .where(Delivery.campaign_id == campaign_id, IS_PENDING)
        .where(_is_due(session, now), unqueued)
        .where(or_(Delivery.lead_id.is_(None), Delivery.lead_id == Delivery.id))
        .order_by(Delivery.next_attempt_at)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    return await _count_as_queued(session, picked, timing)


async def pick_doubtful(session: AsyncSession, limit: int, now: datetime, timing: Timing) -> list[int]:
    """Rows of any campaign whose fate is unknown and that may go again: they must not wait behind others."""
    unqueued = or_(Delivery.queued_until.is_(None), Delivery.queued_until <= database_now(session))
    picked = (
        select(Delivery.id)
        .where(IS_PENDING, Delivery.tried_at.is_not(None), _is_due(session, now), unqueued, may_leave())
        .where(or_(Delivery.lead_id.is_(None), Delivery.lead_id == Delivery.id))
        .order_by(Delivery.tried_at)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    return await _count_as_queued(session, picked, timing)


async def _count_as_queued(session: AsyncSession, picked: Select[int], timing: Timing) -> list[int]:
    found = await session.scalars(
        update(Delivery)
        .where(Delivery.id.in_(picked))
        .values(queued_until=database_now(session, timing.queued_s))
        .returning(Delivery.id),
        execution_options={"synchronize_session": False},
    )
    return sorted(found)


async def claim(
    session: AsyncSession, ids: Iterable[int], run: str, now: datetime, timing: Timing
) -> list[Row]:
    """Take rows for one worker's run: those of them that are still free, due and may leave."""
    free = and_(
        among(session, Delivery.id, ids),
        Delivery.state + "" == State.PENDING.value,  # not by the index of states: by the ids
        or_(Delivery.lead_id.is_(None), Delivery.lead_id == Delivery.id),
    )
    return await _claim(session, and_(free, _is_due(session, now)), run, timing)


async def claim_followers(session: AsyncSession, leads: Sequence[Row], run: str, timing: Timing) -> list[Row]:
    """The rows that left, or were about to, in the messages of these leads: they go again together."""
    if not leads:
        return []
    free = and_(
        among(session, Delivery.lead_id, [row.id for row in leads]),
        or_(
            among(session, Delivery.member_id, [row.member_id for row in leads]),
            among(session, Delivery.campaign_id, {row.campaign_id for row in leads if row.channel == "mass"}),
        ),
        Delivery.state + "" == State.PENDING.value,
    )
    return await _claim(session, free, run, timing)


async def claim_of_members(
    session: AsyncSession, member_ids: Iterable[int], run: str, now: datetime, timing: Timing
) -> list[Row]:
    """Every other row that is due for these members, to go out in the same message."""
    free = and_(
        among(session, Delivery.member_id, member_ids),
        Delivery.state + "" == State.PENDING.value,
        Delivery.lead_id.is_(None),
        Delivery.tried_at.is_(None),
        exists().where(Campaign.id == Delivery.campaign_id, Campaign.channel != "mass"),
    )
    return await _claim(session, and_(free, _is_due(session, now)), run, timing)


async def _claim(session: AsyncSession, free: ColumnElement[bool], run: str, timing: Timing) -> list[Row]:
    picked = select(Delivery.id).where(free, may_leave()).with_for_update(skip_locked=True)
    found = await session.execute(
        update(Delivery)
        .where(Delivery.id.in_(picked))
        .values(
            state=State.CLAIMED.value,
            claimed_by=run,
            claimed_until=database_now(session, timing.claim_s),
        )
        .returning(
            Delivery.id,
            Delivery.campaign_id,
            Delivery.member_id,
            Delivery.attempts,
            Delivery.next_attempt_at,
            Delivery.channel,
            Delivery.lead_id,
            seconds_since(session, Delivery.tried_at),
        ),
        execution_options={"synchronize_session": False},
    )
    return [
        Row(id_, campaign, member, run, attempts, due, channel, lead, doubt)
        for id_, campaign, member, attempts, due, channel, lead, doubt in found
    ]


async def mark_trying(
    session: AsyncSession, rows: Sequence[tuple[Row, str, int | None]], timing: Timing
) -> set[int]:
    """Mark (row, channel, lead) as under way, right before the messages leave; the ids that may leave.

    A row is left out where its lease was lost, its campaign is no longer being sent or everything is stopped.
    A row that is marked already by the same run (the last mark's commit was not confirmed) is marked again.
    """
    given = sorted(
        [row.id, row.run, channel, lead, int(row.doubt_s is not None)] for row, channel, lead in rows
    )
    found = await _run(session, _marking(dialect_of(session)), given, try_s=timing.try_s)
    return {id_ for (id_,) in found}


async def _run(
    session: AsyncSession, statement: Update, rows: list[list[Any]], **values: Any
) -> Sequence[Any]:
    """Run a kept statement over many rows, past the ORM: this is done hundreds of times a second."""
    connection = await session.connection()
    found = await connection.execute(statement, {"rows": packed(session, rows)[0], **values})
    return found.all()


@cache
def _marking(dialect: str) -> Update:
    given = table_of_parameter(
        dialect, id=Integer, run=String, channel=String, lead=Integer, doubtful=Integer
    )
    started = case((given.c.doubtful == 1, Delivery.tried_at), else_=database_now(dialect))
    return (
        update(Delivery)
        .where(Delivery.id == given.c.id, Delivery.claimed_by == given.c.run)
        .where(Delivery.state.in_((State.CLAIMED.value, State.TRYING.value)), may_leave())
        .values(
            state=State.TRYING.value,
            channel=given.c.channel,
            lead_id=given.c.lead,
            tried_at=started,
            attempts=Delivery.attempts + 1,
            claimed_until=later(dialect, bindparam("try_s", type_=Float())),
        )
        .returning(Delivery.id)
    )


async def settle(session: AsyncSession, settlements: Sequence[Settlement], now: datetime) -> int:
    """Write what became of rows, and move their campaigns' counters; how many rows it held for.

    An outcome whose lease was lost meanwhile still counts while nobody has taken the row since.
    """
    final = [each for each in settlements if each.state is not State.PENDING]
    again = [each for each in settlements if each.state is State.PENDING]
    written = 0
    if final:
        done = await _write_final(session, final, now, late=False)
        await _count(session, done, State.PENDING)
        if len(done) < len(final):
            written_ids = {row[0] for row in done}
            missed = [each for each in final if each.row.id not in written_ids]
            late = await _write_final(session, missed, now, late=True)
            await _count(session, late, State.UNKNOWN)
            written += len(late)
        written += len(done)
    if again:
        written += await _write_again(session, again)
    return written


async def _write_final(
    session: AsyncSession, settlements: Sequence[Settlement], now: datetime, *, late: bool
) -> list[tuple[int, int, str]]:
    rows: list[list[Any]] = [
        [each.row.id, each.row.run, each.state, each.reason, each.errcode, each.message_id, each.channel]
        for each in settlements
    ]
    rows.sort(key=itemgetter(0))  # two transactions lock rows in the same order
    found = await _run(session, _settling(dialect_of(session), late), rows, now=now)
    return [(id_, campaign, state) for id_, campaign, state in found]


@cache
def _settling(dialect: str, late: bool) -> Update:
    """`late`: of rows that were given up as unknown meanwhile."""
    given = table_of_parameter(
        dialect,
        id=Integer,
        run=String,
        state=String,
        reason=String,
        errcode=Integer,
        message_id=String,
        channel=String,
    )
    states = (State.UNKNOWN,) if late else OPEN
    return (
        update(Delivery)
        .where(Delivery.id == given.c.id, Delivery.claimed_by == given.c.run)
        .where(Delivery.state.in_([state.value for state in states]))
        .values(
            state=given.c.state,
            reason=given.c.reason,
            errcode=given.c.errcode,
            message_id=given.c.message_id,
            channel=given.c.channel,
            settled_at=bindparam("now", type_=Delivery.settled_at.type),
            claimed_until=null(),
            retry_at=null(),
        )
        .returning(Delivery.id, Delivery.campaign_id, Delivery.state)
    )


async def _write_again(session: AsyncSession, settlements: Sequence[Settlement]) -> int:
    given = rows_as_table(
        session,
        sorted(
            [
                each.row.id,
                each.row.run,
                each.retry_in_s,
                int(each.doubt),
                each.attempts,
                each.reason,
                each.errcode,
            ]
            for each in settlements
        ),
        id=Integer,
        run=String,
        wait=Float,
        doubt=Integer,
        attempts=Integer,
        reason=String,
        errcode=Integer,
    )
    doubtful = given.c.doubt == 1
    found = await session.scalars(
        update(Delivery)
        .where(Delivery.id == given.c.id, Delivery.claimed_by == given.c.run)
        .where(Delivery.state.in_((State.CLAIMED.value, State.TRYING.value)))
        .values(
            state=State.PENDING.value,
            retry_at=case((given.c.wait > 0, later(session, given.c.wait))),
            tried_at=case((doubtful, Delivery.tried_at)),
            channel=case((doubtful, Delivery.channel)),
            lead_id=case((doubtful, Delivery.lead_id)),
            attempts=given.c.attempts,
            reason=given.c.reason,
            errcode=given.c.errcode,
            claimed_until=null(),
            queued_until=null(),
        )
        .returning(Delivery.id),
        execution_options={"synchronize_session": False},
    )
    return len(found.all())


async def defer(session: AsyncSession, rows: Iterable[Row], until: datetime, reason: str) -> None:
    """Put claimed rows off to a business instant (quiet hours, a quota's midnight)."""
    rows = list(rows)
    runs = {row.run for row in rows}
    await session.execute(
        update(Delivery)
        .where(among(session, Delivery.id, [row.id for row in rows]), Delivery.claimed_by.in_(runs))
        .where(Delivery.state + "" == State.CLAIMED.value)
        .values(
            state=State.PENDING.value,
            next_attempt_at=until,
            reason=reason,
            claimed_until=null(),
            queued_until=null(),
        ),
        execution_options={"synchronize_session": False},
    )


async def recover(session: AsyncSession, now: datetime, timing: Timing) -> Counter[str]:
    """Take back what workers left behind when they died; rows by the state they are in now."""
    lapsed = Delivery.claimed_until <= database_now(session)
    age = seconds_since(session, Delivery.tried_at)
    remembered = or_(
        and_(Delivery.channel == "template", age < timing.remembered_s),
        and_(Delivery.channel == "mass", age < timing.mass_remembered_s),
    )
    trying = and_(Delivery.state == State.TRYING.value, _LEASED, lapsed)
    again: dict[str, Any] = {
        "state": State.PENDING.value,
        "claimed_until": null(),
        "queued_until": null(),
        "retry_at": null(),
    }
    lost = {
        "state": State.UNKNOWN.value,
        "reason": NO_ANSWER,
        "settled_at": literal(now, Delivery.settled_at.type),
        "claimed_until": null(),
    }
    claimed = and_(Delivery.state == State.CLAIMED.value, _LEASED, lapsed)
    freed = len(await _taken_back(session, update(Delivery).where(claimed).values(again)))
    retried = len(await _taken_back(session, update(Delivery).where(trying, remembered).values(again)))
    unknown = await _taken_back(
        session, update(Delivery).where(trying, func.coalesce(remembered, False).is_(False)).values(lost)
    )
    await _count(session, unknown, State.PENDING)
    return Counter(claimed=freed, trying=retried, unknown=len(unknown))


async def _taken_back(session: AsyncSession, statement: Update) -> list[tuple[int, int, str]]:
    found = await session.execute(
        statement.returning(Delivery.id, Delivery.campaign_id, Delivery.state),
        execution_options={"synchronize_session": False},
    )
    return [(id_, campaign, state) for id_, campaign, state in found]


async def _count(session: AsyncSession, done: Sequence[tuple[int, int, str]], before: State) -> None:
    """Move the counters of these rows' campaigns; always in one order, for two transactions may do so at once."""
    moved: Counter[tuple[int, str]] = Counter()
    for _, campaign_id, state in done:
        moved[campaign_id, state] += 1
        moved[campaign_id, before.value] -= 1
    rows = [
        {"campaign_id": campaign_id, "state": state, "n": n}
        for (campaign_id, state), n in sorted(moved.items())
    ]
    if rows:
        connection = await session.connection()
        await connection.execute(_counting(dialect_of(session)), rows)


@cache
def _counting(dialect: str) -> Any:
    statement = (sqlite if dialect == "sqlite" else postgresql).insert(CampaignCount)
    return statement.on_conflict_do_update(
        index_elements=["campaign_id", "state"], set_={"n": CampaignCount.n + statement.excluded.n}
    )
