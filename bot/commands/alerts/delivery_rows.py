"""`policybot alerts dead|retry|confirm`: ledger rows that failed, and rows whose outcome is unknown."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Annotated

import typer
from sqlalchemy.ext.asyncio import AsyncSession

from alerts.ledger import dead_letters, overview
from alerts.model.rows.row_states import RowState
from bot.commands.alerts.printing import CONSOLE, CampaignId, local_time, table
from bot.commands.alerts.transaction import in_transaction
from bot.commands.shell_user import shell_user
from console.access.audit import record
from storage.sql.base import LARGEST_INTEGER


def dead_command(
    campaign_id: Annotated[int | None, typer.Argument(min=1, max=LARGEST_INTEGER, metavar="[ID]")] = None,
    limit: Annotated[int, typer.Option(min=1, max=10_000)] = 50,
) -> None:
    """List the rows that failed, and those whose outcome is unknown."""
    letters = in_transaction(lambda session, _: overview.dead_letters(session, campaign_id, limit=limit))
    rows = table(">编号", ">推送", ">成员", "结果", "渠道", "errcode", "原因", ">次数", "时间")
    for one in letters:
        rows.add_row(
            str(one.delivery_id),
            str(one.campaign_id),
            str(one.member_id),
            one.state,
            one.channel or "",
            "" if one.errcode is None else str(one.errcode),
            one.reason or "",
            str(one.attempts),
            local_time(one.at),
        )
    CONSOLE.print(rows)


def retry_command(
    campaign_id: CampaignId,
    unknown: Annotated[
        bool, typer.Option("--unknown", help="also rows whose outcome is unknown: these may arrive twice")
    ] = False,
) -> None:
    """Send a campaign's dead letters again."""
    states = (RowState.FAILED, RowState.UNKNOWN) if unknown else (RowState.FAILED,)
    n = _counted(
        "重发结果不明" if unknown else "重试失败",
        campaign_id,
        lambda session, now: dead_letters.retry(session, campaign_id, now, states=states),
    )
    CONSOLE.print(f"{campaign_id}：{n:,} 条重新等待发送")


def confirm_command(campaign_id: CampaignId) -> None:
    """Count the rows whose outcome is unknown as delivered."""
    n = _counted(
        "视为已送达",
        campaign_id,
        lambda session, now: dead_letters.confirm_unknown(session, campaign_id, now),
    )
    CONSOLE.print(f"{campaign_id}：{n:,} 条视为已送达")


def _counted(action: str, campaign_id: int, do: Callable[[AsyncSession, datetime], Awaitable[int]]) -> int:
    """Change rows of a campaign, with an audit entry in the same transaction; returns how many."""

    async def run(session: AsyncSession, now: datetime) -> int:
        n = await do(session, now)
        if n:
            record(session, shell_user(), action, ("campaign", campaign_id), after={"条数": n})
        return n

    return in_transaction(run)
