"""An operator's words on their way to one member, by customer-service message."""

from dataclasses import dataclass
from enum import Enum, auto

from sqlalchemy import select

from storage.clock import Clock, system_clock
from storage.sql.database import Database
from subscriptions.messaging_rights import service_windows
from subscriptions.messaging_rights.service_windows import Pool
from subscriptions.tables import Member
from wechat.api.client import WeChatClient
from wechat.api.errcodes import Action
from wechat.api.errors import NoAnswer, NotSent, WeChatError

LONGEST_BYTES = 2048
"""Of a customer-service text (45002, 客服消息)."""


class Fate(Enum):
    """What became of an answer."""

    SENT = auto()
    NOT_SENT = auto()
    UNKNOWN = auto()
    """WeChat gave no answer: it may have arrived, so it must not be repeated unseen."""


@dataclass(frozen=True, slots=True)
class Told:
    """The fate of an answer, and a Chinese sentence about it for the operator."""

    fate: Fate
    sentence: str


_SENT = Told(Fate.SENT, "已发送")
_CLOSED = Told(
    Fate.NOT_SENT,
    "没有发送：对方已取消关注，或最近 48 小时内没有来信，或可回复的条数已用完。对方再次来信后即可回复。",
)
_AWAY = Told(Fate.NOT_SENT, "没有发送：暂时连不上微信接口，请稍后重试。")
_SILENCE = Told(
    Fate.UNKNOWN, "结果不明：微信没有答复，消息可能已经送达，未记入对话。请先等对方回应，不要马上重发。"
)
_TOO_LONG = Told(
    Fate.NOT_SENT, f"没有发送：内容超过 {LONGEST_BYTES} 字节（约 680 个汉字），请缩短或分几条发送。"
)


class Answers:
    """Sends one text to one member, and spends what WeChat's window allows.

    Args:
        database: where members and their windows are.
        wechat: the account's API.
        clock: real time; the windows are WeChat's timers.
    """

    def __init__(self, database: Database, wechat: WeChatClient, clock: Clock = system_clock) -> None:
        self._database = database
        self._wechat = wechat
        self._clock = clock

    async def send(self, member_id: int, content: str) -> Told:
        """Send it, if the member's window is open; what surely did not leave costs nothing."""
        if len(content.encode()) > LONGEST_BYTES:
            return _TOO_LONG
        async with self._database.write() as session:
            openid = await session.scalar(select(Member.openid).where(Member.id == member_id))
            spent = await service_windows.spend(session, [member_id], self._clock())
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

    async def _refused(self, member_id: int, pool: Pool, refusal: WeChatError) -> Told:
        if refusal.row.may_have_run:
            return _SILENCE
        if (
            refusal.action is Action.NEXT_CHANNEL
        ):  # 45015, 45047: WeChat's count of the window is the true one
            async with self._database.write() as session:
                await service_windows.close(session, [member_id])
        else:
            await self._give_back(member_id, pool)
        row = refusal.row
        return Told(Fate.NOT_SENT, f"没有发送：{row.meaning}（{refusal.errcode}）。{row.remedy}")

    async def _give_back(self, member_id: int, pool: Pool) -> None:
        async with self._database.write() as session:
            await service_windows.give_back(session, pool, [member_id])
