"""The sieve of patterns leaves out only what surely does not match."""

import re
from pathlib import Path

import pytest

from handlers.clause_facts.facts import WORDINGS
from handlers.table import Table
from policies.company_facts.reading.words import load_words
from policies.questions.evaluating import read_questions
from policies.search.words.pattern_sieve import PatternSieve, needed


@pytest.mark.parametrize(
    ("pattern", "ways"),
    [
        ("电话(?:号码)?", ["电 话"]),
        ("材料|资料", ["材 料", "资 料"]),
        ("材|资", ["材资"]),
        ("(?:需要|要){0,4}(?:什么|啥)?表", ["表"]),
        ("(?:怎么|如何)(?:办|报)", ["办报 怎 么", "办报 如 何"]),
        ("(?<!新)材(?=料)(?!费)", ["材 料"]),
        ("[零一]{2,3}个*", ["零一"]),
        (r"\(表\)", ["( 表 )"]),
        ("(?P<at>第)[^条]条+", ["第 条"]),
        ("(?:表|)", [""]),
        ("表?", [""]),
        ("[^表]", [""]),
        ("[一-三]", [""]),
        (r"\d\w.", [""]),
        (r"\u8868", [""]),
        (r"(表)\1", [""]),
        ("(?i)a", [""]),
    ],
)
def test_a_pattern_has_these_ways_and_each_needs_one_of_each(pattern: str, ways: list[str]) -> None:
    assert [set(way) for way in needed(re.compile(pattern))] == [
        set(map(frozenset, way.split())) for way in ways
    ]


_QUESTIONS = Path(__file__).parents[3] / "data" / "questions-ours.jsonl"


def test_no_pattern_that_matches_is_left_out() -> None:
    asked_of_clauses = [re.compile(pattern) for row in WORDINGS for pattern in row.patterns]
    phrases = [pattern for pattern, _ in Table().by_phrase]
    patterns = [*asked_of_clauses, *phrases, *(row.pattern for row in load_words().values)]
    sieve = PatternSieve(patterns)
    texts = [question.q for question in read_questions(_QUESTIONS)]
    for text in texts:
        matching = {place for place, pattern in enumerate(patterns) if pattern.search(text)}
        assert matching <= set(sieve.may_match(text))
    assert sum(len(sieve.may_match(text)) for text in texts) < 0.03 * len(patterns) * len(texts)
