"""The known questions of one index: those of its documents, those that operators confirmed, and those made for any library."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace

from policies.library.library import Library
from policies.library.models import Policy
from policies.search.known.made import (
    WithPair,
    absent_matters,
    known_prototypes,
    questions_of_matters,
    questions_of_titles,
)
from policies.search.known.prototypes import Prototype
from policies.search.words.concepts import Concepts
from policies.search.words.language import LanguageData


class KnownQuestions:
    """Collects the known questions of an index while it is built. A question for a clause that is gone is left out.

    Attributes:
        examples: questions that people asked, the newest last. Their words count in the search.
    """

    def __init__(
        self,
        library: Library,
        data: LanguageData,
        confirmed: Iterable[Prototype],
        plain: Callable[[str], str],
    ) -> None:
        """Args:
        library: the documents.
        data: the questions that come with the program.
        confirmed: those that operators confirmed, the newest last.
        plain: makes a question as it was typed comparable.
        """
        self._library = library
        self._data = data
        self._plain = plain
        general = (Prototype(text, None) for text in data.matters.declined)
        self.examples = tuple(
            self._published((*general, *known_prototypes(data.questions, library), *confirmed))
        )

    def all(
        self, policies: Sequence[Policy], concepts: Concepts, with_pair: WithPair
    ) -> tuple[Prototype, ...]:
        """Return all known questions, the newest last. The sentence model compares with them.

        Args:
            policies: the clauses, by row.
            concepts: without the words that stand in no clause.
            with_pair: finds the rows that may hold a word.
        """
        made = questions_of_matters(self._data.matters.matters, policies, with_pair)
        return (
            *questions_of_titles(self._library.policies),
            *absent_matters(self._data.synonyms, concepts),
            *self._published(made),
            *self.examples,
            *known_prototypes(self._data.asked, self._library),
        )

    def of_here(self) -> Iterator[Prototype]:
        """Return the examples, without those that are unanswered only because of their place (上海的首台套怎么补)."""
        language = self._data.language
        places = map(re.escape, (*language.other_places, *language.foreign))
        elsewhere = re.compile("|".join(places) or r"(?!)")
        return (one for one in self.examples if one.clause is not None or not elsewhere.search(one.text))

    def _published(self, known: Iterable[Prototype]) -> Iterator[Prototype]:
        for one in known:
            if one.clause is None or self._library.get(one.clause):
                yield replace(one, text=self._plain(one.text))
