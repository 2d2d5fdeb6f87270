"""Scores clauses over weighted fields, and says which words of a question a clause explains."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache, partial
from typing import NamedTuple

from policies.library.models import Policy, Section
from policies.search.postings import STRENGTH_UNIT, Postings
from policies.search.question import Question
from policies.search.words.concepts import Meaning, compact_lower
from policies.search.words.normalise import character_pairs
from policies.search.words.vocabulary import Span

_FLOOR = 0.08
"""The least rarity of a known term, even if every clause has it."""
_PAIRS = 1.0
"""Weight of all character pairs together. A term has 1.0."""
_RAREST_PAIRS = 12
"""How many pairs of characters are read if only some rows are scored."""
_AGAIN = 0.15
"""How much a second meaning of the same word adds, if a clause has both."""
_EACH_FIELD = 0.08
_SPREAD = 0.6
"""Strength of a word whose parts are separated in the text. A word that stands there whole has 0.75."""
_MEANINGS_KEPT, _QUALITIES_KEPT = 2_000, 8_000
"""Meanings of words whose scores are kept, and meanings with a row."""

Scored = tuple[int, float]
"""A clause with its score."""

TermsIn = Callable[[str], set[str]]


def terms_of(
    policy: Policy, section: Section | None, terms_in: TermsIn, spread_in: TermsIn
) -> dict[str, float]:
    """Return the terms of a clause with their strength (0–1.6). The best place decides; each further place adds a little.

    Args:
        policy: the clause.
        section: its part.
        terms_in: finds the terms of a compact text.
        spread_in: finds the terms whose parts are separated in the text.
    """
    title, text = compact_lower(policy.title), compact_lower(policy.text)
    standing = terms_in(text)
    fields = (
        (0.75, standing),
        (_SPREAD, spread_in(text) - standing),
        (0.45, terms_in(compact_lower("".join(policy.audience)))),
        (0.3, terms_in(compact_lower(section.title)) if section else set()),
        (0.25, terms_in(compact_lower("".join(basis.title for basis in policy.basis)))),
    )
    places: dict[str, list[float]] = {}
    for term in terms_in(title):
        places.setdefault(term, []).append(1.0 + 0.2 * len(term) / max(len(title), 1))
    for keyword in policy.keywords:
        whole = compact_lower(keyword)
        places.setdefault(whole, []).append(1.0)
        for term in terms_in(whole):
            if term != whole:
                places.setdefault(term, []).append(0.6)
    for weight, terms in fields:
        for term in terms:
            places.setdefault(term, []).append(weight)
    return {term: max(weights) + _EACH_FIELD * min(len(weights) - 1, 4) for term, weights in places.items()}


def pairs_of(policy: Policy) -> set[str]:
    """Return the character pairs of a clause's text, title and keywords."""
    return character_pairs(compact_lower(policy.title + policy.text + "".join(policy.keywords)))


class Explained(NamedTuple):
    """How much of a question one clause explains.

    Attributes:
        match: weight of the words that the clause explains.
        lost_terms: weight of the terms of the library that it does not explain.
        absent: weight of the named subjects that no clause of the library has.
        lost_words: weight of the other words that it does not explain.
        everyday: only words of everyday use are explained.
        end: where the last explained word ends in the text.
        why: the words explained, for `--explain`.
        lost: the words not explained.
    """

    match: float
    lost_terms: float
    absent: float
    lost_words: float
    everyday: bool
    end: int
    why: tuple[str, ...]
    lost: tuple[str, ...]

    @property
    def unexplained(self) -> float:
        """Return the weight of all the words that it does not explain."""
        return self.lost_terms + self.absent + self.lost_words


class Ranker:
    """Scores the rows of a library for questions, and says what a row explains of a question.

    What one word reaches is the same in every question, so it is calculated once and kept.
    """

    def __init__(self, postings: Postings) -> None:
        self._postings = postings
        self._scores_of = lru_cache(_MEANINGS_KEPT)(partial(_scores_of, postings))
        self._quality_of = lru_cache(_QUALITIES_KEPT)(partial(_quality_of, postings))

    def score_rows(self, question: Question) -> dict[int, float]:
        """Return the scores of all rows that share terms or pairs of characters with the question."""
        postings = self._postings
        words = [word for token in question.tokens for word, _ in token.meaning]
        among = postings.narrow(words, question.pairs)
        scores_of = self._scores_of if among is None else partial(_scores_of, postings, among=among)
        scores: dict[int, float] = {}
        for token in question.tokens:
            for row, score in scores_of(token.meaning).items():
                scores[row] = scores.get(row, 0.0) + token.weight * score
        _add_pairs(question.pairs, postings, among, scores)
        return scores

    def explain(self, question: Question, row: int) -> Explained:
        """Return which words of the question the clause in a row explains, and which it does not."""
        postings = self._postings
        match = lost_terms = absent = lost_words = 0.0
        everyday = True
        why, unexplained = [], []
        spans: set[Span] = set()
        for token in question.tokens:
            quality = self._quality_of(token.meaning, row)
            if quality:
                match += token.weight * min(0.4 + quality, 1.0)
                everyday = everyday and token.everyday
                spans.update(token.spans)
                why.append(token.text)
        for token in question.tokens:
            if token.weight > _LIGHT and not spans.issuperset(token.spans) and token.text not in why:
                known = max((postings.rarity(word) for word, _ in token.meaning), default=0.0)
                if known:
                    lost_terms += 0.6 * token.weight * (0.3 + 0.7 * known)
                else:
                    absent += token.weight
                unexplained.append(token.text)
        for word in question.unknown:
            share = 0.7 * _share(word.text, row, postings)
            match += share * word.weight
            lost_words += (1 - share) * word.weight
            if share < 0.5:
                unexplained.append(word.text)
        end = max([span.end for span in spans], default=0)
        return Explained(match, lost_terms, absent, lost_words, everyday, end, tuple(why), tuple(unexplained))


def _scores_of(
    postings: Postings, meaning: Meaning, among: Sequence[int] | None = None
) -> Mapping[int, float]:
    """Return the score that a word of weight 1 adds to each row; only to rows of `among` if given."""
    scores: dict[int, float] = {}
    for word, closeness in meaning:
        rare = postings.rarity(word)
        if not rare:
            continue
        worth = closeness * (rare if rare > _FLOOR else _FLOOR) / STRENGTH_UNIT
        for row, strength in postings.strengths(word, among):
            score, other = worth * strength, scores.get(row, 0.0)
            scores[row] = score + _AGAIN * other if score > other else other + _AGAIN * score
    return scores


def _quality_of(postings: Postings, meaning: Meaning, row: int) -> float:
    """Return how well a row explains a word: the best of the word's meanings; 0 if it has none of them."""
    return max(
        (
            closeness * strength * max(postings.rarity(word), _FLOOR)
            for word, closeness in meaning
            if (strength := postings.strength(word, row))
        ),
        default=0.0,
    )


def _add_pairs(
    pairs: Iterable[str], postings: Postings, among: Sequence[int] | None, scores: dict[int, float]
) -> None:
    """Add to each row's score the value of the question's character pairs that the row holds."""
    rare_pairs = [(pair, postings.pair_rarity(pair)) for pair in pairs]
    if among is not None:
        rare_pairs = sorted(rare_pairs, key=lambda pair: -pair[1])[:_RAREST_PAIRS]
    total = sum([rare or 0.5 for _, rare in rare_pairs])
    for pair, rare in rare_pairs:
        if rare:
            worth = _PAIRS * rare / total
            for row in postings.with_pair(pair, among):
                scores[row] = scores.get(row, 0.0) + worth


_LIGHT = 0.25


def _share(word: str, row: int, postings: Postings) -> float:
    pairs: Sequence[str] = [word[at : at + 2] for at in range(len(word) - 1)]
    if not pairs:
        return 0.0
    return sum([postings.has_pair(pair, row) for pair in pairs]) / len(pairs)
