"""Steps for what a message means, if the words leave a doubt: an act of the bot, or a fact of the clause in focus.

An act that only shows something is done at once. An act that changes something is only offered as a tap. A fact is
told only if a clause is in focus. `handlers/intent_by_meaning` says what is meant.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache

from handlers.answers_by_meaning import Judged
from handlers.clause_facts.fact_lines import is_told
from handlers.clause_facts.facts import Fact
from handlers.clause_facts.passages import as_printed, held, stated
from handlers.commands import open_windows
from handlers.conversation.fallbacks.which_policy import not_told
from handlers.conversation.screen.answering import of_focus, quoted
from handlers.framework.answer import Answer
from handlers.framework.edition import Edition
from handlers.framework.registry import Turn
from handlers.framework.taps import taps
from handlers.intent_by_meaning.bank import Act, load_bank
from handlers.intent_by_meaning.rule import ActMeant
from handlers.steps.step import reads, step
from handlers.steps.topic import of_topic
from handlers.steps.walk import Walk, Wanted
from handlers.table import LAST_RESORTS, REMINDERS
from policies.library.amounts.amount_words import quotes_of
from policies.library.models import Policy
from policies.search.decision import Intent
from policies.search.words.normalise import compact

OFFERED = "act_offered"
_MOST_OFFERED = 2
_MOST_TAPS = 4


@cache
def _acts() -> Mapping[str, Act]:
    return {act.name: act for act in load_bank().acts}


@cache
def _facts() -> Mapping[str, Fact]:
    return {fact.name: fact.tells for fact in load_bank().facts}


@reads
async def meaning(walk: Walk) -> None:
    """Ask the sentence model which act or fact is meant, if the words give a doubtful answer or none.

    If a dialogue is under way, and it is not about reminders, it first reads the message that nothing else
    understood.
    """
    turn, under_way = walk.turn, walk.turn.session.dialogue
    if under_way and LAST_RESORTS.get(under_way) is not REMINDERS:
        return
    edition = walk.edition if walk.kept is None else await walk.read_edition()
    judged = await walk.tools.answers.judged(walk.text, edition)
    if judged is not None and judged.act is not None:
        walk.wanted = _wanted(judged, judged.act, turn, edition)


def _wanted(judged: Judged, meant: ActMeant, turn: Turn, edition: Edition) -> Wanted | None:
    """Return what is wanted. Return None if the library surely answers, or if only a fact of no clause is asked."""
    clause, text = turn.session.clause, turn.inbound.text
    answers = judged.decision.intent not in {Intent.NONE, Intent.MAYBE} and judged.decision.sure
    of_clause = bool(meant.fact and clause) and not answers
    if of_clause and (meant.fact_is_plain or not edition.index.names_a_subject(text)):
        return Wanted(meant, judged.answer, fact=meant.fact)
    if not meant.names or (not meant.is_sure and (answers or clause)):
        return None
    first = meant.names[0]
    if first not in _facts():
        return Wanted(meant, judged.answer, act=first)
    names_another = not turn.text.isascii() and edition.index.names_a_subject(text)
    is_asked = meant.is_sure and bool(clause) and not names_another
    return Wanted(meant, judged.answer, plain_fact=first) if is_asked else None


@step(ends_misses=True)
async def plain_fact(walk: Walk) -> Answer | None:
    """Tell the fact that is surely asked of the clause in focus."""
    return _told(walk.wanted.plain_fact, walk) if walk.wanted and walk.wanted.plain_fact else None


@step(ends_misses=True)
async def likely_fact(walk: Walk) -> Answer | None:
    """Tell the fact that is likely asked of the clause in focus. A likelier act is offered beside it.

    If nobody wrote which papers are needed, a question about one of them (要不要发票) is told that the clause does not
    say.
    """
    wanted = walk.wanted
    if wanted is None or not wanted.fact:
        return None
    fact = _facts()[wanted.fact]
    if fact is Fact.MATERIALS and not is_told(fact, walk.turn.session.clause, walk.edition):
        unsaid = not_told(wanted.answer, walk.follow_up(), walk.turn, walk.edition)
        if unsaid is not None:
            return unsaid
    told = _told(wanted.fact, walk)
    is_act = wanted.meant.is_sure and wanted.meant.names[0] in _acts()
    return (
        told.with_line(offered.text)
        if told and is_act and (offered := _offered(wanted.meant.names))
        else told
    )


@step()
async def act(walk: Walk) -> Answer | None:
    """Do an act that only shows something, or offer an act that changes something. The topic's own answer says more."""
    wanted = walk.wanted
    if wanted is None or not wanted.act:
        return None
    of_area, offered = await of_topic(walk), _offered(wanted.meant.names)
    walk.turn.session.missed = 0
    if not wanted.meant.is_sure or _acts()[wanted.act].changes:
        if of_area is not None and offered is not None and wanted.meant.is_sure:
            return of_area.with_line(offered.text)
        return of_area or offered
    if of_area is not None and _is_of_topic(wanted.act, walk):
        return of_area
    return await _done(_acts()[wanted.act].sends[0], walk)


@step()
async def kept(walk: Walk) -> Answer | None:
    """Give the doubtful answer of an earlier step: no act is meant."""
    return walk.kept


def _told(name: str, walk: Walk) -> Answer | None:
    """Tell a fact of the clause in focus."""
    session = walk.turn.session
    fact, policy = _facts()[name], walk.edition.index.policy(session.clause)
    said = walk.follow_up()
    named = as_printed(compact(said.rest)) if said is not None and fact is Fact.AMOUNT else ""
    if policy is not None and named and (quotes := _naming(policy, named)):
        return quoted(policy, quotes, walk.edition)
    return of_focus((fact,), session, walk.edition, session.case)


def _naming(policy: Policy, named: str) -> tuple[str, ...]:
    """Return what a clause pays for a thing that the message names (招进来一个给多少); () if that is all that it pays."""
    quotes = quotes_of(policy, (one for one in policy.amounts if held(named, compact(one.quote))))
    return quotes if len(quotes) < len(stated(policy)) else ()


def _is_of_topic(name: str, walk: Walk) -> bool:
    """Whether an act is about the topic of the conversation (reminders, data)."""
    command = walk.tools.reader.read(_acts()[name].sends[0]).command
    area = LAST_RESORTS.get(walk.turn.session.area)
    return command is not None and area is not None and LAST_RESORTS.get(command.name) is area


async def _done(word: str, walk: Walk) -> Answer | None:
    """Do a command of the bot, as if the person had typed it."""
    turn, tools = walk.turn, walk.tools
    speech = tools.reader.read(word)
    said = replace(turn, inbound=replace(turn.inbound, text=word), text=word, rest=speech.rest)
    if speech.command is not None:
        return await speech.command.handle(said, tools.context)
    answer = await tools.answers.answer(word, walk.edition)
    return await open_windows.for_member(said, answer, tools.context)


def _offered(names: Sequence[str]) -> Answer | None:
    """Ask in one line which of these acts is meant, with words to tap. Return None for courtesies."""
    acts = [_acts()[name] for name in names if name in _acts()]
    likely = [act for act in acts if act.wish][:_MOST_OFFERED]
    if not likely or not acts[0].wish:
        return None
    ways = list(dict.fromkeys(way for act in likely for way in act.sends))[:_MOST_TAPS]
    asked = "，还是".join(act.wish for act in likely)
    asked += "吗" if len(likely) == 1 else ""
    said = f"您是想{asked}？可以点：{taps(*ways)}\n都不是的话，换个说法告诉我就行。"
    return replace(Answer.of(OFFERED, said), asked=False).offering(ways)
