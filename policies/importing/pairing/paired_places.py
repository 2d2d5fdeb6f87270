"""Which clause of an edition goes on from which of the edition before, by their places. Pure.

Equal texts first, then the best assignment over the likeness of the rest, then parts of clauses that were split or joined.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from rapidfuzz import fuzz

from policies.importing.pairing.assignment import best_assignment
from policies.importing.pairing.likeness import Fingerprint, LikenessIndex, cosine, fingerprints, share_inside
from policies.importing.pairing.pairs import Choices, PairKind, PlacedClause, part_title
from policies.library.folding import wording

_LIKE = 0.5
"""Two texts at least so alike (0–1) are one clause, changed."""
_LIKE_IN_PLACE = 0.35
"""So alike under the same number in the same part."""
_PART = 0.75
"""A text whose pairs of characters stand to this share in another is a part of it."""
_WHOLE = 0.6
_FIGURE = re.compile(r"\d+(?:\.\d+)?")
_BEYOND = 0.5
"""Of a part, so much must stand in the whole beyond what its own clause says: two clauses may say the same things."""


@dataclass(frozen=True, slots=True)
class Link:
    """One old and one new clause of a clause that was split, or of clauses that were joined."""

    old: int
    new: int
    kind: PairKind


@dataclass(slots=True)
class PairedPlaces:
    """Places in both editions: `main` is new to old; `links` are the pairs of what was split or joined, those of `main` too."""

    main: dict[int, int]
    links: list[Link] = field(default_factory=list)

    def link(self, old: int, new: int, kind: PairKind) -> None:
        """Add a pair of what was split or joined."""
        if not any((link.old, link.new) == (old, new) for link in self.links):
            self.links.append(Link(old, new, kind))


def paired_places(
    before: Sequence[PlacedClause], after: Sequence[PlacedClause], choices: Choices
) -> PairedPlaces:
    origins, endings = _places(before, after, choices)
    equal = _equal(before, after, set(endings), set(origins))
    found = PairedPlaces(dict(equal))
    not_old, not_new = {*equal.values(), *endings}, {*equal, *origins}
    for new, old in origins.items():
        if old is not None and old not in not_old:
            found.main[new] = old
            not_old.add(old)
    rest_old = [at for at in range(len(before)) if at not in not_old]
    rest_new = [at for at in range(len(after)) if at not in not_new]
    prints = _Prints(before, after, set(equal.values()), set(equal))
    found.main |= _likeliest(prints, rest_old, rest_new, before, after)
    _link_chosen(found, origins, endings)
    for kind in (PairKind.SPLIT, PairKind.JOINED):
        _add_parts(kind, prints, found, free=_free(kind, found, rest_old, rest_new))
    return found


def _places(
    before: Sequence[PlacedClause], after: Sequence[PlacedClause], choices: Choices
) -> tuple[dict[int, int | None], dict[int, int | None]]:
    """Return the corrections by places. A label that neither edition has is passed over."""
    olds = {one.label: at for at, one in enumerate(before)}
    news = {one.label: at for at, one in enumerate(after)}
    origins = {
        news[new]: None if old is None else olds[old]
        for new, old in choices.origins.items()
        if new in news and (old is None or old in olds)
    }
    endings = {
        olds[old]: None if new is None else news[new]
        for old, new in choices.endings.items()
        if old in olds and (new is None or new in news)
    }
    return origins, endings


def _link_chosen(found: PairedPlaces, origins: dict[int, int | None], endings: dict[int, int | None]) -> None:
    """Link the clauses that a person paired. If one of them has a pair already, it is a further part: a split or a join."""
    of_old = {old: new for new, old in found.main.items()}
    for old, new in [*((old, new) for new, old in origins.items()), *endings.items()]:
        if old is None or new is None or found.main.get(new) == old:
            continue
        if new in found.main:
            found.link(found.main[new], new, PairKind.JOINED)
            found.link(old, new, PairKind.JOINED)
        elif old in of_old:
            found.link(old, of_old[old], PairKind.SPLIT)
            found.link(old, new, PairKind.SPLIT)
        else:
            found.main[new], of_old[old] = old, new


def _equal(
    before: Sequence[PlacedClause], after: Sequence[PlacedClause], not_old: set[int], not_new: set[int]
) -> dict[int, int]:
    """Return new to old for clauses with the same words. Of several, take the one with the same number, or go in order."""
    olds: dict[str, list[int]] = defaultdict(list)
    for at, one in enumerate(before):
        if at not in not_old:
            olds[wording(one.text)].append(at)
    words = [wording(one.text) for one in after]
    found: dict[int, int] = {}
    for same_label in (True, False):
        for at, one in enumerate(after):
            if at in found or at in not_new:
                continue
            waiting = olds[words[at]]
            chosen = next((old for old in waiting if before[old].label == one.label or not same_label), None)
            if chosen is not None:
                waiting.remove(chosen)
                found[at] = chosen
    return found


class _Prints:
    """The fingerprints of the clauses without an equal one."""

    def __init__(
        self,
        before: Sequence[PlacedClause],
        after: Sequence[PlacedClause],
        equal_old: set[int],
        equal_new: set[int],
    ) -> None:
        old = [at for at in range(len(before)) if at not in equal_old]
        new = [at for at in range(len(after)) if at not in equal_new]
        texts = [before[at].text for at in old] + [after[at].text for at in new]
        made = fingerprints(texts, (before[at].text for at in equal_old) if texts else ())
        self.old = dict(zip(old, made, strict=False))
        self.new = dict(zip(new, made[len(old) :], strict=True))


def _likeliest(
    prints: _Prints,
    rest_old: Sequence[int],
    rest_new: Sequence[int],
    before: Sequence[PlacedClause],
    after: Sequence[PlacedClause],
) -> dict[int, int]:
    """Return new to old: the best assignment by the likeness of the remaining clauses."""
    index = LikenessIndex({at: prints.old[at] for at in rest_old})
    same_place = {_place(before[at]): at for at in rest_old}
    scores: dict[tuple[int, int], float] = {}
    for new in rest_new:
        candidates = set(index.to(prints.new[new]))
        in_place = same_place.get(_place(after[new]))
        for old in candidates | ({in_place} if in_place is not None else set()):
            score = _score(prints.old[old], prints.new[new], in_place=old == in_place)
            if score:
                scores[new, old] = score
    return best_assignment(scores)


def _brings_figures(part: Fingerprint, mate: Fingerprint, whole: Fingerprint) -> bool:
    """Whether a whole has figures of a part that its own clause does not have: 分别给予60万元、30万元 of two alike ones."""
    own = {*_FIGURE.findall(part.core)} - {*_FIGURE.findall(mate.core)}
    return bool(own) and own <= {*_FIGURE.findall(whole.core)}


def _place(one: PlacedClause) -> tuple[str, str]:
    return one.label, part_title(one.section)


def _score(old: Fingerprint, new: Fingerprint, *, in_place: bool) -> float:
    """Return how similar two clauses are; 0 if they are different clauses."""
    alike = cosine(old, new)
    if alike < (_LIKE_IN_PLACE if in_place else _LIKE):
        return 0.0
    return alike + fuzz.ratio(old.core, new.core) / 100 + (0.1 if in_place else 0.0)


def _free(kind: PairKind, found: PairedPlaces, rest_old: Sequence[int], rest_new: Sequence[int]) -> list[int]:
    """Return clauses without a pair. They may be a part of a clause on the other side."""
    if kind is PairKind.SPLIT:
        linked = {link.new for link in found.links}
        return [at for at in rest_new if at not in found.main and at not in linked]
    paired = {*found.main.values(), *(link.old for link in found.links)}
    return [at for at in rest_old if at not in paired]


def _add_parts(kind: PairKind, prints: _Prints, found: PairedPlaces, *, free: Sequence[int]) -> None:
    """Pair clauses that became several, or several that became one. A whole has at least two parts, which together
    say most of it.
    """
    splits = kind is PairKind.SPLIT
    wholes, parts = (prints.old, prints.new) if splits else (prints.new, prints.old)
    mates = {old: new for new, old in found.main.items()} if splits else dict(found.main)
    index = LikenessIndex(wholes)
    inside: defaultdict[int, list[int]] = defaultdict(list)
    for at in free:
        shares = {
            whole: share_inside(parts[at].counts, wholes[whole].counts) for whole in index.to(parts[at])
        }
        whole = max(shares, key=lambda one: shares[one], default=None)
        if whole is not None and shares[whole] >= _PART:
            inside[whole].append(at)
    for whole, among in inside.items():
        mate = mates.get(whole)
        if mate is not None and mate in parts:
            beyond = wholes[whole].counts - parts[mate].counts
            among[:] = [
                at
                for at in among
                if share_inside(parts[at].counts, beyond) >= _BEYOND
                or _brings_figures(parts[at], parts[mate], wholes[whole])
            ]
            if share_inside(parts[mate].counts, wholes[whole].counts) >= _WHOLE:
                among.append(mate)
        said = sum((parts[at].counts for at in among), Counter[str]())
        if len(among) < 2 or share_inside(wholes[whole].counts, said) < _WHOLE:
            continue
        for at in sorted(among):
            found.link(*((whole, at) if splits else (at, whole)), kind)
        if mate is None:  # the part that says most of it goes on
            most = max(among, key=lambda at: parts[at].counts.total())
            found.main |= {most: whole} if splits else {whole: most}
