"""The bank and the rule that was learnt from it, without the sentence model: the rule's own weights stand for vectors."""

from base64 import b64decode
from importlib.util import find_spec

import pytest

from handlers.clause_facts.facts import Fact
from handlers.intent_by_meaning.bank import digest_of_bank, load_bank
from handlers.intent_by_meaning.rule import RULE_FILE, ActRule, RuleFile, features, rule_of
from handlers.parsed_message import MessageReader
from handlers.table import Table
from policies.library.data_files import read_data_file
from policies.search.meaning import Nearest, Nearness

FAR = {22: Nearness(above=1.0, fits=-4.0, asked=0.1)}
NEAR = {22: Nearness(above=4.0, fits=5.0, asked=0.95)}

needs_numpy = pytest.mark.skipif(find_spec("numpy") is None, reason="numpy comes with the sentence model")


def file() -> RuleFile:
    return read_data_file(RULE_FILE, RuleFile)


@pytest.fixture(scope="module")
def rule() -> ActRule:
    return rule_of(file())


def like(name: str, *, times: float = 1.0) -> object:
    """A vector of length 1 that lies in the direction of one act."""
    import numpy

    place = [row.name for row in load_bank().rows].index(name)
    row = numpy.frombuffer(b64decode(file().weights[place]), dtype="int8").astype("float32")
    return row / numpy.linalg.norm(row) * times


def test_the_rule_was_fitted_on_this_bank() -> None:
    assert file().bank == digest_of_bank(), "run .venv/bin/python -m bench.acts --write"
    assert len(file().weights) == len(file().biases) == len(load_bank().rows) + 1


@needs_numpy
@pytest.mark.parametrize("name", ["help", "my_subscriptions", "weekly", "validity", "office"])
def test_a_message_like_the_wordings_of_an_act_means_that_act(rule: ActRule, name: str) -> None:
    meant = rule.meant(Nearest(FAR, 0.1, like(name)), "你能干嘛")
    assert meant is not None
    assert meant.names[0] == name
    assert meant.is_sure


@needs_numpy
def test_a_message_like_no_act_means_none(rule: ActRule) -> None:
    opposite = like("help", times=-1.0)
    assert rule.meant(Nearest(FAR, 0.1, opposite), "你能干嘛") is None


@needs_numpy
def test_a_fact_is_likelier_where_a_clause_is_talked_about(rule: ActRule) -> None:
    """The place lies nearer to none than a message that asks of no clause may; an act that is as near does not hide it."""
    alone = rule.meant(Nearest(FAR, 0.1, like("place")), "在哪办")
    assert alone is not None
    assert (alone.fact, alone.fact_is_plain) == ("place", True)
    act = rule.meant(Nearest(FAR, 0.1, like("weekly")), "一周发一次")
    assert act is not None
    assert act.fact == ""


def test_a_known_question_that_is_near_speaks_against_an_act() -> None:
    judged = file().judged

    def score(nearest: Nearest) -> float:
        return sum(judged[name] * value for name, value in features(3.0, 2.0, nearest, "你能干嘛").items())

    assert score(Nearest(NEAR, 0.9)) < score(Nearest(FAR, 0.1))


def test_every_word_that_an_act_sends_is_read_by_words() -> None:
    """A tap or an act done at once must not come to the sentence model again."""
    speech = MessageReader(Table(), "https://example.invalid")
    asked_of_windows = {"快截止的有哪些", "即将开放的有哪些"}
    for act in load_bank().acts:
        for word in set(act.sends) - asked_of_windows:
            said = speech.read(word)
            assert said.command is not None or said.wish is not None or said.is_setting, word


def test_the_bank_has_enough_short_wordings_of_each_act_and_no_wording_twice() -> None:
    rows = load_bank().rows
    wordings = [wording for row in rows for wording in row.wordings]
    assert len(set(wordings)) == len(wordings)
    assert {len(row.wordings) >= 8 for row in rows} == {True}
    assert max(map(len, wordings)) <= 60
    assert {fact.tells for fact in load_bank().facts} <= set(Fact)
    assert {act.name for act in load_bank().acts if act.changes and not act.wish} == set()
