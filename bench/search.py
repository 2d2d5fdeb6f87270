"""How fast 49 and 100,000 clauses are searched, beside other engines.

Run: .venv/bin/python -m bench.search [--clauses 100000] [--engine ours|tantivy|bm25s|fts5]

Clauses are made by varying the real ones: another place, another product and other sums in title and
text. Each engine runs in a process of its own; shown are the time to build, resident memory, and times
to answer the in-scope questions of the sample and of our own, all in processor time, so that other
work on the machine doesn't count.
"""

import argparse
import random
import re
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import psutil

from policies.district.folder import load_district
from policies.library.library import Library
from policies.library.library_file import load_library
from policies.library.models import Amount, Policy
from policies.questions.evaluating import read_questions
from policies.search.index import PolicyIndex

ENGINES = ("ours", "tantivy", "bm25s", "fts5")
_DATA = Path(__file__).parents[1] / "tests" / "data"
_PLACES = ("东港镇", "西山湾", "南河谷", "北岭区", "新桥园", "石门岛", "青石湾", "白沙口", "龙泉港", "云台山")
_GOODS = ("传感器", "轴承", "阀门", "机器人", "电机", "涂料", "软件", "光缆", "制冷机", "无人艇")
_SUM = re.compile(r"\d+ ?万元")


def varied(real: Library, count: int) -> Library:
    """A library of so many clauses; the first ones are the real ones."""
    [document] = real.documents
    return Library.of([document.model_copy(update={"policies": tuple(_policies(real, count))})])


def _policies(real: Library, count: int) -> Iterator[Policy]:
    yield from real.policies
    chance = random.Random(4)  # the same clauses each run
    for number in range(len(real.policies) + 1, count + 1):
        model = real.policies[number % len(real.policies)]
        where, what = chance.choice(_PLACES), chance.choice(_GOODS)
        text = _SUM.sub(lambda _: f"{chance.randrange(1, 400) * 5}万元", model.text)
        times = chance.randrange(1, 41)
        yield model.model_copy(
            update={
                "key": number,
                "label": str(number),
                "title": f"{where}{what}{model.title}",
                "text": f"{text}适用于{where}的{what}企业，编号{number}。",
                "amounts": tuple(_times(amount, times) for amount in model.amounts),
            }
        )


@cache
def _times(amount: Amount, tenths: int) -> Amount:
    sums = ("value_cny", "min_cny", "max_cny", "cap_cny")
    stated = {name: cny for name in sums if (cny := getattr(amount, name)) is not None}
    return amount.model_copy(update={name: cny * tenths // 10 for name, cny in stated.items()})


def _ours(library: Library) -> Callable[[str], object]:
    return PolicyIndex.build(library, load_district()).decide


def _pairs(text: str) -> list[str]:
    plain = re.sub(r"\W", "", text.lower())
    return [plain[at : at + 2] for at in range(len(plain) - 1)] or [plain]


def _tantivy(library: Library) -> Callable[[str], object]:
    import tantivy  # noqa: PLC0415

    schema = tantivy.SchemaBuilder().add_integer_field("id", stored=True).add_text_field("body").build()
    index = tantivy.Index(schema)
    writer = index.writer(100_000_000)
    for policy in library.policies:
        writer.add_document(
            tantivy.Document(id=policy.key, body=" ".join(_pairs(policy.title + policy.text)))
        )
    writer.commit()
    index.reload()
    searcher = index.searcher()

    def ask(text: str) -> object:
        found = searcher.search(index.parse_query(" ".join(_pairs(text)), ["body"]), 5)
        return [searcher.doc(address)["id"] for _, address in found.hits]

    return ask


def _bm25s(library: Library) -> Callable[[str], object]:
    import bm25s  # noqa: PLC0415

    model = bm25s.BM25()
    model.index([_pairs(policy.title + policy.text) for policy in library.policies], show_progress=False)
    count = min(5, len(library.policies))
    return lambda text: model.retrieve([_pairs(text)], k=count, show_progress=False)


def _fts5(library: Library) -> Callable[[str], object]:
    database = sqlite3.connect(":memory:")
    database.execute("CREATE VIRTUAL TABLE clauses USING fts5(body)")
    rows = ((policy.key, " ".join(_pairs(policy.title + policy.text))) for policy in library.policies)
    database.executemany("INSERT INTO clauses (rowid, body) VALUES (?, ?)", rows)
    query = "SELECT rowid FROM clauses WHERE clauses MATCH ? ORDER BY rank LIMIT 5"
    return lambda text: database.execute(query, (" OR ".join(f'"{p}"' for p in _pairs(text)),)).fetchall()


_BUILD: dict[str, Callable[[Library], Callable[[str], object]]] = {
    "ours": _ours,
    "tantivy": _tantivy,
    "bm25s": _bm25s,
    "fts5": _fts5,
}


def measure(engine: str, count: int) -> str:
    """One line of figures."""
    library = varied(load_library(), count)
    process = psutil.Process()
    began = time.process_time()
    ask = _BUILD[engine](library)
    built = time.process_time() - began
    files = (_DATA / "questions-sample.jsonl", _DATA / "questions-ours.jsonl")
    questions = [asked.q for file in files for asked in read_questions(file) if asked.kind != "oos"]
    ask(questions[0])
    taken = []
    for question in questions:
        began = time.process_time()
        ask(question)
        taken.append(1000 * (time.process_time() - began))
    taken.sort()
    p50, p99 = taken[len(taken) // 2], taken[int(len(taken) * 0.99)]
    memory = process.memory_info().rss / 2**20
    return (
        f"{engine:8s} {count:7d} clauses: built in {built:6.2f} s, p50 {p50:7.3f} ms, "
        f"p99 {p99:7.3f} ms, {memory:5.0f} MB"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--clauses", type=int, nargs="*", default=[49, 100_000])
    parser.add_argument("--engine", choices=ENGINES)
    options = parser.parse_args()
    if options.engine and len(options.clauses) == 1:
        print(measure(options.engine, options.clauses[0]))
        return
    for count in options.clauses:
        for engine in [options.engine] if options.engine else ENGINES:
            own = [sys.executable, "-m", "bench.search", "--engine", engine, "--clauses", str(count)]
            subprocess.run(own, check=True)  # ourselves


if __name__ == "__main__":
    main()
