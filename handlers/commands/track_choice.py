"""Texts for choosing tracks: the numbered list, unknown names, the question back."""

import re
from collections.abc import Iterable, Mapping, Sequence

from alerts.member.names import published_track_names
from handlers.framework.context import Context
from handlers.framework.list_places import all_standing_at, read_places
from handlers.framework.phrases import POINTER, asks
from handlers.framework.taps import tap
from policies.library.library import as_number
from policies.numbers.numerals import as_integer
from policies.search.index import PolicyIndex
from policies.search.words.text_terms import is_noun
from subscriptions.members.topics import clause_topic
from subscriptions.members.track_names import Near, TrackNames
from wechat.texts import escape_typed

_POINTERS = re.compile(rf"(?:{POINTER}|这)(?:吧|了|一下|好了)?")
_SO_MANY = re.compile(
    r"(?:这|那)?(?P<many>[两二三四五六]|\d{1,2})(?:个|项|样)(?:都|全)?|(?:这|那)(?P<few>[两三])条都?"
)
_MOST_ECHOED = 20
_LONGEST_NAME = 12
_SAYS = re.compile(r"[\s，,。！!我你您了不没别错对]")


def names_of(context: Context) -> TrackNames:
    """Return the tracks as they are published now."""
    return published_track_names(context.knowledge)


def is_pointer(words: str) -> bool:
    """Whether words only point at what was shown (这个, 这条政策, 它)."""
    return _POINTERS.fullmatch(words) is not None


def meant_of_held(words: str, held: Mapping[str, str], shown: int) -> tuple[str, ...] | None:
    """Return the subscriptions that a pointer, a place or a number means (这个, 第一个, 两个).

    Args:
        words: what is to be left.
        held: names by id, in the order of their numbers.
        shown: the clause in focus; 0 if there is none.

    Returns:
        () if that is not clear, None if the words are of another kind.
    """
    ids = tuple(held)
    if is_pointer(words):
        of_shown = clause_topic(shown).id if shown else ""
        return (of_shown,) if of_shown in held else ids if len(ids) == 1 else ()
    if places := read_places(words):
        return tuple(all_standing_at(places, ids))
    if (count := _SO_MANY.fullmatch(words)) is not None:
        return ids if as_integer(count["many"] or count["few"]) == len(ids) else ()
    alike = tuple(one for one, name in held.items() if words and words in name)
    return alike if len(alike) == 1 else None


def numbered(names: TrackNames, ids: Sequence[str], followed: Iterable[str] = ()) -> str:
    """Return one line for each track: the number to reply with, the name, and 已订阅 if it is subscribed."""
    marked = set(followed)
    return "\n".join(
        f"{number}. {names.name(track_id)}{'（已订阅）' if track_id in marked else ''}"
        for number, track_id in enumerate(ids, 1)
    )


def listed(names: TrackNames, ids: Iterable[str]) -> str:
    """Return names in a sentence."""
    return "、".join(names.name(track_id) for track_id in ids)


def could_be_a_name(text: str, index: PolicyIndex) -> bool:
    """Whether a word may be taken for a track's name (厂房): not a question, not a place, and nothing else said."""
    if len(text) > _LONGEST_NAME or _SAYS.search(text) or asks(text) or index.place_named(text):
        return False
    return is_noun(text) or index.names_a_subject(text)


def unknown(words: Sequence[str]) -> str:
    """Return a sentence about words that are not tracks; "" if there are none."""
    if not words:
        return ""
    said = "、".join(f"“{escape_typed(word[:_MOST_ECHOED])}”" for word in words[:5])
    return f"没有找到赛道：{said}。"


def which(names: TrackNames, verb: str, near: Sequence[Near]) -> str:
    """Ask which track is meant by words that resemble a track's name. Each candidate can be tapped."""
    said = "、".join(f"“{escape_typed(one.typed[:_MOST_ECHOED])}”" for one in near)
    lines = [
        f"{number}. {tap(names.name(track_id), f'{verb} {names.name(track_id)}')}"
        for number, track_id in enumerate(candidates_of(near), 1)
    ]
    if len(lines) == 1:
        return f"没有赛道叫{said}，您是要{verb}下面这个吗？\n{lines[0]}\n回复“是”确认，或回复“取消”。"
    return f"没有赛道叫{said}，您是要{verb}哪一个？\n" + "\n".join(lines) + "\n回复序号，或回复“取消”。"


def number_of_what(verb: str, number: int, name: str) -> str:
    """Ask what a number means. Another answer was shown since the list, so it may be a clause number."""
    clause = as_number(str(number))
    ways = f"{tap(f'{verb} {name}')}　{tap(clause)}"
    return f"您是要{verb}第 {number} 项“{name}”，还是看{clause}？\n{ways}"


def candidates_of(near: Sequence[Near]) -> list[str]:
    """Return the tracks that `which` numbers, in its order."""
    return list(dict.fromkeys(track_id for one in near for track_id in one.tracks))


async def what_still_comes(member_id: int | None, context: Context) -> str:
    """After the last track is left, say that reminders end, and that announcements still come without a track."""
    if (
        member_id is None
        or await context.members.tracks(member_id)
        or await context.members.topics(member_id)
    ):
        return ""
    profile = await context.members.profile(member_id)
    if profile is None or not profile.preferences.announcements:
        return "之后不再给您发送任何提醒。"
    return f"之后不再给您发送申报和政策提醒；公告仍会发送，不需要请点{tap('退订公告')}。"
