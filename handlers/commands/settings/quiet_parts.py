"""Reads a request for fewer messages from several parts together (提醒少发点 一个礼拜一次就够, 我下周出差 先别推). Pure.

A part that says how often or until when decides the meaning. 别天天发 beside 每周一次 stops nothing. 别推了 beside
这周忙 is a pause.
"""

import re
from dataclasses import replace

from handlers.commands.settings.quiet_keywords import WAYS, said_in_single_words
from handlers.commands.settings.quiet_words import QuietRequest, QuietWish, days_of, read_quiet
from handlers.framework.phrases import SEGMENT_ENDS, asks_outright

_RHYTHMS = {WAYS["weekly"]: QuietRequest.WEEKLY, WAYS["daily"]: QuietRequest.DAILY}
_ENDS_WITH_RHYTHM = frozenset({QuietRequest.STOP, QuietRequest.PAUSE, QuietRequest.CHOICE})
"""Requests that only say "too much". Another part says how often messages may come."""
_WEEK = re.compile(r"(?:这|本)(?:个)?(?:周|星期|礼拜)(?!末)")
_NEXT_WEEK = re.compile(r"下(?:个)?(?:周|星期|礼拜)(?!末)")
_AWAY = re.compile(
    r"出差|外地|出国|国外|出门|旅游|休假|请假|放假|度假|休息|住院|手术|产假|开会|封闭|培训|忙|"
    r"不在|回来|回国|回去|这几天|这阵|这段"
)
"""Reasons why somebody reads no messages for a while."""
_SENDS_AGAIN = re.compile(r"再(?:发|推|提醒|通知)")
_LATER = re.compile(r"(?<!回来)再说$")
"""Until a day that is not read here (过年再说). The possible settings are then offered."""
_SENDING = re.compile(r"推|发(?!展|明|票|改|电|动)|提醒|通知|消息|短信|打扰|吵|烦")
_LONGEST_TEXT, _MOST_PARTS, _LONGEST_ASIDE = 48, 4, 12


def read_in_parts(text: str) -> QuietWish | None:
    """Return what the parts of a message request together. Return None if no part gives a time, or any part says more."""
    if len(text) > _LONGEST_TEXT or not _SENDING.search(text):
        return None
    parts = [part for part in SEGMENT_ENDS.split(text) if part]
    if not 1 < len(parts) <= _MOST_PARTS:
        return None
    rhythms = {_RHYTHMS[said] for part in parts if (said := said_in_single_words(part)) in _RHYTHMS}
    others = [part for part in parts if said_in_single_words(part) not in _RHYTHMS]
    wishes = [(part, wish) for part in others if (wish := read_quiet(part)) is not None]
    asides = [part for part in others if read_quiet(part) is None]
    if len(rhythms) == 1:
        is_clear = all(wish.wish in _ENDS_WITH_RHYTHM for _, wish in wishes) and not _matter(asides)
        return QuietWish(rhythms.pop()) if is_clear and (wishes or asides) else None
    is_pause = bool(wishes) and all(
        wish.wish in {QuietRequest.STOP, QuietRequest.PAUSE} for _, wish in wishes
    )
    return _pause(wishes[0][1], asides) if is_pause and asides else None


def _matter(asides: list[str]) -> bool:
    """Whether a part beside the request may be about something other than messages."""
    return any(len(part) > _LONGEST_ASIDE or not _SENDING.search(part) for part in asides)


def _pause(wish: QuietWish, asides: list[str]) -> QuietWish | None:
    """Return a pause for the time that the other parts give. Return None if they give none."""
    told = " ".join(asides)
    if any(len(part) > _LONGEST_ASIDE or asks_outright(part) for part in asides) or _SENDS_AGAIN.search(told):
        return None
    if _NEXT_WEEK.search(told) or _WEEK.search(told):
        return QuietWish(QuietRequest.PAUSE, weeks=2 if _NEXT_WEEK.search(told) else 1)
    days = wish.days or days_of(told)
    if days or wish.weeks or wish.this_month or _AWAY.search(told):
        return replace(wish, wish=QuietRequest.PAUSE, days=days)
    return QuietWish(QuietRequest.CHOICE) if any(map(_LATER.search, asides)) else None
