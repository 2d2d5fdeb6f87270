"""Reads words that are typed by their sound: 订月 for 订阅, 人设局 for 人社局. Used only if nothing else was understood. Pure."""

import re
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache

from pypinyin import lazy_pinyin

from policies.search.words.text_cache import cache_by_text

_LONGEST_COMMAND = 4
"""Longest mistyped command in characters. A longer message has other words to go by."""

_LONGEST_TEXT = 20
_TEXTS_KEPT = 10_000
_NAME = re.compile(r"[\u4e00-\u9fff]{3,6}")


def by_sound(words: Iterable[str]) -> Mapping[str, str]:
    """Return the commands of two to four characters by their sound. A command that sounds like another one is left out."""
    sounds: dict[str, str] = {}
    twice: set[str] = set()
    for word in words:
        if 1 < len(word) <= _LONGEST_COMMAND and not word.isascii():
            sound = _sound(word)
            twice |= {sound} if sounds.setdefault(sound, word) != word else set()
    return {sound: word for sound, word in sounds.items() if sound not in twice}


def meant(text: str, sounds: Mapping[str, str]) -> str:
    """Return the command that a text sounds like; "" if there is none."""
    return sounds.get(_sound(text), "") if 1 < len(text) <= _LONGEST_COMMAND else ""


class NamesBySound:
    """Names of a library by their sound, character by character.

    Args:
        names: of departments and tracks. Those of three to six Chinese characters count. Shorter ones match by chance.
    """

    def __init__(self, names: Iterable[str]) -> None:
        known = {name for name in names if name and _NAME.fullmatch(name)}
        self._names = {tuple(map(_sound, name)): name for name in sorted(known)}
        self._lengths = sorted({len(sound) for sound in self._names}, reverse=True)
        self.spelled: Callable[[str], str] = cache_by_text(self._spelled, _TEXTS_KEPT)

    def _spelled(self, text: str) -> str:
        """Correct a name that a short text spells by its sound; "" if it holds none."""
        if len(text) > _LONGEST_TEXT:
            return ""
        sounds = tuple(map(_sound, text))
        for length in self._lengths:
            for at in range(len(text) - length + 1):
                name = self._names.get(sounds[at : at + length], "")
                if name and name != text[at : at + length]:
                    return f"{text[:at]}{name}{text[at + length :]}"
        return ""


@lru_cache(maxsize=2_000)
def _sound(text: str) -> str:
    return " ".join(lazy_pinyin(text))
