"""Clauses whose label is several numbers (1.1, 2.3.1): which of them a message asks for."""

from collections.abc import Sequence

from policies.library.library import Library
from policies.library.models import Policy
from policies.search.reading.numbers import read_stepped
from policies.search.words.normalise import normalise


class SteppedLabels:
    """The labels of a library that are several numbers with points between them."""

    def __init__(self, library: Library) -> None:
        self._default = library.default
        self._documents = [document.id for document in library.documents]
        self._clauses: dict[tuple[str, str], list[Policy]] = {}
        for policy in library.policies:
            label = normalise(policy.label, str) if {".", "．"}.intersection(policy.label) else ""
            if label:
                self._clauses.setdefault((policy.document, label), []).append(policy)

    def asked(self, text: str, document: str) -> Sequence[Policy]:
        """Return the clauses with the asked label: of the named document, or of the default one, or of the first one.

        There are several if numbers restart in each part, and none if no clause has such a label.
        """
        label = read_stepped(text) if self._clauses else None
        if label is None:
            return ()
        among = [document] if document else [self._default, *self._documents]
        return next((found for one in among if (found := self._clauses.get((one, label)))), ())
