"""Steps for what the library says: what is found, what is asked back, and what is said if nothing is found."""

from handlers.application_windows.open_now import OPEN_WINDOWS
from handlers.commands import open_windows
from handlers.commands.settings import quieting
from handlers.conversation.fallbacks import no_answer
from handlers.conversation.fallbacks.no_answer import (
    by_sign,
    decline,
    is_unsure,
    names_no_matter,
)
from handlers.conversation.fallbacks.which_policy import instead_of
from handlers.framework.answer import Answer
from handlers.framework.list_pages import put_on_screen
from handlers.framework.phrases import asks_a_sum
from handlers.several_needs import answer_needs, parts_of_needs
from handlers.steps.step import reads, step
from handlers.steps.walk import Walk

_LONGEST_ASIDE = 14
"""Longest message that may be about the conversation. A longer one tells a situation, which the sentence model reads."""


@reads
async def doubt_of_words(walk: Walk) -> None:
    """Find out whether words alone leave a short message in doubt. Then it is read in other ways before the model decides.

    The model knows only clauses, so it would offer clauses for 这钱跟谁要 or 怎么老给我推这些.
    """
    text = walk.text
    of_sum = not walk.turn.session.clause and asks_a_sum(text)
    if of_sum or len(text) > _LONGEST_ASIDE or len(parts_of_needs(text).texts) > 1:
        return
    answer = await walk.tools.answers.in_doubt(text, walk.edition)
    if answer is not None and is_unsure(answer):
        walk.doubt, walk.by_words = answer, True


@reads
async def search(walk: Walk) -> None:
    """Ask the library, and the sentence model if words leave a doubt."""
    walk.found, walk.searched, walk.doubt = (
        await walk.tools.answers.answer(walk.text, walk.edition),
        True,
        None,
    )


@step()
async def free_text(walk: Walk) -> Answer | None:
    """Answer a free text, unless it yields to a clause or to open windows that the library has found."""
    free, session = walk.free, walk.turn.session
    if free is None or walk.found is None or walk.found.intent == OPEN_WINDOWS:
        return None
    if free.yields(walk.text) and not session.clause and not is_unsure(walk.found):
        return None
    session.keep_question(walk.text)
    return await free.handle(walk.turn, walk.tools.context, walk.said)


@reads
async def several_needs(walk: Walk) -> None:
    """Ask the library for each need of the message."""
    if walk.found is not None:
        walk.found = (
            await answer_needs(
                walk.text, walk.found, walk.edition, walk.tools.answers, walk.tools.context.questions
            )
            or walk.found
        )


@step(ends_misses=True)
async def asked_back(walk: Walk) -> Answer | None:
    """Ask which policy is meant, or answer from what is shown, if the message names no subject."""
    if walk.found is None:
        return None
    instead = instead_of(walk.found, walk.follow_up(), walk.turn, walk.edition)
    if instead is walk.found:
        return None
    walk.found = instead
    return await _given(walk)


@step(ends_misses=True)
async def sure_answer(walk: Walk) -> Answer | None:
    """Give what the search is sure of. Leave the rest to the steps after this one."""
    return await _given(walk)


async def _given(walk: Walk) -> Answer | None:
    answer, session = walk.found, walk.turn.session
    if answer is None:
        return None
    if answer.windows is not None:
        answer = await open_windows.for_member(walk.turn, answer, walk.tools.context)
    if is_unsure(answer):
        walk.doubt = answer
        return None
    session.keep_question(walk.text if answer.asked else "")
    if answer.listing is not None:
        put_on_screen(answer.listing, session)
    if answer.asked:
        walk.tools.context.questions.answered(walk.text)
    return answer


@step()
async def not_understood(walk: Walk) -> Answer | None:
    """Say that the message was not understood, if it names no subject. One word may tell what it is likely about."""
    turn, edition = walk.turn, walk.edition
    if walk.doubt is None or not names_no_matter(walk.text, walk.doubt, edition):
        return None
    if quieting.OF_SENDING.search(turn.text) and await quieting.is_paused(turn, walk.tools.context):
        return await quieting.about_reminders(turn, walk.tools.context)
    return by_sign(turn, edition) or no_answer.not_understood(turn.session, edition)


@step()
async def list_in_doubt(walk: Walk) -> Answer | None:
    """Give the clauses that may be meant, or ask which one is meant."""
    answer = walk.doubt
    if answer is None or answer.gap:
        return None
    _show(walk, answer)
    walk.tools.context.questions.answered(walk.text)
    return answer


@step()
async def nothing_found(walk: Walk) -> Answer | None:
    """Say that nothing was found, and offer what is near."""
    if walk.doubt is None:
        return None
    _show(walk, walk.doubt)
    await walk.tools.context.questions.record(walk.text, "declined")
    return decline(walk.doubt, walk.text, walk.turn.session, walk.edition)


def _show(walk: Walk, answer: Answer) -> None:
    walk.turn.session.keep_question(walk.text)
    if answer.listing is not None:
        put_on_screen(answer.listing, walk.turn.session)
