"""WeChat's receipts, pushed as it pushes them, settle the ledger; a doubled one changes nothing."""

import pytest

from alerts.model.campaigns.audience import Audience
from alerts.model.campaigns.campaign_counts import add_counts, counts_of
from alerts.model.campaigns.campaign_states import Status
from alerts.model.campaigns.new_campaigns import NewCampaign, create_campaign
from alerts.model.content import AlertKind, Content
from alerts.model.tables import Delivery
from bot.runtime.services import Services
from handlers.framework.context import Context
from tests.handlers.chat import Chat

TEMPLATE = "<MsgID>200163836</MsgID><Status><![CDATA[{}]]></Status>"
NOTIFICATION = (
    "<SubscribeMsgSentEvent><List><TemplateId><![CDATA[TPL]]></TemplateId><MsgID>200163836</MsgID>"
    "<ErrorCode>{}</ErrorCode><ErrorStatus><![CDATA[x]]></ErrorStatus></List></SubscribeMsgSentEvent>"
)


async def sent_message(services: Services, context: Context, chat: Chat) -> tuple[int, int]:
    """A message that WeChat took; ids of its campaign and row."""
    member_id = await context.members.ensure(chat.openid)
    async with services.database.write() as session:
        new = NewCampaign(
            "k",
            AlertKind.DEADLINE,
            Content(title="技改"),
            Audience(members=(member_id,)),
            status=Status.SENDING,
        )
        campaign_id = await create_campaign(session, new, services.clock())
        assert campaign_id is not None
        row = Delivery(
            campaign_id=campaign_id,
            member_id=member_id,
            state="sent",
            message_id="200163836",
            next_attempt_at=services.clock(),
        )
        session.add(row)
        await session.flush()
        await add_counts(session, campaign_id, {"sent": 1})
    return campaign_id, row.id


@pytest.mark.parametrize(
    ("event", "inside", "state"),
    [
        ("TEMPLATESENDJOBFINISH", TEMPLATE.format("success"), "delivered"),
        ("TEMPLATESENDJOBFINISH", TEMPLATE.format("failed:user block"), "pending"),
        ("TEMPLATESENDJOBFINISH", TEMPLATE.format("failed: system failed"), "failed"),
        ("subscribe_msg_sent_event", NOTIFICATION.format(0), "delivered"),
        ("subscribe_msg_sent_event", NOTIFICATION.format(43101), "pending"),
    ],
)
async def test_a_receipt_settles_its_row_once(
    chat: Chat, services: Services, context: Context, event: str, inside: str, state: str
) -> None:
    campaign_id, row_id = await sent_message(services, context, chat)
    for _ in range(2):
        assert (await chat.event(event, more=inside)).raw == ""
    async with services.database.read() as session:
        assert (await session.get_one(Delivery, row_id)).state == state
        assert await counts_of(session, campaign_id) == {"total": 1, state: 1}
