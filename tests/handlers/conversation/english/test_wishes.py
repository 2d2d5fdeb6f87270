"""Fewer messages, or messages again, in English words of any order; other English is left to the rest."""

import pytest

from handlers.conversation.english.chinese_words import act_meant
from handlers.conversation.english.wishes import wish_meant


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
        ("stop sending me stuff at night", "晚上别发"),
        ("don't send notifications after 10pm", "晚上10点以后别发"),
        ("stop sending on weekends", "周末别发"),
        ("please don't stop sending", "恢复推送"),
        ("only once a week please", "每周汇总"),
        ("stop sending daily messages", "少发一点"),
        ("once a month is enough", "少发一点"),
        ("pause until Monday", "少发一点"),
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
        "is there a subsidy for night shifts",
        "send again",
    ],
)
def test_other_messages_wish_nothing(typed: str) -> None:
    assert wish_meant(typed) == ""


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("quiet from 10pm to 7am please", "晚上10点到早上7点别发"),
        ("no messages between 10 pm and 7 am", "晚上10点到早上7点别发"),
        ("cancel all subscriptions", "全部退订"),
        ("I don't want the desalination updates anymore", "退订 海水淡化"),
        ("remove desalination", "退订 海水淡化"),
        ("take me off the list", "退订"),
        ("is there anyone I can speak to", "人工"),
        ("I want to speak with your staff", "人工"),
        ("let me know once it opens", "有新的就告诉我"),
        ("ping me if anything changes", "有新的就告诉我"),
    ],
)
def test_an_act_is_read_with_what_it_names(typed: str, meant: str) -> None:
    assert act_meant(typed) == meant


@pytest.mark.parametrize(
    "typed",
    [
        "is the high-tech subsidy stopped",
        "do we lose the patent subsidy",
        "who is the person in charge",
        "subsidy for foreign staff",
        "wrong person",
        "tell me how much for desalination",
    ],
)
def test_a_question_that_holds_words_of_an_act_is_none(typed: str) -> None:
    assert act_meant(typed) == ""
