"""`MatchService`: what the conversation, the pages and the desk need to match a company, loaded once a process."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from policies.company_facts.interview import Plan, Progress, has_more, load_plan, next_question
from policies.company_facts.reading.fact_reader import FactReader, StatedFacts
from policies.company_facts.reading.requests import MatchRequest, RequestReader
from policies.company_facts.reading.words import FactWords, load_words
from policies.district.folder import rules_in
from policies.district.models import DistrictPart
from policies.library.models import Policy
from policies.matching.catalogue import Catalogue, load_catalogue
from policies.matching.facts import CompanyFact, Facts
from policies.search.words.normalise import make_simplifier, normalise
from policies.search.words.text_cache import cache_by_text
from storage.clock import SHANGHAI, Clock, system_clock

_TEXTS_KEPT = 10_000


class MatchService:
    """The catalogue of benefits, the readers of texts, and the plan of an interview.

    Args:
        catalogue: facts and benefits.
        plan: the interview's questions.
        words: the words by which people tell facts.
        clock: says which year 今年 is.
    """

    def __init__(self, catalogue: Catalogue, plan: Plan, words: FactWords, clock: Clock) -> None:
        self.catalogue = catalogue
        self.plan = plan
        self._clock = clock
        self.reader = FactReader(catalogue.facts, words, self._this_year)
        self._requests = RequestReader(catalogue.facts, self.reader)
        self._simplify = make_simplifier()
        self._read_in: tuple[int, Callable[[str], MatchRequest | None]] | None = None

    def become(self, other: "MatchService") -> None:
        """Take over another service's rules from now on, in one step."""
        self.__dict__ = dict(other.__dict__)

    @property
    def facts(self) -> Facts:
        """All facts."""
        return self.catalogue.facts

    def fact(self, fact_id: str) -> CompanyFact:
        """Return a fact by its id."""
        return self.catalogue.facts.by_id[fact_id]

    def request(self, text: str) -> MatchRequest | None:
        """Return what a typed message wants from a match. Return None if it wants something else."""
        year = self._this_year()
        if self._read_in is None or self._read_in[0] != year:
            self._read_in = (year, cache_by_text(self._request, _TEXTS_KEPT))
        return self._read_in[1](text)

    def plain(self, text: str) -> str:
        """Return the spelling that the readers compare."""
        return normalise(text, self._simplify)

    def read(self, text: str) -> StatedFacts:
        """Return the facts that a text as it was typed tells."""
        return self.reader.read(self.plain(text))

    def next_question(self, progress: Progress, policies: tuple[Policy, ...], today: date) -> str | None:
        """See `interview.next_question`."""
        return next_question(progress, self.plan, self.catalogue, policies, today)

    def has_more(self, progress: Progress, policies: tuple[Policy, ...], today: date) -> bool:
        """See `interview.has_more`."""
        return has_more(progress, self.plan, self.catalogue, policies, today)

    @property
    def is_empty(self) -> bool:
        """Whether the library has no rules: then no company can be matched."""
        return not self.catalogue.benefits and not self.catalogue.stopped

    def _this_year(self) -> int:
        return self._clock().astimezone(SHANGHAI).year

    def _request(self, text: str) -> MatchRequest | None:
        if self.is_empty:
            return None
        return self._requests.read(self.plain(text))


def load_match_service(
    rules: Mapping[DistrictPart, Any] | None = None,
    texts: Mapping[int, str] | None = None,
    clock: Clock = system_clock,
) -> MatchService:
    """Return the service over an installation's rules, by default over those that come with the program.

    Args:
        rules: the rules.
        texts: the published clauses' texts by their numbers: benefits whose quotes they lost are stopped.
        clock: says which year 今年 is.

    Raises:
        policies.library.data_files.DataFileError: they can't be used.
    """
    rules = rules_in() if rules is None else rules
    return MatchService(load_catalogue(rules, texts), load_plan(rules), load_words(rules), clock)
