"""What the comparison of vectors says, with a toy in the place of the sentence model: a text is the characters in it."""

import subprocess
import sys
from dataclasses import replace
from typing import Any

import pytest

from policies.district.models import District
from policies.library.library import Library
from policies.search import meaning
from policies.search.decision import Intent
from policies.search.index import PolicyIndex
from policies.search.known.prototypes import Prototype
from policies.search.meaning import (
    ClauseMeanings,
    E5Encoder,
    Nearest,
    has_encoder,
    readings_of,
    vectors_of,
)
from policies.search.vectors import groups
from policies.search.vectors.question_maps import QuestionMaps

numpy = pytest.importorskip("numpy")
CLAUSES = {10, 22, 45}
STAYS = QuestionMaps(numpy.eye(512), numpy.eye(512), 20.0, 0.5)
"""Where questions stay where they are."""


class Characters:
    """Texts that share characters are alike."""

    def question(self, text: str) -> Any:
        vector = numpy.zeros(512, dtype="float32")
        for character in text:
            vector[ord(character) % 512] += 1
        return vector / numpy.linalg.norm(vector)

    passage = known_question = question


@pytest.fixture(scope="module")
def few(library: Library) -> PolicyIndex:
    """Three clauses of the library, as another document: nothing that is known of the library's own is known of it."""
    [document] = library.documents
    kept = tuple(
        policy.model_copy(update={"document": "few"}) for policy in document.policies if policy.key in CLAUSES
    )
    return PolicyIndex.build(
        Library.of([document.model_copy(update={"id": "few", "policies": kept})]), District()
    )


def meanings(index: PolicyIndex, *more: Prototype) -> ClauseMeanings:
    policies, asked = index.library.policies, [one for one in (*index.asked, *more) if one.text]
    vectors = vectors_of(Characters(), readings_of(policies, asked))
    return ClauseMeanings(Characters(), policies, vectors, asked, STAYS)


def test_a_clause_is_as_near_as_its_nearest_known_question(few: PolicyIndex) -> None:
    asked = "咸水变甜水的厂子"
    before = meanings(few).nearest(asked).clauses[45]
    after = meanings(few, Prototype("咸水变甜水", 45)).nearest(asked).clauses[45]
    assert after.asked > before.asked
    assert after.above > before.above


def test_a_question_that_nothing_answers_speaks_against_every_clause(few: PolicyIndex) -> None:
    asked = "食堂换了厨师怎么补"
    before, after = (
        meanings(few).nearest(asked),
        meanings(few, Prototype("食堂换了厨师", None)).nearest(asked),
    )
    assert after.declined > before.declined
    scores = [few.find(asked, nearest).score for nearest in (before, after)]
    assert scores[1] < scores[0]


def test_a_matter_of_the_trade_is_asked_in_vain_only_where_no_clause_has_it(few: PolicyIndex) -> None:
    declined = {one.text for one in few.asked if one.clause is None}
    assert "出口信保有补贴吗" in declined
    assert not any(text.startswith("淡化") for text in declined)


def test_what_is_left_out_is_neither_near_nor_asked(few: PolicyIndex) -> None:
    nearest = meanings(few).nearest("海水淡化").without({45})
    assert set(nearest.clauses) == CLAUSES - {45}


def test_of_very_many_clauses_the_nearest_are_as_near_as_where_all_are_compared_exactly(
    index: PolicyIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = ("海水淡化厂能补多少", "头一回评上高新技术企业", "租算力跑大模型")
    told = [meanings(index).nearest(text).clauses for text in asked]
    monkeypatch.setattr(groups, "_MANY", 100)
    monkeypatch.setattr(groups, "_ROUGH", 16)
    monkeypatch.setattr(meaning, "_EXACT", 16)
    monkeypatch.setattr(meaning, "_SAMPLE", 24)
    many = meanings(index)
    for text, exact in zip(asked, told, strict=True):
        found = many.nearest(text).clauses
        nearest = list(exact)[:3]
        assert list(found)[:3] == nearest
        for key in nearest:
            assert found[key].above == pytest.approx(exact[key].above, rel=0.05)
            assert found[key][1:] == pytest.approx(exact[key][1:], rel=1e-5)


class Listening(ClauseMeanings):
    """Notes what it is asked, and knows of nothing near."""

    def __init__(self) -> None:
        self.heard: list[str] = []

    def nearest(self, text: str) -> Nearest:
        self.heard.append(text)
        return Nearest({})


class Declining(Listening):
    """Finds that a question is one that no clause answers."""

    def nearest(self, text: str) -> Nearest:
        return replace(super().nearest(text), declined=1.0)


def test_a_corrected_text_is_judged_by_meaning_like_the_one_typed(index: PolicyIndex) -> None:
    listening = Listening()
    assert index.decide("技该补几个点").unsure
    index.with_meanings(listening).decide_by_meaning("技该补几个点")
    assert listening.heard == ["技该补几个点", "技改补几个点"]


def test_a_correction_far_from_what_the_typed_text_means_does_not_take_the_model_time(
    index: PolicyIndex,
) -> None:
    listening = Declining()
    index.with_meanings(listening).decide_by_meaning("海洋之星项链价格")
    assert listening.heard == ["海洋之星项链价格"]


def test_a_correction_that_words_find_no_better_does_not_take_the_model_time(index: PolicyIndex) -> None:
    listening = Listening()
    index.with_meanings(listening).decide_by_meaning("新开一条集装箱班轮航线，有补贴没")
    assert len(listening.heard) == 1


def test_each_of_several_needs_that_words_find_in_doubt_is_judged_by_meaning(index: PolicyIndex) -> None:
    listening = Declining()
    asked = "老机器换新的补多少，另外招博士补多少"
    by_words, judged = index.decide(asked), index.with_meanings(listening).decide_by_meaning(asked)
    assert by_words.intent is Intent.MULTI and by_words.unsure
    assert judged.intent is Intent.NONE
    assert listening.heard[0] == "老机器换新的补多少"


_COMPARES = """
import os
from policies.search.meaning import load_encoder
load_encoder()
import numpy
numpy.ones((2000, 400), dtype="float32") @ numpy.ones(400, dtype="float32")
print(len(os.listdir("/proc/self/task")))
"""


@pytest.mark.skipif(not has_encoder(), reason="the sentence model is not installed")
def test_comparing_vectors_takes_no_thread_that_waits_in_a_loop() -> None:
    printed = subprocess.run([sys.executable, "-c", _COMPARES], capture_output=True, check=True, text=True)
    assert printed.stdout.split() == ["1"]


@pytest.mark.parametrize(
    ("asked", "unsure"),
    [
        ("深圳的新扇贝审过了给多少", False),
        ("公司在烟台，烟台的新扇贝审过了给多少", False),
        ("自家琢磨出来的新扇贝，前阵子北京那边审过了，给多少", True),
    ],
)
def test_the_model_is_asked_of_a_place_that_a_story_names_not_of_one_whose_policies_are_asked_for(
    few: PolicyIndex, asked: str, unsure: bool
) -> None:
    assert few.decide(asked).unsure is unsure


def test_words_that_match_well_decide_only_where_nothing_is_left_unexplained(index: PolicyIndex) -> None:
    assert not index.decide("高技能人才补助怎么领").unsure
    assert index.decide("自己考下了电工证，高技能人才补助怎么领").unsure


def test_a_question_costs_what_it_takes_by_the_clock_though_others_had_the_processor() -> None:
    clock = [100.0]

    class Waiting(Characters):
        def query(self, text: str) -> Any:
            clock[0] += 0.06
            return self.question(text)

    encoder = E5Encoder(Waiting(), lambda: clock[0])
    encoder.question("买设备有补贴吗")
    assert encoder.spent_s == pytest.approx(0.06)
