"""Builds the parts of an index: which words the library and the language data know, and where they stand."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from policies.library.library import Library
from policies.library.models import Policy, Section
from policies.search.postings import Postings
from policies.search.prototypes import Prototype
from policies.search.ranking import pairs_in, pairs_of, terms_of
from policies.search.words.concepts import Concepts
from policies.search.words.language import KnownQuestion, Language
from policies.search.words.normalise import compact
from policies.search.words.text_terms import terms_of_clauses, terms_of_text
from policies.search.words.vocabulary import Role, Vocabulary

_SILENT = Role.GENERIC | Role.FRAME | Role.ENQUIRY
_SAID = 0.4
"""Strength of a word in which people asked for a clause, beside 1.0 for a keyword."""
_SHORT = 2
"""Words of a text as short as this are used of other matters too (注册, 评选)."""
_OFTEN, _OFTEN_SHARE = 4, 0.3
"""A word of more clauses than these says nothing about what a clause is for."""


@dataclass(frozen=True, slots=True)
class Taught:
    """A word that an operator gave a clause. It counts as one of the clause's keywords."""

    policy_id: int
    word: str


def with_taught(policies: Sequence[Policy], taught: Iterable[Taught]) -> Sequence[Policy]:
    words: dict[int, list[str]] = {}
    for lesson in taught:
        words.setdefault(lesson.policy_id, []).append(lesson.word)
    if not words:
        return policies
    return [
        policy.model_copy(update={"keywords": (*policy.keywords, *words[policy.key])})
        if policy.key in words
        else policy
        for policy in policies
    ]


def known_prototypes(questions: Iterable[KnownQuestion], library: Library) -> Iterator[Prototype]:
    """The known questions of the documents that a library holds. One for a clause that is gone is left out."""
    for question in questions:
        if library.document(question.document) is None:
            continue
        policy = library.by_label(question.label, question.document) if question.label else None
        if policy is not None or question.label is None:
            yield Prototype(question.q, policy.key if policy else None)


def _key(word: str) -> str:
    return compact(word).lower()


def exact_matches_of(policies: Iterable[Policy]) -> dict[str, list[int]]:
    """The clauses by each of their keywords and their title, compact."""
    exact_matches: dict[str, list[int]] = {}
    for policy in policies:
        for word in dict.fromkeys(_key(word) for word in (*policy.keywords, policy.title) if word):
            exact_matches.setdefault(word, []).append(policy.key)
    return exact_matches


def vocabulary_of(words: Iterable[str], concepts: Concepts, language: Language) -> Vocabulary:
    vocabulary = Vocabulary()
    vocabulary.add(map(_key, language.generic), Role.GENERIC)
    vocabulary.add(map(_key, language.fillers), Role.GENERIC)
    vocabulary.add(map(_key, language.frame), Role.FRAME)
    vocabulary.add(map(_key, language.asking), Role.FRAME | Role.ASKING)
    vocabulary.add(map(_key, language.enquiry), Role.ENQUIRY)
    vocabulary.add(map(_key, language.elsewhere), Role.ELSEWHERE)
    vocabulary.add(map(_key, language.other_places), Role.PLACE)
    vocabulary.add(map(_key, language.foreign), Role.FOREIGN)
    vocabulary.add(
        words, Role.TERM
    )  # before the synonyms: among words that sound alike the first added is meant
    vocabulary.add(concepts.hints, Role.HINT)
    vocabulary.add(concepts.says, Role.TERM)
    vocabulary.add(concepts.means, Role.TERM)
    everyday = (word for word in map(_key, language.everyday) if word in vocabulary)
    vocabulary.add(everyday, Role.EVERYDAY)
    return vocabulary


Sections = Mapping[tuple[str, int], Section]
"""Sections by document and number."""


def sections_of(library: Library) -> Sections:
    """Every section of a library."""
    return {
        (document.id, section.number): section
        for document in library.documents
        for section in document.sections
    }


def add_text_terms(vocabulary: Vocabulary, policies: Sequence[Policy], sections: Sections) -> None:
    """Add the words that the clauses are written in, but for those of very many clauses."""
    clauses = [(policy, sections.get((policy.document, policy.section))) for policy in policies]
    counted = terms_of_clauses(clauses, lambda word: bool(vocabulary.roles(word) & _SILENT))
    most = max(_OFTEN, _OFTEN_SHARE * len(policies))
    kept = [term for term, times in counted.items() if times <= most]
    vocabulary.add((term for term in kept if len(term) <= _SHORT), Role.TERM | Role.TEXT | Role.EVERYDAY)
    vocabulary.add((term for term in kept if len(term) > _SHORT), Role.TERM | Role.TEXT)


class Asked:
    """The words in which people asked for each clause: those of the questions with a confirmed answer."""

    def __init__(self, examples: Iterable[Prototype], vocabulary: Vocabulary) -> None:
        self._words: dict[int, Counter[str]] = {}
        self._pairs: dict[int, set[str]] = {}
        for one in examples:
            if one.clause is not None:
                words = set(terms_of_text(one.text, lambda word: bool(vocabulary.roles(word) & _SILENT)))
                self._words.setdefault(one.clause, Counter()).update(words)
                self._pairs.setdefault(one.clause, set()).update(pairs_in(one.text))
        words = {word for words in self._words.values() for word in words if word not in vocabulary}
        vocabulary.add(words, Role.TERM | Role.TEXT | Role.EVERYDAY)

    def strengths(self, key: int) -> Iterable[tuple[str, float]]:
        """The words with their strength for a clause: more where several people used one."""
        for word, times in self._words.get(key, Counter()).items():
            yield word, _SAID * min(1.0, 0.6 + 0.2 * times)

    def pairs(self, key: int) -> set[str]:
        """The pairs of characters of the questions for a clause."""
        return self._pairs.get(key, set())


def postings_of(
    policies: Iterable[Policy], sections: Sections, vocabulary: Vocabulary, asked: Asked
) -> Postings:
    """Which terms and pairs of characters stand in which clause, and how strongly."""
    postings = Postings()
    for policy in policies:
        terms = terms_of(policy, sections.get((policy.document, policy.section)), vocabulary.terms_in)
        for word, strength in asked.strengths(policy.key):
            terms[word] = max(terms.get(word, 0.0), strength)
        postings.add(terms, pairs_of(policy) | asked.pairs(policy.key))
    return postings
