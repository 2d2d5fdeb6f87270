"""Mending what was mistyped: pinyin instead of characters, homophones, near spellings.

Asked only where the question as typed finds little; every mended text is judged like any other.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from pypinyin import lazy_pinyin
from rapidfuzz import fuzz, process

from policies.search.normalise import compact
from policies.search.vocabulary import Role, Vocabulary

_LONGEST = 14
_SHORTEST_TYPED = 4
_WILDCARD_FROM = 3
_WILDCARD_WITHIN = 4
_ALIKE = 80
_MOST_WORDS = 200_000
"""Words beyond this many aren't mended to: a spelling must be found among words people know."""

_FUZZY = (("zh", "z"), ("ch", "c"), ("sh", "s"))


@dataclass(frozen=True, slots=True)
class Mended:
    """A text with one stretch put right."""

    text: str
    typed: str
    meant: str
    how: str


class Repair:
    """Every known word by its sound and by its spelling with one character open."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary
        words = [word for word in vocabulary.words(Role.TERM) if 1 < len(word) <= _LONGEST][:_MOST_WORDS]
        frame = [word for word in vocabulary.words(Role.FRAME | Role.GENERIC) if len(word) > 1]
        self._by_sound: dict[str, list[str]] = {}
        self._typed: dict[str, str] = {}
        self._open: dict[str, list[str]] = {}
        self._words = [word for word in words if len(word) >= _SHORTEST_TYPED]
        for word in words:
            syllables = _syllables(word)
            self._by_sound.setdefault(_sound(syllables), []).append(word)
            self._typed.setdefault("".join(syllables), word)
            if len(word) >= _WILDCARD_FROM:
                for at in range(len(word)):
                    self._open.setdefault(f"{word[:at]}*{word[at + 1 :]}", []).append(word)
        self._frame_typed = {"".join(_syllables(word)): word for word in frame}

    def mend(self, text: str) -> Iterable[Mended]:
        """Texts that may be meant, the likeliest first."""
        if _is_typed_pinyin(text):
            if mended := self._from_pinyin(text):
                yield mended
            return
        plain = compact(text)
        yield from self._homophones(plain)
        yield from self._one_wrong(plain)
        yield from self._near(plain)

    def same_sound(self, text: str) -> str | None:
        """The known word of three or more characters that a whole text sounds like."""
        if not _WILDCARD_FROM <= len(text) <= _LONGEST:
            return None
        alike = (
            word for word in self._by_sound.get(_sound(_by_character(text)), ()) if len(word) == len(text)
        )
        return max(alike, key=lambda word: sum(map(str.__eq__, word, text)), default=None)

    def _from_pinyin(self, text: str) -> Mended | None:
        """Pinyin typed out; known words must make up most of it."""
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
        covered = len("".join(_syllables(meant))) if meant else 0
        if not terms or covered < 0.7 * len(letters):
            return None
        return Mended(meant, text, meant, "拼音")

    def _homophones(self, text: str) -> Iterable[Mended]:
        """Stretches that sound like a known word; a word of two characters only as the whole question."""
        known = self._known(text)
        found: list[tuple[float, Mended]] = []
        seen = set()
        for syllables in {tuple(_by_character(text)), tuple(_syllables(text))}:
            if len(syllables) != len(text):
                continue
            for length in range(min(_LONGEST, len(text)), 1, -1):
                if length == 2 and len(text) > 2:
                    break
                for start in range(len(text) - length + 1):
                    typed = text[start : start + length]
                    if all(known[start : start + length]) and length < len(text):
                        continue
                    for word in self._by_sound.get(_sound(syllables[start : start + length]), ()):
                        same = sum(a == b for a, b in zip(word, typed, strict=True))
                        if word == typed or (word, start) in seen or (length > 2 and same * 2 < length):
                            continue
                        seen.add((word, start))
                        exact = _exact_sound(word, syllables[start : start + length])
                        score = length + same / length + (0.5 if exact else 0)
                        mended = text[:start] + word + text[start + length :]
                        found.append((score, Mended(mended, typed, word, "同音")))
        found.sort(key=lambda scored: -scored[0])
        return (mended for _, mended in found[:4])

    def _one_wrong(self, text: str) -> Iterable[Mended]:
        """Stretches that are a known word but for one character."""
        known = self._known(text)
        found: list[tuple[int, Mended]] = []
        for length in range(min(_LONGEST, len(text)), _WILDCARD_FROM - 1, -1):
            if length < min(len(text), _WILDCARD_WITHIN):
                break
            for start in range(len(text) - length + 1):
                typed = text[start : start + length]
                for at in range(length):
                    if known[start + at] and length < len(text):
                        continue
                    for word in self._open.get(f"{typed[:at]}*{typed[at + 1 :]}", ()):
                        if word != typed:
                            mended = text[:start] + word + text[start + length :]
                            found.append((length, Mended(mended, typed, word, "形近")))
        found.sort(key=lambda scored: -scored[0])
        return (mended for _, mended in found[:3])

    def _near(self, text: str) -> Iterable[Mended]:
        """The whole question as a known word with characters missing or too many."""
        if not _SHORTEST_TYPED <= len(text) <= _LONGEST:
            return
        nearest = process.extractOne(text, self._words, scorer=fuzz.ratio, score_cutoff=_ALIKE)
        if nearest and nearest[0] != text:
            yield Mended(nearest[0], text, nearest[0], "相近")

    def _known(self, text: str) -> list[bool]:
        """Which characters belong to a known term."""
        known = [False] * len(text)
        for span in self._vocabulary.take_apart(text)[1]:
            if span.roles & Role.TERM and len(span.text) > 1:
                known[span.start : span.end] = [True] * len(span.text)
        return known


def _is_typed_pinyin(text: str) -> bool:
    letters = text.replace(" ", "").replace("'", "")
    return letters.isascii() and letters.isalpha() and len(letters) >= _SHORTEST_TYPED


@lru_cache(maxsize=8192)
def _of_character(character: str) -> str:
    return str(lazy_pinyin(character)[0])


def _by_character(text: str) -> list[str]:
    return [_of_character(character) for character in text]


def _syllables(word: str) -> list[str]:
    """A word's syllables as spoken in it (行 in 银行); Latin letters each for itself."""
    if word.isascii():
        return list(word)
    syllables = lazy_pinyin(word, errors=_letters)  # type: ignore[arg-type]  # its docs allow a list
    return [str(syllable) for syllable in syllables]


def _letters(text: str) -> list[str]:
    return list(text)


def _sound(syllables: Iterable[str]) -> str:
    """Syllables as a key, with what many can't tell apart by ear made one."""
    return " ".join(map(_as_heard, syllables))


@lru_cache(maxsize=2048)
def _as_heard(syllable: str) -> str:
    for written, heard in _FUZZY:
        if syllable.startswith(written):
            syllable = heard + syllable[len(written) :]
    return syllable[:-1] if syllable.endswith(("ing", "eng")) else syllable


def _exact_sound(word: str, syllables: Iterable[str]) -> bool:
    return _syllables(word) == list(syllables)
