"""`policybot alerts list|show|pause|resume|cancel`: campaigns and their progress."""

from collections.abc import Callable
from datetime import datetime
from typing import Annotated

import typer
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from alerts.ledger import overview
from alerts.model import kill_switch
from alerts.model.campaigns.campaign_states import ACTION_NAMES, STATUS_NAMES, CampaignAction, Status
from alerts.model.campaigns.moves import act
from alerts.model.tables import Campaign
from alerts.wording.wording import HEADINGS
from bot.commands.alerts.printing import CONSOLE, CampaignId, local_time, table
from bot.commands.alerts.transaction import in_transaction
from bot.commands.shell_user import shell_user
from console.access.audit import record
from policies.windows.window_fields import closing_words


def list_command(
    status: Annotated[list[Status] | None, typer.Option(help="only these")] = None,
    limit: Annotated[int, typer.Option(min=1, max=1000)] = 30,
) -> None:
    """List the newest campaigns with their progress."""
    found, holds = in_transaction(lambda session, _: _list(session, status or [], limit))
    _tell_stop(holds)
    rows = table(">编号", "类型", "内容", "状态", ">总数", ">待发", ">已发", "说明")
    for one in found:
        counts = one.counts
        done = counts.get("total", 0) - counts.get("pending", 0)
        rows.add_row(
            str(one.id),
            HEADINGS[one.kind],
            one.title,
            STATUS_NAMES[one.status],
            f"{counts.get('total', 0):,}",
            f"{counts.get('pending', 0):,}",
            f"{done:,}",
            one.reason or "",
        )
    CONSOLE.print(rows)


async def _list(
    session: AsyncSession, statuses: list[Status], limit: int
) -> tuple[list[overview.Summary], kill_switch.Stopped | None]:
    return await overview.summaries(session, statuses=statuses, limit=limit), await kill_switch.stopped(
        session
    )


def _tell_stop(holds: kill_switch.Stopped | None) -> None:
    if holds:
        CONSOLE.print(
            f"全部外发已停止：{holds.reason}（{holds.by}，{local_time(holds.at)}）。恢复：policybot alerts go",
            style="bold red",
        )


def show_command(campaign_id: CampaignId) -> None:
    """Show one campaign: its counts, and how many rows have which outcome and reason."""
    detail = in_transaction(lambda session, _: overview.detail(session, campaign_id))
    one, content = detail.summary, detail.content
    CONSOLE.print(f"{one.id}  {HEADINGS[one.kind]}：{content.title}{'（示例）' if content.sample else ''}")
    CONSOLE.print(f"状态：{STATUS_NAMES[one.status]}{f'，{one.reason}' if one.reason else ''}")
    for name, value in (
        ("截止", one.closes_on and closing_words(one.closes_on)),
        ("定时", local_time(one.send_at)),
        ("建立", f"{local_time(one.created_at)}，{detail.created_by}"),
        ("审批", detail.approved_by),
        ("渠道", detail.channel),
    ):
        if value:
            CONSOLE.print(f"{name}：{value}")
    CONSOLE.print("，".join(f"{state} {n:,}" for state, n in one.counts.items()))
    rows = table("结果", "渠道", "errcode", "原因", ">条数")
    for outcome in detail.outcomes:
        code = "" if outcome.errcode is None else str(outcome.errcode)
        rows.add_row(outcome.state, outcome.channel or "", code, outcome.reason or "", f"{outcome.n:,}")
    CONSOLE.print(rows)


def action_command(action: CampaignAction) -> Callable[..., None]:
    """Return the command that moves a campaign by an action, with its audit entry in the same transaction."""

    def command(
        campaign_id: CampaignId, reason: Annotated[str, typer.Option(help="shown to operators")] = ""
    ) -> None:
        async def move(session: AsyncSession, now: datetime) -> Status:
            was = await session.scalar(select(Campaign.status).where(Campaign.id == campaign_id))
            done = await act(session, campaign_id, action, now, by=shell_user(), reason=reason or None)
            subject, before, after = ("campaign", campaign_id), {"状态": was}, {"状态": done}
            record(session, shell_user(), ACTION_NAMES[action], subject, before=before, after=after)
            return done

        CONSOLE.print(f"{campaign_id}：{STATUS_NAMES[in_transaction(move)]}")

    return command
