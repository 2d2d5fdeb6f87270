"""What follows from WeChat's answer, or its silence: one table from `wechat.api.errcodes` to the ledger.

WeChat accepts a message, refuses it, or does not answer. After no answer, or a refusal that may hide a delivery, the
message is in doubt: it may have arrived. Then only a channel whose message ids WeChat remembers tries again. A busy answer
(`BUSY`) is the exception: any channel tries again.
"""

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum, auto
from typing import NamedTuple

from alerts.model.channel import Channel
from alerts.model.rows.row_reasons import NO_ANSWER
from alerts.model.rows.row_states import RowState, Timing
from alerts.model.tables import MESSAGE_ID_LENGTH
from wechat.api.errcodes import UNKNOWN, ErrcodeAction
from wechat.api.errors import ApiFailure, NotSent, WeChatError

UNKNOWN_CODE_TRIES = 3
"""A message that gets a code unknown to the table is tried so often, then it is a dead letter."""
KNOWN_CODE_TRIES = 10
BUSY = -1
"""WeChat's page on error codes says: wait a moment and try again. It is an answer, so an API without message ids may try
again; an API with message ids is guarded by the same id."""


class HoldUntil(Enum):
    """Until when WeChat has closed an API for everyone."""

    MINUTE = auto()
    DAY = auto()


class SendVerdict(NamedTuple):
    """The result of one try.

    Attributes:
        state: of the row; PENDING: it stays open.
        reason: for operators, in Chinese.
        retry_in_s: seconds to wait, if the row stays open.
        doubt: the message may have arrived.
        counts: the try counts towards the limit of tries.
        next_channel: this channel is closed for the member; another one is tried at once.
        refused: the way is closed because the member takes no messages this way, not because a window or an allowance ended.
        unfollowed: the member no longer follows the account.
        ask_openid: WeChat is to be asked whether the openid is one of ours.
        closes: the API is closed for everyone.
        pause: why the campaign can't go on.
        systemic: the message itself is wrong. If all first ones fail like this, the campaign is wrong.
    """

    state: RowState
    reason: str | None = None
    errcode: int | None = None
    message_id: str | None = None
    retry_in_s: float = 0
    doubt: bool = False
    counts: bool = True
    next_channel: bool = False
    refused: bool = False
    unfollowed: bool = False
    ask_openid: bool = False
    closes: HoldUntil | None = None
    pause: str | None = None
    systemic: bool = False


@dataclass(frozen=True, slots=True)
class Try:
    """The try that a verdict is about.

    Attributes:
        attempts: tries that counted, this one included.
        doubted: an earlier try may have arrived.
    """

    channel: Channel
    attempts: int = 1
    doubted: bool = False


def accepted(channel: Channel, message_id: str) -> SendVerdict:
    """Return the verdict when WeChat took the message. An id that the ledger cannot hold is left out."""
    state = RowState.ACCEPTED if channel is Channel.MASS else RowState.SENT
    return SendVerdict(state, errcode=0, message_id=usable_id(message_id))


def usable_id(message_id: str) -> str | None:
    """Return WeChat's id of a message as the ledger holds it; None if it is not an id."""
    plain = message_id.isascii() and message_id.isprintable() and len(message_id) <= MESSAGE_ID_LENGTH
    return message_id if message_id and plain else None


def failed(failure: ApiFailure, tried: Try, timing: Timing, rng: random.Random) -> SendVerdict:
    """Return the verdict when a send failed: refused, unanswered, or not sent at all."""
    wait = backoff(tried.attempts, timing, rng)
    if isinstance(failure, NotSent):
        return SendVerdict(
            RowState.PENDING, "暂时连不上微信接口", retry_in_s=wait, doubt=tried.doubted, counts=False
        )
    if not isinstance(failure, WeChatError):
        return _doubtful(None, tried, wait)
    row = failure.row
    if row.may_have_run and (failure.errcode != BUSY or tried.channel.remembered):
        return _doubtful(failure.errcode, tried, wait)
    verdict = _VERDICTS[failure.action](failure, tried, max(wait, _wait(row.wait_s, timing, rng)))
    return verdict._replace(
        errcode=failure.errcode, systemic=row.systemic, reason=verdict.reason or row.meaning
    )


def backoff(attempts: int, timing: Timing, rng: random.Random) -> float:
    """Return the seconds before the next try. They double each time; half are random, so that rows do not come at once."""
    longest = min(timing.backoff_s * 2.0 ** min(attempts - 1, 20), timing.backoff_max_s)
    return longest * (0.5 + rng.random() / 2)


def _wait(seconds: int, timing: Timing, rng: random.Random) -> float:
    """Return the wait that the table asks for, with up to a fifth more; never longer than the longest back-off."""
    return min(seconds, timing.backoff_max_s) * (1 + rng.random() / 5)


def _doubtful(errcode: int | None, tried: Try, wait: float) -> SendVerdict:
    if tried.channel.remembered:
        return SendVerdict(RowState.PENDING, NO_ANSWER, errcode, retry_in_s=wait, doubt=True)
    return SendVerdict(RowState.UNKNOWN, NO_ANSWER, errcode, doubt=True)


def _again(failure: WeChatError, tried: Try, wait: float) -> SendVerdict:
    limit = UNKNOWN_CODE_TRIES if failure.row is UNKNOWN else KNOWN_CODE_TRIES
    if tried.attempts >= limit:
        return SendVerdict(RowState.UNKNOWN if tried.doubted else RowState.FAILED)
    return SendVerdict(RowState.PENDING, retry_in_s=wait, doubt=tried.doubted)


def _later(_failure: WeChatError, tried: Try, wait: float) -> SendVerdict:
    return SendVerdict(RowState.PENDING, retry_in_s=wait, doubt=tried.doubted, counts=False)


def _closed(closes: HoldUntil) -> Callable[[WeChatError, Try, float], SendVerdict]:
    def verdict(_failure: WeChatError, tried: Try, _wait: float) -> SendVerdict:
        return SendVerdict(RowState.PENDING, doubt=tried.doubted, counts=False, closes=closes)

    return verdict


def _next_channel(failure: WeChatError, tried: Try, _wait: float) -> SendVerdict:
    if tried.doubted:  # another way might bring it a second time
        return SendVerdict(RowState.UNKNOWN)
    if tried.channel is Channel.MASS:  # many members at once: none of them has refused it
        return SendVerdict(RowState.FAILED)
    return SendVerdict(
        RowState.PENDING, next_channel=True, refused=failure.action is ErrcodeAction.MEMBER_REFUSES
    )


def _unfollowed(_failure: WeChatError, _tried: Try, _wait: float) -> SendVerdict:
    return SendVerdict(RowState.UNREACHABLE, unfollowed=True)


def _ask(_failure: WeChatError, _tried: Try, _wait: float) -> SendVerdict:
    return SendVerdict(RowState.FAILED, ask_openid=True)


def _fail(_failure: WeChatError, _tried: Try, _wait: float) -> SendVerdict:
    return SendVerdict(RowState.FAILED)


def _pause(failure: WeChatError, tried: Try, _wait: float) -> SendVerdict:
    why = f"{failure.row.meaning}（{failure.errcode}）。{failure.row.remedy}"
    return SendVerdict(RowState.PENDING, doubt=tried.doubted, counts=False, pause=why)


_VERDICTS: Mapping[ErrcodeAction, Callable[[WeChatError, Try, float], SendVerdict]] = {
    ErrcodeAction.REFRESH_TOKEN: _later,
    ErrcodeAction.RETRY: _again,
    ErrcodeAction.RETRY_NEXT_MINUTE: _closed(HoldUntil.MINUTE),
    ErrcodeAction.STOP_UNTIL_MIDNIGHT: _closed(HoldUntil.DAY),
    ErrcodeAction.NEXT_CHANNEL: _next_channel,
    ErrcodeAction.UNFOLLOWED: _unfollowed,
    ErrcodeAction.MEMBER_REFUSES: _next_channel,
    ErrcodeAction.CHECK_OPENID: _ask,
    ErrcodeAction.FAIL_ROW: _fail,
    ErrcodeAction.PAUSE_CAMPAIGN: _pause,
    ErrcodeAction.WAIT_FOR_ADMIN: _later,
    # Answers that no send should get: kept as dead letters, code and all.
    ErrcodeAction.ACCEPTED: _fail,
    ErrcodeAction.RESTART_SIGN_IN: _fail,
    ErrcodeAction.NOTHING_THERE: _fail,
}
