"""Which act or fact a message wants, by its vector. A small rule learnt from the bank; `python -m bench.acts --write` fits it.

The first step weighs the acts: a linear map of the sentence model's vector gives each act, and `none`, its log-odds. The second
step judges whether the first act is meant: how far it is above none and above the next act, against how near the nearest known
questions are, and how long the message is. This also separates library questions from acts. Two more features
were tried and added nothing: the fit of the best clause, and whether the message names a subject.
"""

import math
from base64 import b64decode
from collections.abc import Mapping, Sequence
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any, NamedTuple

from pydantic import BaseModel, ConfigDict

from handlers.intent_by_meaning.bank import load_bank
from policies.library.data_files import read_data_file
from policies.search.meaning import Nearest

RULE_FILE = Path(__file__).parent / "rule.json"
_MOST_ACTS = 3
"""Acts that may be offered together."""
_NEAR_FIRST = 1.5
"""Log-odds below the first act within which another one may be meant instead."""
_LEAST_ODDS, _LEAST_CHANCE = -0.5, 0.65
"""While a clause is in focus, a fact is asked from these log-odds against none, and from this chance."""
_PLAIN_ODDS, _PLAIN_CHANCE = 0.0, 0.85
"""The odds and the chance from which a fact is asked though the message has words of another subject (门牌号多少)."""


class RuleFile(BaseModel):
    """The fitted rule.

    Attributes:
        bank: digest of the bank that it was fitted on.
        step: what one step of a signed byte is worth in `weights`.
        weights: for each act and fact in the order of the bank, and for none, a row of signed bytes (base64).
        biases: as many numbers.
        judged: weights of the features of the second step.
        does: the chance from which what is meant is done.
        offers: the chance from which it is offered.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    bank: str
    step: float
    weights: tuple[str, ...]
    biases: tuple[float, ...]
    judged: Mapping[str, float]
    does: float
    offers: float


class ActMeant(NamedTuple):
    """What a message wants, by meaning.

    Attributes:
        names: names of acts and facts, the likeliest first; the others are nearly as likely.
        is_sure: the first one is surely meant; if false, it is only likely.
        fact: the fact that is asked if a clause is in focus. It makes an act less likely; "" for none.
        fact_is_plain: the fact is so likely that a word of another subject beside it does not count.
    """

    names: tuple[str, ...]
    is_sure: bool
    fact: str = ""
    fact_is_plain: bool = False


class ActRule:
    """The rule. numpy must be installed."""

    def __init__(self, names: Sequence[str], weights: Any, biases: Any, file: RuleFile) -> None:
        self._numpy = import_module("numpy")
        self._names = names
        self._weights = weights
        self._biases = biases
        self._file = file
        self._acts = len(names) - len(load_bank().facts)

    def meant(self, nearest: Nearest, text: str) -> ActMeant | None:
        """Return what a message wants. Return None if it wants no act, asks the library, or was not read by the model.

        Args:
            nearest: what the model says of the message, with its vector.
            text: the message.
        """
        if nearest.vector is None:
            return None
        odds = self._weights @ nearest.vector + self._biases
        odds = odds[:-1] - odds[-1]
        order = self._numpy.argsort(-odds)[:_MOST_ACTS]
        first, second = (float(odds[place]) for place in order[:2])
        fact, is_plain = self._fact(odds, nearest, text)
        chance = self._chance(first, first - second, nearest, text)
        if first <= 0 or chance < self._file.offers:  # that it is none is likelier
            return ActMeant((), False, fact, is_plain) if fact else None
        near = tuple(self._names[place] for place in order if first - float(odds[place]) <= _NEAR_FIRST)
        return ActMeant(near, chance >= self._file.does, fact, is_plain)

    def _fact(self, odds: Any, nearest: Nearest, text: str) -> tuple[str, bool]:
        """Return the likeliest fact and whether it is plain; "" if there is none, or an act is much likelier."""
        of_facts = odds[self._acts :]
        order = self._numpy.argsort(-of_facts)[:2]
        first, second = (float(of_facts[place]) for place in order)
        if first < _LEAST_ODDS or float(odds[: self._acts].max()) - first > _NEAR_FIRST:
            return "", False
        chance = self._chance(first, first - second, nearest, text)
        if chance < _LEAST_CHANCE:
            return "", False
        return self._names[self._acts + int(order[0])], first >= _PLAIN_ODDS and chance >= _PLAIN_CHANCE

    def _chance(self, odds: float, margin: float, nearest: Nearest, text: str) -> float:
        found = features(odds, margin, nearest, text)
        score = sum(self._file.judged[name] * value for name, value in found.items())
        return 1 / (1 + math.exp(-score))


def features(odds: float, margin: float, nearest: Nearest, text: str) -> dict[str, float]:
    """Return what speaks for and against an act.

    Args:
        odds: log-odds of the act against none.
        margin: how far the next act is below it.
        nearest: what the model says of the message.
        text: the message.
    """
    asked = max((one.asked for one in nearest.clauses.values()), default=0.0)
    return {
        "bias": 1.0,
        "odds": max(-10.0, min(odds, 10.0)),
        "margin": min(margin, 6.0),
        "asked": asked * 10,
        "declined": nearest.declined * 10,
        "length": min(len(text), 40) / 10,
    }


@cache
def load_rule() -> ActRule:
    """Return the rule that comes with the program.

    Raises:
        policies.library.data_files.DataFileError: the file can't be used.
    """
    return rule_of(read_data_file(RULE_FILE, RuleFile))


def rule_of(file: RuleFile) -> ActRule:
    """Return the rule of a file."""
    numpy = import_module("numpy")
    rows = [numpy.frombuffer(b64decode(row), dtype="int8") for row in file.weights]
    weights = (numpy.array(rows) * file.step).astype("float32")
    return ActRule([row.name for row in load_bank().rows], weights, numpy.array(file.biases), file)
