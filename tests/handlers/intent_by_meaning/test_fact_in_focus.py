"""A fact that the sentence model reads out of a message is told of the clause in focus, where nothing speaks against it."""

from collections.abc import Callable

import pytest

from handlers.answer_cache import AnswerCache
from handlers.answers_by_meaning import Judged
from handlers.framework.answer import Answer
from handlers.framework.edition import Edition
from handlers.intent_by_meaning.rule import ActMeant
from tests.handlers.chat import Chat

Reads = Callable[[ActMeant], None]
_PLACE = ActMeant((), is_sure=False, fact="place", fact_is_plain=True)


@pytest.fixture
def model_reads(monkeypatch: pytest.MonkeyPatch) -> Reads:
    """Make the model read this of every message, and find no clause for it."""

    def reads(meant: ActMeant) -> None:
        async def judged(_: AnswerCache, text: str, edition: Edition) -> Judged:
            return Judged(edition.index.decide(text), Answer.of("none", "没有找到"), meant)

        monkeypatch.setattr(AnswerCache, "judged", judged)

    return reads


async def test_a_plain_fact_is_told_of_the_clause_in_focus(chat: Chat, model_reads: Reads) -> None:
    await chat.says("第22条")
    model_reads(_PLACE)
    shown = (await chat.says("楼层房间号有没有")).text
    assert "第22条" in shown
    assert "没有写办理地点" in shown


async def test_without_a_clause_in_focus_it_is_told_of_none(chat: Chat, model_reads: Reads) -> None:
    model_reads(_PLACE)
    assert "办理地点" not in (await chat.says("楼层房间号有没有")).text


async def test_a_word_of_another_matter_speaks_against_a_fact_that_is_not_plain(
    chat: Chat, model_reads: Reads
) -> None:
    await chat.says("第22条")
    model_reads(_PLACE._replace(fact_is_plain=False))
    assert "办理地点" not in (await chat.says("公交车路线查询")).text


async def test_what_the_library_surely_answers_is_no_fact_of_the_clause(
    chat: Chat, model_reads: Reads
) -> None:
    await chat.says("第22条")
    model_reads(_PLACE)
    assert "第29条" in (await chat.says("算力券在哪用")).text


async def test_an_act_that_is_likelier_is_offered_beside_the_fact(chat: Chat, model_reads: Reads) -> None:
    await chat.says("第22条")
    model_reads(ActMeant(("subscribe", "opens"), is_sure=True, fact="opens", fact_is_plain=True))
    shown = await chat.says("一起头就吱一声呀")
    assert "申报时间尚未公布" in shown.text
    assert "您是想订阅提醒吗" in shown.text


async def test_one_paper_that_nobody_wrote_of_is_said_not_to_stand_in_the_clause(
    chat: Chat, model_reads: Reads
) -> None:
    await chat.says("第22条")
    model_reads(ActMeant(("materials",), is_sure=True, fact="materials", fact_is_plain=True))
    assert "没有单独写" in (await chat.says("要不要发票")).text
