"""What changed between two states of a clause."""

import pytest

from policies.library.amounts.amount_words import in_words
from policies.library.changes import ChangeKind, PartKind, PolicyChange, changes_between, text_parts
from policies.library.folding import folded
from policies.library.library import Library
from policies.library.models import Policy
from tests.kit.properties import given, st


def clause(library: Library, number: int) -> Policy:
    return next(policy for policy in library.policies if policy.key == number)


@given(
    st.text("最高给予30万元0123456789%，。", max_size=40),
    st.text("最高给予50万元0123456789%，。", max_size=40),
)
def test_the_parts_give_both_texts_back(before: str, after: str) -> None:
    parts = text_parts(before, after)
    assert "".join(part.text for part in parts if part.kind is not PartKind.ADDED) == before
    assert "".join(part.text for part in parts if part.kind is not PartKind.REMOVED) == after


def test_a_figure_is_replaced_whole() -> None:
    parts = text_parts("给予最高300万元奖补", "给予最高500万元奖补")
    assert [(part.kind.value, part.text) for part in parts] == [
        ("same", "给予最高"),
        ("removed", "300万元"),
        ("added", "500万元"),
        ("same", "奖补"),
    ]


def test_equal_clauses_are_no_change(library: Library) -> None:
    assert changes_between(library.policies, library.policies) == ()


def test_new_changed_and_gone_clauses_are_told_apart(library: Library) -> None:
    policies = list(library.policies)
    retitled = policies[21].model_copy(update={"title": "技改奖补"})
    added = policies[48].model_copy(update={"key": 50})
    after = [*policies[:21], retitled, *policies[22:48], added]
    changes = changes_between(policies, after)
    assert [(change.key, change.kind) for change in changes] == [
        (22, ChangeKind.CHANGED),
        (49, ChangeKind.GONE),
        (50, ChangeKind.NEW),
    ]
    assert changes[0].fields == ("title",)
    assert changes[0].moved_figures == ()


def test_moved_figures_name_what_they_are_for(library: Library) -> None:
    before = clause(library, 38)
    ship = before.amounts[4].model_copy(update={"cap_cny": 20_000_000})
    after = before.model_copy(update={"amounts": (*before.amounts[:4], ship)})
    moved = PolicyChange(38, before, after).moved_figures
    assert [(figure.what, figure.before, figure.after) for figure in moved] == [
        ("大型养殖工船(载重5000吨以上)", "总造价的30%，最高1500万元", "总造价的30%，最高2000万元"),
        ("活鱼运输船等深远海养殖配套船只", "建造费用的30%，最高500万元", ""),
    ]


def test_two_printings_of_a_clause_differ_in_wording_only(library: Library) -> None:
    before = clause(library, 22)
    after = before.model_copy(update={"text": before.text.replace("，", ",").replace(" ", "")})
    assert PolicyChange(22, before, after).wording_only
    assert folded(before.text) == folded(after.text)
    raised = before.model_copy(update={"text": before.text.replace("600", "700")})
    assert not PolicyChange(22, before, raised).wording_only


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (3, ["不设上限", "最高500万元", "最高1000万元", "最高200万元", "最高100万元", "最高500万元"]),
        (5, ["每产品类别20万元，政策实施期内单个企业最高50万元"]),
        (15, ["单个项目最高1000万元"]),
        (22, ["年度设备投资额的12%，最高600万元", "年度设备投资额的12%，最高2000万元"]),
        (36, ["最高30万元"]),
        (43, ["每品种50万元，每个企业每年最高300万元", "每项30万元，每个企业每年最高300万元"]),
        (46, ["共150万元"]),
        (48, ["100万元", "50万元"]),
    ],
)
def test_a_sum_in_words(library: Library, number: int, words: list[str]) -> None:
    assert [in_words(amount) for amount in clause(library, number).amounts] == words


@pytest.mark.parametrize("per", ["家企业每年", "每家企业每年", "每吨", "吨"])
def test_a_unit_is_said_with_one_each(library: Library, per: str) -> None:
    sum_ = clause(library, 39).amounts[2].model_copy(update={"per": per})
    assert "每每" not in in_words(sum_)
    assert "每" in in_words(sum_)
