"""What changed between two states of a clause: old and new text, and the figures that moved. Pure."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

from policies.library.amounts.amount_words import in_words
from policies.library.folding import folded, wording
from policies.library.models import Amount, Policy
from policies.numbers.printed import money_in, shares_in

_PLACE = frozenset({"label", "path", "section"})


class ChangeKind(StrEnum):
    """What publishing a clause does to the library."""

    NEW = "new"
    CHANGED = "changed"
    GONE = "gone"


class Relation(StrEnum):
    """How a clause that comes or goes with an edition belongs to another clause of it."""

    SPLIT = "split"
    """A new clause is a part of the other one, which was split."""
    JOINED = "joined"
    """A clause that goes was joined into the other one."""
    REPLACED = "replaced"
    """The other clause replaces a clause that goes, as an operator says."""


@dataclass(frozen=True, slots=True)
class Kin:
    """The other clause, by its key, and how a clause belongs to it."""

    relation: Relation
    key: int


class PartKind(StrEnum):
    SAME = "same"
    REMOVED = "removed"
    ADDED = "added"


@dataclass(frozen=True, slots=True)
class TextPart:
    """A part of a text that stayed, was removed or was added."""

    kind: PartKind
    text: str


@dataclass(frozen=True, slots=True)
class MovedFigure:
    """A sum that changed. `before` is "" for an added sum, `after` is "" for a removed one."""

    what: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class PolicyChange:
    """One clause before and after; either may be missing, not both.

    Attributes:
        kin: the clause that a new one was split from, or that one which goes went into.
    """

    key: int
    before: Policy | None
    after: Policy | None
    kin: Kin | None = None

    @property
    def kind(self) -> ChangeKind:
        if self.before is None:
            return ChangeKind.NEW
        return ChangeKind.GONE if self.after is None else ChangeKind.CHANGED

    @property
    def wording_only(self) -> bool:
        """Whether the clause says what it said: at most its number, section, spaces, half and full width differ."""
        if self.before is None or self.after is None:
            return False
        return _unprinted(self.before) == _unprinted(self.after)

    @property
    def fields(self) -> tuple[str, ...]:
        """Names of the fields that differ, of a changed clause."""
        if self.before is None or self.after is None:
            return ()
        return tuple(
            name
            for name in Policy.model_fields
            if name not in {"key", "document"} and getattr(self.before, name) != getattr(self.after, name)
        )

    @property
    def only_moves(self) -> bool:
        """Whether nothing but the number or the place of a clause that stays differs."""
        return bool(self.fields) and _PLACE.issuperset(self.fields)

    @property
    def text_parts(self) -> tuple[TextPart, ...]:
        """The text with removed and added parts marked."""
        return text_parts(self.before.text if self.before else "", self.after.text if self.after else "")

    @property
    def moved_figures(self) -> tuple[MovedFigure, ...]:
        """The sums that changed, were added or were removed."""
        return moved_figures(
            self.before.amounts if self.before else (), self.after.amounts if self.after else ()
        )


def changes_between(
    before: Iterable[Policy], after: Iterable[Policy], kin: Mapping[int, Kin] | None = None
) -> tuple[PolicyChange, ...]:
    """Return the clauses that are new, changed or gone, by key; equal ones are left out."""
    old, new = ({policy.key: policy for policy in policies} for policies in (before, after))
    return tuple(
        PolicyChange(key, old.get(key), new.get(key), (kin or {}).get(key))
        for key in sorted(old | new)
        if old.get(key) != new.get(key)
    )


def text_parts(before: str, after: str) -> tuple[TextPart, ...]:
    """Return the difference of two texts. A figure is replaced as a whole, never digit by digit.

    Joining what is not ADDED gives `before`, joining what is not REMOVED gives `after`.
    """
    old, new = _tokens(before), _tokens(after)
    parts: list[TextPart] = []
    for tag, old_start, old_end, new_start, new_end in SequenceMatcher(
        a=old, b=new, autojunk=False
    ).get_opcodes():
        if tag == "equal":
            parts.append(TextPart(PartKind.SAME, "".join(old[old_start:old_end])))
            continue
        if old_end > old_start:
            parts.append(TextPart(PartKind.REMOVED, "".join(old[old_start:old_end])))
        if new_end > new_start:
            parts.append(TextPart(PartKind.ADDED, "".join(new[new_start:new_end])))
    return tuple(parts)


def moved_figures(before: Iterable[Amount], after: Iterable[Amount]) -> tuple[MovedFigure, ...]:
    """Return sums for the same thing that changed, then removed sums, then added sums."""
    old, new = list(before), list(after)
    _pair_off(old, new, lambda amount: (_subject(amount), in_words(amount)))
    moved = _pair_off(old, new, _subject)
    return (
        *(MovedFigure(_label(now), in_words(was), in_words(now)) for was, now in moved),
        *(MovedFigure(_label(was), in_words(was), "") for was in old),
        *(MovedFigure(_label(now), "", in_words(now)) for now in new),
    )


def _pair_off(
    old: list[Amount], new: list[Amount], key: Callable[[Amount], object]
) -> list[tuple[Amount, Amount]]:
    """Take amounts with the same key out of both lists and return them as pairs."""
    pairs: list[tuple[Amount, Amount]] = []
    for was in list(old):
        now = next((one for one in new if key(one) == key(was)), None)
        if now:
            pairs.append((was, now))
            old.remove(was)
            new.remove(now)
    return pairs


def _subject(amount: Amount) -> tuple[str, str]:
    return amount.what, amount.who


def _label(amount: Amount) -> str:
    return amount.who or amount.what


def _unprinted(policy: Policy) -> str:
    """Return a clause without its number, its place and the marks of its text: equal for two printings of it."""
    amounts = tuple(one.model_copy(update={"quote": wording(one.quote)}) for one in policy.amounts)
    bare = {"text": wording(policy.text), "amounts": amounts, "label": "", "path": "", "section": 0}
    return folded(policy.model_copy(update=bare).model_dump_json())


def _tokens(text: str) -> list[str]:
    spans = [(sum_.start, sum_.end) for sum_ in money_in(text)]
    spans += [(share.start, share.end) for share in shares_in(text)]
    tokens: list[str] = []
    at = 0
    for start, end in sorted(spans):
        if start < at:
            continue
        tokens += text[at:start]
        tokens.append(text[start:end])
        at = end
    return tokens + list(text[at:])
