"""The index of a library: builds every part of the search, and answers `decide`, `find` and `related`."""

from collections.abc import Callable, Collection, Iterable
from copy import copy
from functools import lru_cache, partial
from threading import Lock
from typing import NamedTuple
from weakref import WeakKeyDictionary

from policies.district.models import District
from policies.library.library import Library
from policies.library.models import Contact, Policy, TrackList
from policies.search.deciding import NO_CONTENT, Decider
from policies.search.decision import Decision
from policies.search.examples import examples_of, topics_of
from policies.search.finding import Ask, Finder, Hits
from policies.search.indexing import (
    AskedWords,
    ClauseReader,
    Taught,
    exact_matches_of,
    sections_of,
    vocabulary_of,
    with_taught,
)
from policies.search.known.known_questions import KnownQuestions
from policies.search.known.prototypes import Prototype, Prototypes
from policies.search.meaning import ClauseMeanings, Nearest
from policies.search.question import Reader
from policies.search.reading.asked_items import AskedItems
from policies.search.reading.no_question import is_placeholder
from policies.search.reading.offices import DepartmentNames, unlisted_departments
from policies.search.reading.other_places import unknown_place
from policies.search.sources import SourceReadings
from policies.search.structured import StructuredReadings
from policies.search.thresholds import learnt
from policies.search.words.concepts import Concepts
from policies.search.words.language import LanguageData, load_language
from policies.search.words.normalise import Simplifier, Wrapper, compact, make_simplifier, normalise
from policies.search.words.spelling import SpellingCorrector
from policies.search.words.text_cache import cache_by_text

_DECISIONS_KEPT = 2_000
_READINGS_KEPT = 10_000
_FOUND_KEPT = 64
_A_NAME = 0.7
"""From this weight an unknown word may name a subject: a noun, not a verb."""
_NEAREST = 3


class _About(NamedTuple):
    """What a declined text is about: another place, whether it names any subject, the nearest clauses."""

    place: str
    is_subject: bool
    nearest: tuple[int, ...]


class PolicyIndex:
    """The search over what is published. It never changes: a publication or a taught word makes a new index.

    Attributes:
        library: the documents.
        district: what belongs to the district.
        bases: the documents that clauses rest on.
        asked: known questions with the clause that answers them, the newest last. Some are made from titles, and from
            subjects of the trade that no clause has. The sentence model compares with them.
        meanings: the vectors of clauses and known questions; None until they have been read.
    """

    def __init__(
        self,
        library: Library,
        district: District,
        taught: Iterable[Taught],
        *,
        prototypes: Iterable[Prototype],
        data: LanguageData,
        before: "PolicyIndex | None",
    ) -> None:
        self.library = library
        self.district = district
        self.departments = (
            *district.departments,
            *unlisted_departments(district.departments, library.policies),
        )
        self.meanings: ClauseMeanings | None = None
        data = data.of(district, library)
        self._simplify = make_simplifier()
        self._wrapper = Wrapper(data.language.fillers)
        policies = with_taught(library.policies, taught)
        exact_matches = exact_matches_of(policies)
        concepts = Concepts(data.synonyms)
        vocabulary = vocabulary_of(exact_matches, concepts, data.language)
        self._clauses: ClauseReader = ClauseReader(
            policies, sections_of(library), before._clauses if before else None
        )
        self._clauses.add_text_terms(vocabulary)
        known = KnownQuestions(library, data, prototypes, partial(_plain, self._wrapper, self._simplify))
        reader = Reader(vocabulary, concepts, data.language)
        postings = self._clauses.postings(vocabulary, concepts, AskedWords(known.examples, vocabulary))
        concepts.forget_words(lambda word: postings.rarity(word) > 0)
        self.asked = known.all(policies, concepts, postings.with_pair)
        self._readings = StructuredReadings(library, self.tracks, self.departments, reader, data.language)
        sources = SourceReadings(library, reader)
        self.bases = sources.bases
        parts = partial(
            Finder,
            policies=policies,
            postings=postings,
            reader=reader,
            directory=self._readings.directory,
            bases=sources.bases,
            prototypes=Prototypes(known.of_here()),
            exact_matches=exact_matches,
            items=AskedItems(data.matters.items),
        )
        scope = learnt(parts(scope=data.scope), policies, data.scope)
        self._finder = parts(scope=scope)
        # A message, its parts and corrections repeat, and a declined one is looked at once more (`_read_about`).
        find = lru_cache(maxsize=_FOUND_KEPT)(self._finder.find)
        self._decider = Decider(
            simplify=self._simplify,
            wrapper=self._wrapper,
            reader=reader,
            readings=self._readings,
            sources=sources,
            finder=self._finder,
            find=find,
            corrector=SpellingCorrector(vocabulary),
            exact_matches=exact_matches,
            threshold=scope.by_words.answer,
            topics=data.language.topics or topics_of(library),
        )
        self._keep_readings(find)
        self.examples = examples_of(self.decide, library, district)

    def _keep_readings(self, find: Callable[[str], Hits]) -> None:
        """Set the functions that keep what they read, because a conversation asks for parts of texts again.

        They are made of parts, not of `self`: an index that is in a cycle would stay in memory.
        """
        recent = lru_cache(maxsize=_FOUND_KEPT)(self._decider.decide_normalised)
        self._decide_once = partial(_decide_typed, recent, self._simplify)
        decide = cache_by_text(recent, _DECISIONS_KEPT)
        self._decide = partial(_decide_typed, decide, self._simplify)
        self._about = cache_by_text(partial(_read_about, find, self._wrapper, self._simplify), _READINGS_KEPT)
        departments = partial(_read_departments, self._readings.directory, self._simplify)
        self._departments_named = cache_by_text(departments, _DECISIONS_KEPT)

    @classmethod
    def build(
        cls,
        library: Library,
        district: District,
        taught: Iterable[Taught] = (),
        *,
        data: LanguageData | None = None,
        prototypes: Iterable[Prototype] = (),
        before: "PolicyIndex | None" = None,
    ) -> "PolicyIndex":
        """Build the index of a library. If this process already uses one of the same inputs, return that one.

        Args:
            library: the documents with their clauses.
            district: its tracks, departments, places and texts.
            taught: words operators gave clauses.
            data: synonyms and everyday words; by default those that come with the program.
            prototypes: questions with a confirmed answer.
            before: the index that this one replaces; clauses that stay the same are not read again.
        """
        taught, prototypes, data = tuple(taught), tuple(prototypes), data or load_language()
        inputs = (library, library.gone, district, taught, prototypes, data)
        with _LOCK:
            same = next((index for index, known in _IN_USE.items() if known == inputs), None)
        if same is None:
            same = cls(library, district, taught, prototypes=prototypes, data=data, before=before)
            with _LOCK:
                _IN_USE[same] = inputs
        return same

    @property
    def tracks(self) -> TrackList:
        """The industry tracks clauses belong to."""
        return self.district.tracks

    @property
    def contact(self) -> Contact | None:
        """Return the query office, as the default document prints it, or as the district names it."""
        return self.library.contact or self.district.texts.confidential.contact

    def policy(self, key: int) -> Policy | None:
        """Return the clause with that key; None if there is none."""
        return self.library.get(key)

    def of_department(self, name: str) -> tuple[int, ...]:
        """Return keys of the clauses that a department (by its printed name) is responsible for."""
        return self._readings.of_department(name)

    def departments_named(self, text: str) -> tuple[str, ...]:
        """Return the departments that a text names, by their printed names; () if it names something else too."""
        return self._departments_named(text)

    def place_named(self, text: str) -> str:
        """Return another place that a text asks about; "" if there is none, or if somebody comes here from it."""
        return self._about(text).place

    def names_a_subject(self, text: str) -> bool:
        """Whether a text names any subject, ours or another. Words of speech name none (那我现在还剩啥, 有什么补贴)."""
        return self._about(text).is_subject

    def related(self, key: int, limit: int = 3) -> tuple[int, ...]:
        """Return keys of the clauses most similar to a clause, the nearest first."""
        policy = self.library.get(key)
        if policy is None:
            return ()
        near = self._finder.near(" ".join((policy.title, *policy.keywords[:8])).lower())
        return tuple(other for other in near[: limit + 1] if other != key)[:limit]

    def nearest(self, text: str, limit: int = 3) -> tuple[int, ...]:
        """Return keys of at most three clauses nearest to a question, whether they answer it or not."""
        return self._about(text).nearest[:limit]

    def find(self, text: str, nearest: Nearest | None = None, without: Collection[int] = ()) -> Hits:
        """Search for a text as one need, without structured readings; for evaluation (see `Finder.find_afresh`)."""
        return self._finder.find_afresh(
            self._wrapper.unwrap(normalise(text, self._simplify)), nearest, without
        )

    def decide(self, text: str) -> Decision:
        """Decide on one message, as it was typed, by its words. A new text takes some hundred microseconds."""
        return self._decide(text)

    def decide_once(self, text: str) -> Decision:
        """Decide on a whole message whose answer the caller keeps. Only a short cache keeps the decision, not the long one."""
        return self._decide_once(text)

    def decide_by_meaning(self, text: str, nearest: Ask | None = None) -> Decision:
        """Decide with the sentence model. It takes about ten milliseconds, so call this in a thread.

        Args:
            text: the message.
            nearest: asks the model about a text, for a caller who also needs its result. None: the model is asked here.
        """
        return self._decider.decide(text, nearest or (self.meanings.nearest if self.meanings else None))

    def decide_fully(self, text: str) -> Decision:
        """Decide by words, and by meaning if they leave a doubt. For tests and the command line."""
        decision = self.decide(text)
        return self.decide_by_meaning(text) if decision.unsure and self.meanings else decision

    def with_meanings(self, meanings: ClauseMeanings) -> "PolicyIndex":
        """Return a copy of the index with the vectors of its clauses."""
        other = copy(self)
        other.meanings = meanings
        return other


_IN_USE: WeakKeyDictionary[PolicyIndex, tuple[object, ...]] = WeakKeyDictionary()
_LOCK = Lock()


def _decide_typed(decide: Callable[[str], Decision], simplify: Simplifier, text: str) -> Decision:
    return NO_CONTENT if is_placeholder(text) else decide(normalise(text, simplify))


def _plain(wrapper: Wrapper, simplify: Simplifier, text: str) -> str:
    return compact(wrapper.unwrap(normalise(text, simplify)))


def _read_departments(directory: DepartmentNames, simplify: Simplifier, text: str) -> tuple[str, ...]:
    return directory.named_alone(compact(normalise(text, simplify)))


def _read_about(find: Callable[[str], Hits], wrapper: Wrapper, simplify: Simplifier, text: str) -> _About:
    found = find(wrapper.unwrap(normalise(text, simplify)))
    question = found.question
    place = "" if question.arriving else next(iter((*question.places, *question.foreign)), "")
    is_subject = (
        bool(question.elsewhere or question.places or question.foreign)
        or any(not token.everyday for token in question.tokens)
        or any(word.weight >= _A_NAME for word in question.unknown)
    )
    if not place and not question.arriving:
        place = unknown_place(word.text for word in question.unknown)
    return _About(place, is_subject, tuple(key for key, _ in found.clauses[:_NEAREST]))
