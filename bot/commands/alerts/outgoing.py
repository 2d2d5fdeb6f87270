"""`policybot alerts stop|go|restored`: the global stop, and the campaigns in doubt of a restored database."""

from datetime import datetime
from typing import Annotated

import typer
from sqlalchemy.ext.asyncio import AsyncSession

from alerts.ledger.restored import Doubtful, doubtful, restored
from alerts.model import kill_switch
from alerts.model.campaigns.campaign_states import STATUS_NAMES
from bot.commands.alerts.printing import CONSOLE, table
from bot.commands.alerts.transaction import in_transaction, run
from bot.commands.restore_check import restore_detector
from bot.commands.shell_user import shell_user
from bot.runtime.process import read_settings
from console.access.audit import record
from storage.clock import SHANGHAI, Clock
from storage.sql.database import Database


def stop_command(reason: Annotated[str, typer.Argument(help="why, shown to every operator")]) -> None:
    """Stop everything outgoing at once, in every process."""

    async def hold(session: AsyncSession, now: datetime) -> bool:
        fresh = await kill_switch.stop(session, shell_user(), reason, now)
        if fresh:
            record(session, shell_user(), "全局暂停", ("outgoing", "all"), after={"原因": reason})
        return fresh

    fresh = in_transaction(hold)
    CONSOLE.print("已停止全部外发。" if fresh else "全部外发此前已停止。")


def go_command() -> None:
    """Let messages go out again after `stop`."""

    async def release(session: AsyncSession, _: datetime) -> bool:
        held = await kill_switch.stopped(session)
        was = await kill_switch.resume_sending(session)
        if was:
            before = {"原因": held.reason if held else ""}
            record(session, shell_user(), "恢复推送", ("outgoing", "all"), before=before)
        return was

    async def find_restored(database: Database, _: Clock) -> None:
        async with restore_detector(read_settings(), database) as detector:
            await detector.check()  # else the next start would stop everything again

    run(find_restored)
    was = in_transaction(release)
    CONSOLE.print("已恢复外发。" if was else "外发没有被停止。")


def restored_command() -> None:
    """Say whether the database was restored from a backup, and list campaigns that may have gone out since."""

    async def look(session: AsyncSession, _: datetime) -> tuple[str | None, list[Doubtful]]:
        found = await restored(session)
        return (found.value if found else None), await doubtful(session)

    async def find(database: Database, _: Clock) -> str | None:
        async with restore_detector(read_settings(), database) as detector:
            found = await detector.find()
        return None if found is None else (found.since.isoformat() if found.since else "")

    since, campaigns = in_transaction(look)
    state = "将在启动时停止" if since is None else "已停止"
    since = run(find) if since is None else since
    if since is None:
        CONSOLE.print("数据库不是恢复的备份。")
        return
    as_of = f"{datetime.fromisoformat(since).astimezone(SHANGHAI):%Y-%m-%d %H:%M}" if since else "时间不明"
    CONSOLE.print(
        f"数据库是备份或副本（{as_of}），全部外发{state}。以下推送此后可能已经发出：",
        style="bold red",
    )
    rows = table(">编号", "内容", "状态", ">待发")
    for one in campaigns:
        rows.add_row(str(one.campaign_id), one.title, STATUS_NAMES[one.status], f"{one.waiting:,}")
    CONSOLE.print(rows)
    CONSOLE.print("已经发出的：policybot alerts cancel ID；核对完毕：policybot alerts go")
