"""Steps for a question that can mean nothing else, and for one that is asked of what is on the screen."""

from handlers.framework.answer import Answer
from handlers.steps.step import reads, step
from handlers.steps.walk import Walk


@step()
async def sure_free_text(walk: Walk) -> Answer | None:
    """Answer a free text that can mean nothing else."""
    await walk.read_edition()
    walk.read_free_text()
    if walk.free is None or not walk.free.is_sure(walk.said):
        return None
    walk.turn.session.keep_question(walk.text)
    return await walk.free.handle(walk.turn, walk.tools.context, walk.said)


@reads
async def same_question(walk: Walk) -> None:
    """Put the last question in place of the message, with the new figure, department or period that the message gives."""
    edition, follow_ups = walk.edition, walk.tools.follow_ups
    await follow_ups.prepare(edition.index)
    if again := follow_ups.asked_anew(walk.turn, edition):
        walk.say(walk.turn.saying(again))
        walk.is_anew = True
        walk.read_free_text()


@step(yields=True, ends_misses=True)
async def follow_up(walk: Walk) -> Answer | None:
    """Answer what is asked of the clause or the list on the screen."""
    return None if walk.is_anew else await walk.tools.follow_ups.answer(walk.turn, walk.edition)
