"""What an answer of WeChat leads to by one channel."""

import random

from alerts.channels.verdicts import Try, Verdict, failed
from alerts.model.channel import Channel
from alerts.model.row_states import Timing
from wechat.api.errors import ApiFailure, NoAnswer, WeChatError


def verdict_of(channel: Channel, errcode: int | None) -> Verdict:
    """The verdict on a first try; None: WeChat did not answer."""
    failure: ApiFailure = NoAnswer("send", "reset") if errcode is None else WeChatError("send", errcode, "")
    return failed(failure, Try(channel), Timing(), random.Random(1))


def meaning_of(verdict: Verdict) -> str:
    """A verdict in a word or two, for a table."""
    if verdict.next_channel:
        return "refuses" if verdict.refused else "closed"
    if verdict.pause:
        return "pauses"
    if verdict.closes is not None:
        return f"held for the {verdict.closes.name.lower()}"
    return f"{verdict.state.value}, in doubt" if verdict.doubt else verdict.state.value
