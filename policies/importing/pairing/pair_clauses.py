"""Pairs the clauses of two editions as a person would: first by their text, last by their numbers. Pure.

Equal texts are pairs. The rest is compared by likeness over the whole document, and paired by the best assignment. What is
still without a pair is looked for inside the others: a clause may have been split, or several joined. A person corrects the
result by choosing which clauses belong together.
"""

from collections import Counter, defaultdict
from collections.abc import Sequence

from policies.importing.pairing.paired_places import paired_places
from policies.importing.pairing.pairs import NO_CHOICES, Choices, Pair, PairKind, PlacedClause, part_title
from policies.library.folding import wording


def pairs_of(
    before: Sequence[PlacedClause], after: Sequence[PlacedClause], choices: Choices = NO_CHOICES
) -> tuple[Pair, ...]:
    """Return every clause of both editions, paired; in the order of the new edition, what is gone at its old place."""
    found = paired_places(before, after, choices)
    homes = _homes(
        [(part_title(before[old].section), part_title(after[new].section)) for new, old in found.main.items()]
    )
    told: list[tuple[float, int, Pair]] = []

    def tell(old: int | None, new: int | None, kind: PairKind, *, continues: bool = False) -> None:
        pair = Pair(
            None if old is None else before[old], None if new is None else after[new], kind, continues
        )
        place = new / max(1, len(after)) if new is not None else (old or 0) / max(1, len(before))
        told.append((place, int(new is not None), pair))

    of_parts = {(link.old, link.new) for link in found.links}
    for new, old in found.main.items():
        if (old, new) not in of_parts:
            tell(old, new, _kind(before[old], after[new], homes), continues=True)
    for link in found.links:
        tell(link.old, link.new, link.kind, continues=found.main.get(link.new) == link.old)
    linked_old, linked_new = {link.old for link in found.links}, {link.new for link in found.links}
    paired = set(found.main.values())
    for new in range(len(after)):
        if new not in found.main and new not in linked_new:
            tell(None, new, PairKind.NEW)
    for old in range(len(before)):
        if old not in paired and old not in linked_old:
            tell(old, None, PairKind.GONE)
    return tuple(pair for *_, pair in sorted(told, key=lambda one: one[:2]))


def _homes(sections: Sequence[tuple[str, str]]) -> dict[str, str]:
    """Return new names of parts whose clauses for the most part stand together under a name that is new."""
    known = {old for old, _ in sections}
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for old, new in sections:
        counts[old][new] += 1
    homes = {}
    for old, found in counts.items():
        new, count = found.most_common(1)[0]
        if new not in known and count * 2 > found.total():
            homes[old] = new
    return homes


def _kind(old: PlacedClause, new: PlacedClause, homes: dict[str, str]) -> PairKind:
    was, now = part_title(old.section), part_title(new.section)
    moved = now not in {was, homes.get(was)}
    if wording(old.text) != wording(new.text):
        return PairKind.CHANGED_AND_MOVED if moved or old.label != new.label else PairKind.CHANGED
    if moved:
        return PairKind.MOVED
    return PairKind.UNCHANGED if old.label == new.label else PairKind.RENUMBERED
