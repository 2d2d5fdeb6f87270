"""Judges whether the best clause answers a question, is only offered (您是不是想问), or says nothing to it.

This module holds the rule. `features` counts what speaks for and against an answer; `judge` adds the features up
with the weights of `policies/data/scope.json` and compares the sum, the log-odds that the clause answers, with two
thresholds: from the higher one on the clause answers, from the lower one on it is offered. `bench/scope.py` fits the weights
on questions with known answers, each asked a second time with its clauses left out; what is asked for must be in the clause.
`policies/search/thresholds.py` moves the thresholds for each library by its own clauses.

Two kinds of question never come here: what a message names outright (`structured`), and a message that is a whole keyword
or title (`finding.Hits.in_scope`). A question that names no subject at all (有什么补贴) is asked back in `deciding`.
"""

from dataclasses import dataclass
from typing import NamedTuple

from policies.search.known.prototypes import Alike
from policies.search.question import Question
from policies.search.ranking import Explained
from policies.search.words.language import ScopeWeights

Features = dict[str, float]
"""Named features of a question and its best clause."""

_SOME_LOST = 0.3
"""From this weight of unexplained words, a part of the question counts as not explained."""


@dataclass(frozen=True, slots=True)
class Meant:
    """The sentence model's result for the best clause.

    Attributes:
        declined: the likeness of the nearest known question that no clause answers.
        asked: the likeness of the nearest known question that the best clause answers.
        fits: the log-odds that the clause answers, by its likeness alone.
    """

    declined: float
    asked: float
    fits: float


def features(
    question: Question,
    explained: Explained,
    score: float,
    *,
    alike: Alike,
    best: int,
    unmet: int = 0,
    meant: Meant | None = None,
) -> Features:
    """Return what speaks for and against an answer.

    match: how much of the question the clause explains, by words.
    score: how strongly it explains it, by words.
    benefit: the question asks about support, or names a sum.
    asking: it asks for figures or ways, of anything.
    ours: it speaks of a company.
    lost_terms: weight of the library's terms in the question that the clause does not explain.
    absent: weight of the subjects of the trade (出口信用保险) that are named, and that no clause of the library has.
    unmet: how many kinds of cost, of support or of receiver are named that the clause does not have (宿舍, 落户,
    罚款).
    tail: weight of the unknown words at the end, after the last explained word, unless a word of support follows
    them. They are the real subject of the question (博士后 好找工作吗).
    elsewhere: weight of the words about other subjects (天气, 红烧), if the question asks for support.
    elsewhere_unasked: the same weight, if it does not ask for support.
    place: the question names another city, and nobody moves here from there or does something there.
    foreign: like `place`, for another country.
    casual: only everyday words are explained, and something is not explained.
    alike: likeness to a confirmed question of this clause.
    alike_declined: likeness to a confirmed question that no clause answers.
    declined, asked, fits: results of the sentence model (see `Meant`); cosines are multiplied by ten.

    Args:
        question: the question taken apart.
        explained: what of it the best clause explains.
        score: the ranking's score of that clause, by words.
        alike: what the prototypes say.
        best: the key of that clause.
        unmet: how many items that the question names are not in that clause.
        meant: the sentence model's result; None if it was not asked.
    """
    benefit = bool(question.frame) or question.has_figures
    elsewhere = min(sum(1.0 if len(span.text) < 3 else 1.5 for span in question.elsewhere), 3.0)
    lost = min(explained.unexplained, 3.0)
    away = 0.0 if question.arriving else 1.0
    found = {
        "bias": 1.0,
        "match": min(explained.match, 3.0),
        "score": min(score, 4.0),
        "benefit": float(benefit),
        "asking": float(bool(question.asking)),
        "ours": float(question.is_ours),
        "lost_terms": min(explained.lost_terms, 2.0),
        "absent": min(explained.absent, 2.0),
        "unmet": min(float(unmet), 2.0),
        "tail": min(_tail(question, explained), 2.0),
        "elsewhere": elsewhere if benefit else 0.0,
        "elsewhere_unasked": 0.0 if benefit else elsewhere,
        "place": away if question.places else 0.0,
        "foreign": away if question.foreign else 0.0,
        "casual": float(explained.everyday and (lost > _SOME_LOST or elsewhere > 0)),
        "alike": _over(alike.clauses.get(best, 0.0)),
        "alike_declined": _over(alike.declined),
    }
    if meant is not None:
        found |= {
            "declined": meant.declined * 10,
            "asked": meant.asked * 10,
            "fits": max(-_MOST_FITTING, min(meant.fits, _MOST_FITTING)),
        }
    return found


_ALIKE_FROM = 0.35
_MOST_FITTING = 6.0


def _over(likeness: float) -> float:
    return max(0.0, likeness - _ALIKE_FROM) / (1 - _ALIKE_FROM)


def _tail(question: Question, explained: Explained) -> float:
    if not explained.end or question.breaks or any(span.start >= explained.end for span in question.frame):
        return 0.0
    return sum(word.weight for word in question.unknown if word.start >= explained.end)


class Judgement(NamedTuple):
    """What the best clause is for a question, with the score (log-odds) and the features it comes from."""

    score: float
    answers: bool
    is_near: bool
    features: Features

    def in_words(self) -> str:
        """Return the score and the features behind it, for `--explain`."""
        parts = [f"{name}={value:.2f}" for name, value in self.features.items() if value]
        return f"{self.score:+.2f}（{'，'.join(parts)}）"


def judge(found: Features, scope: ScopeWeights) -> Judgement:
    """Add up the features and compare the sum with the thresholds."""
    by_meaning = "fits" in found
    weights = scope.by_meaning if by_meaning else scope.by_words
    score = sum([weights.weights.get(name, 0.0) * value for name, value in found.items() if value])
    return Judgement(score, score >= weights.answer, score >= weights.offer, found)
