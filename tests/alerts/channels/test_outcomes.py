"""Every row of WeChat's error table leads where it should; and silence leads where a channel's memory lets it."""

import random

import pytest

from alerts.channels.verdicts import (
    KNOWN_CODE_TRIES,
    UNKNOWN_CODE_TRIES,
    HoldUntil,
    SendVerdict,
    Try,
    accepted,
    backoff,
    failed,
)
from alerts.model.channel import Channel
from alerts.model.rows.row_states import RowState, Timing
from wechat.api.errcodes import ERRCODES, Errcode, ErrcodeAction
from wechat.api.errors import NoAnswer, NotSent, WeChatError

API = "/cgi-bin/message/template/send"
TIMING = Timing()
BY_TEMPLATE = Try(Channel.TEMPLATE)
EXPECTED = {
    ErrcodeAction.REFRESH_TOKEN: RowState.PENDING,
    ErrcodeAction.RETRY: RowState.PENDING,
    ErrcodeAction.RETRY_NEXT_MINUTE: RowState.PENDING,
    ErrcodeAction.STOP_UNTIL_MIDNIGHT: RowState.PENDING,
    ErrcodeAction.NEXT_CHANNEL: RowState.PENDING,
    ErrcodeAction.UNFOLLOWED: RowState.UNREACHABLE,
    ErrcodeAction.MEMBER_REFUSES: RowState.PENDING,
    ErrcodeAction.CHECK_OPENID: RowState.FAILED,
    ErrcodeAction.FAIL_ROW: RowState.FAILED,
    ErrcodeAction.PAUSE_CAMPAIGN: RowState.PENDING,
    ErrcodeAction.ACCEPTED: RowState.FAILED,
    ErrcodeAction.WAIT_FOR_ADMIN: RowState.PENDING,
    ErrcodeAction.RESTART_SIGN_IN: RowState.FAILED,
    ErrcodeAction.NOTHING_THERE: RowState.FAILED,
}


def refused(errcode: int, tried: Try = BY_TEMPLATE) -> SendVerdict:
    return failed(WeChatError(API, errcode, "said so"), tried, TIMING, random.Random(1))


@pytest.mark.parametrize("row", ERRCODES, ids=lambda row: str(row.codes))
def test_every_errcode_has_its_consequence(row: Errcode) -> None:
    for errcode in list(row.codes)[:5]:
        verdict = refused(errcode)
        action = WeChatError(API, errcode, "").action
        assert verdict.state is EXPECTED[action]
        assert verdict.errcode == errcode
        assert verdict.reason
        assert verdict.next_channel == (action in {ErrcodeAction.NEXT_CHANNEL, ErrcodeAction.MEMBER_REFUSES})
        assert verdict.refused == (action is ErrcodeAction.MEMBER_REFUSES)
        assert verdict.unfollowed == (action is ErrcodeAction.UNFOLLOWED)
        assert verdict.ask_openid == (action is ErrcodeAction.CHECK_OPENID)
        assert bool(verdict.pause) == (action is ErrcodeAction.PAUSE_CAMPAIGN)
        closes = {
            ErrcodeAction.RETRY_NEXT_MINUTE: HoldUntil.MINUTE,
            ErrcodeAction.STOP_UNTIL_MIDNIGHT: HoldUntil.DAY,
        }
        assert verdict.closes is closes.get(action)


def test_a_pause_tells_the_operator_why_and_what_to_do() -> None:
    assert refused(40037).pause == (
        "模板 ID 不存在或不属于本公众号（40037）。请在公众平台核对模板 ID，并更新 BOT_WECHAT_TEMPLATES。"
    )


@pytest.mark.parametrize("channel", [Channel.TEMPLATE, Channel.MASS])
def test_silence_is_tried_again_under_the_same_id_where_wechat_remembers_it(channel: Channel) -> None:
    verdict = failed(NoAnswer(API, "reset"), Try(channel), TIMING, random.Random(1))
    assert (verdict.state, verdict.doubt) == (RowState.PENDING, True)


@pytest.mark.parametrize("channel", [Channel.CUSTOM, Channel.SUBSCRIBE])
def test_silence_is_unknown_where_wechat_knows_no_ids(channel: Channel) -> None:
    verdict = failed(NoAnswer(API, "reset"), Try(channel), TIMING, random.Random(1))
    assert (verdict.state, verdict.doubt) == (RowState.UNKNOWN, True)


def test_busy_is_an_answer_and_tried_again_by_every_channel() -> None:
    assert refused(-1, Try(Channel.CUSTOM)).state is RowState.PENDING
    assert refused(268487001, Try(Channel.CUSTOM)).state is RowState.UNKNOWN
    assert refused(-1).doubt


def test_what_was_never_sent_is_tried_again_and_does_not_count() -> None:
    verdict = failed(NotSent(API, "no connection"), Try(Channel.CUSTOM, 50), TIMING, random.Random(1))
    assert (verdict.state, verdict.doubt, verdict.counts) == (RowState.PENDING, False, False)


def test_an_unknown_code_is_tried_thrice_and_then_a_dead_letter_with_its_code() -> None:
    states = [refused(99999, Try(Channel.TEMPLATE, attempt)).state for attempt in (1, 2, 3)]
    assert states == [RowState.PENDING, RowState.PENDING, RowState.FAILED]
    assert refused(99999, Try(Channel.TEMPLATE, UNKNOWN_CODE_TRIES)).errcode == 99999
    assert refused(43108, Try(Channel.TEMPLATE, KNOWN_CODE_TRIES)).state is RowState.FAILED


def test_a_row_in_doubt_takes_no_other_way_for_that_might_bring_it_twice() -> None:
    verdict = refused(45015, Try(Channel.CUSTOM, doubted=True))
    assert (verdict.state, verdict.next_channel) == (RowState.UNKNOWN, False)


def test_back_off_doubles_is_jittered_and_ends_somewhere() -> None:
    waits = [backoff(attempt, TIMING, random.Random(attempt)) for attempt in range(1, 12)]
    for attempt, wait in enumerate(waits, 1):
        longest = min(2 ** (attempt - 1), TIMING.backoff_max_s)
        assert longest / 2 <= wait <= longest


def test_a_mass_send_is_accepted_for_wechat_tells_counts_only() -> None:
    assert accepted(Channel.MASS, "1").state is RowState.ACCEPTED
    assert accepted(Channel.TEMPLATE, "1").state is RowState.SENT


def test_a_mass_send_that_is_refused_goes_no_other_way_for_many_members_share_it() -> None:
    verdict = refused(48002, Try(Channel.MASS))
    assert (verdict.state, verdict.next_channel) == (RowState.FAILED, False)


def test_rows_that_failed_together_do_not_come_back_in_step() -> None:
    rng = random.Random(1)
    silent = [failed(NoAnswer(API, "reset"), BY_TEMPLATE, TIMING, rng).retry_in_s for _ in range(50)]
    told = [failed(WeChatError(API, 43108, "busy"), BY_TEMPLATE, TIMING, rng).retry_in_s for _ in range(50)]
    for waits, least, most in ((silent, 0.5, 1.0), (told, 3.0, 3.6)):
        assert len(set(waits)) == 50
        assert least <= min(waits) < max(waits) <= most
        assert max(waits) - min(waits) > (most - least) / 2
