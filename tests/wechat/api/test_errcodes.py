import re

import pytest

from wechat.api.errcodes import ERRCODES, UNKNOWN, Errcode, ErrcodeAction, explain

FOLLOWS = {
    -1: ErrcodeAction.RETRY,
    40001: ErrcodeAction.REFRESH_TOKEN,
    40014: ErrcodeAction.REFRESH_TOKEN,
    42001: ErrcodeAction.REFRESH_TOKEN,
    45009: ErrcodeAction.STOP_UNTIL_MIDNIGHT,
    45011: ErrcodeAction.RETRY_NEXT_MINUTE,
    43101: ErrcodeAction.NEXT_CHANNEL,
    45015: ErrcodeAction.NEXT_CHANNEL,
    45047: ErrcodeAction.NEXT_CHANNEL,
    43004: ErrcodeAction.UNFOLLOWED,
    50005: ErrcodeAction.UNFOLLOWED,
    40003: ErrcodeAction.CHECK_OPENID,
    47003: ErrcodeAction.FAIL_ROW,
    40037: ErrcodeAction.PAUSE_CAMPAIGN,
    48001: ErrcodeAction.PAUSE_CAMPAIGN,
    48004: ErrcodeAction.PAUSE_CAMPAIGN,
    40164: ErrcodeAction.PAUSE_CAMPAIGN,
    43116: ErrcodeAction.PAUSE_CAMPAIGN,
    40249: ErrcodeAction.PAUSE_CAMPAIGN,
    61003: ErrcodeAction.PAUSE_CAMPAIGN,
    45065: ErrcodeAction.ACCEPTED,
}


@pytest.mark.parametrize("row", ERRCODES, ids=lambda row: str(row.codes[0]))
def test_every_row_can_be_read_and_acted_on(row: Errcode) -> None:
    assert re.search("[\u4e00-\u9fff]", row.meaning)
    assert explain(row.codes[0]) is row
    if row.action in {
        ErrcodeAction.PAUSE_CAMPAIGN,
        ErrcodeAction.STOP_UNTIL_MIDNIGHT,
        ErrcodeAction.FAIL_ROW,
        ErrcodeAction.WAIT_FOR_ADMIN,
    }:
        assert row.remedy.endswith("。")
    if row.action is ErrcodeAction.RETRY_NEXT_MINUTE:
        assert row.wait_s == 60
    assert "！" not in row.meaning + row.remedy


@pytest.mark.parametrize(("errcode", "action"), FOLLOWS.items())
def test_what_follows_from_a_code(errcode: int, action: ErrcodeAction) -> None:
    assert explain(errcode).action is action


def test_no_code_stands_in_two_rows_but_for_the_families() -> None:
    single = [code for row in ERRCODES if isinstance(row.codes, tuple) for code in row.codes]
    assert len(single) == len(set(single))


def test_a_row_before_its_family_counts() -> None:
    assert "白名单" in explain(61004).remedy
    assert explain(61451).action is ErrcodeAction.FAIL_ROW


def test_an_unknown_code_is_tried_again_and_looked_up() -> None:
    assert explain(99_999_999) is UNKNOWN
    assert UNKNOWN.action is ErrcodeAction.RETRY
