"""Offers a subscription as a tap for requests in other words than a command (只订阅工信局的, 订阅那个首台套的政策).

It never subscribes without the tap.
"""

import re

from alerts.member.names import topic_name
from handlers.commands.track_choice import names_of
from handlers.framework.answer import Answer
from handlers.framework.context import Context
from handlers.framework.phrases import asks_outright, goes_on_as_a_noun
from handlers.framework.registry import FreeText, Turn
from handlers.framework.taps import tap
from handlers.topics.following import which_clause
from handlers.topics.reading import topics_named

OFFER = "offer_subscription"
_LONGEST_TEXT = 30
_MOST_OFFERED = 4
_VERB = re.compile(r"订阅|关注(?!度)|订上|订一下")
_NOT = re.compile(r"不|别|没|取消|退|停|除|删|已经|了")
_SPEECH = re.compile(
    r"(?:"
    r"我们?|咱们?|就|只|仅|光|先|也|都|帮忙?|给|把|请|麻烦|想要?|要|可以|能|那个|这个|那条|"
    r"这条|那项|这项|那|这|一下|上|吧|啊|呢|哦|谢谢|订阅|关注|订"
    r")+"
)
_END = re.compile(
    r"(?:那个|这个|那条|这条|相关|有关|方面|负责|管|的|政策|条款|补贴|提醒|消息|通知|动态|文件){1,6}$"
)
_MARKS = re.compile(r"[，,。.！!；;、\s]+")


def reads(text: str, context: Context) -> str | None:
    """Return what a subscription request names. Return None for a question or a denial, or if nothing is named."""
    verb = _VERB.search(text) if len(text) <= _LONGEST_TEXT else None
    if verb is None or goes_on_as_a_noun(text[verb.end() :]) or _NOT.search(text) or asks_outright(text):
        return None
    parts = (_END.sub("", _named(part)) for part in _MARKS.split(text))
    named = "、".join(filter(None, parts))
    index = context.knowledge.index
    is_known = named and (
        names_of(context).read(named).tracks or topics_named(named, index) or which_clause(named, index)
    )
    return named if is_known else None


def _named(part: str) -> str:
    """Return a part of a message without words of speech at its beginning, and without the verb at its end."""
    begun = _SPEECH.match(part)
    rest = part[begun.end() :] if begun is not None else part
    verb = _VERB.search(rest)
    return _SPEECH.sub("", rest[verb.start() :]) or rest[: verb.start()] if verb is not None else rest


async def offer(_turn: Turn, context: Context, named: str) -> Answer:
    """Offer each named thing as a tap that subscribes to it."""
    index = context.knowledge.index
    names = [names_of(context).name(one) for one in names_of(context).read(named).tracks]
    if not names:
        names = [topic_name(one, index.library) for one in topics_named(named, index)]
    if not names:
        return Answer.of(OFFER, which_clause(named, index))
    sends = [f"订阅 {name}" for name in names[:_MOST_OFFERED]]
    text = "\n".join(
        ("还没有订阅，点一下就订上：", *map(tap, sends), f"已经订了哪些，看 {tap('我的订阅')}。")
    )
    return Answer.of(OFFER, text).offering(sends)


FREE_TEXTS = (FreeText(OFFER, reads, lambda _named: True, offer),)
