"""The sieve of patterns leaves out only what surely does not match."""

import re
from pathlib import Path

import pytest

from handlers.table import Table
from handlers.telling.facts import WORDINGS
from policies.company_facts.words import load_words
from policies.questions.evaluating import read_questions
from policies.search.words.pattern_sieve import PatternSieve, needed


@pytest.mark.parametrize(
    ("pattern", "needs"),
    [
        ("电话(?:号码)?", "电"),
        ("材料|资料", "材资"),
        ("(?:需要|要){0,4}(?:什么|啥)?表", "表"),
        ("(?<!新)材(?=料)", "材"),
        ("[零一]{2,3}个*", "零一"),
        (r"\(表\)", "("),
        ("(?P<at>第)[^条]条+", "第"),
        ("(?:表|)", None),
        ("表?", None),
        ("[^表]", None),
        ("[一-三]", None),
        (r"\d\w.", None),
        (r"\u8868", None),
        (r"(表)\1", None),
        ("(?i)a", None),
    ],
)
def test_a_pattern_needs_one_of_these(pattern: str, needs: str | None) -> None:
    assert needed(re.compile(pattern)) == (None if needs is None else frozenset(needs))


_QUESTIONS = Path(__file__).parents[2] / "data" / "questions-own.jsonl"


def test_no_pattern_that_matches_is_left_out() -> None:
    asked_of_clauses = [re.compile(pattern) for row in WORDINGS for pattern in row.patterns]
    phrases = [pattern for pattern, _ in Table().by_phrase]
    patterns = [*asked_of_clauses, *phrases, *(row.pattern for row in load_words().values)]
    sieve = PatternSieve(patterns)
    texts = [question.q for question in read_questions(_QUESTIONS)]
    for text in texts:
        matching = {place for place, pattern in enumerate(patterns) if pattern.search(text)}
        assert matching <= set(sieve.may_match(text))
    assert sum(len(sieve.may_match(text)) for text in texts) < 0.1 * len(patterns) * len(texts)
