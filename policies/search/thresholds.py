"""Learns for each library from which score a clause answers by words, leaving out one of its clauses at a time.

A question in a clause's own words must be declined if that clause is left out. If clauses are similar, a neighbour
then scores high, and the thresholds stay as they are. If each clause has its own subject, neighbours score low, and a
lower score
is enough: people ask such a library in words that nobody foresaw.
"""

import re
from collections.abc import Iterable, Iterator, Sequence

from policies.library.models import Policy
from policies.search.finding import Finder
from policies.search.meaning import passages_of
from policies.search.words.language import ScopeWeights, Weights

_CLAUSES = 60
"""How many clauses are asked about, spread evenly over the library."""
_PHRASES = 3
_PHRASE = re.compile(r"[^。；;，,\n]{6,14}")
_ASKED = "{}有补贴吗"
_SHARE = 0.9
"""Share of the questions whose best neighbour must stay below the threshold."""
_MARGIN = 0.5
_LOWEST = -1.0
"""How far the thresholds may move down."""
_FEWEST_SCORES = 20
"""With fewer scores nothing is learnt."""


def learnt(finder: Finder, policies: Sequence[Policy], scope: ScopeWeights) -> ScopeWeights:
    """Return the weights with the thresholds of this library.

    Args:
        finder: judges with `scope`.
        policies: the clauses of the library.
        scope: as fitted for all libraries.
    """
    step = max(1, len(policies) // _CLAUSES)
    scores = sorted(_scores_of_neighbours(finder, policies[::step]))
    if len(scores) < _FEWEST_SCORES:
        return scope
    reached = scores[int(_SHARE * len(scores))] + _MARGIN
    shift = min(0.0, max(_LOWEST, reached - scope.by_words.answer))
    return ScopeWeights(by_words=_moved(scope.by_words, shift), by_meaning=scope.by_meaning)


def _scores_of_neighbours(finder: Finder, policies: Iterable[Policy]) -> Iterator[float]:
    for policy in policies:
        sentences = "。".join(passages_of(policy))
        for words in _PHRASE.findall(sentences)[:_PHRASES]:
            found = finder.find_afresh(_ASKED.format(words).lower(), without={policy.key})
            if found.judgement is not None:
                yield found.judgement.score


def _moved(weights: Weights, by: float) -> Weights:
    return weights.model_copy(update={"answer": weights.answer + by})
