"""An answer composed once is good for everybody, and only as long as what it is made of stays."""

import asyncio
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from threading import Event
from typing import Any

import numpy
import pytest
from sqlalchemy import select, update

from bot.roles.conversation import Conversation
from bot.runtime.services import Services
from handlers.answer_cache import AnswerCache
from handlers.framework.context import Context
from handlers.framework.edition import Edition
from handlers.meaning_budget import MeaningBudget
from policies.approval.columns import RevisionState
from policies.library.tables import LibraryState, RevisionRow
from policies.search.meaning import ClauseMeanings, ModelText, passages_of, vectors_of
from policies.windows.window_fields import WindowFields
from tests.handlers.chat import Chat
from tests.handlers.conftest import TODAY

DOUBTFUL = ("厂里想找专家来看看怎么改", "我们要把老机器换掉能给点啥", "请个懂行的来厂里讲讲有人管吗")
"""Words alone leave a doubt."""
WINDOW = WindowFields(22, date(2026, 3, 1), date(2026, 3, 31), "2026年技改奖补", "https://apply.example/22")


@pytest.fixture
def answers(context: Context) -> AnswerCache:
    return AnswerCache(context)


async def test_what_many_type_is_composed_once(answers: AnswerCache) -> None:
    assert await answers.answer("首台套") is await answers.answer("首台套")


async def test_what_is_none_of_the_librarys_is_told_before_anything_was_answered(
    answers: AnswerCache,
) -> None:
    elsewhere = answers.elsewhere(await answers.edition())
    assert elsewhere("烟台的首台套怎么补")
    assert not elsewhere("首台套怎么补")


async def test_texts_with_one_answer_share_its_words(answers: AnswerCache) -> None:
    typed, otherwise = await answers.answer("第22条"), await answers.answer("政策22")
    assert typed.reply is otherwise.reply


class CountedModel:
    """Stands in for the sentence model, which takes 18 ms; to it all texts are alike."""

    takes_s = 0.0

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.spent_s = 0.0

    def question(self, text: str) -> Any:
        self.asked.append(text)
        self.spent_s += self.takes_s
        return numpy.ones(384, dtype="float32") / numpy.sqrt(384)

    passage = known_question = question


class BusyModel(CountedModel):
    """Answers when it is let go."""

    def __init__(self) -> None:
        super().__init__()
        self.let_go = Event()

    def question(self, text: str) -> Any:
        self.let_go.wait()
        return super().question(text)


def with_model(edition: Edition, model: CountedModel) -> Edition:
    """The edition with what this model makes of its clauses."""
    policies = edition.index.library.policies
    readings = [ModelText(passage) for policy in policies for passage in passages_of(policy)]
    vectors = vectors_of(CountedModel(), readings)
    return replace(edition, index=edition.index.with_meanings(ClauseMeanings(model, policies, vectors)))


async def test_a_text_that_took_the_model_is_kept_and_the_oldest_makes_room(
    answers: AnswerCache, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("handlers.answers_by_meaning._TEXTS_KEPT", 2)
    model = CountedModel()
    meant = with_model(await answers.edition(), model)
    first, second, third = DOUBTFUL
    for text in (first, second, third, third, second, first):
        await answers.answer(text, meant)
    assert len(model.asked) == 4


async def test_while_many_wait_for_the_model_words_answer_and_one_text_is_asked_once(
    answers: AnswerCache,
) -> None:
    model = BusyModel()
    meant = with_model(await answers.edition(), model)
    texts = [f"{text}{'呢' * more}" for more in range(4) for text in DOUBTFUL]
    asked = [asyncio.create_task(answers.answer(text, meant)) for text in (*texts, *texts)]
    answered, waiting = await asyncio.wait(asked, return_when=asyncio.FIRST_COMPLETED)
    assert answered and waiting
    model.let_go.set()
    await asyncio.gather(*asked)
    assert len(model.asked) == len(waiting) / 2


class DearModel(CountedModel):
    """Takes more of the processor for a question than a quiet time saves up."""

    takes_s = 60.0


async def test_while_the_budget_of_the_model_is_spent_words_answer(context: Context) -> None:
    passed_over: list[str] = []
    answers = AnswerCache(context, passed_over.append, MeaningBudget())
    model = DearModel()
    meant = with_model(await answers.edition(), model)
    first, second, third = DOUBTFUL
    for text in (first, second, first, third):
        await answers.answer(text, meant)
    assert model.asked == [first]
    assert passed_over == ["budget", "budget"]


async def test_where_the_model_has_no_budget_it_is_asked_whatever_it_takes(answers: AnswerCache) -> None:
    """`policybot ask --batch` must not answer by words because the machine is slow or its file long."""
    model = DearModel()
    meant = with_model(await answers.edition(), model)
    for text in DOUBTFUL:
        await answers.answer(text, meant)
    assert model.asked == list(DOUBTFUL)


async def test_windows_read_again_and_found_the_same_keep_the_answers(
    answers: AnswerCache, context: Context
) -> None:
    await context.windows.put([WINDOW])
    first = await answers.answer("第22条")
    await context.windows.put([WINDOW])
    assert await answers.answer("第22条") is first


async def test_a_window_put_down_or_taken_away_shows_at_once(answers: AnswerCache, context: Context) -> None:
    assert "正在申报" not in (await answers.answer("第22条")).text
    done = await context.windows.put([WINDOW])
    assert "正在申报：2026年技改奖补" in (await answers.answer("第22条")).text
    await context.windows.remove(done.added[0].id)
    assert "正在申报" not in (await answers.answer("第22条")).text


async def test_a_window_is_gone_after_midnight_in_shanghai(
    answers: AnswerCache, context: Context, services: Services
) -> None:
    await context.windows.put([WINDOW])
    last_minute = datetime(2026, 3, 31, 15, 59, tzinfo=UTC)
    await services.clock.set(last_minute)
    assert "正在申报" in (await answers.answer("第22条")).text
    await services.clock.set(last_minute + timedelta(minutes=1))
    assert "正在申报" not in (await answers.answer("第22条")).text


async def test_the_sandbox_date_changes_what_is_said_of_a_period(
    answers: AnswerCache, services: Services
) -> None:
    assert "期限（至2025年12月31日）已过" in (await answers.answer("第11条")).text
    await services.clock.set(TODAY - timedelta(days=365))
    assert "已过" not in (await answers.answer("第11条")).text


async def test_a_taught_word_answers_what_was_declined(
    answers: AnswerCache, context: Context, conversation: Conversation
) -> None:
    assert (await answers.answer("鲲鹏工程")).gap
    await conversation.lessons.teach(22, "鲲鹏工程", "王")
    await context.knowledge.refresh()
    assert (await answers.answer("鲲鹏工程")).clause_ids[0] == 22


async def test_a_published_revision_is_what_is_answered(
    answers: AnswerCache, context: Context, services: Services
) -> None:
    assert "新的条文" not in (await answers.answer("第22条")).text
    async with services.database.write() as session:
        clause = (RevisionRow.subject == 22) & (RevisionRow.state == RevisionState.PUBLISHED)
        data = await session.scalar(select(RevisionRow.data).where(clause))
        assert data is not None
        await session.execute(
            update(RevisionRow)
            .where(clause)
            .values(data=data | {"text": "新的条文。", "amounts": []}, edits=RevisionRow.edits + 1)
        )
        await session.execute(update(LibraryState).values(version=LibraryState.version + 1))
    await context.knowledge.refresh()
    assert "新的条文。" in (await answers.answer("第22条")).text


async def test_the_same_answer_puts_a_list_of_their_own_before_each_person(chat: Chat) -> None:
    other = chat.another()
    first, same = await chat.says("市海洋发展局"), await other.says("市海洋发展局")
    assert first.text == same.text
    second = await chat.says("下一页")
    assert (await other.says("下一页")).text == second.text
    assert (await chat.says("上一页")).text == first.text
