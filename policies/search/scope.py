"""Decides whether a question is in scope: whether the best clause answers it, or the library says nothing to it.

The rule has one place, this module. `features` counts what speaks for and against an answer; `judge` adds the features up
with the weights of `policies/data/scope.json` and compares the sum with one threshold. The sum is the log-odds that the
clause answers. `bench/scope.py` fits the weights and the threshold on questions with known answers.

Two kinds of question never come here: what a message names outright (`structured`), and a message that is a whole keyword
or title (`finding.Found.in_scope`). A question that names no subject at all (有什么补贴) is asked back in `deciding`.
"""

from dataclasses import dataclass

from policies.search.question import Question
from policies.search.ranking import Explained
from policies.search.words.language import ScopeWeights

Features = dict[str, float]
"""Named features of a question and its best clause."""

_SOME_LOST = 0.3
"""Weight of unexplained words from which something of a question counts as not explained."""


def features(question: Question, explained: Explained, score: float) -> Features:
    """What speaks for and against an answer.

    match, best, score: how much of the question the clause explains; coverage: which share.
    benefit: the question asks about support, or names a sum. asking: it asks for figures or ways, of anything.
    lost, lost_unasked: weight of the words not explained, where support is asked for and where it is not.
    tail: of these, the words after everything explained, with no word of support after them: what the question is
    really about (博士后 好找工作吗).
    elsewhere, elsewhere_unasked: words of other matters (怎么修, 考研), where support is asked for and where it is not.
    place, foreign: the question names another city or country, and does not say that somebody moves here from there.
    casual: only everyday words are explained, and something is not explained.
    named: a word of the library that is not of everyday use, and nothing else (创新券怎么用).

    Args:
        question: the question taken apart.
        explained: what of it the best clause explains.
        score: the ranking's score of that clause.
    """
    benefit = bool(question.frame) or question.has_figures
    elsewhere = min(sum(1.0 if len(span.text) < 3 else 1.5 for span in question.elsewhere), 3.0)
    lost = min(explained.unexplained, 3.0)
    away = 0.0 if question.arriving else 1.0
    return {
        "bias": 1.0,
        "match": min(explained.match, 3.0),
        "best": min(explained.best, 1.3),
        "score": min(score, 4.0),
        "coverage": explained.coverage,
        "benefit": float(benefit),
        "asking": float(bool(question.asking)),
        "lost": lost if benefit else 0.0,
        "lost_unasked": 0.0 if benefit else lost,
        "tail": min(_tail(question, explained), 2.0),
        "elsewhere": elsewhere if benefit else 0.0,
        "elsewhere_unasked": 0.0 if benefit else elsewhere,
        "place": away if question.places else 0.0,
        "foreign": away if question.foreign else 0.0,
        "casual": float(explained.everyday and (lost > _SOME_LOST or elsewhere > 0)),
        "named": float(bool(explained.match) and not (explained.everyday or lost or elsewhere)),
    }


def _tail(question: Question, explained: Explained) -> float:
    if any(span.start >= explained.end for span in question.frame):
        return 0.0
    return sum(word.weight for word in question.unknown if word.start >= explained.end)


@dataclass(frozen=True, slots=True)
class Judgement:
    """Whether a question is in scope, with the score (log-odds) and the features it comes from."""

    score: float
    in_scope: bool
    features: Features


def judge(found: Features, scope: ScopeWeights) -> Judgement:
    """Add the features up and compare the sum with the threshold."""
    weights = scope.weights
    score = sum([weights[name] * value for name, value in found.items() if value])
    return Judgement(score, score >= scope.threshold, found)
