"""The index of a library: builds every part of the search, and answers `decide`, `find` and `related`."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from policies.district.models import District
from policies.library.library import Library
from policies.library.models import Contact, Policy, TrackList
from policies.search.deciding import Decider
from policies.search.decision import Decision
from policies.search.examples import examples_of, topics_of
from policies.search.finding import Finder, Found
from policies.search.postings import Postings
from policies.search.question import Reader
from policies.search.ranking import pairs_of, terms_of
from policies.search.reading.offices import unlisted_departments
from policies.search.structured import StructuredReadings
from policies.search.words.concepts import Concepts
from policies.search.words.language import Language, LanguageData, load_language
from policies.search.words.normalise import Wrapper, compact, make_simplifier, normalise
from policies.search.words.spelling import SpellingCorrector
from policies.search.words.vocabulary import Role, Vocabulary


@dataclass(frozen=True, slots=True)
class Taught:
    """A word that an operator gave a clause. It counts as one of the clause's keywords."""

    policy_id: int
    word: str


class PolicyIndex:
    """The search over what is published. It never changes: a publication or a taught word makes a new index."""

    def __init__(
        self,
        library: Library,
        district: District,
        taught: Iterable[Taught],
        data: LanguageData,
    ) -> None:
        self.library = library
        self.district = district
        self.departments = (
            *district.departments,
            *unlisted_departments(district.departments, library.policies),
        )
        data = data.of(district)
        policies = _with_taught(library.policies, taught)
        exact_matches = _exact_matches(policies)
        concepts = Concepts(data.synonyms)
        vocabulary = _vocabulary(exact_matches, concepts, data.language)
        reader = Reader(vocabulary, concepts, data.language)
        postings = _postings(policies, library, vocabulary)
        self._readings = StructuredReadings(library, self.tracks, self.departments, reader, data.language)
        self._finder = Finder(
            policies=policies,
            postings=postings,
            reader=reader,
            directory=self._readings.directory,
            exact_matches=exact_matches,
            scope=data.scope,
        )
        self._simplify = make_simplifier()
        self._wrapper = Wrapper(data.language.fillers)
        self._decider = Decider(
            simplify=self._simplify,
            wrapper=self._wrapper,
            reader=reader,
            readings=self._readings,
            finder=self._finder,
            corrector=SpellingCorrector(vocabulary),
            exact_matches=exact_matches,
            threshold=data.scope.threshold,
            topics=data.language.topics or topics_of(library),
        )
        self.examples = examples_of(self.decide, library, district)

    @classmethod
    def build(
        cls,
        library: Library,
        district: District,
        taught: Iterable[Taught] = (),
        data: LanguageData | None = None,
    ) -> "PolicyIndex":
        """Build the index of a library.

        Args:
            library: the documents with their clauses.
            district: its tracks, departments, places and texts.
            taught: words operators gave clauses.
            data: synonyms and everyday words; by default those that come with the program.
        """
        return cls(library, district, taught, data or load_language())

    @property
    def tracks(self) -> TrackList:
        """The industry tracks clauses belong to."""
        return self.district.tracks

    @property
    def contact(self) -> Contact | None:
        """The query office: as the default document prints it, else as the district names it."""
        return self.library.contact or self.district.texts.confidential.contact

    def policy(self, key: int) -> Policy | None:
        """The clause with that key, None where there is none."""
        return self.library.get(key)

    def of_department(self, name: str) -> tuple[int, ...]:
        """Keys of the clauses that a department (by its printed name) is responsible for."""
        return self._readings.of_department(name)

    def departments_named(self, text: str) -> tuple[str, ...]:
        """The departments that a text names, by their printed names; () where it names something else too."""
        plain = compact(normalise(text, self._simplify))
        mentions = self._readings.directory.mentions(plain)
        named = "".join(mention.typed for mention in mentions)
        if not mentions or len(plain) > len(named) + 1:
            return ()
        return tuple(dict.fromkeys(d.name for mention in mentions for d in mention.departments))

    def related(self, key: int, limit: int = 3) -> tuple[int, ...]:
        """Keys of the clauses most like a clause, nearest first."""
        policy = self.library.get(key)
        if policy is None:
            return ()
        near = self._finder.near(" ".join((policy.title, *policy.keywords[:8])).lower())
        return tuple(other for other in near[: limit + 1] if other != key)[:limit]

    def find(self, text: str) -> Found:
        """Search for a text as one need, without structured readings; for evaluation."""
        return self._finder.find(self._wrapper.unwrap(normalise(text, self._simplify)))

    def decide(self, text: str) -> Decision:
        """Decide on one message, as it was typed."""
        return self._decider.decide(text)


def _with_taught(policies: Sequence[Policy], taught: Iterable[Taught]) -> Sequence[Policy]:
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


def _key(word: str) -> str:
    return compact(word).lower()


def _exact_matches(policies: Iterable[Policy]) -> dict[str, list[int]]:
    """The clauses by each of their keywords and their title, compact."""
    exact_matches: dict[str, list[int]] = {}
    for policy in policies:
        for word in dict.fromkeys(_key(word) for word in (*policy.keywords, policy.title) if word):
            exact_matches.setdefault(word, []).append(policy.key)
    return exact_matches


def _vocabulary(words: Iterable[str], concepts: Concepts, language: Language) -> Vocabulary:
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


def _postings(policies: Iterable[Policy], library: Library, vocabulary: Vocabulary) -> Postings:
    sections = {
        (document.id, section.number): section
        for document in library.documents
        for section in document.sections
    }
    postings = Postings()
    for policy in policies:
        terms = terms_of(policy, sections.get((policy.document, policy.section)), vocabulary.terms_in)
        postings.add(terms, pairs_of(policy))
    return postings
