"""Which act or fact a message wants, by its vector. A small rule learnt from the bank; `python -m bench.acts --write` fits it.

The first step weighs the acts: a linear map of the sentence model's vector gives each act, and `none`, its log-odds. The second
step judges whether the first act is meant: how far it is above none and above the next act, against how near the nearest known
questions are, and how long the message is. Questions for the library are told from acts so; how well a clause fits, and whether
the message names a subject, told nothing more and were left out.
"""

import math
from base64 import b64decode
from collections.abc import Mapping, Sequence
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any, NamedTuple

from pydantic import BaseModel, ConfigDict

from handlers.acts.bank import load_bank
from policies.library.data_files import read_data_file
from policies.search.meaning import Nearest

RULE_FILE = Path(__file__).parent / "rule.json"
_MOST = 3
"""Acts that may be offered together."""
_NEAR_FIRST = 1.5
"""Log-odds below the first act within which another one may be meant instead."""


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
        is_sure: the first one is meant; else it is likely.
    """

    names: tuple[str, ...]
    is_sure: bool


class ActRule:
    """The rule. numpy must be installed."""

    def __init__(self, names: Sequence[str], weights: Any, biases: Any, file: RuleFile) -> None:
        self._numpy = import_module("numpy")
        self._names = names
        self._weights = weights
        self._biases = biases
        self._file = file

    def meant(self, nearest: Nearest, text: str) -> ActMeant | None:
        """What a message wants; None where it is no act, or one for the library, and where the model did not read it.

        Args:
            nearest: what the model says of the message, with its vector.
            text: the message.
        """
        if nearest.vector is None:
            return None
        odds = self._weights @ nearest.vector + self._biases
        odds = odds[:-1] - odds[-1]
        order = self._numpy.argsort(-odds)[:_MOST]
        first, second = (float(odds[place]) for place in order[:2])
        if first <= 0:  # that it is none is likelier
            return None
        found = features(first, first - second, nearest, text)
        score = sum(self._file.judged[name] * value for name, value in found.items())
        chance = 1 / (1 + math.exp(-score))
        if chance < self._file.offers:
            return None
        near = tuple(self._names[place] for place in order if first - float(odds[place]) <= _NEAR_FIRST)
        return ActMeant(near, chance >= self._file.does)


def features(odds: float, margin: float, nearest: Nearest, text: str) -> dict[str, float]:
    """What speaks for and against an act.

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
    """The rule that comes with the program.

    Raises:
        policies.library.data_files.DataFileError: the file can't be used.
    """
    return rule_of(read_data_file(RULE_FILE, RuleFile))


def rule_of(file: RuleFile) -> ActRule:
    """The rule of a file."""
    numpy = import_module("numpy")
    rows = [numpy.frombuffer(b64decode(row), dtype="int8") for row in file.weights]
    weights = (numpy.array(rows) * file.step).astype("float32")
    return ActRule([row.name for row in load_bank().rows], weights, numpy.array(file.biases), file)
