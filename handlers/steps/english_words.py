"""Steps for an English message, by the Chinese words that it means."""

from dataclasses import replace

from handlers.commands.settings import quieting
from handlers.commands.settings.preferences import preferences
from handlers.conversation.english import chinese_words
from handlers.framework.answer import Answer
from handlers.steps.step import reads, step
from handlers.steps.walk import Walk


@step()
async def english_act(walk: Walk) -> Answer | None:
    """Do the command, the request for fewer messages or the setting that an English message means."""
    turn, context = walk.turn, walk.tools.context
    word = chinese_words.act_meant(turn.text)
    if not word:
        return None
    meant = walk.tools.reader.read(word)
    if meant.command is not None:
        return await meant.command.handle(replace(turn, text=word, rest=meant.rest), context)
    if meant.wish is not None:
        return await quieting.quiet(turn, context, meant.wish)
    if meant.is_setting:
        return await preferences(replace(turn, text=word, rest=word), context)
    return None


@reads
async def into_chinese(walk: Walk) -> None:
    """Put the question into Chinese for the steps after this one."""
    walk.english = walk.turn.text
    if question := chinese_words.question_meant(walk.english):
        walk.say(walk.turn.saying(question))
        walk.in_chinese = True
