"""Steps for what is under way: a dialogue, a handoff, or something that the writer gives up."""

from dataclasses import replace

from handlers.commands import handoff, undoing
from handlers.commands.my_data import ERASE, speaks_of_data
from handlers.commands.my_subscriptions import MY_SUBSCRIPTIONS
from handlers.commands.subscribing import unsubscribe
from handlers.framework import sounds_like
from handlers.framework.answer import Answer
from handlers.framework.phrases import cancels
from handlers.steps.step import step
from handlers.steps.walk import Walk
from handlers.table import NOTHING_DONE
from policies.search.decision import Intent


@step()
async def dialogue(walk: Walk) -> Answer | None:
    """Give the message to the dialogue under way, or leave the dialogue."""
    turn, session = walk.turn, walk.turn.session
    under_way = walk.tools.table.dialogues.get(session.dialogue)
    if under_way is None:
        return None
    if walk.speech.leaves:
        session.leave_dialogue()
        return Answer.of("cancel", "好的，已取消。还想了解什么，直接问我就行。")
    return await under_way.handle(turn, walk.tools.context)


@step()
async def leaving(walk: Walk) -> Answer | None:
    """End the handoff, unsubscribe, or offer to undo the last act. If there is nothing to leave, say so."""
    turn, session, context = walk.turn, walk.turn.session, walk.tools.context
    if not walk.speech.leaves:
        return None
    if await handoff.is_waiting(turn, context):
        return await handoff.end(turn, context)
    if session.area == MY_SUBSCRIPTIONS and cancels(turn.text):
        return await unsubscribe(replace(turn, rest=""), context)
    if (undo := undoing.offer(turn, context)) is not None:
        return undo
    area = session.area or (ERASE if speaks_of_data(turn.text) else "")
    nothing_done = NOTHING_DONE.get(area, "现在没有正在办理的事")
    return Answer.of("cancel", f"好的，{nothing_done}。还想了解什么，直接问我就行。")


@step()
async def asks_again(walk: Walk) -> Answer | None:
    """Let the dialogue say once more what it awaits, if neither it nor the library understood the message."""
    turn, table, answer = walk.turn, walk.tools.table, walk.doubt
    under_way = table.dialogues.get(turn.session.dialogue)
    if under_way is None or under_way.not_read is None or sounds_like.meant(turn.text, table.by_sound):
        return None
    if answer is None or not (answer.gap or answer.intent == Intent.AMOUNT):
        return None
    return await under_way.not_read(turn, walk.tools.context)
