"""Whether the best clause answers a question, or the document says nothing to it: one place, one score.

The score is the log-odds that the clause answers, a sum of a few named features with weights fitted on
questions (`bench.answering`); it is compared with one threshold.
"""

from dataclasses import dataclass

from policies.search.question import Question
from policies.search.ranking import Explained
from policies.search.words.language import Answering

Features = dict[str, float]


def features(question: Question, explained: Explained, score: float) -> Features:
    """What speaks for and against an answer.

    match, best, score: how much the clause has of the question; coverage: its share.
    benefit: asks about support, or names a sum. asking: asks for figures or ways, of whatever.
    lost, lost_unasked: weight of words not explained, where support is asked for and where it isn't.
    tail: of these, what stands behind all that is explained, and no word of support after it: what the
    question is really about (博士后 好找工作吗).
    elsewhere, elsewhere_unasked: words of other matters (怎么修, 考研).
    place, foreign: somewhere else, and nobody comes here.
    casual: only everyday words are explained, and something is not.
    named: a word of the document that isn't of everyday use, and nothing else (创新券怎么用).
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
        "casual": float(explained.everyday and (lost > _SOME or elsewhere > 0)),
        "named": float(bool(explained.match) and not (explained.everyday or lost or elsewhere)),
    }


_SOME = 0.3


def _tail(question: Question, explained: Explained) -> float:
    if any(span.start >= explained.end for span in question.frame):
        return 0.0
    return sum(word.weight for word in question.unknown if word.start >= explained.end)


@dataclass(frozen=True, slots=True)
class Judgement:
    """The score of an answer and the features it comes from."""

    score: float
    answers: bool
    features: Features


def judge(found: Features, answering: Answering) -> Judgement:
    """Whether to answer."""
    weights = answering.weights
    score = sum([weights[name] * value for name, value in found.items() if value])
    return Judgement(score, score >= answering.threshold, found)
