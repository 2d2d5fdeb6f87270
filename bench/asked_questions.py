"""Choose the questions that the sentence model compares with, for the document that comes with the program.

Run: .venv/bin/python -m bench.asked_questions

`bench/training/xihaian.jsonl` holds thousands; many say the same. A question is left out where one of the same clause, or one
that no clause answers either, is as good as the same by meaning. The others are written to `library/asked.jsonl`: `python -m
bench.shipped_vectors` must then read them.
"""

import json
from collections import defaultdict
from importlib import import_module
from typing import Any

from bench.known_sets import OWN, TRAINING, RememberingEncoder
from policies.district.folder import OWN_FOLDER
from policies.library.library_file import load_library
from policies.questions.evaluating import EvaluationQuestion, read_questions
from policies.search.meaning import Encoder
from policies.search.words.language import ASKED_NAME

_SAME = 0.93
"""The cosine from which two questions say the same."""


def chosen(questions: list[EvaluationQuestion], encoder: Encoder) -> list[EvaluationQuestion]:
    """The questions without those that say the same as one before with the same answer."""
    numpy: Any = import_module("numpy")
    kept: dict[object, list[Any]] = defaultdict(list)
    found = []
    for one in questions:
        alike, vector = kept[one.expect[:1]], encoder.question(one.q)
        if not alike or (numpy.array(alike) @ vector).max() < _SAME:
            alike.append(vector)
            found.append(one)
    return found


def main() -> None:
    library, folder = load_library(), OWN_FOLDER.lists
    if folder is None:
        raise SystemExit("the program has no library folder")
    questions = list(read_questions(TRAINING / f"{OWN}.jsonl"))
    label_of = {policy.key: policy.label for policy in library.policies}
    lines = []
    for one in chosen(questions, RememberingEncoder()):
        label = label_of[one.expect[0]] if one.expect and isinstance(one.expect[0], int) else None
        lines.append(json.dumps({"document": OWN, "label": label, "q": one.q}, ensure_ascii=False))
    (folder / ASKED_NAME).write_text("\n".join(lines) + "\n", encoding="utf-8")
    print(f"{len(lines)} of {len(questions)} questions")


if __name__ == "__main__":
    main()
