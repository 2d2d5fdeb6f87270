"""Steps that read a doubtful message in another way: other words, one part, the clause in focus, another place.

`Walk.doubt` is what the search says of the message: nothing, several clauses, or only sums.
"""

from dataclasses import replace

from handlers.clause_facts.facts import Fact
from handlers.clause_facts.other_places import of_named_level, of_other_place
from handlers.commands import open_windows
from handlers.commands.settings import quieting
from handlers.conversation.fallbacks import which_policy
from handlers.conversation.fallbacks.by_section import of_sections
from handlers.conversation.fallbacks.clause_in_focus import rescued
from handlers.conversation.fallbacks.no_answer import is_unsure, names_no_matter
from handlers.conversation.fallbacks.which_policy import shown_clause
from handlers.conversation.reading.follow_up import FollowUp
from handlers.conversation.reading.parts import in_other_words, parts_of
from handlers.conversation.screen.answering import of, of_focus
from handlers.conversation.screen.focus import places
from handlers.framework.answer import Answer
from handlers.framework.list_pages import put_on_screen
from handlers.framework.phrases import main_subject
from handlers.steps.step import step
from handlers.steps.walk import Walk
from policies.search.decision import Intent

_NAMED_LAST = 3
"""So many clauses that the last answer named count as on the screen."""
_SHORT_ASIDE = 10
"""A message up to this length is more likely about the clause in focus than about one of several others."""


@step(ends_misses=True)
async def sections(walk: Walk) -> Answer | None:
    """List the parts of documents that have the name of a wide subject."""
    listed = of_sections(walk.turn.text, walk.edition) if _is_gap(walk) else None
    if listed is not None and listed.listing is not None:
        put_on_screen(listed.listing, walk.turn.session)
    return listed


@step(ends_misses=True)
async def other_words(walk: Walk) -> Answer | None:
    """Answer the message without what it says of the writer, and with English words in Chinese."""
    said = "" if _clauses(walk) else in_other_words(walk.text)
    return await _sure(said, walk) if said else None


@step(ends_misses=True)
async def names_by_sound(walk: Walk) -> Answer | None:
    """Answer with the department or track whose name is spelt by its sound (人设局管哪些)."""
    if not _is_gap(walk):
        return None
    spelled = walk.tools.names_by_sound(walk.edition.index).spelled(walk.text)
    return await _sure(spelled, walk) if spelled else None


async def _sure(said: str, walk: Walk) -> Answer | None:
    """Answer what other words for the message surely mean."""
    turn, tools = walk.turn.saying(said), walk.tools
    answer = await tools.follow_ups.answer(turn, walk.edition)
    if answer is not None:
        return answer
    answer = await tools.answers.answer(said, walk.edition)
    if is_unsure(answer):
        return None
    turn.session.keep_question(said)
    return await open_windows.for_member(turn, answer, tools.context)


@step(ends_misses=True)
async def subject_alone(walk: Walk) -> Answer | None:
    """Answer for the subject named in passing (还有用地那个), or beside what is asked of it (先投后股是啥意思)."""
    if not _is_gap(walk):
        return None
    in_passing = main_subject(walk.turn.text)
    core = in_passing or _subject_asked(walk.follow_up())
    if not core:
        return None
    of_core = await walk.tools.answers.answer(core, walk.edition)
    if not in_passing and (is_unsure(of_core) or walk.turn.session.clause in of_core.clause_ids):
        return None
    if not of_core.clause_ids or of_core.intent in {Intent.AMOUNT, Intent.MAYBE}:
        return None
    walk.turn.session.asked = core
    return of_core


def _subject_asked(said: FollowUp | None) -> str:
    """Return the subject of which a fact is asked; "" if there is none."""
    return said.rest if said is not None and said.facts else ""


@step(ends_misses=True)
async def shown_fact(walk: Walk) -> Answer | None:
    """Answer a fact of the shown clause, if the other words of the message are no known subject."""
    session, said = walk.turn.session, walk.follow_up()
    shown = shown_clause(said, session, walk.edition) if said is not None else None
    if said is None or shown is None:
        return None
    return of_focus(said.facts, replace(session, clause=shown), walk.edition)


@step(ends_misses=True)
async def best_on_screen(walk: Walk) -> Answer | None:
    """Answer from the best of several equally good clauses, if that clause is on the screen."""
    answer, session = walk.doubt, walk.turn.session
    if answer is None or not answer.clause_ids or answer.intent not in {Intent.SEARCH, Intent.MAYBE}:
        return None
    if answer.listing is None and answer.intent != Intent.MAYBE:
        return None
    best, said = answer.clause_ids[0], walk.follow_up()
    if best not in (session.clause, *session.named[:_NAMED_LAST]):
        return None
    if said is None or (said.lists and not said.facts):
        return None
    return of((best,), said.facts or (Fact.WHOLE,), walk.edition)


@step(ends_misses=True)
async def other_place(walk: Walk) -> Answer | None:
    """Say that the library is about another place than the one that is named."""
    return of_other_place(walk.turn.text, walk.edition) if _is_gap(walk) or not _clauses(walk) else None


@step(ends_misses=True)
async def clause_in_focus(walk: Walk) -> Answer | None:
    """Answer from the text of the clause in focus. Without one, ask which policy is meant if a fact is asked."""
    clauses, turn = _clauses(walk), walk.turn
    others = bool(clauses) and turn.session.clause not in clauses
    if others and walk.doubt is not None and walk.doubt.intent == Intent.MAYBE:
        return None  # what the search half understands is a new subject
    outright = others and len(turn.text) > _SHORT_ASIDE
    elsewhere = walk.tools.answers.elsewhere(walk.edition)
    return rescued(walk.follow_up(), turn, walk.edition, elsewhere, outright=outright)


@step(ends_misses=True)
async def named_level(walk: Walk) -> Answer | None:
    """Answer a message that only names a level of government."""
    return None if _clauses(walk) else of_named_level(walk.turn.text, walk.edition)


@step(ends_misses=True)
async def part_on_screen(walk: Walk) -> Answer | None:
    """Answer a part that asks of what is on the screen. The search does not see parts, for they say less."""
    is_shown = bool(walk.turn.session.clause or places(walk.turn.session))
    for part in parts_of(walk.turn.text) if _is_gap(walk) and is_shown else ():
        found = await walk.tools.follow_ups.answer(walk.turn.saying(part), walk.edition)
        if found is not None:
            return found
    return None


@step()
async def about_reminders(walk: Walk) -> Answer | None:
    """Tell the state of the reminders to a message that speaks of them and names no subject."""
    answer, text, index = walk.doubt, walk.text, walk.edition.index
    if answer is None or not quieting.speaks_of_reminders(text):
        return None
    asks_which = answer.offers and not answer.clause_ids and not index.names_a_subject(text)
    if not asks_which and not names_no_matter(text, answer, walk.edition):
        return None
    return await quieting.about_reminders(walk.turn, walk.tools.context)


@step(ends_misses=True)
async def not_told(walk: Walk) -> Answer | None:
    """Say that the clause in focus does not contain what is asked."""
    if walk.doubt is None:
        return None
    told = which_policy.not_told(walk.doubt, walk.follow_up(), walk.turn, walk.edition)
    if told is not None and walk.doubt.gap:
        await walk.tools.context.questions.record(walk.text, "declined")
    return told


def _is_gap(walk: Walk) -> bool:
    return walk.doubt is not None and walk.doubt.gap


def _clauses(walk: Walk) -> tuple[int, ...]:
    return () if walk.doubt is None else walk.doubt.clause_ids
