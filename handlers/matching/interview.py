"""我们公司能拿什么: a few questions, then the result. Told facts can be corrected at any time.

The session keeps the facts for half an hour. They are kept longer only if the person agrees (`kept_profile.py`).
"""

import re
from dataclasses import replace

from handlers.framework.answer import Answer
from handlers.framework.context import Context
from handlers.framework.menu import Key
from handlers.framework.phrases import asks, squeeze
from handlers.framework.registry import Command, Dialogue, FreeText, Turn
from handlers.framework.taps import tap, taps
from handlers.matching.corrections import (
    CHANGE,
    ask_change,
    change,
    corrected,
    kept_progress,
    known_already,
    put_right,
    told_back,
)
from handlers.matching.interview_navigation import going_back, read_choice
from handlers.matching.kept_profile import KEEP, KEEPS, PROFILE, ask_keep, consented
from handlers.matching.progress import MATCH, asking, begin_step, first_reminder, progress_of, with_told
from handlers.matching.questions import TOPICS_QUESTION, nearest_options
from handlers.matching.steps import ask, edition_of, proceed
from handlers.matching.stopped_benefits import clause_instead, why_stopped
from handlers.matching.sums import SUM, told_sum
from policies.company_facts.interview import MORE, TOPICS, Progress
from policies.company_facts.reading.answers import (
    Answered,
    asks_or_commands,
    correction,
    read_answer,
    says_yes_or_no,
)
from policies.company_facts.reading.requests import MatchRequest, Wish
from policies.company_facts.wording import fact_line
from policies.matching.conditions import Value
from policies.matching.facts import CompanyFact, Option
from policies.matching.results import BenefitVerdict
from policies.search.decision import Intent
from wechat.texts import escape_typed

_SHOWN_BACK = 12
_CLAUSE_SHOWN = frozenset(map(str, (Intent.CLAUSE, Intent.SEARCH, Intent.AMOUNT, Intent.DEPARTMENT)))
_MOST_OF_CLAUSE = 8
"""The most questions in an interview about one clause."""
_LEAST_STORY = 8
"""From this length an answer may tell more than was asked."""
_SAID_BACK = 20
_OWN = frozenset({MATCH, PROFILE, SUM})
_SIZE = re.compile(
    r"(?:员工|职工|人数|在职|从业|社保).{0,10}\d|\d+(?:多|来)?(?:个|名|号|口)?(?:人|员工|职工)(?![才均])"
)
"""How many people a company has. No fact asks for it."""


def reads(text: str, context: Context) -> MatchRequest | None:
    """Return what a message wants from a match. Return None if it wants something else."""
    return context.matching.request(text)


def is_sure(request: MatchRequest) -> bool:
    """Whether the message can only mean a match."""
    return request.is_sure


async def begin(turn: Turn, context: Context, request: MatchRequest) -> Answer:
    """Begin with the facts in the message and the kept facts of the company."""
    kept = await context.profiles.by_openid(turn.inbound.openid)
    told = {**(context.matching.facts.read_kept(kept.facts) if kept else {}), **request.told.facts}
    if request.wish is Wish.SUM:
        edition = await edition_of(context)
        answer = told_sum(request.told, told, context.matching.catalogue, edition)
        if answer is not None:
            return answer
    progress = Progress(told, until=context.matching.plan.enough)
    if kept and len(kept.facts) > len(context.matching.plan.opening):
        progress = replace(
            progress, until=0
        )  # who has kept more than the opening asks gets the result at once
    before = ""
    if request.wish is Wish.STORY:
        lines = [
            f"· {fact_line(context.matching.fact(fact), value)}（“{escape_typed(request.told.words[fact])}”）"
            for fact, value in list(request.told.facts.items())[:_SHOWN_BACK]
        ]
        if aside := request.told.aside():
            lines.append(f"“{escape_typed('、'.join(aside))}”不是这里要问的金额，没有记。")
        before = "我记下了：\n" + "\n".join(lines) + f"\n哪条不对，直接告诉我，或点{tap('修改情况')}。"
        progress = replace(progress, until=min(progress.until, MORE))
    return await proceed(turn, context, progress, before, request.told.facts if before else ())


async def start(turn: Turn, context: Context) -> Answer:
    """Begin from the menu or a tap, with the kept facts alone."""
    if context.matching.is_empty:
        said = f"这里还没有录入各条的适用条件，暂时不能按公司情况匹配。可以直接说想了解的事，或看 {tap('目录')}。"
        return Answer.of(MATCH, said)
    typed = context.matching.request(
        turn.inbound.text
    )  # 我们在…，能拿什么 tells more than its words of command
    request = (
        typed
        if typed is not None and typed.wish is Wish.ALL
        else context.matching.request("我们公司能拿什么")
    )
    assert request is not None  # noqa: S101 - these words always ask for a match
    return await begin(turn, context, request)


async def answered(turn: Turn, context: Context) -> Answer | None:
    """Take the answer to the last question. Return None for another message."""
    progress = progress_of(turn, context)
    wanted = asking(turn)
    if progress is None:
        return None
    request = context.matching.request(turn.inbound.text)
    if request is not None and not (wanted and request.wish is Wish.STORY):
        return None
    text = turn.text.lower()
    if (gone_back := await going_back(turn, context, progress)) is not None:
        return gone_back
    corrected_to = correction(turn.lead + text)
    if (
        corrected_to is not None
        and (right := await put_right(turn, context, progress, corrected_to)) is not None
    ):
        return right
    if not wanted:
        return await _after_result(turn, context, progress)
    if wanted == KEEP:
        return await consented(turn, context) or await corrected(turn, context, progress)
    if wanted == CHANGE:
        return await change(turn, context, progress, text)
    fact = _topics(context) if wanted == TOPICS else context.matching.fact(wanted)
    answer = read_answer(fact, read_choice(text, options=len(fact.options)), context.matching.reader)
    if answer is None:
        return await _not_answered(turn, context, progress, fact)
    if answer.problem:
        begin_step(turn, context, progress, wanted)
        return Answer.of(MATCH, answer.problem)
    besides = _besides(turn, context, progress, fact)
    before = "\n".join(["也记下了：", *told_back(besides, context)]) if besides else ""
    return await proceed(turn, context, _taken(with_told(progress, besides), wanted, answer), before, besides)


async def _after_result(turn: Turn, context: Context, progress: Progress) -> Answer | None:
    """After the result, take its button in other words, or a corrected sum. Return None for questions of their own."""
    if KEEPS.fullmatch(squeeze(turn.text)):
        return await ask_keep(turn, context)
    is_sum = bool(context.matching.read(turn.text).amounts)
    return await corrected(turn, context, progress) if is_sum else None


async def _not_answered(turn: Turn, context: Context, progress: Progress, fact: CompanyFact) -> Answer | None:
    """Ask once more after a bare yes or no that does not fit. Otherwise take a correction, if there is one."""
    if not says_yes_or_no(turn.text.lower()):
        return await corrected(turn, context, progress)
    how = "这一题请选一项或几项，回复序号即可。" if fact.options else "这一题请回复具体的数。"
    return ask(turn, context, progress, fact.id, how)


def _besides(turn: Turn, context: Context, progress: Progress, fact: CompanyFact) -> dict[str, Value]:
    """Return the other facts that an answer tells (3000万，我们是高企)."""
    if len(turn.text) < _LEAST_STORY or any(turn.text == option.label for option in fact.options):
        return {}
    told = context.matching.read(turn.text)
    asked_in = told.words.get(fact.id, "")
    return {
        one: value
        for one, value in told.facts.items()
        if one not in progress.told and one != fact.id and told.words[one] not in asked_in
    }


async def not_read(turn: Turn, context: Context) -> Answer | None:
    """Repeat the question shortly if its answer could not be read. Return None for a question or a command."""
    progress, wanted = progress_of(turn, context), asking(turn)
    if progress is None or not wanted or asks(turn.text) or asks_or_commands(turn.text.lower()):
        return None
    if (known := known_already(turn, context, progress)) and wanted not in {KEEP, CHANGE}:
        return ask(turn, context, progress, wanted, known)
    said_back = escape_typed(turn.text[:_SAID_BACK])
    is_size = _SIZE.search(turn.text) is not None
    said = f"“{said_back}”看到了；人数不影响这里的对照，没有记。" if is_size else f"“{said_back}”没有看明白。"
    if wanted in {KEEP, CHANGE}:
        way = (
            taps("同意保存", "不保存") if wanted == KEEP else "请回复要改的那一条的序号，或直接说现在的情况。"
        )
        begin_step(turn, context, progress, wanted)
        return Answer.of(MATCH, f"{said}{way}")
    if wanted != TOPICS and (near := nearest_options(context.matching.fact(wanted), turn.text)):
        begin_step(turn, context, progress, wanted)
        ways = f"都不是请回“没有”，看全部点 {tap('继续回答')}。"
        return Answer.of(MATCH, f"{said}最接近的是下面的，点一下或回复序号：\n{near}\n{ways}")
    return ask(turn, context, progress, wanted, said)


def _taken(progress: Progress, wanted: str, answer: Answered) -> Progress:
    progress = replace(progress, asked=progress.asked + 1, trail=(*progress.trail, wanted))
    if wanted == TOPICS:
        chosen = answer.value if isinstance(answer.value, tuple) else ()
        return replace(progress, topics=tuple(int(one) for one in chosen))
    if answer.value is None:
        return replace(progress, unsure=progress.unsure | {wanted})
    return with_told(progress, {wanted: answer.value})


def _topics(context: Context) -> CompanyFact:
    """Return the question of topics as a fact. Its options are the places of the topics."""
    options = tuple(
        Option(id=str(place), label=topic.label) for place, topic in enumerate(context.matching.plan.topics)
    )
    return CompanyFact(id=TOPICS, label="", question="", type="multi", options=options)


async def go_on(turn: Turn, context: Context) -> Answer:
    """Answer 继续回答: ask the waiting question, or another round of questions."""
    progress, wanted = progress_of(turn, context), asking(turn)
    if progress is None:
        return await start(turn, context)
    if wanted and wanted not in {KEEP, CHANGE}:
        return ask(turn, context, progress, wanted)
    return await proceed(turn, context, replace(progress, until=progress.asked + MORE))


async def remind(turn: Turn, context: Context, answer: Answer) -> str:
    """Under an answer to something else, repeat the waiting question once."""
    if turn.session.dialogue != MATCH or answer.intent in _OWN:
        return ""
    progress, wanted = progress_of(turn, context), asking(turn)
    if progress is None or wanted in {"", KEEP, CHANGE} or not first_reminder(turn):
        return ""
    question = TOPICS_QUESTION if wanted == TOPICS else context.matching.fact(wanted).question
    return f"刚才问到：{question}{tap('继续回答')}"


async def work_out(turn: Turn, context: Context) -> Answer:
    """Answer 算一算 第22条: ask what the clause's rule and conditions need, then calculate the sum."""
    index = context.knowledge.index
    decision = index.decide(turn.rest) if turn.rest else None
    named = decision.clauses if decision and decision.intent is Intent.CLAUSE else ()
    policy = index.policy(named[0]) if len(named) == 1 else None
    if policy is None and (request := context.matching.request(turn.inbound.text)) is not None:
        return await begin(turn, context, request)
    if policy is None:
        return (
            await start(turn, context)
            if not turn.rest
            else Answer.of(SUM, f"没有找到这一条。{tap('我们公司能拿什么')}")
        )
    if not context.matching.catalogue.by_clause.get(policy.key):
        if policy.key in context.matching.catalogue.stopped:
            return clause_instead(SUM, policy.key, await edition_of(context))
        name = index.library.name(policy)
        return Answer.of(SUM, f"{name}没有可以测算的标准，请看条文：{tap(name)}", (policy.key,))
    progress = progress_of(turn, context) or await kept_progress(turn, context) or Progress({})
    results = context.matching.catalogue.of_clause(policy, progress.told, context.today())
    is_known = any(one.verdict is BenefitVerdict.LIKELY and one.sum is not None for one in results)
    of_clause = replace(progress, clause=policy.key, asked=0, until=0 if is_known else _MOST_OF_CLAUSE)
    stopped = context.matching.catalogue.stopped.get(policy.key)
    return await proceed(turn, context, of_clause, why_stopped(stopped) if stopped else "")


async def offer_sum(_turn: Turn, context: Context, answer: Answer) -> str:
    """Offer 算一算 under a clause that has a rule."""
    if len(answer.clause_ids) != 1 or answer.intent not in _CLAUSE_SHOWN:
        return ""
    (clause_id,) = answer.clause_ids
    catalogue = context.matching.catalogue
    said = [why_stopped(catalogue.stopped[clause_id])] if clause_id in catalogue.stopped else []
    if clause_id in catalogue.with_rules:
        asked = f"算一算 {context.knowledge.index.library.name_of(clause_id)}"
        said.append(f"想知道能拿多少：{tap('算一算', asked)}")
    return "\n".join(said)


COMMANDS = (
    Command("match", start, words=("政策匹配", "测一测", "能拿什么"), menu_key=Key.MATCH),
    Command(SUM, work_out, words=("算一算",), prefixes=("算一算",)),
    Command("match_more", go_on, words=("继续回答", "再回答几个问题", "继续答题")),
    Command("match_change", ask_change, words=("修改情况", "修改公司情况", "改一下情况")),
)
DIALOGUES = (Dialogue(MATCH, answered, not_read),)
POSTSCRIPTS = (offer_sum, remind)
FREE_TEXTS = (FreeText("match", reads, is_sure, begin),)
