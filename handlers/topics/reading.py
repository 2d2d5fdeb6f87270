"""Which topics a text names: 第10条, 高企认定, 区工信局. Pure."""

from collections.abc import Iterable

from policies.search.decision import Intent
from policies.search.index import PolicyIndex
from subscriptions.members.topics import Topic, clause_topic, department_topic


def topics_named(text: str, index: PolicyIndex) -> tuple[Topic, ...]:
    """The clauses or departments that a text names for sure; () where it names none, or leaves it open.

    A department whose level is left open (工信局) is each of the departments that have this name.
    """
    decision = index.decide(text)
    match decision.intent:
        case Intent.CLAUSE:
            return tuple(map(clause_topic, decision.clauses))
        case Intent.DEPARTMENT:
            known = {department.name for department in index.departments}
            headings = [group.heading for group in decision.groups] or [decision.subject]
            return tuple(department_topic(name) for name in headings if name in known)
        case Intent.SEARCH if decision.sure and not decision.ask:
            return (clause_topic(decision.clauses[0]),)
    return ()


def topics_among(words: Iterable[str], index: PolicyIndex) -> tuple[tuple[Topic, ...], tuple[str, ...]]:
    """The topics that some words name, and the words that name none."""
    named = {word: topics_named(word, index) for word in words}
    topics = tuple(topic for found in named.values() for topic in found)
    return topics, tuple(word for word, found in named.items() if not found)


def clauses_like(text: str, index: PolicyIndex, most: int = 4) -> tuple[int, ...]:
    """Clauses that a text may mean, nearest first, to ask back with; () where it means none."""
    decision = index.decide(text)
    return decision.clauses[:most] if decision.intent is Intent.SEARCH else ()
