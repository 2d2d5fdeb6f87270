"""How clauses are named: by number alone where there is one document, with the document where there are two."""

import pytest

from policies.library.library import Library, in_printed_order, with_order
from policies.library.models import Document, Policy, Section


def clause(key: int, label: str, section: int = 1, path: str = "", document: str = "port") -> Policy:
    return Policy(
        key=key,
        label=label,
        path=path,
        document=document,
        section=section,
        title=f"第{key}个题目",
        text="支持。",
        basis=(),
        departments=(),
    )


def document_of(*policies: Policy, id_: str = "port", title: str = "港区若干措施") -> Document:
    numbers = sorted({policy.section for policy in policies})
    sections = tuple(Section(number=number, title=f"部分{number}") for number in numbers)
    return Document(
        id=id_,
        title=title,
        issuer="某处",
        edition="2026年1月",
        sections=sections,
        policies=tuple(policy.model_copy(update={"document": id_}) for policy in policies),
    )


@pytest.mark.parametrize(
    ("label", "name"),
    [("22", "第22条"), ("第三条", "第三条"), ("（二）", "（二）"), ("一", "第一条"), ("政策3", "政策3")],
)
def test_a_clause_is_called_as_its_document_prints_it(label: str, name: str) -> None:
    library = Library.of([document_of(clause(1, label))])
    assert library.name(library.policies[0]) == name


def test_two_documents_are_named_before_their_clauses(compendium: Document) -> None:
    notice = document_of(clause(1001, "第三条"), title="关于印发《港区若干措施》的通知")
    library = Library.of([compendium, notice])
    assert library.name_of(1001) == "《港区若干措施》第三条"
    assert library.name_of(22) == f"《{compendium.title}》第22条"
    assert library.names(library.policies[:3]) == f"《{compendium.title}》第1、2、3条"
    assert library.by_label("22") == library.get(22)
    assert library.by_label("第三条", "port") == library.get(1001)
    assert library.numbered(3, "port") == (library.get(1001),)


def test_a_number_that_begins_anew_in_each_part_names_the_part() -> None:
    first, second = clause(5, "第一条", 1, "一/第一条"), clause(6, "第一条", 2, "二/第一条")
    library = Library.of([document_of(first, second)])
    assert [library.name(policy) for policy in library.policies] == ["第1部分第一条", "第2部分第一条"]
    assert library.by_label("第一条") is None
    assert library.by_label("二/第一条") == library.get(6)


def test_clauses_stand_in_printed_order_whatever_their_keys() -> None:
    old, new, last = clause(9, "第一条"), clause(1001, "第二条"), clause(10, "第三条")
    document = with_order(document_of(old, new, last))
    assert document.order == ()
    assert [policy.key for policy in in_printed_order(document, reversed(document.policies))] == [9, 1001, 10]


def test_an_order_that_numbers_do_not_tell_is_kept() -> None:
    document = with_order(document_of(clause(3, "附"), clause(2, "第二条"), clause(1, "第一条")))
    assert document.order == (3, 2, 1)
    assert [policy.key for policy in in_printed_order(document, document.policies)] == [3, 2, 1]
