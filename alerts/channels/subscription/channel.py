"""Subscription notifications (订阅通知, docs/wechat.md §5.3).

- Needs: an account in WeChat's grey release, a subscription template, and the member's consent to that template.
- Limits: a one-time consent pays for one message; a long-term consent pays for all (`TemplateSetting.lasting`).
- Repeats: none. WeChat is not known to remember ids here, so a message in doubt is left to an operator.
- Errors: 43101 no consent is left (it is noted, and the next channel is taken); 43004 unfollowed; 48002, 43019,
  50002, 70000 the member refuses (the consent is given back).
"""

from collections.abc import Collection
from datetime import datetime
from functools import partial

from sqlalchemy import ColumnElement, exists
from sqlalchemy.ext.asyncio import AsyncSession

from alerts.channels.member_channel import AddressedCall, Allowance, Letter, MemberChannel, SendCall
from alerts.channels.template.settings import Templates, TemplateSetting
from alerts.channels.template.values import template_values
from alerts.model.channel import Channel, Reach
from alerts.model.recipients import Person, Spent
from alerts.wording import wording
from subscriptions.messaging_rights import grants
from subscriptions.tables import Grant, Member
from wechat.account import Capability


def _is_open(template: TemplateSetting, reach: Reach) -> bool:
    return template.id in reach.grants


def _open_members(template: TemplateSetting, _real_now: datetime) -> ColumnElement[bool]:
    left = Grant.granted - Grant.spent - Grant.revoked
    accepts = exists().where(Grant.member_id == Member.id, Grant.template_id == template.id, left > 0)
    return accepts.correlate(Member)


def _compose(letter: Letter) -> AddressedCall:
    values = template_values(letter.template.fields, wording.facts(letter.alerts, letter.today))
    send = letter.outlet.client.subscribe_send

    def call_for(person: Person, client_id: str) -> SendCall:
        return partial(
            send,
            person.openid,
            letter.template.id,
            values,
            page=letter.page(person),
            client_msg_id=client_id,
        )

    return call_for


async def _spend(
    session: AsyncSession, template_id: str, member_ids: Collection[int], _real_now: datetime
) -> dict[int, Spent]:
    taken = await grants.spend(session, template_id, member_ids)
    return dict.fromkeys(taken, template_id)


SUBSCRIPTION = MemberChannel(
    Channel.SUBSCRIBE,
    Capability.SUBSCRIPTION_NOTICE,
    template=Templates.notification,
    is_open=_is_open,
    open_members=_open_members,
    compose=_compose,
    allowance=Allowance(_spend, grants.void),
    one_alert_each=True,
)
