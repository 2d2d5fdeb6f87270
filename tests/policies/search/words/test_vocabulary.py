"""Which known words stand in a text, and which of them cover it best."""

import pytest
import rjieba

from policies.search.words.unknown_words import UNKNOWN_WORD
from policies.search.words.vocabulary import IS_SILENT, LONGEST_WORD, Vocabulary, WordRole


@pytest.fixture
def vocabulary() -> Vocabulary:
    vocabulary = Vocabulary()
    vocabulary.add(["集群", "先进制造业集群", "制造", "ai", "5g", "中"], WordRole.TERM)
    vocabulary.add(["怎么", "的"], WordRole.GENERIC)
    vocabulary.add(["集群"], WordRole.EVERYDAY)
    return vocabulary


def test_overlapping_words_are_all_found(vocabulary: Vocabulary) -> None:
    assert [span.text for span in vocabulary.find("先进制造业集群")] == ["先进制造业集群", "制造", "集群"]


def test_a_text_is_covered_by_long_words_before_short_and_gaps_have_no_role(vocabulary: Vocabulary) -> None:
    _, cover = vocabulary.take_apart("先进制造业集群怎么评")
    assert [(span.text, bool(span.roles)) for span in cover] == [
        ("先进制造业集群", True),
        ("怎么", True),
        ("评", False),
    ]
    assert "".join(span.text for span in cover) == "先进制造业集群怎么评"


@pytest.mark.parametrize(
    ("text", "found"),
    [("ai中试", ["ai", "中"]), ("main", []), ("5g", ["5g"]), ("15g", []), ("aigc", [])],
)
def test_a_latin_word_or_figure_is_never_cut(vocabulary: Vocabulary, text: str, found: list[str]) -> None:
    assert [span.text for span in vocabulary.find(text)] == found


def test_a_word_may_play_several_parts(vocabulary: Vocabulary) -> None:
    assert vocabulary.roles("集群") == WordRole.TERM | WordRole.EVERYDAY
    assert "集群" in set(vocabulary.words(WordRole.EVERYDAY))
    (silent,) = vocabulary.find("的")
    assert IS_SILENT[silent.roles]


def test_terms_of_the_documents_texts_are_found_as_in_questions(vocabulary: Vocabulary) -> None:
    assert vocabulary.terms_in("先进制造业集群与ai") == {"先进制造业集群", "制造", "集群", "ai"}


def test_words_too_long_are_passed_over(vocabulary: Vocabulary) -> None:
    before = len(vocabulary)
    vocabulary.add(["长" * (LONGEST_WORD + 1), ""], WordRole.TERM)
    assert len(vocabulary) == before


def test_the_word_that_loads_the_segmenters_model_is_in_no_dictionary() -> None:
    """Else the model would be loaded by the first unknown word that somebody asks for."""
    assert rjieba.cut(UNKNOWN_WORD, hmm=False) == list(UNKNOWN_WORD)
