"""Corrects what was mistyped: pinyin instead of characters, homophones, near spellings.

The search asks only if the typed message finds little. It judges each corrected text like any other.
"""

from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz import fuzz, process

from policies.search.words.everyday_words import everyday_words
from policies.search.words.normalise import compact
from policies.search.words.sounds import as_spoken, by_character, heard, keys_of, sound_key, sounds_exactly
from policies.search.words.vocabulary import LONGEST_WORD, Vocabulary, WordRole

_SHORTEST_TYPED = 4
_WILDCARD_FROM = 3
_WILDCARD_WITHIN = 5
_ALIKE = 80
_LONGEST_MENDED = 60
"""Characters of the longest text that is corrected. A longer one says enough besides, and takes too long."""
_MOST_WORDS = 200_000
"""Words beyond this many are no corrections: the tables would take too much memory."""
_NOWHERE: "array[int]" = array("I")


@dataclass(frozen=True, slots=True)
class Correction:
    """A text with one part corrected.

    Attributes:
        text: the whole corrected text.
        typed: the part that was mistyped.
        meant: the known word in its place.
        how: 同音, 形近, 相近 or 拼音.
    """

    text: str
    typed: str
    meant: str
    how: str


class SpellingCorrector:
    """Finds known words by their sound, and by their spelling with any one character different."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary
        words = [word for word in vocabulary.words(WordRole.TERM) if 1 < len(word) <= LONGEST_WORD][
            :_MOST_WORDS
        ]
        frame = [word for word in vocabulary.words(WordRole.FRAME | WordRole.GENERIC) if len(word) > 1]
        self._by_sound: dict[str, list[str]] = {}
        self._typed: dict[str, str] = {}
        self._open: dict[str, list[str]] = {}
        # what nearly no stretch of a text passes, looked at before the tables themselves
        self._begun: dict[str, set[int]] = {}
        self._halves = _Halves()
        self._words = [word for word in words if len(word) >= _SHORTEST_TYPED]
        self._with: dict[str, array[int]] = {}
        for place, word in enumerate(self._words):
            for character in set(word):
                self._with.setdefault(character, array("I")).append(place)
        for word in words:
            for key in keys_of(word):
                self._by_sound.setdefault(key, []).append(word)
                self._begun.setdefault(" ".join(key.split(" ", 2)[:2]), set()).add(len(word))
            self._typed.setdefault("".join(as_spoken(word)), word)
            if len(word) >= _WILDCARD_FROM:
                self._halves.add(word)
                for at in range(len(word)):
                    self._open.setdefault(f"{word[:at]}*{word[at + 1 :]}", []).append(word)
        self._frame_typed = {"".join(as_spoken(word)): word for word in frame}

    def corrections(self, text: str) -> Iterable[Correction]:
        """Return texts that may be meant, the likeliest first."""
        if _is_typed_pinyin(text):
            if mended := self._from_pinyin(text):
                yield mended
            return
        plain = compact(text)
        if len(plain) > _LONGEST_MENDED:
            return
        yield from self._homophones(plain)
        yield from self._one_wrong(plain)
        yield from self._near(plain)

    def whole_word(self, text: str) -> Correction | None:
        """Correct a compact text that sounds like one known word.

        One wrong character is corrected whatever else it makes of the text (升级资金 for 省级资金). More wrong
        characters are corrected only if the text holds something unknown, and two characters only if they aren't an
        everyday word by themselves.
        """
        if not 2 <= len(text) <= LONGEST_WORD or text in self._vocabulary:
            return None
        if len(text) not in self._begun.get(sound_key(by_character(text[:2])), ()):
            return None  # nearly every message: no word of its length begins like it
        syllables = by_character(text)
        alike = [word for word in self._by_sound.get(sound_key(syllables), ()) if len(word) == len(text)]
        if not alike:
            return None
        word = max(alike, key=lambda word: (_same(word, text), sounds_exactly(word, syllables)))
        if len(text) == 2 and len(everyday_words(text)) == 1:
            return None
        if len(text) - _same(word, text) > 1 and not self._has_gaps(text):
            return None
        return Correction(word, text, word, "同音")

    def _from_pinyin(self, text: str) -> Correction | None:
        """Read pinyin that was typed out. Known words must make up most of it."""
        letters = "".join(character for character in text if character.isalpha())
        best: list[tuple[int, str, int]] = [(0, "", 0)] * (len(letters) + 1)
        for start in range(len(letters) - 1, -1, -1):
            best[start] = best[start + 1]
            for end in range(start + _SHORTEST_TYPED, min(len(letters), start + 60) + 1):
                piece = letters[start:end]
                word = self._typed.get(piece)
                known = word or self._frame_typed.get(piece)
                if known is None:
                    continue
                gain, rest, terms = best[end]
                score = gain + (end - start) * 2 - 1
                if score > best[start][0]:
                    best[start] = (score, known + rest, terms + (word is not None))
        _, meant, terms = best[0]
        covered = len("".join(as_spoken(meant))) if meant else 0
        if not terms or covered < 0.7 * len(letters):
            return None
        return Correction(meant, text, meant, "拼音")

    def _homophones(self, text: str) -> Iterable[Correction]:
        """Find stretches that sound like a known word. A word of two characters in a sentence must share one of them."""
        known = self._known(text)
        found: list[tuple[float, Correction]] = []
        seen = set()
        for syllables in dict.fromkeys((tuple(by_character(text)), tuple(as_spoken(text)))):
            if len(syllables) != len(text):
                continue
            sounds = heard(syllables)
            for start in range(len(text) - 1):
                for length in self._begun.get(f"{sounds[start]} {sounds[start + 1]}", ()):
                    end = start + length
                    alike = self._by_sound.get(" ".join(sounds[start:end])) if end <= len(text) else None
                    if alike is None:
                        continue
                    if length < len(text) and (all(known[start:end]) or not any(_loose(text)[start:end])):
                        continue
                    typed = text[start:end]
                    for word in alike:
                        same = _same(word, typed)
                        if word == typed or (word, start) in seen or (length > 2 and same * 2 < length):
                            continue
                        exact = sounds_exactly(word, syllables[start:end])
                        if length == 2 < len(text) and not (same and exact):
                            continue
                        seen.add((word, start))
                        score = length + same / length + (0.5 if exact else 0)
                        mended = text[:start] + word + text[end:]
                        found.append((score, Correction(mended, typed, word, "同音")))
        found.sort(key=lambda scored: -scored[0])
        return (mended for _, mended in found[:4])

    def _one_wrong(self, text: str) -> Iterable[Correction]:
        """Find stretches that are a known word except for one character. They never cut an everyday word in two."""
        least = max(_WILDCARD_FROM, min(len(text), _WILDCARD_WITHIN))
        stretches = self._halves.stretches(text, least)
        if not stretches:
            return []
        known, within, loose = self._known(text), _inside_words(text), _loose(text)
        found: list[Correction] = []
        for length, start in stretches:
            end = start + length
            if start in within or end in within or not any(loose[start:end]):
                continue
            typed = text[start:end]
            for at in range(length):
                if known[start + at] and length < len(text):
                    continue
                for word in self._open.get(f"{typed[:at]}*{typed[at + 1 :]}", ()):
                    if word != typed:
                        found.append(Correction(text[:start] + word + text[end:], typed, word, "形近"))
        return found[:3]

    def _near(self, text: str) -> Iterable[Correction]:
        """Read the whole text as a known word with a few characters missing or too many."""
        if not _SHORTEST_TYPED <= len(text) <= LONGEST_WORD:
            return
        nearest = process.extractOne(text, self._may_be_near(text), scorer=fuzz.ratio, score_cutoff=_ALIKE)
        if nearest and nearest[0] != text and (_may_be_mistyped(text) or _leaves_out(text, nearest[0])):
            yield Correction(nearest[0], text, nearest[0], "相近")

    def _may_be_near(self, text: str) -> list[str]:
        """Find the words that may be as similar to a text as `_ALIKE`, in their order.

        A word this similar shares two thirds of the text's n characters. So it contains at least one of any n/3 + 1
        characters. Only words with one of the n/3 + 1 rarest characters are compared.
        """
        lists = sorted((self._with.get(character, _NOWHERE) for character in text), key=len)
        places = set().union(*lists[: len(text) // 3 + 1])
        return [self._words[place] for place in sorted(places)]

    def _has_gaps(self, text: str) -> bool:
        return not all(span.roles for span in self._vocabulary.take_apart(text)[1])

    def _known(self, text: str) -> list[bool]:
        """Return which characters belong to a known term."""
        known = [False] * len(text)
        for span in self._vocabulary.take_apart(text)[1]:
            if span.roles & WordRole.TERM and len(span.text) > 1:
                known[span.start : span.end] = [True] * len(span.text)
        return known


class _Halves:
    """Both halves of words: a word with one character wrong still has one of them right."""

    def __init__(self) -> None:
        self._first: set[str] = set()
        self._second: set[str] = set()
        # lengths of the halves by the two characters that they begin (where there is only one: by that) or end with
        self._begun: dict[str, set[int]] = {}
        self._ended: dict[str, set[int]] = {}

    def add(self, word: str) -> None:
        """Add the halves of a word; the second one is the longer."""
        half = len(word) // 2
        first, second = word[:half], word[half:]
        self._first.add(first)
        self._second.add(second)
        self._begun.setdefault(first[:2], set()).add(len(first))
        self._ended.setdefault(second[-2:], set()).add(len(second))

    def stretches(self, text: str, least: int) -> list[tuple[int, int]]:
        """Return length and start of the stretches of at least `least` characters that have a half of a word,
        the longest first.
        """
        size = len(text)
        beginnings = (
            (1, 2) if least <= _WILDCARD_FROM else (2,)
        )  # a half of one character is that of a word of three
        found: set[tuple[int, int]] = set()
        for at in range(size + 1):
            for length in beginnings:
                for half in self._begun.get(text[at : at + length], ()):
                    if text[at : at + half] in self._first:
                        found.update(((2 * half, at), (2 * half + 1, at)))
            for half in self._ended.get(text[max(0, at - 2) : at], ()):
                if text[max(0, at - half) : at] in self._second:
                    found.update(((2 * half, at - 2 * half), (2 * half - 1, at - 2 * half + 1)))
        found = {
            (length, start) for length, start in found if length >= least and 0 <= start <= size - length
        }
        return sorted(found, key=lambda one: (-one[0], one[1]))


def _inside_words(text: str) -> set[int]:
    """Return the places in a text that would cut an everyday word in two."""
    inside: set[int] = set()
    start = 0
    for word in everyday_words(text):
        inside.update(range(start + 1, start + len(word)))
        start += len(word)
    return inside


def _may_be_mistyped(text: str) -> bool:
    """Whether a text is not made of words of everyday use alone (养猪补贴 is)."""
    return any(_loose(text))


@lru_cache(maxsize=64)
def _loose(text: str) -> Sequence[bool]:
    """Return which characters belong to no word of two or more. They may be mistyped (质亚, but not 中心认定)."""
    return [len(word) == 1 for word in everyday_words(text) for _ in word]


def _leaves_out(text: str, word: str) -> bool:
    """Whether a text is a word with some characters left out and none put in."""
    rest = iter(word)
    return all(character in rest for character in text)


def _is_typed_pinyin(text: str) -> bool:
    letters = text.replace(" ", "").replace("'", "")
    return letters.isascii() and letters.isalpha() and len(letters) >= _SHORTEST_TYPED


def _same(word: str, typed: str) -> int:
    """Return how many characters are the same in two words of one length."""
    return sum(map(str.__eq__, word, typed))
