"""我们公司能拿什么: a few questions, then the result; told facts can be corrected at any time.

What is told stays in the session for half an hour. It is kept longer only where the person says so (`profile.py`).
"""

from dataclasses import replace

from handlers.commands.paging import parts_of
from handlers.framework.answer import Answer
from handlers.framework.context import Context
from handlers.framework.edition import Edition
from handlers.framework.menu import Key
from handlers.framework.phrases import asks
from handlers.framework.registry import Command, Dialogue, FreeText, Turn
from handlers.framework.taps import tap, taps
from handlers.matching.kept_profile import KEEP, consented
from handlers.matching.progress import MATCH, asking, begin_step, progress_of, with_told
from handlers.matching.questions import question_text
from handlers.matching.result_text import result_text, split_to_fit
from handlers.matching.sums import SUM, clause_sum, told_sum
from policies.company_facts.answers import Answered, asks_or_commands, read_answer
from policies.company_facts.interview import MORE, TOPICS, Progress
from policies.company_facts.requests import MatchRequest, Wish
from policies.company_facts.wording import fact_line
from policies.matching.facts import Fact, Option
from policies.matching.results import Verdict
from policies.search.decision import Intent
from wechat.texts import escape_typed, link

CHANGE = "change"
"""The step in which the person says which told fact is to be changed."""
_SHOWN_BACK = 12
_CLAUSE_SHOWN = frozenset(map(str, (Intent.CLAUSE, Intent.SEARCH, Intent.AMOUNT, Intent.DEPARTMENT)))
_MOST_OF_CLAUSE = 8
"""The most questions of an interview about one clause."""


def reads(text: str, context: Context) -> MatchRequest | None:
    """What a message wants of a match; None where it wants something else."""
    return context.matching.request(text)


def is_sure(request: MatchRequest) -> bool:
    """Whether nothing but a match can be meant."""
    return request.is_sure


async def begin(turn: Turn, context: Context, request: object) -> Answer:
    """Begin with what the message tells and what is kept of the company."""
    assert isinstance(request, MatchRequest)  # noqa: S101 - what `reads` returned
    kept = await context.profiles.by_openid(turn.inbound.openid)
    told = {**(context.matching.facts.read_kept(kept.facts) if kept else {}), **request.told.facts}
    if request.wish is Wish.SUM:
        edition = await edition_of(context)
        answer = told_sum(request.told.facts, told, context.matching.catalogue, edition)
        if answer is not None:
            return answer
    progress = Progress(told, until=context.matching.plan.enough)
    if kept and len(kept.facts) > len(context.matching.plan.opening):
        progress = replace(progress, until=0)
    before = ""
    if request.wish is Wish.STORY:
        lines = [
            f"· {fact_line(context.matching.fact(fact), value)}（“{escape_typed(request.told.words[fact])}”）"
            for fact, value in list(request.told.facts.items())[:_SHOWN_BACK]
        ]
        before = "我记下了：\n" + "\n".join(lines) + f"\n哪条不对，直接告诉我，或点{tap('修改情况')}。"
        progress = replace(progress, until=min(progress.until, MORE))
    return await proceed(turn, context, progress, before)


async def start(turn: Turn, context: Context) -> Answer:
    """The same by the menu or a tap."""
    if context.matching.is_empty:
        said = f"这里还没有录入各条的适用条件，暂时不能按公司情况匹配。可以直接说想了解的事，或看 {tap('目录')}。"
        return Answer.of(MATCH, said)
    request = context.matching.request("我们公司能拿什么")
    return await begin(turn, context, request)


async def proceed(turn: Turn, context: Context, progress: Progress, before: str = "") -> Answer:
    """The next question, or the result."""
    index = context.knowledge.index
    asks = context.matching.next_question(progress, index.library.policies, context.today())
    if asks is None:
        return await result(turn, context, progress, before)
    begin_step(turn, context, progress, asks)
    text = question_text(asks, progress, context.matching.plan, context.matching.fact)
    return Answer.of(MATCH, f"{before}\n\n{text}" if before else text)


async def answered(turn: Turn, context: Context) -> Answer | None:
    """Take the answer to the question that was asked. Another message is not handled here (None)."""
    progress = progress_of(turn, context)
    asks = asking(turn)
    if progress is None or context.matching.request(turn.inbound.text) is not None:
        return None
    if not asks:  # after the result a sum with its noun corrects it; other words are questions of their own
        is_sum = bool(context.matching.read(turn.text).amounts)
        return await _corrected(turn, context, progress) if is_sum else None
    text = turn.text.lower()
    if asks == KEEP:
        return await consented(turn, context) or await _corrected(turn, context, progress)
    if asks == CHANGE:
        return await _change(turn, context, progress, text)
    fact = _topics(context) if asks == TOPICS else context.matching.fact(asks)
    answer = read_answer(fact, text, context.matching.reader)
    if answer is None:
        return await _corrected(turn, context, progress)
    if answer.problem:
        begin_step(turn, context, progress, asks)
        return Answer.of(MATCH, answer.problem)
    return await proceed(turn, context, _taken(progress, asks, answer))


def _taken(progress: Progress, asks: str, answer: Answered) -> Progress:
    progress = replace(progress, asked=progress.asked + 1)
    if asks == TOPICS:
        chosen = answer.value if isinstance(answer.value, tuple) else ()
        return replace(progress, topics=tuple(int(one) for one in chosen))
    if answer.value is None:
        return replace(progress, unsure=progress.unsure | {asks})
    return with_told(progress, {asks: answer.value})


def _topics(context: Context) -> Fact:
    """The question of topics in the form of a fact, whose options are the topics' places."""
    options = tuple(
        Option(id=str(place), label=topic.label) for place, topic in enumerate(context.matching.plan.topics)
    )
    return Fact(id=TOPICS, label="", question="", type="multi", options=options)


async def _corrected(turn: Turn, context: Context, progress: Progress) -> Answer | None:
    """Facts told in other words than an answer (不对，我们在邻县): they are taken, and the interview goes on."""
    if asks(turn.text):
        return None
    if asks_or_commands(turn.text):
        return None
    told = context.matching.read(turn.text)
    changed = {fact: value for fact, value in told.facts.items() if progress.told.get(fact) != value}
    aside = told.aside()
    said = sum(map(len, told.words.values())) + sum(map(len, aside))
    if not (changed or aside) or len(turn.text) > 4 * said + 8:
        return None
    lines = [f"· {fact_line(context.matching.fact(fact), value)}" for fact, value in changed.items()]
    before = ["已改为：", *lines] if changed else []
    if aside:
        before.append(f"“{escape_typed('、'.join(aside))}”不是这里要问的金额，没有记。")
    return await proceed(turn, context, with_told(progress, changed), "\n".join(before))


async def go_on(turn: Turn, context: Context) -> Answer:
    """再回答几个问题: another round of questions."""
    progress = progress_of(turn, context)
    if progress is None:
        return await start(turn, context)
    return await proceed(turn, context, replace(progress, until=progress.asked + MORE))


async def ask_change(turn: Turn, context: Context) -> Answer:
    """修改情况: the told facts with numbers, to choose the one that is to be changed."""
    progress = progress_of(turn, context) or await _kept_progress(turn, context)
    if progress is None or not progress.told:
        return Answer.of(MATCH, f"还没有您公司的情况。{tap('我们公司能拿什么')}")
    begin_step(turn, context, progress, CHANGE)
    lines = [
        f"{number}. {tap(fact_line(context.matching.fact(fact), progress.told[fact]), str(number))}"
        for number, fact in enumerate(_in_order(progress, context), 1)
    ]
    return Answer.of(MATCH, "要改哪一条？回复序号，或直接说现在的情况。\n" + "\n".join(lines))


async def _change(turn: Turn, context: Context, progress: Progress, text: str) -> Answer | None:
    order = _in_order(progress, context)
    if text.isdecimal() and 1 <= int(text) <= len(order):
        fact = order[int(text) - 1]
        told = {one: value for one, value in progress.told.items() if one != fact}
        again = replace(progress, told=told, asked=max(0, progress.asked - 1), until=max(1, progress.until))
        begin_step(turn, context, again, fact)
        return Answer.of(MATCH, question_text(fact, again, context.matching.plan, context.matching.fact))
    return await _corrected(turn, context, progress)


def _in_order(progress: Progress, context: Context) -> list[str]:
    return sorted(progress.told, key=context.matching.facts.order.__getitem__)


async def _kept_progress(turn: Turn, context: Context) -> Progress | None:
    kept = await context.profiles.by_openid(turn.inbound.openid)
    return Progress(context.matching.facts.read_kept(kept.facts), until=0) if kept else None


async def result(turn: Turn, context: Context, progress: Progress, before: str = "") -> Answer:
    """The result of the told facts. The interview stays open, for more questions and for changes."""
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


async def work_out(turn: Turn, context: Context) -> Answer:
    """算一算 第22条: what the clause's rule and conditions need is asked, then the sum is worked out."""
    index = context.knowledge.index
    decision = index.decide(turn.rest) if turn.rest else None
    named = decision.clauses if decision and decision.intent is Intent.CLAUSE else ()
    policy = index.policy(named[0]) if len(named) == 1 else None
    if policy is None and context.matching.request(turn.inbound.text) is not None:
        return await begin(turn, context, context.matching.request(turn.inbound.text))
    if policy is None:
        return (
            await start(turn, context)
            if not turn.rest
            else Answer.of(SUM, f"没有找到这一条。{tap('我们公司能拿什么')}")
        )
    if not context.matching.catalogue.by_clause.get(policy.key):
        name = index.library.name(policy)
        return Answer.of(SUM, f"{name}没有可以测算的标准，请看条文：{tap(name)}", (policy.key,))
    progress = progress_of(turn, context) or await _kept_progress(turn, context) or Progress({})
    results = context.matching.catalogue.of_clause(policy, progress.told, context.today())
    is_known = any(one.verdict is Verdict.LIKELY and one.sum is not None for one in results)
    of_clause = replace(progress, clause=policy.key, asked=0, until=0 if is_known else _MOST_OF_CLAUSE)
    return await proceed(turn, context, of_clause)


async def edition_of(context: Context) -> Edition:
    """What is published now, with windows and day."""
    return Edition(
        context.knowledge.index, await context.windows.recent(), context.today(), context.public_url
    )


async def offer_sum(_turn: Turn, context: Context, answer: Answer) -> str:
    """算一算 under a clause that has a rule."""
    if len(answer.clause_ids) != 1 or answer.intent not in _CLAUSE_SHOWN:
        return ""
    (clause_id,) = answer.clause_ids
    if clause_id not in context.matching.catalogue.with_rules:
        return ""
    asked = f"算一算 {context.knowledge.index.library.name_of(clause_id)}"
    return f"想知道能拿多少：{tap('算一算', asked)}"


COMMANDS = (
    Command("match", start, words=("政策匹配", "测一测", "能拿什么"), menu_key=Key.MATCH),
    Command(SUM, work_out, words=("算一算",), prefixes=("算一算",)),
    Command("match_more", go_on, words=("继续回答", "再回答几个问题", "继续答题")),
    Command("match_change", ask_change, words=("修改情况", "修改公司情况", "改一下情况")),
)
DIALOGUES = (Dialogue(MATCH, answered),)
POSTSCRIPTS = (offer_sum,)
FREE_TEXTS = (FreeText("match", reads, is_sure, begin),)
