"""公告: drafting, editing, approval by a second person, tests. The pages and the API both call this module.

A broadcast is a campaign of kind `announcement`. The alerts send it like any other campaign.
"""

import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from alerts.channels.template.settings import Templates
from alerts.model.campaigns.audience import Audience
from alerts.model.campaigns.campaign_states import ACTION_NAMES, CampaignAction, Status
from alerts.model.campaigns.moves import AUTHORS, act
from alerts.model.campaigns.new_campaigns import NewCampaign, create_campaign
from alerts.model.content import AlertKind, Content
from alerts.model.tables import Campaign
from console.access.audit import record
from console.access.audited import differing
from console.services.broadcast_drafts import BroadcastError, Draft, audience_of
from console.services.testers import is_tester
from storage.sql.database import Database

MOST_TESTS = 10
"""Of one broadcast."""
_PASSED = timedelta(hours=1)
"""A time to send may have passed by so long at most, because a form stays open for a while."""


class Broadcasts:
    """Makes and moves broadcasts, and writes each step to the audit log.

    Args:
        database: where campaigns are kept.
        templates: the account's templates. Without one for announcements, no broadcast may use the template channel.
    """

    def __init__(self, database: Database, templates: Templates) -> None:
        self._database = database
        self._templates = templates

    async def draft(
        self, session: AsyncSession, draft: Draft, *, actor: str, now: datetime, person: str | None = None
    ) -> int:
        """Make a draft in the caller's transaction, and return its id.

        Args:
            session: the caller's.
            draft: what is to be sent.
            actor: who asks for it, as the log names them.
            now: the business instant.
            person: the person behind `actor`, if it is a key.

        Raises:
            BroadcastError: the channel does not fit, a track or person is unknown, or a time is impossible.
        """
        self._refuse(draft, now)
        made = await create_campaign(
            session,
            NewCampaign(
                key=f"broadcast:{secrets.token_hex(16)}",
                kind=AlertKind.ANNOUNCEMENT,
                content=Content(title=draft.title, body=draft.body, url=draft.url),
                audience=await audience_of(session, draft),
                channel=draft.channel,
                status=Status.DRAFT,
                send_at=draft.send_at,
                last_at=draft.last_at,
                created_by=actor,
            ),
            now,
        )
        if made is None:  # 128 random bits met twice
            raise BroadcastError("busy", "请重试一次。")
        await AUTHORS.add(session, made, person or actor, now)
        _, after = differing({}, _fields(await session.get_one(Campaign, made)))
        record(session, actor, "新增公告", ("campaign", made), after=after)
        return made

    async def edit(
        self,
        campaign_id: int,
        draft: Draft,
        *,
        seen: int,
        actor: str,
        now: datetime,
        person: str | None = None,
    ) -> Campaign:
        """Save a draft again. If it waits for approval, it must then be submitted again.

        Args:
            campaign_id: the broadcast.
            draft: all of it, as it is to be.
            seen: the number of `edits` that the editor began from.
            actor: who saves, as the log names them.
            now: the business instant.
            person: the person behind `actor`, if it is a key. From then on they are one of its authors.

        Raises:
            BroadcastError: as `draft`; `wrong_status`: it was approved or cancelled; `conflict`: somebody saved it meanwhile.
        """
        self._refuse(draft, now)
        async with self._database.write() as session:
            campaign = await session.get(Campaign, campaign_id, with_for_update=True, populate_existing=True)
            if campaign is None or campaign.kind != AlertKind.ANNOUNCEMENT:
                raise BroadcastError("not_found", f"没有编号为 {campaign_id} 的公告。")
            if campaign.status not in {Status.DRAFT, Status.SUBMITTED}:
                raise BroadcastError("wrong_status", "已审批或已取消的公告不能修改，请新写一则。")
            if campaign.edits != seen:
                raise BroadcastError("conflict", "公告在此期间已被他人修改，请对照后再保存。")
            before = _fields(campaign)
            content = Content.model_validate(campaign.content)
            written = content.model_copy(update={"title": draft.title, "body": draft.body, "url": draft.url})
            audience = await audience_of(session, draft)
            campaign.content, campaign.title = written.model_dump(mode="json"), draft.title
            campaign.audience = audience.model_dump(mode="json", exclude_defaults=True)
            campaign.channel, campaign.send_at, campaign.last_at = draft.channel, draft.send_at, draft.last_at
            campaign.status, campaign.submitted_by, campaign.reason = Status.DRAFT, None, None
            campaign.edits, campaign.updated_at = campaign.edits + 1, now
            await session.flush()
            was, becomes = differing(before, _fields(campaign))
            if becomes:
                await AUTHORS.add(session, campaign_id, person or actor, now)
            record(session, actor, "修改公告", ("campaign", campaign_id), before=was, after=becomes)
        return await self.one(campaign_id)

    async def authors(self, campaign_id: int) -> tuple[str, ...]:
        """Return everybody who wrote or submitted a part of a broadcast. None of them may approve it."""
        async with self._database.read() as session:
            return await AUTHORS.of(session, [campaign_id])

    async def act(
        self,
        campaign_id: int,
        action: CampaignAction,
        *,
        actor: str,
        now: datetime,
        person: str | None = None,
        seen: int | None = None,
        reason: str | None = None,
    ) -> Campaign:
        """Submit, approve, return, pause, resume or cancel. Return the campaign afterwards (see `campaigns.act`).

        Raises:
            alerts.model.campaigns.campaign_states.CampaignError: its state or the approver forbids it.
        """
        async with self._database.write() as session:
            before = await session.scalar(select(Campaign.status).where(Campaign.id == campaign_id))
            after = await act(
                session, campaign_id, action, now, by=actor, person=person, seen=seen, reason=reason
            )
            record(
                session,
                actor,
                ACTION_NAMES[action],
                ("campaign", campaign_id),
                before={"状态": before},
                after={"状态": after} | ({"原因": reason} if reason else {}),
            )
        return await self.one(campaign_id)

    async def preview(self, campaign_id: int, member: int, *, actor: str, now: datetime) -> int:
        """Send a test to one tester now. The test is a separate campaign; return its id.

        Nobody has approved the text yet. So it goes only to testers, and only a few times for each broadcast.

        Raises:
            BroadcastError: the member is not a tester, or the broadcast was tested too often.
        """
        original = await self.one(campaign_id)
        async with self._database.write() as session:
            if not await is_tester(session, member):
                raise BroadcastError("not_a_tester", "只能发给管理员指定的测试接收人。", "openid")
            sent = select(func.count()).where(Campaign.key.startswith(f"preview:{campaign_id}:"))
            if (await session.scalar(sent) or 0) >= MOST_TESTS:
                raise BroadcastError(
                    "too_many_tests", f"这则公告已测试 {MOST_TESTS} 次，请核对内容后提交审批。"
                )
            content = Content.model_validate(original.content)
            test = NewCampaign(
                key=f"preview:{campaign_id}:{secrets.token_hex(8)}",
                kind=AlertKind.ANNOUNCEMENT,
                content=content.model_copy(update={"title": f"【测试】{content.title}"}),
                audience=Audience(members=(member,)),
                channel="auto" if original.channel == "mass" else original.channel,
                created_by=actor,
            )
            made = await create_campaign(session, test, now)
            record(session, actor, "测试发送", ("campaign", campaign_id), after={"成员": member})
        return made or 0

    async def one(self, campaign_id: int) -> Campaign:
        """Return the broadcast of this id.

        Raises:
            BroadcastError: there is no such broadcast.
        """
        async with self._database.read() as session:
            found = await session.get(Campaign, campaign_id)
        if found is None or found.kind != AlertKind.ANNOUNCEMENT:
            raise BroadcastError("not_found", f"没有编号为 {campaign_id} 的公告。")
        return found

    def _refuse(self, draft: Draft, now: datetime) -> None:
        if draft.channel == "template" and self._templates.template(AlertKind.ANNOUNCEMENT) is None:
            raise BroadcastError("template_unfit", "没有可用于公告的模板消息，请改用其他渠道。", "channel")
        if draft.send_at is not None and draft.send_at < now - _PASSED:
            raise BroadcastError(
                "send_at_passed", "发送时间已经过去，请改为将来的时间；留空则审批后立即发送。", "send_at"
            )
        if draft.last_at is not None and draft.last_at <= max(draft.send_at or now, now):
            raise BroadcastError("too_early", "最晚发送时间应晚于发送时间和现在。", "last_at")

    async def newest(self, *, before_id: int | None = None, limit: int = 50) -> Sequence[Campaign]:
        """Return the newest broadcasts, tests left out, older than `before_id`."""
        query = (
            select(Campaign)
            .where(Campaign.kind == AlertKind.ANNOUNCEMENT, Campaign.key.startswith("broadcast:"))
            .order_by(Campaign.id.desc())
            .limit(limit)
        )
        if before_id is not None:
            query = query.where(Campaign.id < before_id)
        async with self._database.read() as session:
            return (await session.scalars(query)).all()


def _fields(campaign: Campaign) -> dict[str, str]:
    """Return what the audit log keeps of a broadcast. A named member is only a number there."""
    content, audience = Content.model_validate(campaign.content), campaign.audience
    people = "全部关注者" if audience.get("everyone") else "、".join(audience.get("tracks", ()))
    if audience.get("fits") is not None:
        people = f"公司情况与条款 {audience['fits']} 对得上的成员"
    return {
        "title": content.title,
        "body": content.body,
        "url": content.url,
        "audience": people or f"指定成员 {len(audience.get('members', ()))} 人",
        "channel": campaign.channel,
        "send_at": campaign.send_at.isoformat() if campaign.send_at else "",
        "last_at": campaign.last_at.isoformat() if campaign.last_at else "",
    }
