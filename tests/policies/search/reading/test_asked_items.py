"""What is asked for must be in the clause: kinds of cost, of support and of receiver that a question names."""

import pytest

from policies.library.library import Library
from policies.search.index import PolicyIndex
from policies.search.reading.asked_items import AskedItems
from policies.search.words.language import AskedItem

ITEMS = AskedItems(
    [
        AskedItem(says=("水费", "电费"), stands=("水费", "电费", "用电")),
        AskedItem(says=("利息",), stands=("贷款", "利息")),
        AskedItem(says=("哪个牌子",), stands=()),
        AskedItem(says=("过桥费", "贴息"), stands=("过桥",)),
    ]
)


@pytest.mark.parametrize(
    ("typed", "unmet"),
    [
        ("换机器借了钱利息能补吗", 0),
        ("换机器厂里电费能补吗", 1),
        ("水费和电费补不补", 1),
        ("买机器选哪个牌子电费省", 2),
        ("换机器能补多少", 0),
        ("换机器贴息多少", 0),  # the clause has the very word
        ("换机器过桥费多少", 1),
    ],
)
def test_an_item_is_unmet_where_no_word_of_it_stands_in_the_clause(
    library: Library, typed: str, unmet: int
) -> None:
    loans = library.get(21)
    assert loans is not None
    assert "贷款" in loans.text
    assert ITEMS.unmet(typed, loans) == unmet


@pytest.mark.parametrize(
    "asked", ["技术改造的设备买车险给报吗", "海水淡化厂的工伤怎么赔", "瞪羚企业的停车费补多少"]
)
def test_a_term_of_a_clause_with_an_item_it_does_not_have_is_not_answered(
    index: PolicyIndex, asked: str
) -> None:
    assert not index.find(asked).in_scope


def test_the_same_item_speaks_for_the_clause_that_has_it(index: PolicyIndex) -> None:
    assert index.decide("专利质押贷款的利息能补吗").clauses[0] == 16
