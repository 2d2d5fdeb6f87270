"""What a message names, where two documents have a clause with the same number."""

import pytest

from policies.district.models import District
from policies.library.library import Library
from policies.library.models import Document
from policies.search.decision import Intent
from policies.search.index import PolicyIndex
from tests.policies.second_document import NAME, TITLE, second_document


def keyed(document: Document, first: int) -> Document:
    policies = tuple(
        policy.model_copy(update={"key": first + at, "document": document.id})
        for at, policy in enumerate(document.policies)
    )
    return document.model_copy(update={"policies": policies})


@pytest.fixture(scope="module")
def two(library: Library, district: District) -> PolicyIndex:
    held = Library.of([*library.documents, keyed(second_document(), 1001)])
    return PolicyIndex.build(held, district)


@pytest.mark.parametrize(
    ("typed", "keys"),
    [
        ("第3条", (3,)),
        ("第三条", (3,)),
        ("22", (22,)),
        (f"《{TITLE}》第三条", (1003,)),
        (f"《{TITLE}》第3条讲什么", (1003,)),
        ("若干措施第三条", (1003,)),
        ("临港新城促进现代服务业第3条", (1003,)),
        (f"{NAME}第3条", (1003,)),
        ("政策摘编第3条", (3,)),
        ("第三条 现代服务业", (1003,)),
        ("第3条 若干措施", (3,)),
        ("第三条 产业化", (3,)),
        ("《先进技术产品转化应用试点政策摘编》第8条", (8,)),
    ],
)
def test_a_number_is_of_the_document_named_else_of_the_default_one(
    two: PolicyIndex, typed: str, keys: tuple[int, ...]
) -> None:
    decision = two.decide(typed)
    assert (decision.intent, decision.clauses) == (Intent.CLAUSE, keys)


@pytest.mark.parametrize("typed", ["《民法典》第3条", "《中华人民共和国劳动合同法》第三十条怎么规定"])
def test_an_article_of_a_document_that_is_none_of_ours_is_not_ours(two: PolicyIndex, typed: str) -> None:
    assert two.decide(typed).intent is not Intent.CLAUSE


def test_the_title_alone_brings_all_its_clauses(two: PolicyIndex) -> None:
    decision = two.decide(f"《{TITLE}》")
    assert (decision.intent, decision.clauses) == (Intent.SECTION, tuple(range(1001, 1010)))


def test_a_number_that_only_another_document_has_is_answered_from_there(
    library: Library, district: District
) -> None:
    """The second document is the default one; only the first has a clause 40."""
    held = Library.of([*library.documents, keyed(second_document(), 1001)], default="lingang")
    index = PolicyIndex.build(held, district)
    assert index.decide("第40条").clauses == (40,)
    assert index.decide("第3条").clauses == (1003,)
    assert index.decide("第80条").intent is Intent.NONE


def test_a_number_that_begins_anew_gives_the_clauses_to_choose_from(district: District) -> None:
    document = second_document()
    anew = [
        policy.model_copy(update={"label": "第一条", "path": f"{policy.section}/第一条"})
        for policy in document.policies
        if policy.label in {"第一条", "第四条", "第七条"}
    ]
    held = Library.of([document.model_copy(update={"policies": tuple(anew)})])
    index = PolicyIndex.build(held, district)
    decision = index.decide("第一条")
    assert decision.clauses == tuple(policy.key for policy in anew)
    assert decision.groups
    assert index.decide("第二部分第一条").clauses == (anew[1].key,)


@pytest.fixture(scope="module")
def two_numbers(library: Library, district: District) -> PolicyIndex:
    """With labels such as 1.1 in the second document."""
    document = keyed(second_document(), 1001)
    anew = [
        policy.model_copy(update={"label": f"{policy.section}.{place}"})
        for place, policy in enumerate(document.policies, 1)
    ]
    beside = document.model_copy(update={"policies": tuple(anew)})
    return PolicyIndex.build(Library.of([*library.documents, beside]), district)


@pytest.mark.parametrize("typed", ["1.1", "第1.1条", "1．1", "查一下1.1条", "若干措施1.1条讲什么"])
def test_a_label_of_two_numbers_can_be_typed(two_numbers: PolicyIndex, typed: str) -> None:
    decision = two_numbers.decide(typed)
    assert (decision.intent, decision.clauses, decision.sure) == (Intent.CLAUSE, (1001,), True)


def test_a_department_that_no_directory_has_is_known_by_its_printed_name(two: PolicyIndex) -> None:
    decision = two.decide("临港新城商务局有哪些政策")
    assert (decision.intent, decision.clauses) == (Intent.DEPARTMENT, (1003, 1005, 1006))


def test_every_clause_of_a_list_in_brackets_answers_to_its_own_name(
    library: Library, district: District
) -> None:
    """（一）、（二） begin anew in each part of the second document; a tap sends the clause's name."""
    second = keyed(second_document(), 1001)
    place = {1: 0, 2: 0, 3: 0, 4: 0}
    anew = []
    for policy in second.policies:
        place[policy.section] += 1
        label = f"（{'一二三四'[place[policy.section] - 1]}）"
        path = f"{'一二三四'[policy.section - 1]}{label}"
        anew.append(policy.model_copy(update={"label": label, "path": path}))
    beside = second.model_copy(update={"policies": tuple(anew)})
    for held in (Library.of([*library.documents, beside]), Library.of([beside])):
        index = PolicyIndex.build(held, district)
        for policy in beside.policies:
            assert index.decide(held.typed(policy)).clauses == (policy.key,), held.typed(policy)
