"""Fit the weights by which a question is answered or declined.

Run: .venv/bin/python -m bench.scope [--write]

Questions: the sample and those of our own that may be tuned on. The data knows most of their words,
and a question from outside will hold words it doesn't; so each question is also read with a random half
of the words of other matters and a fifth of the synonyms left out. Weights are pulled towards what the
names of the features say (`PRIOR`), for the questions are few; those of `FIXED` stay there. Shown:
five-fold cross-validation, and how each kind fares when it is left out of the fitting.
"""

import argparse
import json
import math
import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from policies.district.folder import load_district
from policies.library.library_file import load_library
from policies.questions.evaluating import KnownQuestion, read_questions
from policies.search.index import PolicyIndex
from policies.search.scope import Features
from policies.search.words.language import SCOPE_FILE, LanguageData, load_language

QUESTIONS = Path(__file__).parents[1] / "tests" / "data"
TUNED_ON = tuple(
    f"questions-{name}.jsonl" for name in ("sample", "own", "colloquial", "fresh", "later", "last")
)
SEARCHED = frozenset({"keyword", "natural", "paraphrase", "amount", "oos"})
PRIOR: Features = {
    "bias": -1.5,
    "match": 1.0,
    "best": 1.5,
    "score": 0.6,
    "coverage": 2.0,
    "benefit": 1.0,
    "asking": 0.2,
    "lost": -0.5,
    "lost_unasked": -1.0,
    "tail": -1.0,
    "elsewhere": -2.0,
    "elsewhere_unasked": -3.0,
    "place": -12.0,
    "foreign": -7.0,
    "casual": -1.0,
    "named": 1.0,
}
FIXED = frozenset({"place", "foreign"})
"""Rules, not matters of degree: who asks about another place is declined whatever else matches. Too few
questions name one for a fit to find that."""
_PULL = 0.6
_STEPS = 1500
_RATE = 0.5
_LEARNT = 0.001
"""An error this small teaches nothing."""
_SEEDS = (1, 2, 3)


@dataclass(frozen=True, slots=True)
class Example:
    """One question as read once: its features, and whether it should be answered."""

    asked: KnownQuestion
    found: Features
    answer: bool


def read_with(data: LanguageData, questions: Iterable[KnownQuestion]) -> list[Example]:
    """The features of all questions that the search, not a structured reading, decides."""
    index = PolicyIndex.build(load_library(), load_district(), data=data)
    examples = []
    for asked in questions:
        found = index.find(asked.q)
        if found.judgement is None or found.exact_matches:
            continue
        right = asked.kind == "oos" or found.clauses[0][0] in (*asked.expect, *asked.accept)
        if right:
            examples.append(Example(asked, found.judgement.features, asked.kind != "oos"))
    return examples


def with_less(data: LanguageData, seed: int) -> LanguageData:
    """The data as if it had been written by someone who thought of less."""
    chance = random.Random(seed)  # drawn the same each time
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


def fit(examples: Sequence[Example]) -> Features:
    """Logistic regression by gradient descent, pulled towards the prior; signs stay as in the prior."""
    weights = dict(PRIOR)
    told = [
        ([(name, value) for name, value in example.found.items() if value], float(example.answer))
        for example in examples
    ]
    for _ in range(_STEPS):
        gradient = dict.fromkeys(weights, 0.0)
        for found, answer in told:
            score = sum([weights[name] * value for name, value in found])
            error = 1 / (1 + math.exp(-max(-30.0, min(30.0, score)))) - answer
            if abs(error) > _LEARNT:
                for name, value in found:
                    gradient[name] += error * value
        for name in weights.keys() - FIXED:
            weight = weights[name]
            pull = _PULL * (weight - PRIOR[name]) / len(examples)
            moved = weight - _RATE * (gradient[name] / len(examples) + pull)
            weights[name] = moved if name == "bias" or moved * PRIOR[name] > 0 else 0.0
    return weights


def errors(examples: Iterable[Example], weights: Features, threshold: float) -> tuple[int, int, int, int]:
    """Wrongly declined, in scope, wrongly answered, out of scope."""
    declined = inside = answered = outside = 0
    for example in examples:
        answers = sum(weights[name] * value for name, value in example.found.items()) >= threshold
        inside += example.answer
        outside += not example.answer
        declined += example.answer and not answers
        answered += answers and not example.answer
    return declined, inside, answered, outside


def best_threshold(examples: Sequence[Example], weights: Features) -> float:
    """The threshold with the least wrong shares: an in-scope question declined counts as much as one answered."""
    steps = [step / 20 for step in range(-40, 41)]

    def cost(threshold: float) -> tuple[float, float]:
        declined, inside, answered, outside = errors(examples, weights, threshold)
        return 4 * declined / inside + answered / outside, abs(threshold)

    return min(steps, key=cost)


def show(name: str, counted: tuple[int, int, int, int]) -> None:
    declined, inside, answered, outside = counted
    print(
        f"{name:28s} in scope declined {declined:4d}/{inside:<5d} "
        f"({declined / max(inside, 1):6.2%})   out of scope answered {answered:4d}/{outside:<5d} "
        f"({answered / max(outside, 1):6.2%})"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true", help=f"write {SCOPE_FILE.name}")
    options = parser.parse_args()
    questions = [
        asked for name in TUNED_ON for asked in read_questions(QUESTIONS / name) if asked.kind in SEARCHED
    ]
    data = load_language()
    full = read_with(data, questions)
    less = [example for seed in _SEEDS for example in read_with(with_less(data, seed), questions)]
    examples = full + less
    chance = random.Random(7)
    folds = {asked.id + asked.q: chance.randrange(5) for asked in questions}
    totals = {"five-fold": [0, 0, 0, 0], "five-fold, less data": [0, 0, 0, 0]}
    for fold in range(5):
        kept = [e for e in examples if folds[e.asked.id + e.asked.q] != fold]
        weights = fit(kept)
        threshold = best_threshold(kept, weights)
        for total, of in zip(totals.values(), (full, less), strict=True):
            out = [e for e in of if folds[e.asked.id + e.asked.q] == fold]
            total[:] = map(sum, zip(total, errors(out, weights, threshold), strict=True))
    for name, (declined, inside, answered, outside) in totals.items():
        show(name, (declined, inside, answered, outside))
    for kind in sorted(SEARCHED - {"oos"}):
        kept = [example for example in examples if example.asked.kind != kind]
        weights = fit(kept)
        show(
            f"without {kind}",
            errors([e for e in full if e.asked.kind == kind], weights, best_threshold(kept, weights)),
        )
    weights = fit(examples)
    threshold = best_threshold(examples, weights)
    show("fitted, full data", errors(full, weights, threshold))
    show("fitted, less data", errors(less, weights, threshold))
    rounded = {name: round(weight, 3) for name, weight in weights.items()}
    print(json.dumps({"weights": rounded, "threshold": threshold}, indent=2))
    if options.write:
        SCOPE_FILE.write_text(json.dumps({"weights": rounded, "threshold": threshold}, indent=2) + "\n")


if __name__ == "__main__":
    main()
