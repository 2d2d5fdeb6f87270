"""What `policies check` proves: each thing that can be wrong is found and named."""

from typing import Any

import pytest

from policies.library.checking import FaultKind, check, check_policy
from policies.library.library import Library
from policies.library.models import Amount, AmountKind, Basis, Department, Policy, TrackList


@pytest.fixture
def clause(library: Library) -> Policy:
    """Clause 22: two shares of 12 %, capped at 600万元 and 2000万元."""
    return library.policies[21]


def faults_of(clause: Policy, **changes: Any) -> list[tuple[str, str]]:
    changed = clause.model_copy(update=changes)
    found = check_policy(changed, {"ai", "nev"}, {"区工信局", "区财政局"}, "第22条")
    assert all(fault.clause == 22 for fault in found)
    return [(fault.field, fault.message) for fault in found]


def amount(clause: Policy, **changes: Any) -> tuple[Amount, ...]:
    return (clause.amounts[0].model_copy(update=changes), clause.amounts[1])


def test_a_sound_clause_has_no_fault(clause: Policy) -> None:
    assert faults_of(clause) == []


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"tracks": ("ai", "space")}, "tracks"),
        ({"departments": ("区工信局", "区财政局")}, "departments"),
        ({"departments": ("工信局",)}, "departments"),
        ({"departments": ()}, "departments"),
        ({"basis": ()}, "basis"),
        ({"basis": (Basis(title="某办法", doc_no="2024年11号"),)}, "basis[0].doc_no"),
        ({"basis": (Basis(title=""),)}, "basis[0].title"),
        ({"title": ""}, "title"),
        ({"title": "长" * 41}, "title"),
        ({"keywords": ("技改", "技改")}, "keywords"),
        ({"keywords": ("",)}, "keywords"),
    ],
)
def test_a_wrong_field_is_named(clause: Policy, changes: dict[str, Any], field: str) -> None:
    assert {found for found, _ in faults_of(clause, **changes)} == {field}


@pytest.mark.parametrize(
    ("changes", "kind"),
    [
        ({"basis": ()}, FaultKind.NO_BASIS),
        ({"departments": ()}, FaultKind.NO_DEPARTMENT),
        ({"departments": ("工业和信息化",)}, FaultKind.NOT_LISTED),
        ({"amounts": ()}, FaultKind.INCOMPLETE),
        ({"title": ""}, FaultKind.WRONG),
    ],
)
def test_a_fault_says_of_what_kind_it_is(clause: Policy, changes: dict[str, Any], kind: FaultKind) -> None:
    """`policies check` refuses what the printed document is not to blame for; the desk publishes what is incomplete."""
    changed = clause.model_copy(update={"text": f"{clause.text}工业和信息化", **changes})
    found = check_policy(changed, {"ai", "nev"}, {"区工信局", "区财政局"}, "第22条")
    assert {fault.kind for fault in found} == {kind}
    of_the_document = {FaultKind.NO_BASIS, FaultKind.NO_DEPARTMENT, FaultKind.NOT_LISTED}
    assert {fault.is_of_the_document for fault in found} == {kind in of_the_document}
    assert {fault.incomplete for fault in found} == {kind is not FaultKind.WRONG}


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"quote": "给予最高600万元的奖补"}, "amounts[0].quote"),
        ({"quote": ""}, "amounts[0].quote"),
        ({"cap_cny": 7_000_000}, "amounts[0].cap_cny"),
        ({"rate": 0.2}, "amounts[0].rate"),
        ({"rate": None}, "amounts[0].rate"),
        ({"of": "销售额"}, "amounts[0].of"),
        ({"of": ""}, "amounts[0].of"),
        ({"kind": AmountKind.FIXED}, "amounts[0].value_cny"),
        ({"kind": AmountKind.RANGE, "min_cny": 6_000_000, "max_cny": 6_000_000}, "amounts[0].min_cny"),
    ],
)
def test_a_wrong_sum_is_named(clause: Policy, changes: dict[str, Any], field: str) -> None:
    assert field in {found for found, _ in faults_of(clause, amounts=amount(clause, **changes))}


def test_a_sum_of_the_text_without_an_amount_is_found(clause: Policy) -> None:
    assert faults_of(clause, amounts=clause.amounts[:1]) == [("amounts", "原文的“2000 万元”没有对应的金额")]


def test_a_line_break_in_a_text_is_found(clause: Policy) -> None:
    broken = clause.text.replace("支持新区企业", "支持\n新区企业")
    assert ("text", "不应有换行、控制字符或首尾空白") in faults_of(clause, text=broken)


def with_(library: Library, **changes: object) -> Library:
    [document] = library.documents
    return Library.of([document.model_copy(update=changes)])


def test_numbers_grow_and_an_edition_may_drop_one(
    library: Library, tracks: TrackList, departments: tuple[Department, ...]
) -> None:
    gap = with_(library, policies=(*library.policies[:10], *library.policies[11:]))
    assert not check(gap, tracks, departments)
    ten = library.policies[10].model_copy(update={"label": "10"})
    twice = with_(library, policies=(*library.policies[:10], ten, *library.policies[11:]))
    assert [str(fault) for fault in check(twice, tracks, departments)] == [
        "第5部分第10条，字段 label：条款号应按序且不重复"
    ]


def test_a_clause_stands_in_a_section_that_exists(
    library: Library, tracks: TrackList, departments: tuple[Department, ...]
) -> None:
    stray = library.policies[0].model_copy(update={"section": 13})
    faults = check(with_(library, policies=(stray, *library.policies[1:])), tracks, departments)
    assert str(faults[0]) == "第1条，字段 section：没有第 13 部分"


def test_the_contact_is_made_of_its_own_words(
    library: Library, tracks: TrackList, departments: tuple[Department, ...]
) -> None:
    contact = library.contact.model_copy(update={"phone": "12345"})
    faults = check(with_(library, contact=contact), tracks, departments)
    assert [str(fault) for fault in faults] == ["字段 contact.phone：应是联系段落里的原文"]
