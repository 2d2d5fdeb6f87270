"""The step for a question about what the last command was about: reminders, one's own data, a company."""

from handlers.framework.answer import Answer
from handlers.framework.phrases import asks_a_sum
from handlers.steps.step import step
from handlers.steps.walk import Walk
from handlers.table import LAST_RESORTS
from policies.search.words.text_terms import is_noun

_BARE_WORD = 6


@step()
async def topic(walk: Walk) -> Answer | None:
    """Answer a question about what the last command was about: reminders, one's own data, a company."""
    return await of_topic(walk)


async def of_topic(walk: Walk) -> Answer | None:
    """Answer from the topic of the conversation, while no clause is in focus.

    A message that names another subject or a place, or is only one word, gets its usual answer.
    """
    area, index, text = LAST_RESORTS.get(walk.turn.session.area), walk.edition.index, walk.turn.text
    if area is None or walk.turn.session.clause:
        return None
    of_something = index.names_a_subject(text) or bool(index.place_named(text)) or asks_a_sum(text)
    if not area.speaks_of(text) and (of_something or _is_bare_word(text)):
        return None
    return await area.answer(walk.turn, walk.tools.context)


def _is_bare_word(text: str) -> bool:
    """Whether a message is only a word or two (厂房)."""
    return len(text) <= _BARE_WORD and is_noun(text)
