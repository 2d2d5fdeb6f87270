"""Questions that are known for any library: of the matters that people ask of, in words that no document has."""

from collections.abc import Sequence
from math import log, sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policies.district.models import District
from policies.library.library import Library
from policies.search.index import PolicyIndex
from policies.search.known.made import questions_of_matters
from policies.search.known.prototypes import Prototype, Prototypes
from policies.search.words.language import Matter

ASKED = "把海里的水变成能喝的"


def known(library: Library, *words: str) -> list[Prototype]:
    """What is known of one matter; every row may hold every word."""

    def with_pair(_: str) -> Sequence[int]:
        return range(len(library.policies))

    matter = Matter(words=words, asks=(ASKED,))
    return list(questions_of_matters([matter], library.policies, with_pair))


def test_a_question_for_a_matter_is_one_for_each_clause_that_names_it_in_title_or_keywords(
    library: Library,
) -> None:
    assert known(library, "海水淡化") == [Prototype(ASKED, 44), Prototype(ASKED, 45)]


def test_a_matter_that_stands_in_texts_alone_is_of_the_clauses_with_it(library: Library) -> None:
    """Both limits of what counts as one: such a clause has it in no title, and there are few of them."""
    texts = [policy.key for policy in library.policies if "聚焦人工智能" in policy.text]
    assert 0 < len(texts) <= 3
    assert known(library, "聚焦人工智能") == [Prototype(ASKED, key) for key in texts]


def test_a_matter_of_no_clause_is_asked_in_vain(library: Library) -> None:
    assert known(library, "养老机构") == [Prototype(ASKED, None)]


def test_a_matter_of_many_clauses_tells_nothing(library: Library) -> None:
    assert known(library, "企业") == []


def test_only_the_rows_with_the_rarest_pair_of_a_word_are_read(library: Library) -> None:
    asked: list[str] = []

    def with_pair(pair: str) -> Sequence[int]:
        asked.append(pair)
        return (
            [row for row, one in enumerate(library.policies) if pair in one.title]
            if pair == "水淡"
            else range(49)
        )

    matter = Matter(words=("海水淡化",), asks=(ASKED,))
    assert list(questions_of_matters([matter], library.policies, with_pair)) == [Prototype(ASKED, 45)]
    assert asked == ["海水", "水淡", "淡化"]


@pytest.mark.parametrize("typed", ["退休工资怎么算啊", "快递被弄坏了找谁赔呢"])
def test_what_no_document_answers_is_declined_in_any(library: Library, typed: str) -> None:
    [document] = library.documents
    few = document.model_copy(
        update={
            "id": "few",
            "policies": tuple(p.model_copy(update={"document": "few"}) for p in document.policies),
        }
    )
    index = PolicyIndex.build(Library.of([few]), District())
    assert index.decide(typed).clauses == ()


_TEXTS = st.lists(st.text("高企认定补多少", min_size=2, max_size=8), min_size=1, max_size=12, unique=True)


@given(_TEXTS, st.text("高企认定补多少呢", min_size=2, max_size=8))
def test_whatever_is_left_out_early_would_not_have_been_alike(known: list[str], asked: str) -> None:
    prototypes = Prototypes([Prototype(text, number) for number, text in enumerate(known)])
    holding = {pair: sum(pair in _pairs(text) for text in known) for text in known for pair in _pairs(text)}

    def weight(pair: str) -> float:
        return (
            log((len(known) + 1.0) / holding.get(pair, 1)) ** 2
            if pair in holding
            else log(len(known) + 1.0) ** 2
        )

    def length(text: str) -> float:
        return sqrt(sum(map(weight, _pairs(text))))

    cosines = {
        number: sum(map(weight, _pairs(text) & _pairs(asked))) / (length(text) * length(asked))
        for number, text in enumerate(known)
    }
    found = prototypes.alike(asked)
    if asked not in known:
        assert found.clauses == {
            number: pytest.approx(cosine, rel=1e-4) for number, cosine in cosines.items() if cosine > 0.3001
        } | {number: cosine for number, cosine in found.clauses.items() if cosines[number] < 0.3001}
        assert min(found.clauses.values(), default=1.0) >= 0.3


def _pairs(text: str) -> set[str]:
    return {text[at : at + 2] for at in range(len(text) - 1)}
