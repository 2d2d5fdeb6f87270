"""Does requests for more or fewer reminders in free words, or asks back (`reading` reads them)."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from handlers.commands import subscribing
from handlers.commands.settings import quieting
from handlers.commands.track_choice import names_of
from handlers.conversation.screen.focus import places
from handlers.framework import dialogue_timeout, last_act
from handlers.framework.answer import Answer
from handlers.framework.context import Context
from handlers.framework.list_places import all_standing_at, read_places
from handlers.framework.phrases import asks_outright
from handlers.framework.registry import Turn
from handlers.framework.taps import tap
from handlers.reminder_requests.reading import TrackWish
from handlers.table import LAST_RESORTS, REMINDERS
from handlers.topics.following import follow_what_was_asked, which_clause
from handlers.topics.reading import topics_named
from subscriptions.members.topics import TopicKind, is_topic
from subscriptions.members.track_names import TrackNames

_OUTRIGHT = re.compile(r"订阅|关注|退订|提醒|通知")
_THE_REST = re.compile(r"剩下?|剩余|其余|余下")
_ONE_MORE = re.compile(r"[再还也](?:给我|帮我|要){0,2}(?:[加添订](?:上|一?个)?|来一?个)")


async def grant(turn: Turn, context: Context, wishes: Sequence[TrackWish]) -> Answer | None:
    """Do what was requested. Return None if the message is no request after all."""
    each = _each_once(wishes, names_of(context))
    answers = [answer for wish in each if (answer := await _grant(turn, context, wish)) is not None]
    if len(answers) < 2:
        return answers[0] if answers else None
    return Answer.of(answers[-1].intent, "\n\n".join(answer.text for answer in answers))


def _each_once(wishes: Iterable[TrackWish], names: TrackNames) -> Iterator[TrackWish]:
    """Yield the requests without repeated ones: a track may be named twice, by different names."""
    done = set[tuple[bool, str]]()
    for wish in wishes:
        tracks = {(wish.wants, track_id) for track_id in names.read(wish.what).tracks}
        if not tracks or not tracks <= done:
            yield wish
        done |= tracks


async def _grant(turn: Turn, context: Context, wish: TrackWish) -> Answer | None:
    of_held = not wish.wants and is_about_reminders(turn)
    turn = replace(turn, rest=wish.what if of_held else _named_here(wish.what, turn, context))
    if wish.wants and wish.of_focus:
        waits = wish.waits and (turn.session.clause or turn.session.asked)
        return await follow_what_was_asked(turn, context) if waits else quieting.offer(turn, context)
    if wish.only:
        kept = await subscribing.keep_only(turn, context)
        wanted = kept is None and is_about_reminders(turn)
        return await subscribing.subscribe(turn, context) if wanted else kept
    if not wish.wants and _THE_REST.fullmatch(wish.what) and (is_about_reminders(turn) or not wish.loose):
        return await _leave_the_rest(turn, context)
    if wish.loose and wish.wants and _adds_another(turn, context):
        return await subscribing.subscribe(turn, context)
    if wish.loose and not is_about_reminders(turn):
        return None if wish.wants else await _ask_to_leave(turn, context)
    if wish.loose:
        return await _of_loose_words(turn, context, wants=wish.wants)
    if not is_about_reminders(turn) and not _is_anything(turn, context):
        return None
    return await (subscribing.subscribe if wish.wants else subscribing.unsubscribe)(turn, context)


async def _leave_the_rest(turn: Turn, context: Context) -> Answer | None:
    """Leave all that is left, if the last act left something (剩下的全退了). Otherwise show the list and ask.

    Return None if the writer has nothing here, and reminders are not the topic.
    """
    goes_on = bool(last_act.removed(turn.session.act))
    is_member = await context.members.id_of(turn.inbound.openid) is not None
    if not (is_member or is_about_reminders(turn)):
        return None
    return await subscribing.unsubscribe(replace(turn, rest="全部" if goes_on else ""), context)


def _adds_another(turn: Turn, context: Context) -> bool:
    """Whether a message names exactly one more track after a subscription in this conversation (再加个船舶的)."""
    reading = names_of(context).read(turn.rest)
    is_one = len(reading.tracks) == 1 and not reading.near and not reading.unknown
    plainly = _ONE_MORE.search(turn.text) is not None and not asks_outright(turn.text)
    return is_one and plainly and bool(last_act.added(turn.session.act)) and not turn.session.dialogue


async def _ask_to_leave(turn: Turn, context: Context) -> Answer | None:
    """Ask if a subscribed track is no longer wanted (船舶的不要了, while the conversation is about other things)."""
    names, meant = names_of(context), await _held_tracks(turn, context)
    if len(meant) != 1:
        return None
    dialogue_timeout.begin(turn, context, subscribing.UNSUBSCRIBE, ids=meant)
    name = names.name(meant[0])
    said = f"要退订“{name}”吗？回复“是”确认，或点 {tap(f'退订 {name}')}；不退订请回复“取消”。"
    return Answer.of(subscribing.UNSUBSCRIBE, said)


async def _held_tracks(turn: Turn, context: Context) -> list[str]:
    """Return the subscribed tracks that are named, by any of their names or by a part of one (船)."""
    names, held = names_of(context), await context.members.tracks_by_openid(turn.inbound.openid)
    named = set(names.read(turn.rest).tracks) or {one for one in held if turn.rest in names.name(one)}
    return [one for one in held if one in named] if turn.rest else []


def is_about_reminders(turn: Turn) -> bool:
    """Whether the conversation is about reminders."""
    return LAST_RESORTS.get(turn.session.area) is REMINDERS


def _named_here(what: str, turn: Turn, context: Context) -> str:
    """Return the requested subject by its name. Places in the list on the screen mean the clauses there."""
    library = context.knowledge.index.library
    names, gone = names_of(context), [one for one, _ in last_act.removed(turn.session.act)]
    if back := [names.name(one) for one in gone if not is_topic(one) and what in names.name(one)]:
        return back[0]  # 把船再加回来
    policies = map(library.get, all_standing_at(read_places(what), places(turn.session)))
    return "、".join(library.name(policy) for policy in policies if policy is not None) or what


def _is_anything(turn: Turn, context: Context) -> bool:
    """Whether the words name something that can have reminders, or resemble it."""
    index, reading = context.knowledge.index, names_of(context).read(turn.rest)
    known = reading.tracks or reading.near or topics_named(turn.rest, index)
    return bool(known) or (_OUTRIGHT.search(turn.text) is not None and bool(which_clause(turn.rest, index)))


async def _of_loose_words(turn: Turn, context: Context, *, wants: bool) -> Answer | None:
    """Answer 再加个新材料 while the topic is reminders: add tracks and departments at once, and ask back about a clause."""
    index, reading = context.knowledge.index, names_of(context).read(turn.rest)
    topics = topics_named(turn.rest, index)
    departments = [one for one in topics if one.kind is TopicKind.DEPARTMENT]
    if not wants and turn.rest and topics:
        return await subscribing.unsubscribe(turn, context)
    if reading.tracks or reading.near or departments:
        return await (subscribing.subscribe if wants else subscribing.unsubscribe)(turn, context)
    if not wants and len(await _held_tracks(turn, context)) == 1:
        return await subscribing.unsubscribe(turn, context)
    asked_back = which_clause(turn.rest, index) if wants else ""
    return Answer.of(subscribing.SUBSCRIBE, asked_back) if asked_back else None
