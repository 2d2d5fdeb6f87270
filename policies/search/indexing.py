"""Builds the parts of an index: which words the library and the language data know, and where they stand."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass

from policies.library.library import Library
from policies.library.models import Policy, Section
from policies.search.known.prototypes import Prototype
from policies.search.postings import Postings
from policies.search.ranking import pairs_of, terms_of
from policies.search.words.concepts import Concepts, compact_lower
from policies.search.words.language import Language
from policies.search.words.normalise import character_pairs
from policies.search.words.spread_words import SpreadWords
from policies.search.words.text_cache import cache_by_text
from policies.search.words.text_terms import terms_of_clause, terms_of_text
from policies.search.words.vocabulary import Vocabulary, WordRole

_SILENT = WordRole.GENERIC | WordRole.FRAME | WordRole.ENQUIRY
_SAID = 0.4
"""Strength of a word in which people asked for a clause; a keyword has 1.0."""
_SHORT = 2
"""Words of a text that are this short are also used of other subjects (注册, 评选)."""
_OFTEN, _OFTEN_SHARE = 4, 0.3
"""A word in more clauses than these says nothing about the subject of a clause."""
_SHORT_TEXTS = 4_096
"""How many readings of short texts are kept during a build. Clauses share sections, basis documents and keywords."""
_MANY_WORDS = 2_000
"""With more new words than this, reading all clauses again is faster than searching for each word."""


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


def exact_matches_of(policies: Iterable[Policy]) -> dict[str, list[int]]:
    """Return the clauses by each of their keywords and their title, compact."""
    exact_matches: dict[str, list[int]] = {}
    for policy in policies:
        for word in dict.fromkeys(compact_lower(word) for word in (*policy.keywords, policy.title) if word):
            exact_matches.setdefault(word, []).append(policy.key)
    return exact_matches


def vocabulary_of(words: Iterable[str], concepts: Concepts, language: Language) -> Vocabulary:
    vocabulary = Vocabulary()
    vocabulary.add(map(compact_lower, language.generic), WordRole.GENERIC)
    vocabulary.add(map(compact_lower, language.fillers), WordRole.GENERIC)
    vocabulary.add(map(compact_lower, language.frame), WordRole.FRAME)
    vocabulary.add(map(compact_lower, language.asking), WordRole.FRAME | WordRole.ASKING)
    vocabulary.add(map(compact_lower, language.enquiry), WordRole.ENQUIRY)
    vocabulary.add(map(compact_lower, language.elsewhere), WordRole.ELSEWHERE)
    vocabulary.add(map(compact_lower, language.other_places), WordRole.PLACE)
    vocabulary.add(map(compact_lower, language.foreign), WordRole.FOREIGN)
    vocabulary.add(
        words, WordRole.TERM
    )  # before the synonyms: among words that sound alike the first added is meant
    vocabulary.add(concepts.hints, WordRole.HINT)
    vocabulary.add(concepts.says, WordRole.TERM)
    vocabulary.add(concepts.means, WordRole.TERM)
    everyday = (word for word in map(compact_lower, language.everyday) if word in vocabulary)
    vocabulary.add(everyday, WordRole.EVERYDAY)
    return vocabulary


Sections = Mapping[tuple[str, int], Section]
"""Sections by document and number."""


def sections_of(library: Library) -> Sections:
    """Return every section of a library."""
    return {
        (document.id, section.number): section
        for document in library.documents
        for section in document.sections
    }


class AskedWords:
    """The words in which people asked for each clause: those of the questions with a confirmed answer."""

    def __init__(self, examples: Iterable[Prototype], vocabulary: Vocabulary) -> None:
        self._words: dict[int, Counter[str]] = {}
        self._pairs: dict[int, set[str]] = {}
        for one in examples:
            if one.clause is not None:
                words = set(terms_of_text(one.text, lambda word: bool(vocabulary.roles(word) & _SILENT)))
                self._words.setdefault(one.clause, Counter()).update(words)
                self._pairs.setdefault(one.clause, set()).update(character_pairs(one.text))
        words = {word for words in self._words.values() for word in words if word not in vocabulary}
        vocabulary.add(words, WordRole.TERM | WordRole.TEXT | WordRole.EVERYDAY)

    def strengths(self, key: int) -> Iterable[tuple[str, float]]:
        """Yield the words with their strength for a clause. It is greater if several people used a word."""
        for word, times in self._words.get(key, Counter()).items():
            yield word, _SAID * min(1.0, 0.6 + 0.2 * times)

    def pairs(self, key: int) -> set[str]:
        """Return the pairs of characters of the questions for a clause."""
        return self._pairs.get(key, set())

    def same_of(self, key: int, other: "AskedWords", gone: Set[str]) -> bool:
        """Whether people asked for a clause in the same words in both, and no word is among the `gone` ones."""
        words = self._words.get(key, Counter())
        same = words == other._words.get(key, Counter()) and self.pairs(key) == other.pairs(key)
        return same and gone.isdisjoint(words)


_NOTHING_ASKED = AskedWords((), Vocabulary())


class ClauseReader:
    """Reads the clauses of one index: the words in them, and which terms stand in which clause.

    If the index before has exactly the same clause, its reading is taken over. Reading 20,000 clauses takes about ten
    seconds; taking over one clause takes a few microseconds. The result is the same.
    """

    def __init__(
        self, policies: Sequence[Policy], sections: Sections, before: "ClauseReader | None" = None
    ) -> None:
        """Args:
        policies: the clauses, in the order of the rows.
        sections: of the library.
        before: the reader of the index before.
        """
        self._policies = policies
        self._sections = sections
        self._rows = {policy.key: row for row, policy in enumerate(policies)}
        self._before = before
        self._silent: frozenset[str] = frozenset()
        self._own: dict[int, tuple[str, ...]] = {}
        self._words: frozenset[str] = frozenset()
        self._asked = _NOTHING_ASKED
        self._postings = Postings()

    def add_text_terms(self, vocabulary: Vocabulary) -> None:
        """Add the words of the clauses, without those of very many clauses."""
        self._silent = frozenset(vocabulary.words(_SILENT))
        one = dict[str, str]()  # clauses share their words: one object for each

        def read(text: str) -> tuple[str, ...]:
            return tuple(
                [one.setdefault(term, term) for term in terms_of_text(text, self._silent.__contains__)]
            )

        read_once = cache_by_text(read, _SHORT_TEXTS)
        before = self._before if self._before and self._before._silent == self._silent else None
        counted: Counter[str] = Counter()
        for policy in self._policies:
            if before is not None and self._stays(policy):
                own = before._own[policy.key]
            else:
                own = terms_of_clause(policy, self._section(policy), read_once)
            self._own[policy.key] = own
            counted.update(own)
        most = max(_OFTEN, _OFTEN_SHARE * len(self._policies))
        kept = [term for term, times in counted.items() if times <= most]
        vocabulary.add(
            (term for term in kept if len(term) <= _SHORT), WordRole.TERM | WordRole.TEXT | WordRole.EVERYDAY
        )
        vocabulary.add((term for term in kept if len(term) > _SHORT), WordRole.TERM | WordRole.TEXT)

    def postings(self, vocabulary: Vocabulary, concepts: Concepts, asked: AskedWords) -> Postings:
        """Return which terms and pairs of characters stand in which clause, and how strongly. Call it once, when all
        words are known.
        """
        self._words, self._asked = frozenset(vocabulary.words(WordRole.TERM)), asked
        postings, unread = self._taken_over()
        terms_in = cache_by_text(vocabulary.terms_in, _SHORT_TEXTS)
        spread_in = SpreadWords(concepts.words).within
        for row in unread:
            policy = self._policies[row]
            terms = terms_of(policy, self._section(policy), terms_in, spread_in)
            for word, strength in asked.strengths(policy.key):
                terms[word] = max(terms.get(word, 0.0), strength)
            postings.put(row, terms, pairs_of(policy) | asked.pairs(policy.key))
        self._postings, self._before = postings, None
        return postings

    def _taken_over(self) -> tuple[Postings, Sequence[int]]:
        """Return the postings of the clauses that stay, and the rows of the others."""
        before, everything = self._before, range(len(self._policies))
        new = self._words - before._words if before else frozenset[str]()
        if before is None or len(new) > _MANY_WORDS:
            return Postings(), everything
        gone = before._words - self._words
        places, unread = [-1] * len(before._policies), []
        for row, policy in enumerate(self._policies):
            if (
                self._stays(policy)
                and self._asked.same_of(policy.key, before._asked, gone)
                and not self._has_any(new, policy)
            ):
                places[before._rows[policy.key]] = row
            else:
                unread.append(row)
        return before._postings.moved(places, without=gone), unread

    def _section(self, policy: Policy) -> Section | None:
        return self._sections.get((policy.document, policy.section))

    def _stays(self, policy: Policy) -> bool:
        before = self._before
        row = before._rows.get(policy.key) if before else None
        if before is None or row is None or before._policies[row] is not policy:
            return False
        was, now = before._section(policy), self._section(policy)
        return (was.title if was else "") == (now.title if now else "")

    def _has_any(self, words: frozenset[str], policy: Policy) -> bool:
        """Whether one of some words may stand in a clause, or in what is read with it."""
        if not words:
            return False
        section = self._section(policy)
        read = (
            "".join(policy.audience),
            section.title if section else "",
            "".join(b.title for b in policy.basis),
        )
        text = "\n".join(map(compact_lower, (policy.title, policy.text, *policy.keywords, *read)))
        return any(word in text for word in words)
