"""A message to one member on what an operator decided about their company: confirmed, refused, or removed."""

import secrets
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from alerts.model.campaigns.audience import Audience
from alerts.model.campaigns.new_campaigns import NewCampaign, create_campaign
from alerts.model.content import AlertKind, Content
from subscriptions.companies.bindings import Removal


async def tell_confirmed(
    session: AsyncSession, member_id: int, company: str, tracks: Sequence[str], now: datetime
) -> None:
    """Tell a member that their binding was confirmed. `tracks` are names of the tracks that came with it."""
    came = f"已为您订阅企业关注的赛道：{'、'.join(tracks)}。" if tracks else ""
    body = f"您绑定的企业“{company}”已确认。{came}您自己的订阅不受影响。"
    await _tell(session, member_id, Content(title="企业绑定已确认", summary="企业绑定已确认", body=body), now)


async def tell_removed(session: AsyncSession, member_id: int, removed: Removal, now: datetime) -> None:
    """Tell a member that their claim was refused, or that an operator took them out of the company."""
    if removed.refused:
        title, said = "企业绑定未通过", f"您申请绑定的企业“{removed.name}”未通过确认。"
    else:
        title, said = "已移出企业", f"工作人员已将您移出企业“{removed.name}”。"
    kept = f"原来绑定的“{removed.restored}”仍然有效。" if removed.restored else ""
    body = f"{said}{kept}您的订阅没有变化。如信息有误，可以重新发送“绑定企业”，或回复“人工”咨询。"
    await _tell(session, member_id, Content(title=title, summary=title, body=body), now)


async def _tell(session: AsyncSession, member_id: int, content: Content, now: datetime) -> None:
    new = NewCampaign(
        key=f"company:{member_id}:{secrets.token_hex(16)}",
        kind=AlertKind.COMPANY,
        content=content,
        audience=Audience(members=(member_id,)),
    )
    await create_campaign(session, new, now)
