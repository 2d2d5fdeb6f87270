"""Normalises texts: one spelling for what people type in many ways."""

import re
import unicodedata
from collections.abc import Callable, Iterable
from functools import cache, lru_cache

import opencc

from policies.search.words.text_cache import LONGEST, cache_by_text

MAX_CHARACTERS = 300
"""Longer questions are cut. WeChat allows 2048 bytes; no question needs them."""

_TEXTS_KEPT = 2_000

_UNSEEN = re.compile(r"[\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff\x00-\x08\x0b-\x1f\x7f]")
_SYMBOLS = re.compile(r"[\u2190-\u2bff\ue000-\uf8ff\U0001f000-\U0001faff\U000e0000-\U000e007f]+")
_WECHAT_EMOJI = re.compile(r"\[[\u4e00-\u9fffA-Za-z]{1,4}\]|/:[A-Za-z:<>@&'()|~,*!?-]{1,6}")
_NO_WORDS = re.compile("|".join(one.pattern for one in (_UNSEEN, _SYMBOLS, _WECHAT_EMOJI)))
"""All three in one pattern. Few messages have any of these characters, so one search settles most texts."""
_SPACE_BY_HAN = re.compile(r"(?<=[\u4e00-\u9fff]) (?=[\u4e00-\u9fff0-9])|(?<=[0-9]) (?=[\u4e00-\u9fff0-9%])")
_NOT_WORD = re.compile(r"[^\w+%]|_")
_MUCH = re.compile(r"(?<=[补奖给拿贴报退得领要到是的])好多(?=(?:钱|万|元|个点|算)?[嘛嘞哦呢啊吗?]*$)")
"""好多 as people of the south-west ask 多少. 好多企业 and 好多了 ask nothing."""

Simplifier = Callable[[str], str]
_IN_PHRASES = frozenset("么仝俱像叚哩喆坏堃彷椀沈淼澂犇甦甯瞭礆祇筦絜耑菉藉衹覆迺邨阪")
"""Characters that OpenCC changes in some phrases alone (破釜沈舟, 找藉口)."""
_BEYOND = "\U00010000"
"""From here on characters are so rare that each text with one is converted."""


@cache
def make_simplifier() -> Simplifier:
    """Return a function from traditional to simplified characters (OpenCC's t2s table), one for all; the last
    texts are cached.
    """
    converter = opencc.OpenCC("t2s")
    characters = list(map(chr, (*range(0x2E80, 0xA000), *range(0xF900, 0xFB00))))
    alone = str(converter.convert("\n".join(characters))).split("\n")
    changing = {one for one, simple in zip(characters, alone, strict=True) if one != simple}
    is_simple = changing.union(_IN_PHRASES).isdisjoint

    def simplify(text: str) -> str:
        # Nearly every message; the table of the converter is far from what else a message needs.
        if is_simple(text) and (text.isascii() or max(text) < _BEYOND):
            return text
        return str(converter.convert(text))

    return cache_by_text(simplify, _TEXTS_KEPT)


def normalise(text: str, simplify: Simplifier) -> str:
    """Normalise a text: full width to half, traditional to simplified, lower case, no emoji, no space inside words.

    The result is cached, because half a dozen readers of a message ask for the same text.
    """
    return _normalised(text, simplify) if len(text) <= LONGEST else _normalise(text, simplify)


def _normalise(text: str, simplify: Simplifier) -> str:
    text = unicodedata.normalize("NFKC", text[: MAX_CHARACTERS * 2])
    if _NO_WORDS.search(text):
        text = _WECHAT_EMOJI.sub(" ", _SYMBOLS.sub(" ", _UNSEEN.sub("", text)))
    text = " ".join(simplify(text).lower().split())
    if " " in text:
        text = _SPACE_BY_HAN.sub("", text)
    if "啷" in text or "好多" in text:
        text = _MUCH.sub("多少", text.replace("啷个", "怎么"))
    return text.replace("廿", "二十").replace("卅", "三十")[:MAX_CHARACTERS]


_normalised = lru_cache(maxsize=_TEXTS_KEPT)(_normalise)


@lru_cache(maxsize=1024)
def compact(text: str) -> str:
    """Return only letters, digits, `+` and `%`. Words are compared in this form (首台（套） is 首台套).

    The result is cached, because several stages ask for the same text.
    """
    return _NOT_WORD.sub("", text)


def character_pairs(text: str) -> set[str]:
    """Return the pairs of neighbouring characters of a text: texts that share a word share one."""
    return {text[at : at + 2] for at in range(len(text) - 1)}


class Wrapper:
    """Takes off words of speech around a question (请问一下 … 谢谢), which say nothing about its subject."""

    def __init__(self, fillers: Iterable[str]) -> None:
        longest_first = sorted(fillers, key=len, reverse=True)
        words = "|".join(rf"\b{word}\b" if word.isascii() else re.escape(word) for word in longest_first)
        self._before = re.compile(rf"(?:{words}|\W)++")
        self._ending: dict[str, list[str]] = {}
        for word in longest_first:
            self._ending.setdefault(word[-1], []).append(word)

    def unwrap(self, text: str) -> str:
        """Return the question without words of speech at both ends; the text itself if nothing would be left."""
        before = self._before.match(text)
        bare = text[before.end() :] if before else text
        return bare[: self._end(bare)] or text

    def _end(self, text: str) -> int:
        """The place from which only fillers and marks follow up to the end of the text.

        A filler may begin with another one (那, 那个), so there are many ways to split a text. The loop goes from the
        end to the start and visits each place once, so the time grows with the length of the text only.
        """
        ends = {len(text)}  # places from which fillers and marks alone lead to the end
        least = at = len(text)
        while at and ends:
            if at in ends:
                ends.discard(at)
                least = at
                last = text[at - 1]
                if not _is_letter(last) and last not in "%+":
                    ends.add(at - 1)
                ends.update(
                    at - len(word) for word in self._ending.get(last, ()) if _ends_with(text, word, at)
                )
            at -= 1
        return 0 if 0 in ends else least


def _is_letter(character: str) -> bool:
    """A letter, a digit or an underscore: what a pattern counts as part of a word."""
    return character.isalnum() or character == "_"


def _ends_with(text: str, word: str, at: int) -> bool:
    """Whether a word stands right before a place; a Latin one only by itself."""
    start = at - len(word)
    if start < 0 or not text.startswith(word, start):
        return False
    if not word.isascii():
        return True
    return not (_is_letter(text[start - 1 : start]) or _is_letter(text[at : at + 1]))


def without_marks_after(text: str) -> str:
    """Return a text up to its last letter or digit."""
    end = len(text)
    while end and not _is_letter(text[end - 1]):
        end -= 1
    return text[:end]
