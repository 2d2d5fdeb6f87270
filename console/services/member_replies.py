"""An operator's reply to one member, sent as a customer-service message."""

from dataclasses import dataclass
from enum import Enum, auto

from sqlalchemy import select

from storage.clock import system_clock
from storage.sql.database import Database
from subscriptions.messaging_rights import service_windows
from subscriptions.messaging_rights.service_windows import Pool
from subscriptions.tables import Member
from wechat.api.client import WeChatClient
from wechat.api.errcodes import ErrcodeAction
from wechat.api.errors import NoAnswer, NotSent, WeChatError

MAX_REPLY_BYTES = 2048
"""Bytes of UTF-8 that a customer-service text may have (45002, WeChat's 客服消息 page)."""


class ReplyStatus(Enum):
    """Whether a reply was sent."""

    SENT = auto()
    NOT_SENT = auto()
    UNKNOWN = auto()
    """WeChat did not answer: the reply may have arrived, so it is not repeated by itself."""


@dataclass(frozen=True, slots=True)
class ReplyResult:
    """The status of a reply, and a Chinese sentence about it for the operator."""

    status: ReplyStatus
    sentence: str


_SENT = ReplyResult(ReplyStatus.SENT, "已发送")
_CLOSED = ReplyResult(
    ReplyStatus.NOT_SENT,
    "没有发送：对方已取消关注，或最近 48 小时内没有来信，或可回复的条数已用完。对方再次来信后即可回复。",
)
_AWAY = ReplyResult(ReplyStatus.NOT_SENT, "没有发送：暂时连不上微信接口，请稍后重试。")
_SILENCE = ReplyResult(
    ReplyStatus.UNKNOWN,
    "结果不明：微信没有答复，消息可能已经送达，未记入对话。请先等对方回应，不要马上重发。",
)
_TOO_LONG = ReplyResult(
    ReplyStatus.NOT_SENT, f"没有发送：内容超过 {MAX_REPLY_BYTES} 字节（约 680 个汉字），请缩短或分几条发送。"
)


class MemberReplies:
    """Sends one text to one member and counts it against WeChat's window.

    Args:
        database: where members and their windows are.
        wechat: the account's API.
    """

    def __init__(self, database: Database, wechat: WeChatClient) -> None:
        self._database = database
        self._wechat = wechat

    async def send(self, member_id: int, content: str) -> ReplyResult:
        """Send a text while the member's window is open. A text that surely was not sent is not counted."""
        if len(content.encode()) > MAX_REPLY_BYTES:
            return _TOO_LONG
        async with self._database.write() as session:
            openid = await session.scalar(select(Member.openid).where(Member.id == member_id))
            spent = await service_windows.spend(session, [member_id], system_clock())
        if openid is None or member_id not in spent:
            return _CLOSED
        try:
            await self._wechat.custom_text(openid, content)
        except NotSent:
            await self._give_back(member_id, spent[member_id])
            return _AWAY
        except NoAnswer:
            return _SILENCE
        except WeChatError as refusal:
            return await self._refused(member_id, spent[member_id], refusal)
        return _SENT

    async def _refused(self, member_id: int, pool: Pool, refusal: WeChatError) -> ReplyResult:
        if refusal.row.may_have_run:
            return _SILENCE
        if (
            refusal.action is ErrcodeAction.NEXT_CHANNEL
        ):  # 45015, 45047: WeChat's count of the window is the true one
            async with self._database.write() as session:
                await service_windows.close(session, [member_id])
        else:
            await self._give_back(member_id, pool)
        row = refusal.row
        return ReplyResult(
            ReplyStatus.NOT_SENT, f"没有发送：{row.meaning}（{refusal.errcode}）。{row.remedy}"
        )

    async def _give_back(self, member_id: int, pool: Pool) -> None:
        async with self._database.write() as session:
            await service_windows.give_back(session, pool, [member_id])
