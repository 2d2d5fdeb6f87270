"""`MatchService`: what the conversation, the pages and the desk need to match a company, loaded once a process."""

from collections.abc import Callable
from datetime import date

from policies.company_facts.interview import Plan, Progress, has_more, load_plan, next_question
from policies.company_facts.reading import FactReader, Told
from policies.company_facts.requests import MatchRequest, RequestReader
from policies.company_facts.words import load_words
from policies.library.models import Policy
from policies.matching.catalogue import Catalogue, load_catalogue
from policies.matching.facts import Fact, Facts
from policies.search.words.normalise import make_simplifier, normalise
from policies.search.words.text_cache import cache_by_text

_TEXTS_KEPT = 10_000


class MatchService:
    """The catalogue of benefits, the readers of texts, and the plan of an interview."""

    def __init__(self, catalogue: Catalogue, plan: Plan) -> None:
        self.catalogue = catalogue
        self.plan = plan
        self.reader = FactReader(catalogue.facts, load_words())
        self._requests = RequestReader(catalogue.facts, self.reader)
        self._simplify = make_simplifier()
        self.request: Callable[[str], MatchRequest | None] = cache_by_text(self._request, _TEXTS_KEPT)
        """What a message as it was typed wants of a match; None where it wants something else."""

    @property
    def facts(self) -> Facts:
        """All facts."""
        return self.catalogue.facts

    def fact(self, fact_id: str) -> Fact:
        """A fact by its id."""
        return self.catalogue.facts.by_id[fact_id]

    def plain(self, text: str) -> str:
        """The spelling that the readers compare."""
        return normalise(text, self._simplify)

    def read(self, text: str) -> Told:
        """The facts that a text as it was typed tells."""
        return self.reader.read(self.plain(text))

    def next_question(self, progress: Progress, policies: tuple[Policy, ...], today: date) -> str | None:
        """See `interview.next_question`."""
        return next_question(progress, self.plan, self.catalogue, policies, today)

    def has_more(self, progress: Progress, policies: tuple[Policy, ...], today: date) -> bool:
        """See `interview.has_more`."""
        return has_more(progress, self.plan, self.catalogue, policies, today)

    def _request(self, text: str) -> MatchRequest | None:
        return self._requests.read(self.plain(text))


def load_match_service() -> MatchService:
    """The service over the data files.

    Raises:
        policies.library.data_files.DataFileError: a file can't be used.
    """
    return MatchService(load_catalogue(), load_plan())
