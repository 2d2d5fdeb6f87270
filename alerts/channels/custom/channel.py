"""Customer-service messages (客服消息, docs/wechat.md §5.1).

- Needs: a verified account, and an open window: the member wrote or tapped within WeChat's hours.
- Limits: 5 messages after a message, 3 after a tap; a text of 2,048 bytes. A message gathers several alerts.
- Repeats: none. The API has no message id. A message without an answer is left to an operator; -1 (busy) is an
  answer, so the message is sent again.
- Errors: 45015 the window is closed, 45047 the messages are used (both are noted, and the next channel is taken);
  43004 unfollowed; 48002, 43019, 50002, 70000 the member refuses (the message is given back).
"""

from collections.abc import Collection
from datetime import datetime
from functools import partial

from sqlalchemy import ColumnElement, and_, false, func, or_
from sqlalchemy.ext.asyncio import AsyncSession

from alerts.channels.member_channel import AddressedCall, Allowance, Letter, MemberChannel, SendCall
from alerts.channels.template.settings import Templates, TemplateSetting
from alerts.model.channel import Channel, Reach
from alerts.model.content import AlertKind
from alerts.model.recipients import Person, Spent
from alerts.wording import wording
from subscriptions.messaging_rights import service_windows
from subscriptions.tables import Member
from wechat.account import Capability
from wechat.api.calls import Gate
from wechat.api.client import WeChatClient

_NO_TEMPLATE = TemplateSetting()
"""A text needs none, so it can carry every kind of alert."""


def _template(_templates: Templates, _kind: AlertKind) -> TemplateSetting:
    return _NO_TEMPLATE


def _is_open(_template: TemplateSetting, reach: Reach) -> bool:
    return reach.custom > 0


def _open_members(_template: TemplateSetting, real_now: datetime) -> ColumnElement[bool]:
    message = and_(func.coalesce(Member.message_until > real_now, false()), Member.message_left > 0)
    action = and_(func.coalesce(Member.action_until > real_now, false()), Member.action_left > 0)
    return or_(message, action)


def _compose(letter: Letter) -> AddressedCall:
    words = wording.text(letter.alerts, letter.today, letter.outlet.public_url)
    client = letter.outlet.client

    def call_for(person: Person, _client_id: str) -> SendCall:
        return partial(_send, client, person.openid, words)

    return call_for


async def _send(client: WeChatClient, openid: str, words: str, *, gate: Gate) -> str:
    await client.custom_text(openid, words, gate=gate)
    return ""


async def _spend(
    session: AsyncSession, _template_id: str, member_ids: Collection[int], real_now: datetime
) -> dict[int, Spent]:
    return dict(await service_windows.spend(session, member_ids, real_now))


async def _close(session: AsyncSession, _template_id: str, member_ids: Collection[int]) -> None:
    await service_windows.close(session, member_ids)


CUSTOM = MemberChannel(
    Channel.CUSTOM,
    Capability.CUSTOM_MESSAGE,
    template=_template,
    is_open=_is_open,
    open_members=_open_members,
    compose=_compose,
    allowance=Allowance(_spend, _close),
)
