"""From what people say to the document's words."""

import pytest

from policies.library.library import Library
from policies.search.words.concepts import Concepts
from policies.search.words.language import Concept, Synonyms, load_language
from policies.search.words.normalise import compact
from policies.search.words.vocabulary import LONGEST_WORD, Span, Vocabulary, WordRole

LOAN, CHECKS, UNLISTED = range(3)


@pytest.fixture(scope="module")
def concepts() -> Concepts:
    return Concepts(
        Synonyms(
            classes={"机器": ("机床", "设备"), "没入": ("没入", "不在")},
            concepts=(
                Concept(means=("设备更新贷款", "贴息"), says=("两新",), when=((("借钱",), ("@机器",)),)),
                Concept(means=("创新券",), when=((("科小",), ("检测",)),)),
                Concept(means=("未入库",), when=((("@没入",), ("科小",), ("检测",)),)),
            ),
        )
    )


def found(concepts: Concepts, text: str) -> list[Span]:
    vocabulary = Vocabulary()
    vocabulary.add(concepts.hints, WordRole.HINT)
    return vocabulary.find(text)


def test_a_word_says_its_concept_and_means_the_first_word_most(concepts: Concepts) -> None:
    (number,) = concepts.of_word("两新")
    assert number == LOAN
    (first, most), (second, less), (said, least) = concepts.meanings[number]
    assert (first, second, said) == ("设备更新贷款", "贴息", "两新")
    assert most > less > least
    assert concepts.of_word("三新") == ()


def test_words_together_say_what_each_alone_does_not(concepts: Concepts) -> None:
    assert [said.concept for said in concepts.combinations(found(concepts, "借钱换机床"))] == [LOAN]
    assert concepts.combinations(found(concepts, "借钱")) == []


def test_a_longer_combination_stands_for_its_parts(concepts: Concepts) -> None:
    """没入库的科小企业做检测 is clause 28, not clause 27."""
    assert [said.concept for said in concepts.combinations(found(concepts, "不在科小做检测"))] == [UNLISTED]
    assert [said.concept for said in concepts.combinations(found(concepts, "科小做检测"))] == [CHECKS]


def test_a_meaning_keeps_the_words_that_the_library_has() -> None:
    concepts = Concepts(Synonyms(classes={}, concepts=(Concept(means=("会展", "展会"), says=("展位费",)),)))
    concepts.forget_words(lambda word: word == "展会")
    assert [word for word, _ in concepts.meanings[0]] == ["展会"]


def test_whatever_the_sayings_of_a_document_mean_stands_in_its_clauses(library: Library) -> None:
    printed = [
        compact("".join((policy.title, policy.text, *policy.keywords, *policy.audience))).lower()
        for policy in library.policies
    ]
    [sayings] = load_language().sayings
    for concept in sayings.concepts:
        for word in map(compact, concept.means):
            assert len(word) <= LONGEST_WORD, word
            assert any(word.lower() in text for text in printed), word
