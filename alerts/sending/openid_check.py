"""Asks WeChat about an openid that it refused (40003): has the member left, or does WeChat not want the message now?"""

from collections.abc import Awaitable, Callable

import structlog

from alerts.channels.verdicts import SendVerdict
from alerts.model.rows.row_reasons import NOT_OURS
from alerts.model.rows.row_states import RowState
from wechat.api.client import WeChatClient
from wechat.api.errors import ApiFailure

_log = structlog.get_logger(__name__)


def openid_check(client: WeChatClient) -> Callable[[str], Awaitable[SendVerdict]]:
    """Return the question to user/info, asked once for each refused openid; its answer is believed."""

    async def ask(openid: str) -> SendVerdict:
        try:
            follows = (await client.user_info(openid)).get("subscribe") == 1
        except ApiFailure as failure:
            _log.warning("worker.openid_not_checked", api=failure.api)
            follows = False
        if follows:
            return SendVerdict(RowState.FAILED, "微信暂不接受该用户，请稍后重试", 40003)
        return SendVerdict(RowState.UNREACHABLE, NOT_OURS, 40003, unfollowed=True)

    return ask
