"""The terms of a document: the words that its clauses are written in, taken from their own text at publishing.

A segmenter cuts each clause into words. Words that say nothing about a subject (给予, 企业, 不超过) are known from the
language data. What is left are terms, and so are two of them that stand side by side (海域 使用金).
"""

import re
from collections.abc import Callable, Iterable, Iterator

import rjieba

from policies.library.models import Policy, Section
from policies.search.words.normalise import compact
from policies.search.words.text_cache import cache_by_text

_PIECES = re.compile(r"[^\w+]+|\d+(?:\.\d+)?|_")
_LONGEST_PAIR = 8
_TEXTS_KEPT = 5_000
_CONTENT = frozenset("nvajlibsg")
"""Tags of words that may name something: nouns, verbs, adjectives, abbreviations, idioms, places."""
_NOUN = ("n", "j", "b")
RESPONSIBLE_IN_BRACKETS = re.compile(r"[（(]\s*+(?:责任单位|牵头单位|配合单位|责任部门)[^）)]{0,300}[）)]")
"""The department of a clause, where its text names it in brackets."""


def is_noun(text: str) -> bool:
    """Whether a text is the name of a thing and nothing is said of it (厂房)."""
    tags = [tag for _, tag in rjieba.tag(compact(text))]
    return bool(tags) and all(tag.startswith(_NOUN) for tag in tags)


def _holds_noun(text: str) -> bool:
    """Whether a text has a noun of two characters at least."""
    return any(len(word) > 1 and tag.startswith(_NOUN) for word, tag in rjieba.tag(compact(text)))


holds_noun: Callable[[str], bool] = cache_by_text(_holds_noun, _TEXTS_KEPT)


def texts_of(policy: Policy, section: Section | None) -> Iterator[str]:
    """Yield what is written in and about a clause, without its department in brackets."""
    yield policy.title
    yield RESPONSIBLE_IN_BRACKETS.sub("", policy.text)
    yield from policy.audience
    yield from (basis.title for basis in policy.basis)
    yield from (text for amount in policy.amounts for text in (amount.what, amount.who, amount.of))
    if section is not None:
        yield section.title


def terms_of_text(text: str, is_silent: Callable[[str], bool]) -> Iterator[str]:
    """Yield the terms of one text, compact; the same one may come twice.

    Args:
        text: of a clause.
        is_silent: tells the words that say nothing about a subject.
    """
    for piece in _PIECES.split(text):
        before = ""
        for word, tag in rjieba.tag(compact(piece).lower()):
            if not word or (tag[:1] not in _CONTENT and tag not in ("eng", "nz", "x")) or is_silent(word):
                before = ""
                continue
            if len(word) > 1:
                yield word
            if before and len(before) + len(word) <= _LONGEST_PAIR and len(before) + len(word) > 2:
                yield before + word
            before = word


def terms_of_clause(
    policy: Policy, section: Section | None, terms_of: Callable[[str], Iterable[str]]
) -> tuple[str, ...]:
    """Return every term of a clause, each once.

    Args:
        policy: the clause.
        section: its part.
        terms_of: the terms of one of its texts.
    """
    return tuple(dict.fromkeys(term for text in texts_of(policy, section) for term in terms_of(text)))
