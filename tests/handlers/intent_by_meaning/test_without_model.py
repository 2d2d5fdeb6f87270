"""Without the sentence model words decide, and the rule is not even read."""

from handlers.intent_by_meaning.rule import load_rule
from tests.handlers.chat import Chat


async def test_without_the_model_a_message_in_doubt_is_answered_by_words(chat: Chat) -> None:
    read_before = load_rule.cache_info().currsize
    shown = await chat.says("想知道你究竟能帮到我什么")
    assert "可以这样问我" not in shown.text
    assert "您是想" not in (await chat.says("我想订点东西")).text
    assert load_rule.cache_info().currsize == read_before
