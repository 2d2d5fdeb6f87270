"""No pattern of the code takes longer than the text it reads grows: whatever people send, and of whatever length."""

import gc
import json
import os
import random
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from re import _constants, _parser  # type: ignore[attr-defined]
from typing import Any

import pytest

from tests.bot.patterns import PACKAGES, ROOT
from tests.kit.caches.once_a_run import once_a_run

LENGTH = 4096
"""Characters of a probe: at 5 ns a step a quadratic pattern takes 40 ms of them, a linear one a tenth of one."""
FLOOR_S = 0.001
"""Below this nothing can have been walked over again and again."""
AT_MOST = 3.0
"""How many times longer a text twice as long may take: 2 for what is linear, 4 for what is quadratic."""
OF_THREE_DOUBLINGS = 14.0
"""And a text eight times as long: 8 for what is linear, 64 for what is quadratic, 19 for what just takes `AT_MOST`."""
SHORT = LENGTH // 4
SHORT_FLOOR_S = FLOOR_S / 16
"""What takes less of a short text stays below the floor with the whole one, were it quadratic."""
SHORT_AT_MOST = 2.4
"""What takes `AT_MOST` as long for the whole text, a linear and a quadratic part together, takes so much of a short one."""
TRIES, ROUNDS = 3, 3
"""Of a suspect: the best of the tries counts, and most of the rounds have to find it guilty."""
GIVEN_UP_S = 0.5
"""Of one probe: no pattern that is linear takes a thirtieth of it."""
MOST_WORDS = 24
MOST_PROBES = 100
"""Of one pattern. A pattern of hundreds of words has thousands of probes; these are drawn from them, always the same."""
BETWEEN = ("x", " ", "，", "7", "\n", "-", ">")
CATEGORIES = {
    _constants.CATEGORY_DIGIT: "7",
    _constants.CATEGORY_NOT_DIGIT: "x",
    _constants.CATEGORY_SPACE: " ",
    _constants.CATEGORY_NOT_SPACE: "x",
    _constants.CATEGORY_WORD: "字",
    _constants.CATEGORY_NOT_WORD: "，",
}


class _Tree:
    """What a pattern is made of.

    Attributes:
        words: the words in it, and the characters it names.
        begun: of each sequence in it, what may match its first parts.
    """

    def __init__(self, pattern: str | bytes, flags: int) -> None:
        self.words: set[str] = set()
        self.begun: list[str] = []
        self._groups: dict[int, str] = {}
        self._walk(_parser.parse(pattern, flags & ~re.DEBUG))

    def _walk(self, items: Any, before: str = "") -> str:
        """Collect the words of a sequence; gives one text that it matches, where `before` has been read."""
        said = run = ""
        for operator, argument in items:
            if operator is _constants.LITERAL:
                run += chr(argument)
                said += chr(argument)
            else:
                self.words.add(run)
                run, said = "", said + self._piece(operator, argument, before + said)
                self.begun.append(before + said)
        self.words.add(run)
        self.begun.append(before + said)
        return said

    def _piece(self, operator: Any, argument: Any, before: str) -> str:
        match operator:
            case _constants.IN:
                found = [chosen for one in argument if (chosen := _one_of(one))]
                self.words.update(found)
                return "x" if argument[0][0] is _constants.NEGATE else found[0]
            case _constants.BRANCH:
                first, *_ = [self._walk(branch, before) for branch in argument[1]]
                return first
            case _constants.SUBPATTERN:
                said = self._walk(argument[3], before)
                self._groups[argument[0]] = said
                return said
            case _constants.MAX_REPEAT | _constants.MIN_REPEAT | _constants.POSSESSIVE_REPEAT:
                least, _, inner = argument
                return self._walk(inner, before) * max(1, min(least, 20))
            case _constants.ATOMIC_GROUP:
                return self._walk(argument, before)
            case _constants.GROUPREF:
                return self._groups.get(argument, "")
            case _constants.ASSERT | _constants.ASSERT_NOT:
                self._walk(argument[1], before)
                return ""
            case _constants.ANY | _constants.NOT_LITERAL:
                return "x"
        return ""


def _one_of(item: tuple[Any, Any]) -> str:
    """A character that a set names."""
    match item:
        case (_constants.LITERAL, code):
            return chr(code)
        case (_constants.RANGE, (low, _)):
            return chr(low)
        case (_constants.CATEGORY, category):
            return CATEGORIES.get(category, "x")
    return ""


@dataclass(frozen=True, slots=True)
class Probe:
    """A word over and over, with what stands before and after it."""

    word: str
    before: str = ""
    after: str = ""

    def text(self, length: int) -> str:
        return self.before + self.word * (length // len(self.word)) + self.after


def probes(pattern: str | bytes, flags: int) -> list[Probe]:
    """Texts of the pattern's own words over and over: alone, by twos, between and before other characters."""
    made = list(dict.fromkeys(_probes(pattern, flags)))
    return random.Random(len(made)).sample(made, min(len(made), MOST_PROBES))


def _probes(pattern: str | bytes, flags: int) -> Iterator[Probe]:
    tree = _Tree(pattern, flags)
    words = sorted(filter(None, tree.words))
    made_of_others = [word for word in words if any(part != word and part in word for part in words)]
    chosen = random.Random(len(words)).sample(words, min(len(words), MOST_WORDS))
    some = list(dict.fromkeys([*chosen, *made_of_others[:MOST_WORDS]]))
    begun = sorted({text for text in tree.begun if len(text) > 1 and text not in tree.words})
    begun.sort(
        key=len
    )  # those of one length in the order of the alphabet: a set has another order in each process
    begun = begun[:: max(1, len(begun) // MOST_WORDS)]
    units = [*some, *begun, *map("".join, pairwise(some)), *map("".join, pairwise(reversed(some)))]
    for unit in dict.fromkeys(filter(None, units)):
        yield Probe(unit)
        for other in BETWEEN:
            yield Probe(unit, after=other)
        yield Probe(unit, before="x")
        for other in BETWEEN[:3]:
            yield Probe(unit + other)
    for one in begun:
        for word in some[:12]:
            yield Probe(word, before=one, after="x")


def _run(compiled: re.Pattern[Any], method: str, text: Any) -> None:
    if method in {"sub", "subn"}:
        getattr(compiled, method)(text[:0], text)
    elif method == "finditer":
        for _ in compiled.finditer(text):
            pass
    else:
        getattr(compiled, method)(text)


class _GivenUp(Exception):  # noqa: N818
    pass


@contextmanager
def _given_up_after(seconds: float) -> Iterator[None]:
    """Break off what takes so much of the processor's time: what is exponential would never end."""

    def give_up(*_: Any) -> None:
        raise _GivenUp

    before = signal.signal(signal.SIGVTALRM, give_up)
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


@dataclass(frozen=True, slots=True)
class _Run:
    """One way in which the code runs a pattern, on a probe of any length."""

    compiled: re.Pattern[Any]
    method: str
    probe: Probe

    def takes(self, length: int, times: int = 1) -> float:
        """The least processor time of some runs, in seconds."""
        return self.best({length: times})[length]

    def best(self, times: Mapping[int, int]) -> dict[int, float]:
        """The least processor time of each length, in so many runs: by turns, so that what slows the machine slows all."""
        texts = {length: self._text(length) for length in times}
        least = dict.fromkeys(times, float("inf"))
        for turn in range(max(times.values())):
            for length, text in texts.items():
                if turn < times[length]:
                    begun = time.thread_time()
                    _run(self.compiled, self.method, text)
                    least[length] = min(least[length], time.thread_time() - begun)
        return least

    def _text(self, length: int) -> Any:
        written = self.probe.text(length)
        return written if isinstance(self.compiled.pattern, str) else written.encode("latin-1", "replace")


def grows_faster_than(compiled: re.Pattern[Any], method: str, probe: Probe) -> bool:
    """Whether a text twice as long takes this pattern far more than twice as long."""
    run = _Run(compiled, method, probe)
    try:
        with _given_up_after(GIVEN_UP_S):
            if not _is_suspect(run, SHORT, SHORT_FLOOR_S, SHORT_AT_MOST):
                return False
        with _given_up_after(GIVEN_UP_S):
            if not _is_suspect(run, LENGTH, FLOOR_S, AT_MOST):
                return False
        with _given_up_after(GIVEN_UP_S * ROUNDS):
            return sum(_is_guilty(run) for _ in range(ROUNDS)) * 2 > ROUNDS
    except _GivenUp:
        return True


def _is_suspect(run: _Run, length: int, floor: float, at_most: float) -> bool:
    """By few runs, which tell of nearly every pattern that it is none."""
    whole = run.takes(length)
    return whole >= floor and whole >= at_most * run.takes(length // 2, 2)


def _is_guilty(run: _Run) -> bool:
    """Over three doublings: no pause of a busy machine makes one text of four so much slower in each of its tries."""
    least = run.best(dict.fromkeys((LENGTH // 8, LENGTH // 4, LENGTH // 2, LENGTH), TRIES))
    return (
        least[LENGTH] >= FLOOR_S
        and least[LENGTH] >= AT_MOST * least[LENGTH // 2]
        and least[LENGTH] >= OF_THREE_DOUBLINGS * least[LENGTH // 8]
    )


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[Any]]:
    """Every pattern of the code, from a process that saw them being compiled; one for all workers."""

    def see(folder: Path) -> None:
        ran = subprocess.run(
            [sys.executable, "-m", "tests.bot.patterns"],
            cwd=ROOT,
            env={**os.environ, "PYTHONHASHSEED": "0"},  # a pattern made of a set is the same one each time
            check=True,
            capture_output=True,
            timeout=120,
        )
        (folder / "found.json").write_bytes(ran.stdout)

    rows: dict[str, list[Any]] = json.loads(
        (once_a_run(tmp_path_factory, "patterns", see) / "found.json").read_text()
    )
    return rows


@pytest.fixture
def _without_collections() -> Iterator[None]:
    """No collection of garbage in the middle of a try."""
    gc.disable()
    yield
    gc.enable()


def test_every_pattern_of_the_code_is_seen(found: dict[str, list[Any]]) -> None:
    """A pattern made of what only a call knows could not be tried: give such patterns a name instead."""
    assert found["unseen_ways_in"] == []
    assert len(found["patterns"]) > 100
    assert [row["place"] for row in found["patterns"] if row["pattern"] is None] == []
    assert {row["place"].partition("/")[0] for row in found["patterns"]} <= set(PACKAGES)


@pytest.mark.usefixtures("_without_collections")
@pytest.mark.parametrize("package", PACKAGES)
def test_no_pattern_takes_longer_than_its_text_grows(package: str, found: dict[str, list[Any]]) -> None:
    """Tried with the pattern's own words over and over, for as long as no person types."""
    slow: dict[str, str] = {}
    for row in found["patterns"]:
        if row["pattern"] is None or not row["place"].startswith(f"{package}/"):
            continue
        written = row["pattern"].encode("latin-1") if row["bytes"] else row["pattern"]
        compiled = re.compile(written, row["flags"])
        for probe in probes(written, row["flags"]):
            for method in row["methods"]:
                place = f"{row['place']} {method}"
                if place not in slow and grows_faster_than(compiled, method, probe):
                    slow[place] = f"{probe}  {row['pattern'][:60]}"
    assert slow == {}


@pytest.mark.parametrize(
    ("pattern", "method", "unit"),
    [
        (r"(?:奖补|奖|补)*最", "search", "奖补"),
        (r"\s*x\s*y", "search", " "),
        (r"\s+$", "sub", " "),
        (r"<a>[^<]*</a>|<a><b>.*</b>", "search", "<a><b>"),
        (r"(\w+\s?)+\.", "match", "word "),
    ],
)
def test_the_probes_find_what_grows(pattern: str, method: str, unit: str) -> None:
    compiled = re.compile(pattern)

    assert any(grows_faster_than(compiled, method, probe) for probe in probes(pattern, 0))
