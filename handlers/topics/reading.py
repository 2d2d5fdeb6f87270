"""Reads which topics a text names: 第10条, 高企认定, 区工信局. Pure."""

from dataclasses import replace

from handlers.framework.phrases import names_clauses
from policies.search.decision import Intent
from policies.search.index import PolicyIndex
from subscriptions.members.topics import Topic, TopicKind, clause_topic, department_topic
from subscriptions.members.track_names import TrackNames, TrackReading


def topics_named(text: str, index: PolicyIndex) -> tuple[Topic, ...]:
    """Return the clauses or departments that a text surely names; () if it names none, or is unclear.

    A department whose level is open (工信局) means each department of this name.
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


def tracks_and_topics(
    text: str, names: TrackNames, index: PolicyIndex
) -> tuple[TrackReading, tuple[Topic, ...]]:
    """Return the tracks, clauses and departments that a text names together (人工智能和第10条).

    Returns:
        The tracks, with the words that name nothing at all as `unknown`, and the topics.
    """
    reading = names.read(text)
    if is_numbered := any(word.isdecimal() for word in reading.unknown):
        reading = names.read(text, ())  # one number can only be a clause, so all are
    if reading.tracks or is_numbered:
        named = {word: topics_named(word, index) for word in reading.unknown}
        topics = tuple(topic for found in named.values() for topic in found)
        return replace(reading, unknown=tuple(word for word in named if not named[word])), topics
    topics = topics_named(text, index)
    if reading.near and not names_clauses(text):  # a track is meant rather than a clause of that matter
        topics = tuple(topic for topic in topics if topic.kind is not TopicKind.CLAUSE)
    return (replace(reading, unknown=()) if topics else reading), topics


def clauses_like(text: str, index: PolicyIndex) -> tuple[int, ...]:
    """Return at most four clauses that a text may mean, the nearest first, to ask back with; () if there are none."""
    decision = index.decide(text)
    return decision.clauses[:4] if decision.intent is Intent.SEARCH else ()
