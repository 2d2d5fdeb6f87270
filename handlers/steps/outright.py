"""Steps for a command or a request in unusual words: mistyped, in one part of the message, in single words, by a sign."""

from dataclasses import replace

from handlers.commands import undoing
from handlers.commands.settings import quieting
from handlers.commands.settings.preferences import preferences
from handlers.commands.settings.quiet_keywords import WAYS, said_in_single_words
from handlers.conversation.reading.parts import parts_of
from handlers.framework.answer import Answer
from handlers.framework.phrases import asks_outright
from handlers.framework.sounds_like import meant
from handlers.steps.step import step
from handlers.steps.walk import Walk
from handlers.table import LAST_RESORTS, REMINDERS


@step()
async def command_by_sound(walk: Walk) -> Answer | None:
    """Do a mistyped command."""
    word = meant(walk.turn.text, walk.tools.table.by_sound)
    command, rest = walk.tools.reader.command(word) if word else (None, "")
    if command is None:
        return None
    return await command.handle(replace(walk.turn, text=word, rest=rest), walk.tools.context)


@step()
async def command_in_part(walk: Walk) -> Answer | None:
    """Do the part that is a command or a request for fewer messages, if the other parts ask nothing.

    The search must have found nothing, or the whole message must be likely an act.
    """
    is_open = walk.doubt.gap if walk.doubt is not None else bool(walk.wanted and walk.wanted.act)
    turn, context = walk.turn, walk.tools.context
    for part in parts_of(turn.text) if is_open else ():
        if asks_outright(turn.text.replace(part, "", 1)):
            continue
        speech = walk.tools.reader.read(part)
        if speech.wish is not None:
            return await quieting.quiet(turn, context, speech.wish)
        if speech.command is not None and not speech.command.courtesy:
            return await speech.command.handle(replace(turn, text=part, rest=speech.rest), context)
    return None


@step()
async def reminders_in_single_words(walk: Walk) -> Answer | None:
    """Read single words as a request for fewer messages, if messages are the topic or are stopped."""
    turn, context = walk.turn, walk.tools.context
    said = said_in_single_words(turn.text)
    if not said:
        return None
    is_meant = LAST_RESORTS.get(turn.session.area) is REMINDERS or quieting.speaks_of_reminders(turn.text)
    is_meant |= (
        said in {WAYS["weekly"], WAYS["daily"], WAYS["night"], WAYS["weekends"]}
        and quieting.OF_SENDING.search(turn.text) is not None
    )
    if not is_meant and not (said == WAYS["resume"] and await quieting.is_paused(turn, context)):
        return None
    wish = walk.tools.reader.read(said).wish
    if wish is not None:
        return await quieting.quiet(turn, context, wish)
    return await preferences(replace(turn, text=said, rest=said), context)


@step()
async def undo_by_sign(walk: Walk) -> Answer | None:
    """Offer to undo the last act, if the writer regrets it in other words than a command (手抖了 弄回来)."""
    turn = walk.turn
    of_act = (
        undoing.regrets(turn.text)
        and not turn.session.clause
        and LAST_RESORTS.get(turn.session.area) is REMINDERS
    )
    return undoing.offer(turn, walk.tools.context) if of_act else None
