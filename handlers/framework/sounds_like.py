"""Commands typed by their sound: 订月 for 订阅, 人功 for 人工. Looked up only where nothing else was understood. Pure."""

from collections.abc import Iterable, Mapping
from functools import lru_cache

from pypinyin import lazy_pinyin

_LONGEST = 4
"""A command that is mistyped as a whole has at most so many characters; a longer message has other words to go by."""


def by_sound(words: Iterable[str]) -> Mapping[str, str]:
    """The commands of two to four characters by their sound; one that sounds like another is left out."""
    sounds: dict[str, str] = {}
    twice: set[str] = set()
    for word in words:
        if 1 < len(word) <= _LONGEST and not word.isascii():
            sound = _sound(word)
            twice |= {sound} if sounds.setdefault(sound, word) != word else set()
    return {sound: word for sound, word in sounds.items() if sound not in twice}


def meant(text: str, sounds: Mapping[str, str]) -> str:
    """The command that a text sounds like; "" where it sounds like none."""
    return sounds.get(_sound(text), "") if 1 < len(text) <= _LONGEST else ""


@lru_cache(maxsize=2_000)
def _sound(text: str) -> str:
    return " ".join(lazy_pinyin(text))
