"""What a reader does not see of a text, and what turns it."""

import pytest

from storage.visible_text import looks_empty, reads_as_another, without_turning


@pytest.mark.parametrize("text", ["", " ", "\u200b\u200d", "\u3164", "\ufeff\u202e", "\xad"])
def test_a_text_of_unseen_characters_looks_empty(text: str) -> None:
    assert looks_empty(text)
    assert not looks_empty(f"{text}甲")


def test_a_turned_text_stands_as_it_was_typed() -> None:
    assert (
        without_turning("奖励\u202e元万01\u202c，\u2066甲\u2069\u2028乙👩\u200d🔬")
        == "奖励元万01，甲乙👩\u200d🔬"
    )


@pytest.mark.parametrize("unseen", ["\u200b", "\u202e", "\u2060", "\xad", "\x00", "\n", "\ufeff"])
def test_a_name_with_an_unseen_character_reads_as_another(unseen: str) -> None:
    assert reads_as_another(f"li{unseen}")
    assert not reads_as_another("李 li")
