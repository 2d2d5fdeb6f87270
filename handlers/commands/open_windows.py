"""近期可申报: what can be applied for now, for everybody or for what a member follows."""

from handlers.application_windows.open_now import OPEN_WINDOWS, listing
from handlers.framework.answer import Answer
from handlers.framework.context import Context
from handlers.framework.edition import Edition
from handlers.framework.menu import Key
from handlers.framework.registry import Command, Turn
from handlers.topics.following import clauses_of
from policies.windows.asked import Asked, WindowQuestion


async def open_windows(turn: Turn, context: Context) -> Answer:
    """List the open windows of the member's tracks and of 通用 clauses, the earliest closing date first.

    Tracks say which field a member is in, so they narrow the list. Members who follow only single clauses see all
    windows, first those of their clauses. Members who follow nothing see all windows.
    """
    turn.session.asked = turn.text
    return await _answer(turn, context, WindowQuestion(Asked.OPEN, listed=True))


async def for_member(turn: Turn, answer: Answer, context: Context) -> Answer:
    """Answer the same question (今天截止的有哪些) for this member. `answer` is the answer for everybody."""
    if answer.windows is None:
        return answer
    return await _answer(turn, context, answer.windows)


async def _answer(turn: Turn, context: Context, question: WindowQuestion) -> Answer:
    edition = await Edition.now(context)
    member_id = await context.members.id_of(turn.inbound.openid)
    if member_id is None:
        return listing(question, edition)
    applied = await context.alerts.applied_windows(member_id)
    keys = await concerned_clauses(member_id, context)
    if keys is not None and not await context.members.tracks(member_id):
        return listing(question, edition, applied=applied, first=keys)
    return listing(question, edition, keys, applied)


async def concerned_clauses(member_id: int | None, context: Context) -> frozenset[int] | None:
    """Return the clauses of what a member follows; with tracks also 通用 clauses, unless switched off.

    Return None if the member follows nothing.
    """
    if member_id is None:
        return None
    tracks = set(await context.members.tracks(member_id))
    topics = clauses_of(await context.members.topics(member_id), context.knowledge.index)
    if not tracks:
        return topics or None
    profile = await context.members.profile(member_id)
    general = profile is None or profile.preferences.general
    return topics | frozenset(
        policy.key
        for policy in context.knowledge.index.library.policies
        if (general if not policy.tracks else tracks.intersection(policy.tracks))
    )


COMMANDS = (
    Command(
        OPEN_WINDOWS,
        open_windows,
        words=(
            "近期可申报",
            "最近能申报",
            "最近能申报什么",
            "可申报",
            "申报期",
            "近期申报",
            "正在申报",
            "现在能申报什么",
            "最近可以申报什么",
        ),
        menu_key=Key.OPEN_WINDOWS,
    ),
)
