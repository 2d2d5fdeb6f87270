"""Fit the rule by which a message is taken for an act or a fact of the clause in focus (`handlers/intent_by_meaning/rule`).

Run: .venv/bin/python -m bench.acts [--write]

The first step is a softmax regression on the sentence model's vectors of the bank's wordings, with questions to libraries and
talk about anything as `none`. The second step judges its first act. It is fitted on what the first step says of the parts that it
was not fitted on (a fifth at a time), so that the bank itself teaches how sure an unseen wording is; questions count as much as
wordings. Prints, for what the rule does and offers: wordings that get their act, those that get another, and questions taken.
"""

import argparse
import random
from base64 import b64encode
from collections.abc import Iterator, Sequence
from typing import Any

import numpy

from bench.known_sets import OTHERS, OWN, TOLD, TRAINING, TUNED_ON, RememberingEncoder, set_of, training
from handlers.intent_by_meaning.bank import digest_of_bank, load_bank
from handlers.intent_by_meaning.rule import RULE_FILE, RuleFile, features
from policies.district.folder import load_district
from policies.library.library_file import load_library
from policies.meanings.reading import texts_of
from policies.meanings.shipped_vectors import shipped_vectors
from policies.questions.evaluating import read_questions
from policies.search.index import PolicyIndex
from policies.search.meaning import ClauseMeanings, Encoder

PARTS = 5
SHARP = 8.0
"""The vectors of one model are much alike: what tells them apart is so much enlarged."""
PULL = 1e-4
STEPS, RATE, MOMENTUM = 200, 2.5, 0.9
NONE_WEIGHS = 0.3
"""Weight of a question in the first step, beside 1 for a wording of the bank."""
EACH = 60
"""Questions of each invented document."""
LIKE_AN_ACT = 0.93
"""Talk whose cosine with a wording of the bank is so high is that act (哈喽), and is left out."""
TAKEN_AT_MOST = {"does": 0.01, "offers": 0.025}
"""Share of the questions that may be taken for an act or a fact, before anything is known of the conversation."""
LIKELY = 0.6
"""What is done is at least so likely."""
FEATURES_PULL = 1e-3
NO_ACTS = TRAINING / "no-acts.jsonl"
"""Questions in the words of acts that ask for support, everyday ones that sound like an act, and what puts a matter off: `none`
as all questions are.
"""
_STEPS_OF_A_BYTE = 127


def questions() -> Iterator[str]:
    """Questions to libraries and about anything, none of which is an act."""
    yield from (one.q for one in read_questions(NO_ACTS))
    chance = random.Random(7)  # drawn the same each time
    for name in (*TUNED_ON, *TOLD, *OTHERS):
        yield from (one.q for one in set_of(name))
    for document in training():
        asked = [one.q for one in document.questions if document.name != OWN or one.expect or len(one.q) > 4]
        yield from chance.sample(asked, min(EACH if document.name != OWN else 4 * EACH, len(asked)))


class Step:
    """The first step: a softmax regression."""

    def __init__(self, vectors: Any, rows: Any, weights: Any, count: int) -> None:
        self._mean = vectors.mean(0)
        moved = (vectors - self._mean) * SHARP
        share = weights / weights.sum()
        wanted = numpy.eye(count)[rows]
        matrix, biases = numpy.zeros((vectors.shape[1], count)), numpy.zeros(count)
        pulled, tilted = numpy.zeros_like(matrix), numpy.zeros_like(biases)
        for _ in range(STEPS):
            odds = moved @ matrix + biases
            chances = numpy.exp(odds - odds.max(1, keepdims=True))
            chances /= chances.sum(1, keepdims=True)
            wrong = (chances - wanted) * share[:, None]
            pulled = MOMENTUM * pulled - RATE * (moved.T @ wrong + PULL * matrix)
            tilted = MOMENTUM * tilted - RATE * wrong.sum(0)
            matrix, biases = matrix + pulled, biases + tilted
        self.weights = (matrix * SHARP).T
        self.biases = biases - self._mean @ (matrix * SHARP)

    def odds(self, vectors: Any) -> Any:
        """Log-odds of each act against none."""
        odds = vectors @ self.weights.T + self.biases
        return odds[:, :-1] - odds[:, -1:]


def logistic(examples: Any, right: Any, weights: Any) -> Any:
    """Weights of the features, by Newton's method."""
    found = numpy.zeros(examples.shape[1])
    share = weights / weights.sum()
    for _ in range(40):
        chances = 1 / (1 + numpy.exp(-numpy.clip(examples @ found, -30, 30)))
        slope = examples.T @ ((chances - right) * share) + FEATURES_PULL * found
        bend = (examples * (share * chances * (1 - chances))[:, None]).T @ examples
        found = found - numpy.linalg.solve(bend + FEATURES_PULL * numpy.eye(len(found)), slope)
    return found


def meanings(encoder: Encoder) -> ClauseMeanings:
    """What the library that comes with the program means."""
    index = PolicyIndex.build(load_library(), load_district())
    vectors = shipped_vectors(texts_of(index).keys())
    return ClauseMeanings(encoder, index.library.policies, vectors, index.asked)


def fitted(encoder: Encoder) -> tuple[RuleFile, Any, Any, Any]:
    """The rule; and of each example whether its first act is right, whether it is a wording, and its chance."""
    bank = load_bank().rows
    texts = [wording for row in bank for wording in row.wordings]
    of = numpy.array([place for place, row in enumerate(bank) for _ in row.wordings])
    read = numpy.array([encoder.question(text) for text in texts], dtype="float32")
    others = list(dict.fromkeys(questions()))
    asked = numpy.array([encoder.question(text) for text in others], dtype="float32")
    apart = (asked @ read.T).max(1) < LIKE_AN_ACT
    others, asked = [text for text, is_kept in zip(others, apart, strict=True) if is_kept], asked[apart]
    rows = numpy.concatenate([of, numpy.full(len(asked), len(bank))])
    vectors = numpy.concatenate([read, asked])
    weights = numpy.where(rows < len(bank), 1.0, NONE_WEIGHS)
    part = numpy.random.default_rng(3).integers(0, PARTS, len(rows))
    odds = numpy.zeros((len(rows), len(bank)))
    for left_out in range(PARTS):
        kept = part != left_out
        step = Step(vectors[kept], rows[kept], weights[kept], len(bank) + 1)
        odds[~kept] = step.odds(vectors[~kept])
    found = judged_by(odds, [*texts, *others], encoder)
    examples = numpy.array([list(one.values()) for one in found])
    is_wording = rows < len(bank)
    right = is_wording & (odds.argmax(1) == rows)
    weighed = numpy.where(is_wording, 1.0, is_wording.sum() / max(1, (~is_wording).sum()))
    weights_of = logistic(examples, right, weighed)
    chances = 1 / (1 + numpy.exp(-(examples @ weights_of)))
    least = {
        name: round(float(numpy.quantile(chances[~is_wording], 1 - share)), 3)
        for name, share in TAKEN_AT_MOST.items()
    }
    least["does"] = max(LIKELY, least["does"])
    step = Step(vectors, rows, weights, len(bank) + 1)
    size = float(abs(step.weights).max()) / _STEPS_OF_A_BYTE
    file = RuleFile(
        bank=digest_of_bank(),
        step=size,
        weights=tuple(
            b64encode((row / size).round().astype("int8").tobytes()).decode() for row in step.weights
        ),
        biases=tuple(round(float(bias), 4) for bias in step.biases),
        judged={name: round(float(one), 4) for name, one in zip(found[0], weights_of, strict=True)},
        **least,
    )
    return file, right, is_wording, chances


def judged_by(odds: Any, texts: Sequence[str], encoder: Encoder) -> list[dict[str, float]]:
    """The features of the second step."""
    meant = meanings(encoder)
    best = -numpy.sort(-odds, axis=1)
    return [
        features(float(first), float(first - second), meant.nearest(text), text)
        for (first, second), text in zip(best[:, :2], texts, strict=True)
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true", help=f"write {RULE_FILE.name}")
    options = parser.parse_args()
    file, right, is_wording, chances = fitted(RememberingEncoder())
    print(dict(file.judged))
    for name in TAKEN_AT_MOST:
        taken = chances >= getattr(file, name)
        print(
            f"{name} from {getattr(file, name)}: right {(taken & right).sum() / is_wording.sum():.3f}, "
            f"wrong {(taken & is_wording & ~right).sum() / is_wording.sum():.3f}, "
            f"questions taken {(taken & ~is_wording).sum()} of {(~is_wording).sum()}"
        )
    if options.write:
        RULE_FILE.write_text(file.model_dump_json(indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
