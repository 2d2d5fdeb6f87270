"""A list of clauses, as a handler gives it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from policies.search.decision import Group


@dataclass(frozen=True, slots=True)
class Listing:
    """A list of clauses to show.

    Attributes:
        heading: what is listed, in the words of the document.
        notes: a line to show under a clause, by clause id, such as the quoted amount.
        groups: the clauses under headings. `clause_ids` then holds the same clauses in the same order.
        closing: a line under the first page, such as 订阅 养老服务.
    """

    intent: str
    heading: str
    clause_ids: Sequence[int]
    notes: Mapping[int, str] = field(default_factory=dict)
    groups: Sequence[Group] = ()
    closing: str = ""
