"""A word of the trade that a clause writes with something between its parts is a word of that clause."""

import pytest

from policies.district.models import District
from policies.importing.files.documents import read_document
from policies.importing.proposal.propose import propose
from policies.library.library import Library
from policies.search.decision import Intent
from policies.search.index import PolicyIndex
from policies.search.words.language import Matter, load_language
from policies.search.words.spread_words import SpreadWords, parts_of, stand_in

TEXT = """双城县若干措施
一、稳外贸
1. 帮助企业开拓市场。企业参加境外专业展会的，按展位费的70%给予补助，每个展会不超过5万元。
2. 支持老字号。对新认定的省级老字号企业给予20万元奖励。
3. 鼓励绿色认证。首次获得有机农产品认证的，每个产品给予3万元奖补。
"""


def index_of(text: str) -> PolicyIndex:
    document = propose(read_document("a.txt", text.encode()), document_id="a").document
    return PolicyIndex.build(Library.of([document]), District())


@pytest.fixture(scope="module")
def index() -> PolicyIndex:
    return index_of(TEXT)


def first(index: PolicyIndex, typed: str) -> tuple[Intent, str]:
    decision = index.decide(typed)
    policy = index.policy(decision.clauses[0]) if decision.clauses else None
    return decision.intent, policy.label if policy else ""


@pytest.mark.parametrize(
    ("typed", "label"),
    [("国外展会的展位费能报几成", "1"), ("境外展会补多少", "1"), ("有机认证给多少钱", "3")],
)
def test_it_is_answered(index: PolicyIndex, typed: str, label: str) -> None:
    assert first(index, typed) == (Intent.SEARCH, label)


def test_where_other_phrases_stand_between_no_clause_has_it() -> None:
    index = index_of(TEXT.replace("境外专业展会", "境外市场，并在区内办专业展会"))
    assert first(index, "境外展会补多少")[0] is not Intent.SEARCH


def test_a_name_between_its_parts_makes_another_word() -> None:
    """药品监督管理局新注册 is no 药品注册, of which 仿制药 is another word."""
    text = TEXT + "4. 支持化妆品原料。在国家药品监督管理局新注册备案的原料，每项给予30万元奖补。\n"
    assert first(index_of(text), "仿制药一致性评价通过了有奖励么")[0] is not Intent.SEARCH


def test_it_is_no_matter_that_is_asked_for_in_vain(index: PolicyIndex) -> None:
    in_vain = {one.text for one in index.asked if one.clause is None}
    assert "首台套有补贴吗" in in_vain
    assert "境外展会有补贴吗" not in in_vain


def test_a_question_of_a_matter_that_a_clause_may_have_is_not_known_to_be_asked_in_vain() -> None:
    data = load_language()
    matters = data.matters.model_copy(
        update={"matters": (Matter(words=("境外展会",), asks=("去国外摆摊",)), *data.matters.matters[:1])}
    )
    document = propose(read_document("a.txt", TEXT.encode()), document_id="a").document
    index = PolicyIndex.build(
        Library.of([document]), District(), data=data.model_copy(update={"matters": matters})
    )
    assert all(one.text != "去国外摆摊" for one in index.asked)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("参加境外专业展会的", {"境外展会"}),
        ("参加境外展会的", {"境外展会"}),
        ("展会设在境外", set()),
        ("境外市场、展会", set()),
        ("境外的各类市场开拓活动和展会", set()),
    ],
)
def test_parts_stand_in_one_phrase_near_each_other(text: str, found: set[str]) -> None:
    assert SpreadWords(["境外展会", "种植险", "老字号"]).within(text) == found
    assert stand_in(text, parts_of("境外展会")) == bool(found)


def test_parts_of_one_character_are_none() -> None:
    assert parts_of("种植险") == ()
