"""Finds what a publication means to a reader: which clauses are new, changed, gone, split or joined. Pure.

These are not news: another number or place of a clause; what only we add (title, keywords, tracks); and a longer
validity of a document, which stands in every clause.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from policies.library.changes import ChangeKind, Kin, PolicyChange, Relation
from policies.library.models import Policy

_OF_THE_DOCUMENT = frozenset({"text", "basis", "departments", "amounts", "valid_until"})


_WHOLE_DOCUMENT = 4
"""So many clauses whose period alone changed in the same way, and not one by one, got it with their document."""


class NewsKind(StrEnum):
    """What a reader is told of."""

    NEW = "new"
    CHANGED = "changed"
    GONE = "gone"
    SPLIT = "split"
    JOINED = "joined"


_PLAIN = {
    ChangeKind.NEW: NewsKind.NEW,
    ChangeKind.CHANGED: NewsKind.CHANGED,
    ChangeKind.GONE: NewsKind.GONE,
}


@dataclass(frozen=True, slots=True)
class ClauseNews:
    """One thing to tell.

    Attributes:
        changes: the clause; of one that was split, or of several that were joined, the clause that goes on comes first.
    """

    kind: NewsKind
    changes: tuple[PolicyChange, ...]

    @property
    def policy(self) -> Policy:
        """Return the present clause; a gone clause in its last state."""
        return either(self.changes[0])

    @property
    def replacement(self) -> int | None:
        """The key of the clause that one which is gone went into."""
        kin = self.changes[0].kin
        return kin.key if self.kind is NewsKind.GONE and kin is not None else None

    @property
    def before(self) -> tuple[Policy, ...]:
        """The clauses that it was."""
        return tuple(change.before for change in self.changes if change.before is not None)

    @property
    def after(self) -> tuple[Policy, ...]:
        """The clauses that it is."""
        return tuple(change.after for change in self.changes if change.after is not None)

    @property
    def tracks(self) -> tuple[str, ...]:
        """Return ids of the tracks that it concerns or concerned; () if a clause is or was for all (通用)."""
        sides = [policy.tracks for policy in (*self.before, *self.after)]
        return tuple(sorted(set().union(*sides))) if all(sides) else ()


def news_of(changes: Iterable[PolicyChange]) -> list[ClauseNews]:
    """Return what to tell of a publication, in the order of its changes."""
    all_of_them = list(_without_periods_of_documents(list(changes)))
    here = {change.key for change in all_of_them}
    parts: defaultdict[int, list[PolicyChange]] = defaultdict(list)
    for change in all_of_them:
        if _is_part(change.kin) and change.kin and change.kin.key in here:
            parts[change.kin.key].append(change)
    told = []
    for change in all_of_them:
        of_it = parts.get(change.key)
        if of_it:
            splits = any(one.kin and one.kin.relation is Relation.SPLIT for one in of_it)
            told.append(ClauseNews(NewsKind.SPLIT if splits else NewsKind.JOINED, (change, *of_it)))
        elif not (_is_part(change.kin) and change.kin and change.kin.key in here) and is_news(change):
            told.append(ClauseNews(_PLAIN[change.kind], (change,)))
    return told


def _without_periods_of_documents(changes: Sequence[PolicyChange]) -> Iterator[PolicyChange]:
    of = [_only_period(change) for change in changes]
    counts = Counter(of)
    for change, period in zip(changes, of, strict=True):
        if period is None or counts[period] < _WHOLE_DOCUMENT:
            yield change


def _only_period(change: PolicyChange) -> tuple[str, date | None, date | None] | None:
    """If only the period of a clause changed, return the document, the old and the new period; None for others."""
    before, after = change.before, change.after
    if before is None or after is None or _OF_THE_DOCUMENT.isdisjoint(change.fields):
        return None
    changed = _OF_THE_DOCUMENT.intersection(change.fields)
    return (after.document, before.valid_until, after.valid_until) if changed == {"valid_until"} else None


def _is_part(kin: Kin | None) -> bool:
    return kin is not None and kin.relation is not Relation.REPLACED


def is_news(change: PolicyChange) -> bool:
    """Whether a change is one of the document, and not of our own notes or of its layout."""
    if change.kind is not ChangeKind.CHANGED:
        return True
    return not change.wording_only and not _OF_THE_DOCUMENT.isdisjoint(change.fields)


def either(change: PolicyChange) -> Policy:
    """Return the clause after the change, or before it if the clause is gone.

    Raises:
        ValueError: the change has neither side.
    """
    policy = change.after or change.before
    if policy is None:
        raise ValueError(f"the change of clause {change.key} has neither side")
    return policy
