"""Questions that are known for any library: of its titles, of the matters of the trade, and those of its own documents."""

from collections.abc import Callable, Iterable, Iterator, Sequence

from policies.library.library import Library
from policies.library.models import Policy
from policies.search.known.prototypes import Prototype
from policies.search.words.concepts import Concepts, compact_lower
from policies.search.words.language import KnownQuestion, Matter, Synonyms
from policies.search.words.normalise import without_marks_after
from policies.search.words.spread_words import parts_of, stand_in

_ASKED_OF = "{}有补贴吗"
"""A question for the thing that a clause has for its title, or for a matter that no clause has."""
_SAYINGS = 2
"""Sayings of such a matter that are made questions."""
_MOST_CLAUSES = 3
"""A matter of more clauses than these does not tell which one is asked for."""

WithPair = Callable[[str], Sequence[int]]
"""The rows of the clauses that hold a pair of characters."""


def known_prototypes(questions: Iterable[KnownQuestion], library: Library) -> Iterator[Prototype]:
    """Yield the known questions of the documents that a library holds. One for a clause that is gone is left out."""
    for question in questions:
        if library.document(question.document) is None:
            continue
        policy = library.by_label(question.label, question.document) if question.label else None
        if policy is not None or question.label is None:
            yield Prototype(question.q, policy.key if policy else None)


def questions_of_titles(policies: Iterable[Policy]) -> Iterator[Prototype]:
    """Yield a question for each clause: one whose words are the clause's title."""
    for policy in policies:
        yield Prototype(_ASKED_OF.format(without_marks_after(policy.title)), policy.key)


def absent_matters(synonyms: Synonyms, concepts: Concepts) -> Iterator[Prototype]:
    """Yield a question for each matter of the trade that no clause has: nothing answers it.

    Args:
        synonyms: of the trade.
        concepts: these synonyms, without the words that stand in no clause.
    """
    for concept, meaning in zip(synonyms.concepts, concepts.meanings, strict=True):
        if not meaning:
            yield from (Prototype(_ASKED_OF.format(word), None) for word in concept.says[:_SAYINGS])


def questions_of_matters(
    matters: Iterable[Matter], policies: Sequence[Policy], with_pair: WithPair
) -> Iterator[Prototype]:
    """Make questions as people ask who know no technical word, for the clauses on a subject, or for no clause.

    A clause is about a subject that its title or keywords name; if no clause has it there, one whose text names it.
    If a text only has the parts of a word in one phrase (境外专业展会), a clause may be about it, so its questions
    are left out.

    Args:
        matters: of the trade.
        policies: the clauses, by row.
        with_pair: finds the rows that may hold a word.
    """
    for matter in matters:
        words = [compact_lower(word) for word in matter.words]
        rows = sorted({row for word in words for row in _may_hold(word, with_pair)})
        named = [row for row in rows if _names_any(words, _heading(policies[row]))]
        told = named or [row for row in rows if _names_any(words, policies[row].text)]
        if not told and not any(_stands_spread(word, policies, with_pair) for word in words):
            yield from (Prototype(asked, None) for asked in matter.asks)
        elif told and len(told) <= _MOST_CLAUSES:
            yield from (Prototype(asked, policies[row].key) for row in told for asked in matter.asks)


def _may_hold(word: str, with_pair: WithPair) -> Sequence[int]:
    """Return the rows with the rarest pair of a word's characters."""
    return min((with_pair(word[at : at + 2]) for at in range(len(word) - 1)), key=len, default=())


def _stands_spread(word: str, policies: Sequence[Policy], with_pair: WithPair) -> bool:
    """Whether the text of a clause has the parts of a word with something between them."""
    may_hold = [set(_may_hold(part, with_pair)) for part in parts_of(word)]
    rows = set.intersection(*may_hold) if may_hold else ()
    return any(stand_in(compact_lower(policies[row].text), parts_of(word)) for row in rows)


def _heading(policy: Policy) -> str:
    return "\n".join((policy.title, *policy.keywords))


def _names_any(words: Iterable[str], text: str) -> bool:
    plain = "\n".join(map(compact_lower, text.split("\n")))
    return any(word in plain for word in words)
