"""Whoever finds a clause by words, whatever of it they tell, hears the sentence model where words leave a doubt."""

from dataclasses import replace

import pytest

from handlers.answer_cache import AnswerCache
from handlers.conversation.follow_ups.follow_ups import FollowUps
from handlers.framework.answer import Answer
from handlers.framework.context import Context
from handlers.framework.edition import Edition
from handlers.framework.registry import Turn
from handlers.framework.session import Session
from handlers.router import Router
from policies.search.meaning import ClauseMeanings, Nearest, Nearness
from wechat.push.messages import Inbound

OFFICE_IN_DOUBT = "国家级检验检测中心落在我们这，奖金归哪个部门管"
OFFICE_FOR_SURE = "集成电路的省级数字产业重点项目，用地保障找谁"
HALF_FOUND = "个所得税汇算退税多久到账"
WINDOW_IN_DOUBT = "老机器换新的补助什么时候截止"


class Declining(ClauseMeanings):
    """Finds that a question is one that no clause answers; notes what it is asked."""

    spent_s = 0.0

    def __init__(self) -> None:
        self.asked: list[str] = []

    def nearest(self, text: str) -> Nearest:
        self.asked.append(text)
        return Nearest({}, declined=1.0)


class Finding(Declining):
    """Finds that a clause answers whatever is asked."""

    def nearest(self, text: str) -> Nearest:
        return Nearest({22: Nearness(3.0, 6.0, 1.0)})


def judged_by(model: Declining, edition: Edition) -> Edition:
    """The edition with this model."""
    return replace(edition, index=edition.index.with_meanings(model))


@pytest.fixture
def answers(context: Context) -> AnswerCache:
    return AnswerCache(context)


async def told(
    text: str, answers: AnswerCache, edition: Edition, session: Session | None = None
) -> Answer | None:
    """The answer of the readers of what is on the screen, to a new follower if to nobody else."""
    follow_ups = FollowUps(answers)
    await follow_ups.prepare(edition.index)
    inbound = Inbound(kind="text", openid="x", account="", sent_at=0, text=text)
    return await follow_ups.answer(Turn(inbound, session or Session(), text), edition)


async def test_one_side_of_a_clause_is_not_told_where_the_model_finds_no_clause(answers: AnswerCache) -> None:
    by_words = await answers.edition()
    model = Declining()
    judged = judged_by(model, by_words)
    assert (await told(OFFICE_IN_DOUBT, answers, by_words)) is not None
    assert await told(OFFICE_IN_DOUBT, answers, judged) is None
    assert (await answers.answer(OFFICE_IN_DOUBT, judged)).gap
    assert len(model.asked) == 1  # for both


async def test_the_model_is_not_asked_where_words_are_sure(answers: AnswerCache) -> None:
    model = Declining()
    answer = await told(OFFICE_FOR_SURE, answers, judged_by(model, await answers.edition()))
    assert answer is not None and answer.clause_ids == (11,)
    assert model.asked == []


async def test_a_subject_that_the_conversation_goes_on_to_is_judged_too(answers: AnswerCache) -> None:
    by_words = await answers.edition()
    model = Declining()
    for edition, leads_on in ((by_words, True), (judged_by(model, by_words), False)):
        session = Session(clause=25, named=[25], asked="成果转化奖多少")
        answer = await told("那老机器换新的呢", answers, edition, session)
        assert (answer is not None and 21 in answer.clause_ids) is leads_on
    assert len(model.asked) == 1


async def test_the_windows_of_a_clause_are_told_where_the_model_finds_it(answers: AnswerCache) -> None:
    by_words = await answers.edition()
    assert (await answers.answer(WINDOW_IN_DOUBT, by_words)).clause_ids == (21,)
    assert (await answers.answer(WINDOW_IN_DOUBT, judged_by(Declining(), by_words))).gap


async def test_an_office_is_unknown_only_where_the_model_finds_no_clause_either(answers: AnswerCache) -> None:
    by_words = await answers.edition()
    for edition in (by_words, judged_by(Declining(), by_words)):
        unknown = await told("身份证丢了去哪补", answers, edition)
        assert unknown is not None and "没有登记" in unknown.text
    assert await told("身份证丢了去哪补", answers, judged_by(Finding(), by_words)) is None


async def test_what_words_half_find_elsewhere_is_not_told_of_the_clause_in_focus(
    context: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    """That the model then finds no clause at all does not make it a question about the one in focus."""
    judged = judged_by(Declining(), await AnswerCache(context).edition())

    async def edition(_: AnswerCache) -> Edition:
        return judged

    monkeypatch.setattr(AnswerCache, "edition", edition)
    inbound = Inbound(kind="text", openid="x", account="", sent_at=0, text=HALF_FOUND)
    answer = await Router(context).respond(inbound, Session(clause=9, named=[9], asked="第9条"))
    assert "第9条" not in answer.text.partition("还在看的是")[0]
    assert answer.intent == "none"
