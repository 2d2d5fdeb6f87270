"""A list of clauses, as a handler gives it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from policies.search.decision import Group


@dataclass(frozen=True, slots=True)
class Listing:
    """A list to show.

    Attributes:
        heading: what the list is, in the document's words.
        notes: a line under a clause (an amount's quote), by id.
        groups: the clauses under headings; then `clause_ids` are those of the groups, in order.
        closing: a line under the first page (订阅 海水淡化).
    """

    intent: str
    heading: str
    clause_ids: Sequence[int]
    notes: Mapping[int, str] = field(default_factory=dict)
    groups: Sequence[Group] = ()
    closing: str = ""
