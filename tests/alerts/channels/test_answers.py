"""What WeChat's answers mean, channel by channel."""

import random

import pytest

from alerts.channels.verdicts import SendVerdict, Try, failed
from alerts.model.channel import Channel
from alerts.model.rows.row_states import Timing
from wechat.api.errors import ApiFailure, NoAnswer, WeChatError

_TO_A_MEMBER = {
    48002: "refuses",
    43019: "refuses",
    50002: "refuses",
    70000: "refuses",
    43004: "unreachable",
    45009: "held for the day",
    45011: "held for the minute",
}
NO_ANSWER = None
MEANINGS: dict[Channel, dict[int | None, str]] = {
    Channel.CUSTOM: _TO_A_MEMBER
    | {45015: "closed", 45047: "closed", -1: "pending", NO_ANSWER: "unknown, in doubt"},
    Channel.SUBSCRIBE: _TO_A_MEMBER | {43101: "closed", -1: "pending", NO_ANSWER: "unknown, in doubt"},
    Channel.TEMPLATE: _TO_A_MEMBER
    | {47003: "failed", 40037: "pauses", -1: "pending, in doubt", NO_ANSWER: "pending, in doubt"},
    Channel.MASS: {
        45066: "pending",
        45028: "pauses",
        40130: "failed",
        40031: "failed",
        48002: "failed",
        42010: "held for the minute",
        NO_ANSWER: "pending, in doubt",
    },
}


def verdict_of(channel: Channel, errcode: int | None) -> SendVerdict:
    """The verdict on a first try."""
    failure: ApiFailure = NoAnswer("send", "reset") if errcode is None else WeChatError("send", errcode, "")
    return failed(failure, Try(channel), Timing(), random.Random(1))


def meaning_of(verdict: SendVerdict) -> str:
    """A verdict in a word or two, for the table."""
    if verdict.next_channel:
        return "refuses" if verdict.refused else "closed"
    if verdict.pause:
        return "pauses"
    if verdict.closes is not None:
        return f"held for the {verdict.closes.name.lower()}"
    return f"{verdict.state.value}, in doubt" if verdict.doubt else verdict.state.value


@pytest.mark.parametrize("channel", MEANINGS)
def test_each_answer_has_its_meaning(channel: Channel) -> None:
    found = {errcode: meaning_of(verdict_of(channel, errcode)) for errcode in MEANINGS[channel]}
    assert found == MEANINGS[channel]
