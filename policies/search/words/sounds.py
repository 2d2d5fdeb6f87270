"""How words sound: keys by which words are found that sound alike but are spelt differently."""

from collections.abc import Iterable, Iterator, Sequence
from functools import cache, lru_cache
from itertools import chain, product
from operator import add
from typing import Any
from unicodedata import normalize

from pypinyin.constants import PHRASES_DICT, PINYIN_DICT
from pypinyin.converter import DefaultConverter
from pypinyin.core import Pinyin

_MOST_OPEN = 3
"""The most characters of a word with two readings. With more, only the reading in the word is kept."""
_TONES = dict.fromkeys(map(ord, "\u0300\u0301\u0304\u030c"))
"""The marks of the four tones, apart from their vowels."""
_HEARD_AS_ONE = (("zh", "z"), ("ch", "c"), ("sh", "s"))


def by_character(text: str) -> list[str]:
    """Return the syllable of each character alone (行 is xing), without tones."""
    return list(map(_of_character, text))


def as_spoken(word: str) -> list[str]:
    """Return a word's syllables as spoken in it (行 in 银行); Latin letters each for itself."""
    if word.isascii():
        return list(word)
    if _read_otherwise().isdisjoint(map(add, word, word[1:])):
        return by_character(word)  # nearly every text: to find its phrases takes long
    return list(_spoken(word))


def heard(syllables: Iterable[str]) -> list[str]:
    """Return syllables in which sounds that many people do not distinguish (zh and z, ing and in) are equal."""
    return list(map(_as_heard, syllables))


def sound_key(syllables: Iterable[str]) -> str:
    """Return the key of these syllables, with sounds that many people do not distinguish made equal."""
    return " ".join(map(_as_heard, syllables))


def keys_of(word: str) -> Iterator[str]:
    """Yield the keys of a word: each character as it is spoken in the word, or as it is read alone."""
    spoken, alone = as_spoken(word), by_character(word)
    if len(spoken) != len(alone):
        yield sound_key(spoken)
        return
    ways: list[Sequence[str]] = [(s,) if s == a else (s, a) for s, a in zip(spoken, alone, strict=True)]
    if sum(len(way) > 1 for way in ways) > _MOST_OPEN:
        ways = [way[:1] for way in ways]
    yield from dict.fromkeys(sound_key(way) for way in product(*ways))


def sounds_exactly(word: str, syllables: Iterable[str]) -> bool:
    """Whether a word is spoken with just these syllables."""
    return as_spoken(word) == list(syllables)


class _CachingConverter(DefaultConverter):
    """pypinyin's converter with a cache. The words of an index share few phrases, so an index is built in two
    thirds of the time.
    """

    @lru_cache(maxsize=8192)  # noqa: B019 - there is one, for good
    def convert(self, *arguments: Any, **named: Any) -> Any:
        return super().convert(*arguments, **named)


_pinyin = Pinyin(_CachingConverter())


@lru_cache(maxsize=8192)  # an index asks twice for each of its words, the next edition's again
def _spoken(word: str) -> tuple[str, ...]:
    return tuple(chain.from_iterable(map(_of_phrase, _pinyin.seg(word))))


@lru_cache(maxsize=8192)  # texts share their phrases
def _of_phrase(phrase: str) -> tuple[str, ...]:
    syllables = _pinyin.lazy_pinyin(phrase, errors=_letters)  # type: ignore[arg-type]  # its docs allow a list
    return tuple(map(str, syllables))


@lru_cache(maxsize=8192)
def _of_character(character: str) -> str:
    return str(_pinyin.lazy_pinyin(character)[0])


@cache
def _read_otherwise() -> frozenset[str]:
    """Return the pairs of characters in which one character is read differently than alone (银行).

    If a text has none of these pairs, each of its characters is spoken as it is read alone.
    """
    alone = {chr(code): said.partition(",")[0] for code, said in PINYIN_DICT.items()}
    return frozenset(
        phrase[at - 1 : at + 1] if at else phrase[:2]
        for phrase, syllables in PHRASES_DICT.items()
        for at, (character, said) in enumerate(zip(phrase, syllables, strict=False))
        if said[0] != (known := alone.get(character, "")) and _without_tone(said[0]) != _without_tone(known)
    )


@lru_cache(maxsize=4096)
def _without_tone(syllable: str) -> str:
    return normalize("NFD", syllable).translate(_TONES)


def _letters(text: str) -> list[str]:
    return list(text)


@lru_cache(maxsize=2048)
def _as_heard(syllable: str) -> str:
    for written, heard in _HEARD_AS_ONE:
        if syllable.startswith(written):
            syllable = heard + syllable[len(written) :]
    return syllable[:-1] if syllable.endswith(("ing", "eng")) else syllable
