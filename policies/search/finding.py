"""Finds the clauses for one need: ranks them, adds weight for what the question names, and judges the best one."""

import math
import re
from collections.abc import Callable, Collection, Mapping, Sequence
from functools import partial
from operator import attrgetter, itemgetter
from typing import NamedTuple

from policies.library.models import Policy
from policies.search.decision import ELSEWHERE, Reason
from policies.search.known.prototypes import Alike, Prototypes
from policies.search.meaning import Nearest, Nearness
from policies.search.postings import Postings
from policies.search.question import Question, Reader
from policies.search.ranking import Explained, Ranker, Scored
from policies.search.reading.asked_items import AskedItems
from policies.search.reading.bases import Bases
from policies.search.reading.denials import Denials
from policies.search.reading.offices import DepartmentNames
from policies.search.scope import Judgement, Meant, features, judge
from policies.search.words.language import ScopeWeights
from policies.search.words.normalise import compact

Ask = Callable[[str], Nearest]
"""Asks the sentence model about a text."""

_SAME_FIGURE = 0.35
_SAME_DEPARTMENT = 0.5
_SAME_BASIS = 0.5
_SAME_DENIAL = 3.0
"""Added to the score of a clause for companies without a title, if the question says that the company lacks this title."""
_PROTOTYPE = 2.0
"""Added to the score of a clause with exactly this confirmed question. A similar confirmed question adds less."""
_MEANING = 1.8
"""Added to a clause's score for each standard deviation by which its meaning is nearer than the average."""
_STATES_IT = 0.2
"""Added to the score of a clause that states a share or a sum, if the question asks for one."""
_DOUBT, _DOUBT_OF_SOME = 3.0, 6.0
"""The model is asked up to these log-odds above the threshold; the second one holds if something is unexplained."""
_SOME = 0.6
"""From this weight of unexplained words, something counts as unexplained."""
SHARE_ASKED = re.compile("百分之几|几个点|几成|比例|百分比")
SUM_ASKED = re.compile("多少|几万|几十万|最高|最多|上限|封顶|额度")


class Hits(NamedTuple):
    """The result of the search for one need.

    Attributes:
        clauses: the clauses' keys with their scores, best first; exact matches lead.
        explained: what the best clause explains of the question; None if there is no clause.
        judgement: whether the question is in scope; None if there is no clause.
        exact_matches: clauses that have the whole text as a keyword or as their title.
    """

    question: Question
    clauses: Sequence[Scored]
    explained: Explained | None
    judgement: Judgement | None
    exact_matches: Sequence[int] = ()

    @property
    def in_scope(self) -> bool:
        """Whether the best clause answers: the text is a whole keyword or title, or `scope.judge` says so."""
        return bool(self.exact_matches) or (self.judgement is not None and self.judgement.answers)

    @property
    def is_near(self) -> bool:
        """Whether the best clause may be meant, though it does not surely answer."""
        return not self.in_scope and self.judgement is not None and self.judgement.is_near

    @property
    def score(self) -> float:
        """Return the log-odds that the best clause answers; minus infinity if there is no clause."""
        return self.judgement.score if self.judgement else float("-inf")

    @property
    def doubt(self) -> float:
        """Return the log-odds above the threshold up to which words leave a doubt."""
        some = self.explained is not None and self.explained.unexplained > _SOME
        return _DOUBT_OF_SOME if some else _DOUBT

    def score_of(self, clause: int) -> float:
        """Return the ranking's score of a clause; 0 if it was not found."""
        return next((score for key, score in self.clauses if key == clause), 0.0)

    def reasons(self) -> tuple[Reason, ...]:
        """Return the steps that led here, for `policybot ask --explain`."""
        question, explained, judgement = self.question, self.explained, self.judgement
        reasons = [Reason("words", partial(" | ".join, [span.text for span in question.cover]))]
        if explained:
            reasons.append(Reason("explained", "、".join(explained.why) or "无"))
        if explained and explained.lost:
            reasons.append(Reason("unexplained", "、".join(explained.lost)))
        if question.elsewhere or question.places:
            others = (*(span.text for span in question.elsewhere), *question.places)
            reasons.append(Reason(ELSEWHERE, "、".join(others)))
        reasons.append(Reason("ranking", partial(_ranking_told, self.clauses[:5])))
        if judgement:
            reasons.append(Reason("judgement", judgement.in_words))
        return tuple(reasons)


def _ranking_told(best: Sequence[Scored]) -> str:
    return "，".join([f"第{key}条 {score:.2f}" for key, score in best])


class Finder:
    """Searches the clauses of one edition."""

    def __init__(
        self,
        *,
        policies: Sequence[Policy],
        postings: Postings,
        reader: Reader,
        directory: DepartmentNames,
        bases: Bases,
        prototypes: Prototypes,
        exact_matches: Mapping[str, Sequence[int]],
        items: AskedItems,
        scope: ScopeWeights,
    ) -> None:
        """Args:
        policies: the clauses, in the order of the rows of `postings`.
        postings: what stands in them.
        reader: takes a question apart.
        directory: finds the departments a question names.
        bases: finds the basis document a question names.
        prototypes: questions with a confirmed answer.
        exact_matches: clauses by each whole keyword and title, compact.
        items: finds what a question names besides its matter.
        scope: the weights that decide whether the best clause answers.
        """
        self._policies = policies
        self._ids = [policy.key for policy in policies]
        self._row_of = {key: row for row, key in enumerate(self._ids)}
        self._departments = {policy.key: policy.departments for policy in policies}
        self._denials = Denials(policies)
        self._figures = {policy.key: _figures_of(policy) for policy in policies}
        self._ranker = Ranker(postings)
        self._reader = reader
        self._directory = directory
        self._bases = bases
        self._prototypes = prototypes
        self._exact_matches = exact_matches
        self._items = items
        self._scope = scope

    def find(self, text: str) -> Hits:
        """Rank the clauses for one need in one text, and judge the best one."""
        return self._find(text)

    def find_afresh(self, text: str, nearest: Nearest | None = None, without: Collection[int] = ()) -> Hits:
        """Rank the clauses for one need, also by the model's result, and without some clauses.

        Args:
            text: one need.
            nearest: the sentence model's result; None if it was not asked.
            without: clauses that are left out, as if the library did not have them.
        """
        return self._find(text, nearest, without)

    def asked_besides(self, text: str) -> str:
        """Return what a text asks, without what it says somebody is not; the whole text if nothing else is asked."""
        rest = self._denials.besides(text)
        return text if rest is text or self._reader.is_silent(rest) else rest

    def near(self, text: str) -> list[int]:
        """Return keys of the clauses that share terms or pairs of characters with a text, the nearest first."""
        return [key for key, _ in self._ranked(self._scored(self._reader.read(text)))]

    def _find(self, text: str, nearest: Nearest | None = None, without: Collection[int] = ()) -> Hits:
        """Rank the clauses for one need, typed as one text, and judge the best."""
        plain = compact(text)
        question = self._reader.read(text)
        scored = self._scored(question)
        self._weigh_figures(question, scored)
        self._weigh_asked(plain, scored)
        self._weigh_departments(plain, scored)
        self._weigh_basis(plain, scored)
        self._weigh_denials(text, scored)
        alike = self._prototypes.alike(plain)
        _weigh_prototypes(alike, scored)
        by_words = scored
        if nearest is not None:
            scored = _with_meaning(nearest, scored)
        exact_matches = self._exact_matches.get(plain, ()) or (tuple(alike.clauses) if alike.exact else ())
        if without:
            scored = {key: score for key, score in scored.items() if key not in without}
            exact_matches = ()
            alike = alike.without(without)
            nearest = nearest.without(without) if nearest is not None else None
        ranked = self._ranked(scored)
        if exact_matches:
            ranked = _with_exact_matches_first(ranked, exact_matches)
        if not ranked or (alike.exact and alike.declined):
            return Hits(question, ranked, None, None)
        best = ranked[0][0]
        row = self._row_of[best]
        explained = self._ranker.explain(question, row)
        unmet = self._items.unmet(plain, self._policies[row])
        meant = _meant(best, nearest) if nearest is not None else None
        said = by_words.get(best, 0.0)
        found = features(question, explained, said, alike=alike, best=best, unmet=unmet, meant=meant)
        judgement = judge(found, self._scope)
        if meant is not None and not judgement.answers and not explained.unexplained:
            # 高企给多少 is all explained: the model may rank the clauses, but not call the words' own clause a guess.
            by_words_alone = features(question, explained, said, alike=alike, best=best, unmet=unmet)
            judgement = max(judgement, judge(by_words_alone, self._scope), key=attrgetter("answers"))
        return Hits(question, ranked, explained, judgement, exact_matches)

    def _scored(self, question: Question) -> dict[int, float]:
        ids = self._ids
        return {ids[row]: score for row, score in self._ranker.score_rows(question).items()}

    @staticmethod
    def _ranked(scored: Mapping[int, float]) -> list[Scored]:
        by_key = sorted(scored.items())
        return sorted(by_key, key=itemgetter(1), reverse=True)  # equal scores stay in the order of the keys

    def _weigh_figures(self, question: Question, scored: dict[int, float]) -> None:
        if not question.has_figures:
            return
        for key in scored:
            sums, rates = self._figures[key]
            if sums.intersection(question.sums):
                scored[key] += _SAME_FIGURE
            if rates.intersection(question.shares):
                scored[key] += _SAME_FIGURE

    def _weigh_asked(self, plain: str, scored: dict[int, float]) -> None:
        asked = SHARE_ASKED.search(plain), SUM_ASKED.search(plain)
        if any(asked):
            for key in scored:
                sums, rates = self._figures[key]
                if (asked[0] and rates) or (asked[1] and sums):
                    scored[key] += _STATES_IT

    def _weigh_departments(self, plain: str, scored: dict[int, float]) -> None:
        mentions = self._directory.mentions(plain)
        names = {department.name for mention in mentions for department in mention.departments}
        if names:
            for key in scored:
                if names.intersection(self._departments[key]):
                    scored[key] += _SAME_DEPARTMENT

    def _weigh_denials(self, text: str, scored: dict[int, float]) -> None:
        for key in self._denials.shared(text):
            if key in scored:
                scored[key] += _SAME_DENIAL

    def _weigh_basis(self, plain: str, scored: dict[int, float]) -> None:
        named = self._bases.named(plain)
        if named is not None:
            for key in named.clauses:
                scored[key] = scored.get(key, 0.0) + _SAME_BASIS


def _weigh_prototypes(alike: Alike, scored: dict[int, float]) -> None:
    for key, likeness in alike.clauses.items():
        scored[key] = scored.get(key, 0.0) + _PROTOTYPE * likeness * likeness


def _with_meaning(nearest: Nearest, by_words: Mapping[int, float]) -> dict[int, float]:
    scored = dict(by_words)
    for key, nearness in nearest.clauses.items():
        if nearness.above > 0:
            scored[key] = scored.get(key, 0.0) + _MEANING * nearness.above
    return scored


_FAR = Nearness(0.0, fits=-math.inf)
"""The nearness of a clause that is not among the nearest."""


def _meant(best: int, nearest: Nearest) -> Meant:
    nearness = nearest.clauses.get(best, _FAR)
    return Meant(nearest.declined, nearness.asked, nearness.fits)


def _with_exact_matches_first(ranked: Sequence[Scored], exact_matches: Sequence[int]) -> list[Scored]:
    carrying = frozenset(exact_matches)
    lead = [scored for scored in ranked if scored[0] in carrying]
    leading = {key for key, _ in lead}
    lead += [(key, 0.0) for key in exact_matches if key not in leading]
    return lead + [scored for scored in ranked if scored[0] not in carrying]


def _figures_of(policy: Policy) -> tuple[frozenset[int], frozenset[int]]:
    sums = {
        cny
        for amount in policy.amounts
        for cny in (amount.value_cny, amount.min_cny, amount.max_cny, amount.cap_cny)
        if cny is not None
    }
    return frozenset(sums), frozenset(round(amount.rate * 10_000) for amount in policy.amounts if amount.rate)
