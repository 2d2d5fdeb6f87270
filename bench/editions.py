"""How long it takes to pair the clauses of two editions: `python -m bench.editions [--clauses 20000]`.

Clauses are made by varying the real ones (`bench.search`). Shown are an edition whose clauses stand elsewhere and are the same,
one with a few changes, and one in which every sum is another, in processor time and with the memory at its highest.
"""

import argparse
import random
import re
import resource
import time
from collections.abc import Callable, Sequence

from bench.search import varied
from policies.importing.pairing.pair_clauses import pairs_of
from policies.importing.pairing.pairs import PlacedClause
from policies.library.library_file import load_library

_SUM = re.compile(r"(\d+) ?万元")


def raised(text: str) -> str:
    """The text with every sum 10万元 higher."""
    return _SUM.sub(lambda found: f"{int(found[1]) + 10}万元", text)


def shuffled(clauses: Sequence[PlacedClause]) -> list[PlacedClause]:
    """The same clauses in another order."""
    order = list(clauses)
    random.Random(1).shuffle(order)
    return order


def few_changes(clauses: Sequence[PlacedClause]) -> list[PlacedClause]:
    """One clause in a hundred is gone, two have other sums."""
    kept = [one for at, one in enumerate(clauses) if at % 100]
    return [
        PlacedClause(one.label, one.section, raised(one.text)) if at % 50 == 1 else one
        for at, one in enumerate(kept)
    ]


def all_changed(clauses: Sequence[PlacedClause]) -> list[PlacedClause]:
    """Every clause that has a sum has another."""
    return [PlacedClause(one.label, one.section, raised(one.text)) for one in clauses]


EDITIONS: dict[str, Callable[[Sequence[PlacedClause]], list[PlacedClause]]] = {
    "the same clauses elsewhere": shuffled,
    "1 in 100 gone, 2 in 100 changed": few_changes,
    "every sum another": all_changed,
}


def main() -> None:
    """Print a line for each edition."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--clauses", type=int, default=20_000)
    asked = parser.parse_args()
    policies = varied(load_library(), asked.clauses).policies
    before = [PlacedClause(one.label, str(one.section), one.text) for one in policies]
    for name, edition in EDITIONS.items():
        after = [PlacedClause(str(at), one.section, one.text) for at, one in enumerate(edition(before), 1)]
        started = time.process_time()
        pairs = pairs_of(before, after)
        took = time.process_time() - started
        wrong = sum(
            pair.continues
            and pair.old is not None
            and pair.new is not None
            and raised(pair.old.text) != raised(pair.new.text)
            and raised(pair.old.text) != pair.new.text
            for pair in pairs
        )
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(
            f"{len(before):,} clauses, {name}: {took:.1f} s, {len(pairs):,} pairs, {wrong} wrong, {memory:.0f} MB"
        )


if __name__ == "__main__":
    main()
