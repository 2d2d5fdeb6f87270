"""Fewer messages, or messages again, in English words of any order; other English is left to the rest."""

import pytest

from handlers.conversation.english_wishes import wish_meant


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("too many messages, stop please", "停止推送"),
        ("don't send me anything", "停止推送"),
        ("no more messages thanks", "停止推送"),
        ("turn off reminders", "停止推送"),
        ("pause for two weeks please", "暂停14天"),
        ("stop for a week", "暂停7天"),
        ("ok turn them back on", "恢复推送"),
        ("too many msgs", "少发一点"),
        ("unsubscribe me from everything", "全部退订"),
    ],
)
def test_a_wish_is_read_by_its_words(typed: str, meant: str) -> None:
    assert wish_meant(typed) == meant


@pytest.mark.parametrize(
    "typed",
    [
        "hold on",
        "thats enough",
        "no more questions",
        "i dont need it",
        "remove all",
        "cancel that",
        "stop production subsidy",
        "send again",
    ],
)
def test_other_messages_wish_nothing(typed: str) -> None:
    assert wish_meant(typed) == ""
