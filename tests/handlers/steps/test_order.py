"""The order in which a message is tried, as `policybot ask --explain` tells it."""

from collections import Counter

import pytest

from handlers.answer_cache import AnswerCache
from handlers.cli_chat import ask, steps_taken
from handlers.framework.answer import Answer
from handlers.framework.context import Context
from handlers.framework.edition import Edition
from handlers.framework.session import Session
from handlers.order import ORDER
from handlers.router import Router, Tried
from wechat.push.messages import Inbound

IN_DOUBT = "今天大盘怎么样"
TWICE = {"best on screen", "not understood"}
"""They look at what the sentence model found, too."""


async def walk(context: Context, text: str, session: Session | None = None) -> Tried:
    tried: Tried = []
    inbound = Inbound("text", "o", "gh_x", 0, text=text)
    await Router(context).respond(inbound, session or Session(), tried)
    return tried


@pytest.fixture
def words_in_doubt(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let words leave each short message in doubt, as they do beside the sentence model."""

    async def in_doubt(answers: AnswerCache, text: str, edition: Edition) -> Answer:
        return await answers.answer(text, edition)

    monkeypatch.setattr(AnswerCache, "in_doubt", in_doubt)


@pytest.mark.parametrize(
    ("text", "answers"),
    [
        ("取消", "leaving"),
        ("我的订阅", "command"),
        ("别给我推送了", "fewer messages"),
        ("什么时候可以申报技改", "sure answer"),
        ("subscribe to desalination", "english act"),
        ("squid", "sure answer"),
        ("能拿多少", "asked back"),
        (IN_DOUBT, "nothing found"),
    ],
)
async def test_the_step_that_answers_is_told(context: Context, text: str, answers: str) -> None:
    part, step, answer = (await walk(context, text))[-1]
    assert answer is not None
    assert step.name == answers
    assert part in ORDER


async def test_the_walk_tells_what_declined_and_what_was_passed_over(context: Context) -> None:
    tried: Tried = []
    await ask(Router(context), IN_DOUBT, tried=tried)
    taken = steps_taken(tried)
    became = {(one.part, one.step): one.became for one in taken}
    assert became["reminders", "reminders"] == "declined"
    assert became["the library", "search"] == "only reads"
    assert became["the person", ""] == "only if a person has taken over"
    assert became["commands", ""] == "only if it has the words of a command or a setting"
    assert taken[-1].became == "answers: Say that nothing was found, and offer what is near."


async def test_an_event_and_a_picture_are_tried_in_no_step(context: Context) -> None:
    tried: Tried = []
    await Router(context).respond(Inbound("image", "o", "gh_x", 0), Session(), tried)
    assert steps_taken(tried) == []


@pytest.mark.usefixtures("words_in_doubt")
async def test_a_message_in_doubt_is_tried_once_in_each_step(context: Context) -> None:
    session = Session(named=[22, 23])
    names = Counter(step.name for _, step, _ in await walk(context, IN_DOUBT, session))
    assert "clause in focus" in names
    assert {name for name, count in names.items() if count > 1} <= TWICE


@pytest.mark.usefixtures("words_in_doubt")
async def test_a_short_message_is_read_in_other_ways_before_the_model_decides(context: Context) -> None:
    names = [step.name for _, step, _ in await walk(context, IN_DOUBT)]
    assert names.index("clause in focus") < names.index("search")


async def test_without_the_model_the_search_comes_first(context: Context) -> None:
    names = [step.name for _, step, _ in await walk(context, IN_DOUBT)]
    assert names.index("search") < names.index("clause in focus")
