"""The ledger's writer: the usual case is one trip; where another worker has some of the rows, it says which."""

import gc
import random
import weakref
from functools import partial

import pytest
from sqlalchemy import update

from alerts.channels.verdicts import accepted
from alerts.delivery.decisions import Decisions
from alerts.delivery.eligibility import eligible
from alerts.delivery.load_chunk import ChunkLoader, LoadedChunk
from alerts.delivery.route import route
from alerts.ledger.mark_in_flight import mark_all
from alerts.ledger.settle import settle, settle_all
from alerts.model.channel import Channel
from alerts.model.rows.row_reasons import SET_ASIDE
from alerts.model.rows.row_states import NotAllOursError, RowState, Settlement
from alerts.model.tables import Delivery
from alerts.sending.ledger_writer import LedgerWriter
from alerts.sending.message import Effects, Message
from storage.clock import system_clock
from tests.alerts.delivery_stage import Stage


def writer(stage: Stage) -> LedgerWriter:
    return LedgerWriter(
        stage.database,
        clock=stage.clock,
        real_clock=system_clock,
        rng=random.Random(1),
        timing=stage.timing,
    )


async def loaded(stage: Stage, campaign: int, run: str = "run") -> LoadedChunk:
    loader = ChunkLoader(
        stage.database, stage.outlet, clock=stage.clock, real_clock=system_clock, timing=stage.timing
    )
    return await loader.load([row.id for row in await stage.rows(campaign)], run)


async def messages(stage: Stage, chunk: LoadedChunk) -> list[Message]:
    decisions = Decisions()
    rows = eligible(chunk, decisions, stage.clock(), stage.timing)
    return await route(chunk, rows, decisions, claimed_at=0)


async def lose(stage: Stage, row_id: int) -> None:
    """Another worker has the row by now."""
    async with stage.database.write() as session:
        await session.execute(update(Delivery).where(Delivery.id == row_id).values(claimed_by="other"))


async def test_a_group_is_marked_and_its_outcomes_are_written_and_counted(stage: Stage) -> None:
    campaign = await stage.campaign(await stage.members(3))
    group = await messages(stage, await loaded(stage, campaign))
    marked = await writer(stage).write(Effects(), group)
    assert [message for message, _ in marked.leaving] == group
    assert await stage.states(campaign) == ["trying"] * 3
    effects = Effects()
    for number, message in enumerate(group):
        effects.add(message, accepted(message.channel, f"{number}"))
    await writer(stage).write(effects, [])
    assert [(row.state, row.message_id) for row in await stage.rows(campaign)] == [
        ("sent", "0"),
        ("sent", "1"),
        ("sent", "2"),
    ]
    assert await stage.counts(campaign) == {"total": 3, "sent": 3}


async def test_messages_are_freed_without_the_collector(stage: Stage) -> None:
    campaign = await stage.campaign(await stage.members(3))
    gc.disable()
    try:
        group = await messages(stage, await loaded(stage, campaign))
        chunk = weakref.ref(group[0].chunk)
        del group
        assert chunk() is None
    finally:
        gc.enable()


async def test_where_one_row_of_a_group_is_anothers_the_others_leave(stage: Stage) -> None:
    campaign = await stage.campaign(await stage.members(3))
    group = await messages(stage, await loaded(stage, campaign))
    await lose(stage, group[1].rows[0].id)
    marked = await writer(stage).write(Effects(), group)
    assert [message for message, _ in marked.leaving] == [group[0], group[2]]
    assert marked.not_sent == [group[1]]
    assert await stage.states(campaign) == ["trying", "claimed", "trying"]


async def test_outcomes_written_twice_are_counted_once(stage: Stage) -> None:
    campaign = await stage.campaign(await stage.members(2))
    group = await messages(stage, await loaded(stage, campaign))
    await writer(stage).write(Effects(), group)
    effects = Effects()
    for message in group:
        effects.add(message, accepted(message.channel, "1"))
    for _ in range(2):  # the first commit was not confirmed
        await writer(stage).write(effects, [])
    assert await stage.counts(campaign) == {"total": 2, "sent": 2}


@pytest.mark.moves_by_hand
async def test_all_or_nothing_keeps_nothing_where_one_is_anothers(stage: Stage) -> None:
    campaign = await stage.campaign(await stage.members(2))
    rows = (await loaded(stage, campaign)).rows
    await lose(stage, rows[0].id)
    done = [Settlement(row, RowState.SENT, errcode=0, channel="template") for row in rows]
    leaving = [(row, "template", None) for row in rows]
    with pytest.raises(NotAllOursError):
        await stage.database.run_in_write_transaction(
            partial(settle_all, settlements=done, now=stage.clock())
        )
    with pytest.raises(NotAllOursError):
        await stage.database.run_in_write_transaction(partial(mark_all, rows=leaving, timing=stage.timing))
    assert await stage.states(campaign) == ["claimed"] * 2
    assert await stage.counts(campaign) == {"total": 2, "pending": 2}
    assert (
        await stage.database.run_in_write_transaction(partial(settle, settlements=done, now=stage.clock()))
        == 1
    )
    assert await stage.counts(campaign) == {"total": 2, "pending": 1, "sent": 1}


async def test_a_row_that_cannot_be_written_is_set_aside_and_the_others_go_on(stage: Stage) -> None:
    campaign = await stage.campaign(await stage.members(5))
    group = await messages(stage, await loaded(stage, campaign))
    await writer(stage).write(Effects(), group)
    effects = Effects()
    for number, message in enumerate(group):  # half a character: no database takes it
        verdict = accepted(message.channel, f"{number}")
        effects.add(message, verdict._replace(message_id="\ud800") if number == 2 else verdict)
    await writer(stage).write(effects, [])
    rows = await stage.rows(campaign)
    assert [row.state for row in rows] == ["sent", "sent", "unknown", "sent", "sent"]
    assert rows[2].reason == SET_ASIDE
    assert await stage.counts(campaign) == {"total": 5, "sent": 4, "unknown": 1}


async def test_a_row_that_cannot_be_marked_stays_and_the_others_leave(stage: Stage) -> None:
    campaign = await stage.campaign(await stage.members(5))
    group = await messages(stage, await loaded(stage, campaign))
    group[1].rows[0].run = "\ud800"
    marked = await writer(stage).write(Effects(), group)
    assert [message for message, _ in marked.leaving] == [group[0], *group[2:]]
    assert (await stage.states(campaign)).count("trying") == 4


def test_an_id_that_the_ledger_cannot_hold_costs_the_receipt_not_the_row() -> None:
    assert accepted(Channel.TEMPLATE, "9" * 33) == accepted(Channel.TEMPLATE, "")
    assert accepted(Channel.TEMPLATE, "9" * 32).message_id == "9" * 32
