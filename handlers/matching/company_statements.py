"""Reads what a company says of itself: figures without a question (我们营收5000万), and its place (注册在甲区，能享受吗)."""

import re

from handlers.clause_facts.calculation import sums_named, worked_out
from handlers.clause_facts.fact_lines import heading, whole_tap
from handlers.clause_facts.passages import first_stated
from handlers.framework.answer import Answer
from handlers.framework.context import Context
from handlers.framework.phrases import asks, asks_outright
from handlers.framework.registry import FreeText, Turn
from handlers.framework.taps import tap, taps
from handlers.matching.interview import begin
from handlers.matching.steps import edition_of
from policies.company_facts.reading.fact_reader import StatedFacts
from policies.company_facts.reading.requests import MatchRequest, Wish, around_place
from policies.library.clause_lines import who_confirms
from policies.library.models import Policy
from policies.matching.asking import GENERIC, PLACE
from wechat.texts import escape_typed

FIGURES, LOCATED, STANDS = "told_figures", "told_places", "told_place"
_LONGEST_STATEMENT = 40
_MOST_QUOTED = 3
_FIGURE = re.compile(r"\d|[一二两三四五六七八九十百千半](?:多|来)?[百千万亿]")
_COMPANY = "我们?|咱们?|我司|本公司|公司|企业|我厂|厂里|厂子?|单位"
_OWN = re.compile(rf"{_COMPANY}|营业?收|产值|注册资")
_BARE = re.compile(
    rf"{_COMPANY}|(?:去|今|前|本)?年(?:度|底)?|上半年|现在|目前|一共|总共|大概|大约|差不多|左右|"
    r"营业?收入?|收入|产值|销售额?|注册资[本金]|利润|净利|税收|纳税|缴税|员工|职工|人数?|[是有为了的约做到达多来元块个%％]|"
    r"[\d一二两三四五六七八九十百千半万亿]"
)
"""Words and figures that any company can say of itself."""
_LOCATED = re.compile(
    r"(?:"
    r"注册|登记|生产|办公|经营|纳税|缴税|税务|社保|厂子?|工厂|厂房|总部|公司|项目|基地|企业|"
    r"仓库|研发|人员?"
    r")"
    r"(?:地|地址|关系)?(?:都|就)?(?:在|是在|放在|落在|设在|迁到|搬到|搬去|迁去)"
    r"(?P<where>[\u4e00-\u9fff]{2,6}?)(?=[，,。、；;\s]|$|但|而|可|能|行|算|有|还|却|的)"
)
_STANDS = re.compile(rf"{_COMPANY}|在|位于|来自|注册")
_SAYS_STAND = frozenset({PLACE, "org_kind"})
_ABOUT_STAND = re.compile(
    rf"(?:{_COMPANY}|我|咱|注册|登记|经营|办公|纳税|地址|地|厂子?|工厂|总部"
    r"|是|就|都|在|位于|来自|属于|开|设|落户|的|这边|这里|这儿|一家|本地"
    r"|[\u4e00-\u9fff]{2,3}市|那边|[呢啊呀哈吧，,。\s])*+"
)
"""Words around a place, if the message tells only the place."""
_MAY_WE = re.compile(
    r"(?:我们|那|还|这样|这种|情况|也|的话){0,4}(?:能不能|能|可不可以|可以|算不算|算|符合|够|行不行|行|有没有影响|影响|有资格)"
    r"(?:享受|申报|申请|报|拿|领|条件|资格|补贴|政策|本地|的|得|到){0,4}(?:吗|么|不|嘛)?[?？]?"
)


def reads_figures(text: str, context: Context) -> StatedFacts | None:
    """Return the figures that a message states of the company without a question. Return None for other messages."""
    if len(text) > _LONGEST_STATEMENT or not _FIGURE.search(text) or not _OWN.search(text) or asks(text):
        return None
    told = context.matching.read(text)
    return told if told.amounts or sums_named(text) or not says_what_for(text) else None


def says_what_for(text: str) -> bool:
    """Whether a message also says what the figures are for (买渔船花了800万), not only how large the company is."""
    return any(character.isalpha() for character in _BARE.sub("", text))


async def take_figures(turn: Turn, context: Context, told: StatedFacts) -> Answer:
    """Apply the rule of the clause on the screen to the figures. Without such a clause, begin the match with them."""
    edition = await edition_of(context)
    policy = edition.index.policy(turn.session.clause) if turn.session.clause else None
    if policy is not None and (sums := worked_out(policy, turn.text)):
        lines = [heading(policy, edition), *(f"· {quote}" for quote in first_stated(policy)), *sums]
        lines.append(whole_tap(policy, edition))
        return Answer.on(FIGURES, "\n".join(lines), policy.key)
    if not GENERIC.issuperset(told.facts):
        return await begin(turn, context, MatchRequest(Wish.STORY, told))
    return Answer.of(
        FIGURES,
        f"您说的数我看到了，这是公司的情况。想知道能拿什么，点 {tap('我们公司能拿什么')}，回答几个问题就能逐条对照；"
        f"想问某条政策，直接说政策名或条号。",
    )


def reads_stand(text: str, context: Context) -> StatedFacts | None:
    """Return the place where the company is, if the message says only this (我们在…区). Return None for others."""
    if len(text) > _LONGEST_STATEMENT or asks_outright(text) or not _STANDS.search(text):
        return None
    told = context.matching.read(text)
    if PLACE not in told.facts or not _SAYS_STAND.issuperset(told.facts):
        return None
    rest = "".join(around_place(context.matching.plain(text), told.words[PLACE]))
    return told if _ABOUT_STAND.fullmatch(rest) else None


async def take_stand(turn: Turn, context: Context, told: StatedFacts) -> Answer:
    """Quote what the clause on the screen says of places. Without a clause, begin the match with the place."""
    if turn.session.clause and (await edition_of(context)).index.policy(turn.session.clause) is not None:
        return await answer_places(turn, context, turn.text.strip())
    return await begin(turn, context, MatchRequest(Wish.STORY, told))


def reads_places(text: str, context: Context) -> str | None:
    """Return where a company says it is, if it asks whether that fits. Return None for other messages."""
    plain = text.strip()
    if len(plain) > _LONGEST_STATEMENT or not _LOCATED.search(plain):
        return None
    rest = re.sub(r"[，,。、；;\s但而却是我们公司]+", "", _LOCATED.sub("", plain))
    return "，".join(found[0] for found in _LOCATED.finditer(plain)) if _MAY_WE.fullmatch(rest) else None


async def answer_places(turn: Turn, context: Context, said: str) -> Answer:
    """Quote what the clause on the screen says of places. Without a clause, say how to find out. Promise nothing."""
    edition = await edition_of(context)
    policy = edition.index.policy(turn.session.clause) if turn.session.clause else None
    said = escape_typed(said)
    if policy is None:
        return Answer.of(
            LOCATED,
            f"“{said}”是否符合，要看是哪一条：有的条款写明了注册地或项目所在地，有的没有限定。\n"
            f"直接说政策名或条号，我把条文里的要求找给您；或点 {taps('我们公司能拿什么')} 按公司情况逐条对照。",
        )
    quotes = _of_places(policy, context)
    lines = [heading(policy, edition)]
    lines += (
        ["条文里与所在地有关的是：", *(f"· {quote}" for quote in quotes)]
        if quotes
        else ["条文没有单独写注册地、生产地不在一处时怎么办。"]
    )
    lines += [f"“{said}”是否符合请向{who_confirms(policy)}确认。", whole_tap(policy, edition)]
    return Answer.on(LOCATED, "\n".join(lines), policy.key)


def _of_places(policy: Policy, context: Context) -> tuple[str, ...]:
    """Return the clause's words about where a company must be, as its conditions quote them."""
    benefits = context.matching.catalogue.by_clause.get(policy.key, ())
    quotes = (one.quote for benefit in benefits for one in benefit.comparisons if one.fact == PLACE)
    return tuple(dict.fromkeys(quotes))[:_MOST_QUOTED]


FREE_TEXTS = (
    FreeText(STANDS, reads_stand, lambda _told: True, take_stand),
    FreeText(LOCATED, reads_places, lambda _said: True, answer_places),
    FreeText(FIGURES, reads_figures, lambda _told: False, take_figures, yields=says_what_for),
)
