"""Wishes for more or fewer reminders in free words, done or asked back (`wishes` reads them)."""

from collections.abc import Sequence
from dataclasses import replace

from handlers.commands import subscribing
from handlers.commands.settings import quieting
from handlers.commands.track_choice import names_of
from handlers.conversation.wishes import TrackWish
from handlers.framework.answer import Answer
from handlers.framework.context import Context
from handlers.framework.registry import Turn
from handlers.table import LAST_RESORTS, REMINDERS
from handlers.topics.following import which_clause
from handlers.topics.reading import topics_named
from subscriptions.members.topics import TopicKind


async def grant(turn: Turn, context: Context, wishes: Sequence[TrackWish]) -> Answer | None:
    """Do what was wished; None where the message is no wish after all."""
    answers = [answer for wish in wishes if (answer := await _grant(turn, context, wish)) is not None]
    if not answers:
        return None
    return Answer.of(answers[-1].intent, "\n\n".join(answer.text for answer in answers))


async def _grant(turn: Turn, context: Context, wish: TrackWish) -> Answer | None:
    turn = replace(turn, rest=wish.what)
    if wish.wants and wish.of_focus:
        return quieting.offer(turn, context)
    if wish.only:
        kept = await subscribing.keep_only(turn, context)
        wanted = kept is None and is_about_reminders(turn)
        return await subscribing.subscribe(turn, context) if wanted else kept
    if wish.loose and not is_about_reminders(turn):
        return None
    if wish.loose:
        return await _of_loose_words(turn, context, wants=wish.wants)
    return await (subscribing.subscribe if wish.wants else subscribing.unsubscribe)(turn, context)


def is_about_reminders(turn: Turn) -> bool:
    """Whether the conversation is about reminders."""
    return LAST_RESORTS.get(turn.session.area) is REMINDERS


async def _of_loose_words(turn: Turn, context: Context, *, wants: bool) -> Answer | None:
    """再加个新材料, while reminders are talked about: tracks and departments at once; a clause is asked back."""
    index, reading = context.knowledge.index, names_of(context).read(turn.rest)
    departments = [one for one in topics_named(turn.rest, index) if one.kind is TopicKind.DEPARTMENT]
    if reading.tracks or reading.near or departments:
        return await (subscribing.subscribe if wants else subscribing.unsubscribe)(turn, context)
    asked_back = which_clause(turn.rest, index) if wants else ""
    return Answer.of(subscribing.SUBSCRIBE, asked_back) if asked_back else None
