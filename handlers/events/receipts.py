"""Receipts of messages that we sent. They settle rows of the ledger, and are answered with `success`."""

from alerts.ledger.receipts import mass_report, notification_receipts, template_receipt
from handlers.framework.answer import Answer
from handlers.framework.context import Context
from handlers.framework.registry import EventHandler, Turn


async def template_finished(turn: Turn, context: Context) -> Answer:
    """Note that a template message arrived, was refused by the person, or failed in WeChat's system."""
    told = template_receipt(turn.inbound.openid, turn.inbound.raw)
    if told is not None:
        await context.receipts.settle([told])
    return Answer(turn.inbound.event, None)


async def notification_sent(turn: Turn, context: Context) -> Answer:
    """Note that a subscription notification arrived or failed."""
    await context.receipts.settle(notification_receipts(turn.inbound.openid, turn.inbound.raw))
    return Answer(turn.inbound.event, None)


async def mass_finished(turn: Turn, context: Context) -> Answer:
    """Note that a mass send ended. WeChat tells only counts."""
    told = mass_report(turn.inbound.raw)
    if told is not None:
        await context.receipts.finish_mass(told)
    return Answer(turn.inbound.event, None)


EVENTS = (
    EventHandler("templatesendjobfinish", template_finished),
    EventHandler("subscribe_msg_sent_event", notification_sent),
    EventHandler("masssendjobfinish", mass_finished),
)
