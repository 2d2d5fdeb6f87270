"""Steps for what a message wants done: a command, fewer messages, a setting, reminders, a person."""

from dataclasses import replace

from handlers.commands import handoff
from handlers.commands.settings import quieting
from handlers.commands.settings.preferences import preferences
from handlers.framework.answer import Answer
from handlers.framework.registry import Turn
from handlers.reminder_requests.fulfilling import grant
from handlers.steps.step import reads, step
from handlers.steps.walk import Walk


@reads
async def awaited_person(walk: Walk) -> None:
    """Find out whether a person has taken over. What is asked of the bot meanwhile is read alone."""
    walk.waits = await handoff.is_waiting(walk.turn, walk.tools.context)
    if walk.waits:
        walk.say(handoff.asked_meanwhile(walk.turn, walk.tools.context))


@step(yields=True)
async def command(walk: Walk) -> Answer | None:
    """Do a command. Small talk is left to the person who has taken over."""
    turn, meant = walk.turn, walk.speech.command
    if meant is None or (walk.waits and meant.is_for_person and not turn.inbound.by_menu_tap):
        return None
    asked = Turn(turn.inbound, turn.session, turn.text, walk.speech.rest)
    return await meant.handle(asked, walk.tools.context)


@step()
async def fewer_messages(walk: Walk) -> Answer | None:
    """Do a request for fewer messages, or for messages again."""
    wish = walk.speech.wish
    return None if wish is None else await quieting.quiet(walk.turn, walk.tools.context, wish)


@step()
async def setting(walk: Walk) -> Answer | None:
    """Change a setting of reminders."""
    if not walk.speech.is_setting:
        return None
    return await preferences(replace(walk.turn, rest=walk.turn.text), walk.tools.context)


@step(yields=True)
async def reminders(walk: Walk) -> Answer | None:
    """Begin or end reminders of a subject that is named in other words than a command."""
    wishes = walk.tools.wishes_of(walk.turn.text)
    return await grant(walk.turn, walk.tools.context, wishes) if wishes else None


@step()
async def fewer_messages_at_end(walk: Walk) -> Answer | None:
    """Do a request for fewer messages that stands in the last part of the message."""
    wish = walk.speech.closing_wish
    return None if wish is None else await quieting.quiet(walk.turn, walk.tools.context, wish)


@step()
async def person(walk: Walk) -> Answer | None:
    """Send the message to the person who has taken over."""
    return await handoff.pass_on(walk.typed, walk.turn, walk.tools.context)
