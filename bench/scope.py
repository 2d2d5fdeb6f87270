"""Fit the weights by which a question is answered, offered the nearest clauses, or declined.

Run: .venv/bin/python -m bench.scope [--write]

Questions: those of our own that may be tuned on, and sets written by people who never saw the code, some of them about
other districts' documents. By words, the best clause must answer: each question is asked again with the clauses that answer
it left out, and then it must be declined, for what is asked for must be in the clause. So must the questions of one
document where only another is known, matters of the trade that the library does not have, and terms of its clauses with
something asked that stands in none (远洋渔船的宿舍有补贴吗).
By meaning, the question must be one that some clause answers. Questions with their clauses left out teach nothing there: they
are like those that are answered in everything but the clause, and hide what parts these from questions out of scope. Nor do
questions whose best clause is a wrong one: what they name is rightly not in it, and would count for nothing. To the
sets come the questions of `bench/training`, each asked with maps (`bench.question_maps`) that were learnt without it.
The data knows most words of these questions, and a question from outside holds words it doesn't; so our own are also read
with a random half of the words of other matters and a fifth of the synonyms left out. Known questions
(`library/questions.jsonl`, `asked.jsonl`) speak for a question only where they are of another fold. Weights are pulled
towards what the names of the features say (`PRIOR`) and keep their signs; those of `FIXED` stay there. At the end each of
these sets is judged by weights fitted without it: how many are answered right where 0, 3, 6 and 10 of 100 without an answer
are answered.
"""

import argparse
import json
import random
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from bench.known_sets import (
    OTHERS,
    OWN,
    TOLD,
    TUNED_ON,
    RememberingEncoder,
    other_library,
    set_of,
    training,
)
from bench.question_maps import cross_fitted
from policies.district.folder import load_district
from policies.district.models import District
from policies.library.library import Library
from policies.library.library_file import load_library
from policies.questions.evaluating import EvaluationQuestion
from policies.search.finding import Hits
from policies.search.index import PolicyIndex
from policies.search.known.prototypes import Prototype
from policies.search.meaning import ClauseMeanings, Encoder, readings_of, vectors_of
from policies.search.scope import Features
from policies.search.vectors.question_maps import QuestionMaps
from policies.search.words.language import SCOPE_FILE, LanguageData, load_language

SEARCHED = frozenset(
    {"keyword", "natural", "paraphrase", "amount", "typo", "sum", "situation", "negation", "multi", "oos"}
)
PRIOR: Features = {
    "bias": -1.5,
    "match": 1.0,
    "score": 0.6,
    "benefit": 1.0,
    "asking": 0.2,
    "ours": 0.5,
    "lost_terms": -0.7,
    "absent": -1.5,
    "unmet": -0.8,
    "tail": -1.0,
    "elsewhere": -2.0,
    "elsewhere_unasked": -3.0,
    "place": -12.0,
    "foreign": -7.0,
    "casual": -1.0,
    "alike": 2.0,
    "alike_declined": -2.0,
}
BY_MEANING: Features = {
    "declined": -0.3,
    "asked": 0.3,
    "fits": 0.5,
    "place": -4.0,
    "foreign": 0.0,
}
"""The model is not asked where a question begins with another place; a city told of further on lets clauses be offered only."""
UNSIGNED = frozenset({"bias"})
FIXED = frozenset({"place", "foreign"})
"""Rules, not matters of degree: too few questions name another place for a fit to find that."""
WEIGHT = (
    {"left out": 0.4, "other document": 0.5, "near miss": 0.3}
    | dict.fromkeys((*TOLD, *OTHERS), 2.0)
    | {OWN: 0.3}
)
"""Of an example of a kind or set; 1 for the others. Clauses overlap, so some that are left in may answer too."""
ASKED = ("{}有补贴吗", "{}奖励多少", "我们公司{}，有什么支持", "{}能补多少钱", "{}怎么申请", "{}")
WITH = ("{}{}补贴", "{}的{}有补贴吗", "{}{}能报销吗", "{}{}给多少钱", "我们公司{}，{}有补助吗")
THINGS = (
    "燃油",
    "水电",
    "宿舍",
    "食堂",
    "班车",
    "广告",
    "装修",
    "运费",
    "培训费",
    "律师费",
    "油钱",
    "网费",
    "工装",
    "体检",
    "团建",
    "搬家费",
    "包装",
    "伙食",
    "通勤",
    "仓储费",
    "保洁",
    "车位",
    "物业",
    "房租",
    "电价",
    "关税",
    "保证金",
    "考试",
    "养老",
    "维修",
    "保养",
    "拆除",
    "报废",
    "注册",
    "年检",
    "检疫",
    "门票",
    "宣传片",
    "食材",
    "电费",
    "薪酬",
    "差旅",
    "招待",
    "押金",
    "停产",
    "灾害",
    "绿化",
    "消杀",
    "审计",
    "评估费",
    "公证",
    "翻译",
)
_FOLDS = 3
_PULL = 0.6
_STEPS, _RATE = 2000, 0.03


@dataclass(frozen=True, slots=True)
class Example:
    """The features of one question and its best clause, and whether that clause answers; by meaning, whether one does."""

    group: str
    kind: str
    found: Features
    answers: bool

    @property
    def weight(self) -> float:
        """How much it counts in the fit."""
        told = WEIGHT.get(self.group, 1.0) if self.kind in {"oos", "right", "wrong"} else 1.0
        return told * WEIGHT.get(self.kind, 1.0)


class Examples:
    """Makes examples of questions, with the sentence model or without."""

    def __init__(self, encoder: Encoder | None) -> None:
        self._encoder = encoder

    def index(
        self, library: Library, district: District, maps: QuestionMaps | None = None, **more: Any
    ) -> PolicyIndex:
        """An index, read by meaning where there is a model; by the maps of the program if no others are given."""
        index = PolicyIndex.build(library, district, **more)
        if self._encoder is None:
            return index
        policies, asked = library.policies, index.asked
        vectors = vectors_of(self._encoder, readings_of(policies, asked))
        return index.with_meanings(ClauseMeanings(self._encoder, policies, vectors, asked, maps))

    def of(self, index: PolicyIndex, group: str, asked: Iterable[EvaluationQuestion]) -> Iterator[Example]:
        """Each question as it is, and by words with the clauses that answer it left out."""
        for one in asked:
            right = {key for key in (*one.expect, *one.accept) if isinstance(key, int)}
            found = _found(index, one.q)
            answers = bool(found.clauses) and found.clauses[0][0] in one.expect
            kind = "oos" if one.kind == "oos" else "right" if answers else "wrong"
            by_words = self._encoder is None
            if by_words or kind != "wrong":
                yield from _example(group, kind, found, answers=answers)
            if right and by_words:
                yield from _example(group, "left out", _found(index, one.q, right), answers=False)

    def of_another_document(
        self, index: PolicyIndex, group: str, asked: Iterable[EvaluationQuestion]
    ) -> Iterator[Example]:
        """Questions that another document answers."""
        for one in asked if self._encoder is None else ():
            if one.kind != "oos":
                yield from _example(group, "other document", _found(index, one.q), answers=False)

    def of_training(self, data: LanguageData) -> Iterator[Example]:
        """The questions that the maps learn from, each by maps that never saw it; nothing by words."""
        if self._encoder is None:
            return
        for maps, unseen in cross_fitted(tuple(training()), self._encoder):
            for one in unseen:
                asked = {question.q for question in one.questions}
                known = tuple(question for question in data.asked if question.q not in asked)
                seen = data.model_copy(update={"asked": known})
                index = self.index(one.library, one.district, maps, data=seen)
                yield from self.of(index, one.name, one.questions)

    def near_misses(self, index: PolicyIndex) -> Iterator[Example]:
        """Matters that no clause has, and terms of clauses with something asked that stands in none."""
        chance = random.Random(3)  # drawn the same each time
        matters = [one.text for one in index.asked if one.clause is None]
        for text in matters[::2] if self._encoder is None else ():
            typed = chance.choice(ASKED).format(text.removesuffix("有补贴吗"))
            yield from _example("own", "absent", _found(index, typed), answers=False)
        for policy in index.library.policies:
            for _ in range(3):
                term = chance.choice(policy.keywords or (policy.title,))
                typed = chance.choice(WITH).format(term, chance.choice(THINGS))
                yield from _example("own", "near miss", _found(index, typed), answers=False)


def _found(index: PolicyIndex, text: str, without: Collection[int] = ()) -> Hits:
    return index.find(text, index.meanings.nearest(text) if index.meanings else None, without)


def _example(group: str, kind: str, found: Hits, *, answers: bool) -> Iterator[Example]:
    """The example, unless the judgement is not asked: nothing found, or a whole keyword."""
    if found.judgement is not None and not found.exact_matches:
        yield Example(group, kind, found.judgement.features, answers)


def with_less(data: LanguageData, seed: int) -> LanguageData:
    """The data as if it had been written by someone who thought of less."""
    chance = random.Random(seed)
    elsewhere = tuple(word for word in data.language.elsewhere if chance.random() < 0.5)
    concepts = tuple(
        concept.model_copy(
            update={
                "says": tuple(word for word in concept.says if chance.random() < 0.8),
                "when": tuple(slots for slots in concept.when if chance.random() < 0.8),
            }
        )
        for concept in data.synonyms.concepts
    )
    return data.model_copy(
        update={
            "language": data.language.model_copy(update={"elsewhere": elsewhere}),
            "synonyms": data.synonyms.model_copy(update={"concepts": concepts}),
        }
    )


def all_examples(data: LanguageData, examples: Examples) -> list[Example]:
    """Every example: of our own questions over full and reduced data by folds, of the sets by other people, of training."""
    own = list(questions(*TUNED_ON))
    library, district = load_library(), load_district()
    index = examples.index(library, district, data=data)
    found = [one for name in TOLD for one in examples.of(index, name, questions(name))]
    for name in OTHERS:
        another = examples.index(other_library(name), District(), data=data)
        found += examples.of(another, name, questions(name))
        found += examples.of_another_document(index, name, questions(name))
        found += examples.of_another_document(another, TOLD[0], questions(TOLD[0]))
    chance = random.Random(7)
    folds = {one.q: chance.randrange(_FOLDS) for one in own}
    bare = data.model_copy(update={"questions": (), "asked": ()})
    for seed in range(2):
        less = with_less(bare, seed) if seed else bare
        for fold in range(_FOLDS):
            known = prototypes_of(one for one in own if folds[one.q] != fold)
            index = examples.index(library, district, data=less, prototypes=known)
            found += examples.of(index, "own", (one for one in own if folds[one.q] == fold))
    near_misses = examples.near_misses(examples.index(library, district, data=bare))
    return [*found, *near_misses, *examples.of_training(data)]


def questions(*names: str) -> Iterator[EvaluationQuestion]:
    """The questions of some sets that are decided by the search."""
    for name in names:
        yield from (one for one in set_of(name) if one.kind in SEARCHED)


def prototypes_of(asked: Iterable[EvaluationQuestion]) -> Iterator[Prototype]:
    """Known questions told in people's own words."""
    for one in asked:
        first = one.expect[0] if one.expect else None
        if one.kind == "oos" or (one.kind in {"natural", "paraphrase"} and isinstance(first, int)):
            yield Prototype(one.q, first if isinstance(first, int) else None)


def fit(examples: Sequence[Example], prior: Features) -> Features:
    """Logistic regression, pulled towards the prior; signs stay as in the prior."""
    numpy: Any = import_module("numpy")
    names = list(prior)
    rows = numpy.array([[one.found.get(name, 0.0) for name in names] for one in examples])
    told = numpy.array([float(one.answers) for one in examples])
    weight = numpy.array([one.weight for one in examples])
    start = numpy.array([prior[name] for name in names])
    fixed = numpy.array([name in FIXED for name in names])
    signed = numpy.array([name not in UNSIGNED for name in names])
    found, mean, square = start.copy(), numpy.zeros(len(names)), numpy.zeros(len(names))
    for step in range(1, _STEPS):
        chance = 1 / (1 + numpy.exp(-numpy.clip(rows @ found, -30, 30)))
        slope = (rows.T @ (weight * (chance - told)) + _PULL * (found - start)) / len(told)
        slope[fixed] = 0
        mean, square = 0.9 * mean + 0.1 * slope, 0.999 * square + 0.001 * slope * slope
        found -= _RATE * (mean / (1 - 0.9**step)) / (numpy.sqrt(square / (1 - 0.999**step)) + 1e-8)
        found[signed & (found * numpy.sign(start) < 0)] = 0
    return {name: round(float(value), 3) for name, value in zip(names, found, strict=True)}


def show(name: str, examples: Iterable[Example], weights: Features) -> None:
    """Which share of each kind lies above some thresholds."""
    thresholds = (-5.0, -4.0, -3.0, -2.0, -1.5, -1.0, 0.0)
    scores: dict[str, list[float]] = {}
    for one in examples:
        score = sum(weight * one.found.get(feature, 0.0) for feature, weight in weights.items())
        scores.setdefault(one.kind, []).append(score)
    print(f"{name:12s}{'':6s}" + "".join(f"{threshold:8.1f}" for threshold in thresholds))
    for kind, values in scores.items():
        shares = (sum(value >= threshold for value in values) / len(values) for threshold in thresholds)
        print(f"{kind:12s}{len(values):6d}" + "".join(f"{share:8.3f}" for share in shares))


def show_unseen(group: str, examples: Sequence[Example], prior: Features) -> None:
    """A set judged by weights that are fitted without it."""
    weights = fit([one for one in examples if one.group != group], prior)
    asked = [one for one in examples if one.group == group and one.kind in {"oos", "right", "wrong"}]
    scored = [(sum(w * one.found.get(name, 0.0) for name, w in weights.items()), one) for one in asked]
    others = sorted((score for score, one in scored if one.kind == "oos"), reverse=True)
    inside = sum(one.kind != "oos" for one in asked)
    line = f"{group:12s}{inside:6d} unseen"
    for share in (0.0, 0.03, 0.06, 0.1):
        threshold = others[int(share * len(others))]
        right = sum(score > threshold for score, one in scored if one.kind == "right")
        line += f"  {right / inside:.3f} right at {threshold:+.1f}"
    print(line)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true", help=f"write {SCOPE_FILE.name}; thresholds stay")
    options = parser.parse_args()
    data, encoder = load_language(), RememberingEncoder()
    scope = json.loads(SCOPE_FILE.read_text(encoding="utf-8"))
    for name, prior, model in (
        ("by_words", PRIOR, None),
        ("by_meaning", PRIOR | BY_MEANING, encoder),
    ):
        examples = all_examples(data, Examples(model))
        weights = fit(examples, prior)
        show(name, examples, weights)
        for group in (*TOLD, *OTHERS):
            show_unseen(group, examples, prior)
        scope[name]["weights"] = weights
    if options.write:
        SCOPE_FILE.write_text(json.dumps(scope, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
