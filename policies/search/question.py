"""Takes a question apart: what it asks for, in which words, and which words are unknown."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from policies.search.reading.other_places import is_where
from policies.search.reading.sums import figures
from policies.search.words.concepts import Concepts, Meaning
from policies.search.words.everyday_words import everyday_words
from policies.search.words.language import Language
from policies.search.words.normalise import compact
from policies.search.words.unknown_words import load_segmenter, unknown_words
from policies.search.words.vocabulary import IS_SILENT, Span, Vocabulary, WordRole

_WITHIN = 0.2
"""Weight of a term inside a longer one (集群 in 先进制造业集群)."""
_SILENT_TERM = 0.3
"""Weight of a term that is also a word of every question (减免, 落地)."""
_COMBINED = 1.0
_PART = 0.7
"""Share of its weight that a term keeps as a part of a combination (see `Concepts.combinations`)."""
_HINT = 0.4
_SUFFIXES = frozenset("市区县")
_FROM = frozenset(("从", "购买", "买", "进口", "联合", "合作"))
"""Right before a place these words mean coming from there or dealing with it. Other words, as in 落户北京, mean going there."""

_THERE = frozenset(("落户", "落地"))
"""Right after a place these words mean going there (西安落户)."""
_MARKS = re.compile(r"[,，。;；?？!！\n]+")
_NO_BREAKS: frozenset[int] = frozenset()
_OURS = re.compile(
    r"我们|我司|我家|我厂|我单位|俺|咱|本公司|本企业|厂里|厂子|公司|企业|单位|合作社|我[在有是想把要]"
)


_NOTHING_BESIDE: frozenset[Span] = frozenset()


class Token(NamedTuple):
    """Something asked for: a term of the document, or a concept that people's words say."""

    text: str
    weight: float
    meaning: Meaning
    spans: tuple[Span, ...]
    everyday: bool = False
    beside: frozenset[Span] = _NOTHING_BESIDE
    """If combinations say the concept: the words of all of them."""


class Unknown(NamedTuple):
    """A word that neither the library nor the language data has, with its weight (0–1)."""

    text: str
    weight: float
    start: int


@dataclass(slots=True)
class Question:
    """One need, taken apart for the ranking.

    Attributes:
        text: compact (see `normalise.compact`).
        cover: its words, gaps included.
        tokens: what is asked for.
        unknown: words that are not known.
        elsewhere: words of subjects that no policy for enterprises answers.
        places: other cities named; foreign: other countries named.
        arriving: somebody comes here from there, or does something there.
        frame: words that ask about support (奖补); asking: words that ask for figures or ways (多少, 条件).
        sums: the sums named (yuan); shares: the shares named (ten-thousandths).
        breaks: the places in the text where a comma or a full stop stood.
        pairs: pairs of characters of what is asked for, without words that say nothing about the subject.
    """

    text: str
    cover: Sequence[Span]
    tokens: list[Token] = field(default_factory=list)
    unknown: list[Unknown] = field(default_factory=list)
    elsewhere: list[Span] = field(default_factory=list)
    places: list[str] = field(default_factory=list)
    foreign: list[str] = field(default_factory=list)
    arriving: bool = False
    frame: list[Span] = field(default_factory=list)
    asking: list[Span] = field(default_factory=list)
    sums: Sequence[int] = ()
    shares: Sequence[int] = ()
    pairs: dict[str, None] = field(default_factory=dict)
    breaks: frozenset[int] = frozenset()

    @property
    def is_ours(self) -> bool:
        """Whether somebody speaks of a company, mostly their own (我们厂)."""
        return _OURS.search(self.text) is not None

    @property
    def asks_of_elsewhere(self) -> bool:
        """Whether a sentence begins with another place. Then that place's policies are asked for (深圳高企补贴)."""
        if self.arriving or not (self.places or self.foreign):
            return False
        begins = {0, *self.breaks}
        return any(
            span.start in begins for span in self.cover if span.roles & (WordRole.PLACE | WordRole.FOREIGN)
        )

    @property
    def has_figures(self) -> bool:
        """Whether a sum or a share is named."""
        return bool(self.sums or self.shares)

    @property
    def gaps(self) -> list[Span]:
        """Stretches of the text that no known word covers."""
        return [span for span in self.cover if not span.roles]


class Reader:
    """Takes questions apart with the vocabulary and the concepts."""

    def __init__(self, vocabulary: Vocabulary, concepts: Concepts, language: Language) -> None:
        self.vocabulary = vocabulary
        self._concepts = concepts
        load_segmenter()
        self._own_places = frozenset(language.own_places)
        self._arriving = re.compile("|".join(map(re.escape, (*language.arriving, *language.own_places))))

    def is_silent(
        self, text: str, *, also: Iterable[str] = (), roles: int = WordRole.FRAME | WordRole.GENERIC
    ) -> bool:
        """Whether a text names no subject: it has only words of speech and words that ask for support."""
        text = compact(text)
        allowed = frozenset(also)
        cover = self.vocabulary.take_apart(text)[1]
        return all(span.roles & roles or span.text in allowed for span in cover)

    def asks_for_an_office(self, text: str) -> list[str]:
        """Return what a text asks about an office (电话, 地址)."""
        text = compact(text)
        cover = self.vocabulary.take_apart(text)[1]
        return [span.text for span in cover if span.roles & WordRole.ENQUIRY]

    def read(self, text: str) -> Question:
        """Take a normalised text apart."""
        breaks = _breaks(text)
        sums, shares = figures(text)
        text = compact(text)
        found, cover = self.vocabulary.take_apart(text)
        question = Question(text, cover, sums=sums, shares=shares, breaks=breaks)
        self._read_tokens(question, found)
        self._read_words(question)
        named = [span for span in cover if span.roles & (WordRole.PLACE | WordRole.FOREIGN)]
        if named:
            question.arriving = self._is_arriving(text, cover, named) or is_where(text, named)
        return question

    def _is_arriving(self, text: str, cover: Sequence[Span], named: Sequence[Span]) -> bool:
        """Whether a text says that somebody comes here from a place."""
        before, after = {span.start for span in named}, {span.end for span in named}
        words = {span.start for span in cover}
        return any(
            (before.isdisjoint(_ends(found)) or found.group() in _FROM)
            and not (found.start() in after and found.group() in _THERE)
            and (found.start() in words or found.group() not in self._own_places)
            for found in self._arriving.finditer(text)
        )

    def _read_tokens(self, question: Question, found: Sequence[Span]) -> None:
        chosen = [span for span in question.cover if span.roles & WordRole.TERM]
        combined = self._combined(question.text, found)
        part = _NOTHING_BESIDE.union(*[token.spans for token in combined])
        said: dict[str, Token] = {}
        for span in chosen:
            silent = span.roles & (WordRole.FRAME | WordRole.GENERIC)
            weight = _SILENT_TERM if silent else 0.7 + 0.15 * min(len(span.text), 6)
            if span in part:
                weight *= _PART
            said.setdefault(span.text, self._token(span, weight))
        for span in found:
            if span.roles & WordRole.TERM and span.text not in said and _is_within(span, chosen):
                said[span.text] = self._token(span, _WITHIN)
        question.tokens = [*said.values(), *combined]

    def _token(self, span: Span, weight: float) -> Token:
        everyday = bool(span.roles & (WordRole.EVERYDAY | WordRole.FRAME | WordRole.GENERIC))
        return Token(span.text, weight, self._concepts.meaning_of(span.text), (span,), everyday)

    def _combined(self, text: str, found: Sequence[Span]) -> list[Token]:
        hints = [span for span in found if span.roles & WordRole.HINT]
        combinations = self._concepts.combinations(hints) if len(hints) > 1 else ()
        if any(len(span.text) == 1 for said in combinations for span in said.beside):
            words = everyday_words(text)  # cut only now: half of the texts need not be
            kept = [span for span in hints if len(span.text) > 1 or span.text in words]
            if len(kept) < len(hints):
                combinations = self._concepts.combinations(kept)
        return [
            Token(
                "+".join(span.text for span in said.spans),
                _COMBINED + 0.3 * len(said.spans),
                self._concepts.meanings[said.concept],
                said.spans,
                beside=said.beside,
            )
            for said in combinations
        ]

    def _read_words(self, question: Question) -> None:
        used = {span for token in question.tokens for span in token.spans}
        combined = _NOTHING_BESIDE.union(*[token.beside for token in question.tokens if token.beside])
        for span in question.cover:
            start, text, roles = span
            if not roles:
                question.unknown += [
                    Unknown(word, weight, start + at) for word, weight, at in unknown_words(text)
                ]
            elif not roles & WordRole.TERM:
                _sort(span, question, used=span in used, told=span in combined)
            if len(text) > 1 and not IS_SILENT[roles]:
                question.pairs.update([(text[at : at + 2], None) for at in range(len(text) - 1)])


def _ends(place: re.Match[str]) -> tuple[int, ...]:
    """Return where a place's name ends, with and without the 市, 区 or 县 after it."""
    return (place.end(), place.end() + 1) if place.string[place.end() :][:1] in _SUFFIXES else (place.end(),)


def _breaks(text: str) -> frozenset[int]:
    """Return the places in the compact text where a mark separated sentences."""
    pieces = _MARKS.split(text)
    if len(pieces) == 1:
        return _NO_BREAKS
    places, at = [], 0
    for piece in pieces[:-1]:
        at += len(compact(piece))
        places.append(at)
    return frozenset(places)


def _sort(span: Span, question: Question, *, used: bool, told: bool) -> None:
    """Add a known word that is not a term to the list of the question that fits its roles.

    Args:
        span: the word.
        question: the question to add to.
        used: a token of the question already uses the word.
        told: a combination uses the word. A word of another matter (报税) then speaks of one of our concepts, so it
            is not added to `elsewhere`.
    """
    roles = span.roles
    if roles & WordRole.ELSEWHERE:
        question.elsewhere += () if told else (span,)
    elif roles & WordRole.PLACE:
        question.places.append(span.text)
    elif roles & WordRole.FOREIGN:
        question.foreign.append(span.text)
    elif roles & WordRole.FRAME:
        (question.asking if roles & WordRole.ASKING else question.frame).append(span)
    elif roles & WordRole.HINT and not roles & WordRole.GENERIC and not used:
        question.unknown.append(Unknown(span.text, _HINT if len(span.text) > 1 else 0.15, span.start))


def _is_within(span: Span, chosen: list[Span]) -> bool:
    return any(other.start <= span.start and span.end <= other.end for other in chosen)
