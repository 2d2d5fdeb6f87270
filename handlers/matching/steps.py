"""Finds the next step of an interview: another question, or the result."""

from collections.abc import Collection
from dataclasses import replace

from handlers.commands.paging import parts_of
from handlers.framework.answer import Answer
from handlers.framework.context import Context
from handlers.framework.edition import Edition
from handlers.framework.registry import Turn
from handlers.framework.taps import tap, taps
from handlers.matching.matched_benefits import brought, lines_of
from handlers.matching.progress import MATCH, begin_step
from handlers.matching.questions import question_text
from handlers.matching.result_text import result_text, split_to_fit
from handlers.matching.sums import clause_sum
from policies.company_facts.interview import MORE, Progress
from wechat.texts import link


async def proceed(
    turn: Turn,
    context: Context,
    progress: Progress,
    before: str = "",
    news: Collection[str] = (),
    *,
    still: str = "",
) -> Answer:
    """Ask the next question, or show the result.

    Args:
        turn: the message.
        context: the services.
        progress: the interview.
        before: what is said first.
        news: ids of facts that the message told unasked. The benefits that they fit are named before a question.
        still: the question that still waits for its answer; "" if the next one is due.
    """
    index = context.knowledge.index
    wanted = still or context.matching.next_question(progress, index.library.policies, context.today())
    if wanted is None:
        return await result(turn, context, progress, before)
    edition = await edition_of(context)
    found = (
        brought(news, progress.told, context.matching.catalogue, edition) if progress.clause is None else ()
    )
    answer = ask(turn, context, progress, wanted, "\n".join((before, *lines_of(found, edition))))
    keys = tuple(dict.fromkeys(result.benefit.clause for result in found))
    return replace(answer, clause_ids=keys, about=keys[0] if len(keys) == 1 else 0) if keys else answer


def ask(turn: Turn, context: Context, progress: Progress, wanted: str, before: str = "") -> Answer:
    """Ask a question (a fact's id, or `TOPICS`), with what is said before it."""
    begin_step(turn, context, progress, wanted)
    text = question_text(wanted, progress, context.matching.plan, context.matching.fact)
    return Answer.of(MATCH, f"{before}\n\n{text}" if before else text)


async def result(turn: Turn, context: Context, progress: Progress, before: str = "") -> Answer:
    """Show the result of the told facts. The interview stays open for more questions and changes."""
    edition = await edition_of(context)
    clause = None if progress.clause is None else edition.index.policy(progress.clause)
    if clause is not None:
        begin_step(turn, context, progress)
        answer = clause_sum(clause, progress.told, context.matching.catalogue, edition)
        more = context.matching.has_more(progress, edition.index.library.policies, edition.today)
        return answer.with_line(taps(*(["继续回答"] if more else []), "修改情况", "我们公司能拿什么"))
    policies = edition.index.library.policies
    found = context.matching.catalogue.match(progress.told, policies, edition.today)
    said = result_text(found, progress.told, context.matching.catalogue, edition)
    begin_step(turn, context, progress)
    more = context.matching.has_more(progress, policies, edition.today)
    ways = [f"再回答 {MORE} 个问题可以更准：{tap('继续回答')}"] if more else []
    ways.append(taps("修改情况", "保存情况"))
    ways.append(link("网页版，可打印、转发", context.fact_links.page(progress.told)))
    shown, rest = split_to_fit(
        [before, *said.blocks] if before else said.blocks, [said.care, "\n".join(ways)]
    )
    turn.session.clear_screen()
    turn.session.pending = parts_of("\n\n".join(rest)) if rest else []
    return Answer.of(MATCH, shown, said.clause_ids)


async def edition_of(context: Context) -> Edition:
    """Return what is published now, with windows and day."""
    return Edition(
        context.knowledge.index, await context.windows.recent(), context.today(), context.public_url
    )
