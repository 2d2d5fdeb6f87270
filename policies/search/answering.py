"""Whether the best clause answers a question, or the document says nothing to it: one place, one score.

The score is the log-odds that the clause answers, a sum of a few named features with weights fitted on
questions (`bench.answering`); it is compared with one threshold.
"""

from dataclasses import dataclass

from policies.search.language import Answering
from policies.search.question import Question
from policies.search.ranking import Explained

Features = dict[str, float]


def features(question: Question, explained: Explained, score: float) -> Features:
    """What speaks for and against an answer.

    match, best, score: how much the clause has of the question. coverage, unexplained: what it leaves.
    elsewhere: words of other matters (怎么修, 考研). place, foreign: somewhere else, and nobody comes here.
    frame: asks about support. casual: everyday words only, and no word of support or all is not explained.
    """
    elsewhere = sum(min(len(word), 4) / 2 for word in question.elsewhere)
    asks = 1.0 if question.frame else 0.0
    away = 0.0 if question.arriving else 1.0
    leaves = explained.unexplained > _SOME
    return {
        "bias": 1.0,
        "match": min(explained.match, 3.0),
        "best": min(explained.best, 1.3),
        "score": min(score, 4.0),
        "coverage": explained.coverage,
        "unexplained": min(explained.unexplained, 4.0),
        "elsewhere": min(elsewhere, 4.0),
        "place": away if question.places else 0.0,
        "foreign": away if question.foreign else 0.0,
        "frame": asks,
        "casual": 1.0 if explained.everyday and (leaves or elsewhere) else 0.0,
        "unasked": 1.0 if explained.everyday and leaves and not asks else 0.0,
    }


_SOME = 0.5


@dataclass(frozen=True, slots=True)
class Judgement:
    """The score of an answer and the features it comes from."""

    score: float
    answers: bool
    features: Features


def judge(found: Features, answering: Answering) -> Judgement:
    """Whether to answer."""
    score = sum(answering.weights.get(name, 0.0) * value for name, value in found.items())
    return Judgement(score, score >= answering.threshold, found)
