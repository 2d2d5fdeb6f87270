"""Makes example questions to try, and subjects to ask back with, from the published clauses. Pure.

An example in the district's texts is used while it still gets its answer. Otherwise one is made from a real title,
number or name, and tried before it is shown.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from itertools import chain, islice

from policies.district.models import District, Examples
from policies.library.library import Library
from policies.library.models import Policy
from policies.numbers.written import in_chinese, in_cny
from policies.search.decision import Decision, Intent

_TRIES = 12
"""How many candidates of one kind are tried."""
_TOPICS = 6
_LONGEST_TOPIC = 12
_WORD = range(2, 9)
"""Longest word that is shown, in characters."""


def topics_of(library: Library) -> tuple[str, ...]:
    """Return titles from all over the library, to ask back with if a question names no subject."""
    titles = (_subject(policy) for policy in _spread(library.policies))
    return tuple(islice((title for title in dict.fromkeys(titles) if len(title) <= _LONGEST_TOPIC), _TOPICS))


def examples_of(decide: Callable[[str], Decision], library: Library, district: District) -> Examples:
    """Return an example of each kind; "" if the library has nothing of the kind.

    Args:
        decide: the decision on a message, over this library.
        library: what is published.
        district: whose texts may name examples.
    """
    wanted = district.texts.examples
    spread = _spread(library.policies)

    def first(given: str, candidates: Iterable[str], *intents: Intent) -> str:
        for text in islice(chain([given] if given else [], candidates), _TRIES):
            decision = decide(text)
            if decision.clauses and (not intents or decision.intent in intents):
                return text
        return ""

    return Examples(
        word=first(wanted.word, _words(spread)),
        clause=first(wanted.clause, map(library.name, spread), Intent.CLAUSE),
        section=first(wanted.section, _sections(library), Intent.SECTION),
        department=first(wanted.department, _departments(library), Intent.DEPARTMENT),
        amount=first(wanted.amount, _amounts(library), Intent.AMOUNT),
        track=first(wanted.track, _tracks(library, district)),
        sentence=first(wanted.sentence, (f"{_subject(policy)}怎么补" for policy in spread)),
    )


def _subject(policy: Policy) -> str:
    """Return a title without the first word that documents use: 支持民宿提档升级 → 民宿提档升级."""
    return policy.title.removeprefix("支持") or policy.title


def _spread(policies: tuple[Policy, ...]) -> tuple[Policy, ...]:
    """Return the clauses, first those from the middle of the library, then far apart from one another."""
    count = len(policies)
    step = next((step for step in (7, 5, 3) if count % step), 1)
    return tuple(policies[(count // 2 + at * step) % count] for at in range(count))


def _words(policies: Iterable[Policy]) -> Iterator[str]:
    """Yield a short keyword of each clause, or its title."""
    for policy in policies:
        yield next((word for word in policy.keywords if len(word) in _WORD), _subject(policy))


def _sections(library: Library) -> Iterator[str]:
    document = library.default_document
    for section in document.sections if document else ():
        yield f"第{in_chinese(section.number)}部分"


def _departments(library: Library) -> Iterator[str]:
    """Yield departments, first those with many clauses."""
    counted = Counter(name for policy in library.policies for name in policy.departments)
    for name, _ in counted.most_common():
        yield f"{name}有哪些政策"


def _amounts(library: Library) -> Iterator[str]:
    """Yield the largest sums first."""
    sums = {amount.highest_cny for policy in library.policies for amount in policy.amounts}
    for cny in sorted(filter(None, sums), reverse=True):
        yield f"最高{in_cny(cny)}的政策"


def _tracks(library: Library, district: District) -> Iterator[str]:
    used = {track for policy in library.policies for track in policy.tracks}
    return (track.name for track in district.tracks.tracks if track.id in used)
