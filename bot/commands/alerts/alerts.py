"""`policybot alerts`: what would go out, what does, and the handles to stop, resume and retry it."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from datetime import date, datetime
from typing import Annotated, Any, TypeVar

import typer
from rich.console import Console
from rich.table import Table
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from alerts.ledger import dead_letters, overview
from alerts.ledger.restored import Doubtful, doubtful, restored
from alerts.model import kill_switch
from alerts.model.campaigns import ACTION_NAMES, STATUS_NAMES, Action, CampaignError, Status, act
from alerts.model.tables import Campaign
from alerts.model.wording import HEADINGS
from alerts.model.working_days import business_day
from alerts.scheduling.preview import Forecast, preview
from bot.commands.shell_user import shell_user
from bot.runtime.process import business_clock, open_database
from console.access.audit import record
from policies.library.compendium import load_compendium
from policies.library.tracks import load_tracks
from policies.publishing.store import PolicyStore
from policies.windows.window_fields import closing_words
from storage.clock import SHANGHAI, Clock
from storage.sql.database import Database

_Given = TypeVar("_Given")
Id = Annotated[int, typer.Argument(metavar="ID", help="number of the campaign, as `alerts list` shows it")]
_console = Console(highlight=False, markup=False, soft_wrap=True)


def register(app: typer.Typer) -> None:
    """Add `alerts`."""
    group = typer.Typer(help="Alerts and broadcasts: foresee, follow, stop, retry.", no_args_is_help=True)
    group.command("preview")(preview_command)
    group.command("list")(list_command)
    group.command("show")(show_command)
    for name, action, help_text in (
        ("pause", Action.PAUSE, "Hold a campaign; what has not left waits."),
        ("resume", Action.RESUME, "Let a paused campaign go on."),
        ("cancel", Action.CANCEL, "Call a campaign back for good; what has not left never will."),
    ):
        group.command(name, help=help_text)(_action_command(action))
    group.command("retry")(retry_command)
    group.command("confirm")(confirm_command)
    group.command("dead")(dead_command)
    group.command("stop")(stop_command)
    group.command("go")(go_command)
    group.command("restored")(restored_command)
    app.add_typer(group, name="alerts")


def preview_command(
    first: Annotated[
        datetime | None, typer.Option("--from", formats=["%Y-%m-%d"], help="default: today")
    ] = None,
    days: Annotated[int, typer.Option(min=1, max=366)] = 30,
    as_json: Annotated[bool, typer.Option("--json")] = False,
) -> None:
    """Say which alert would go to how many on which day; makes and sends nothing."""
    forecasts = _run(lambda database, clock: _preview(database, clock, first.date() if first else None, days))
    if as_json:
        typer.echo(json.dumps([_as_json(one) for one in forecasts], ensure_ascii=False, indent=1))
        return
    if not forecasts:
        _console.print("这段时间没有要发出的提醒。")
        return
    table = _table("日期", "类型", "内容", "提前", "截止", ">人数", ">略过", "到达")
    for one in forecasts:
        campaign = one.campaign
        table.add_row(
            f"{one.day:%Y-%m-%d}",
            HEADINGS[campaign.kind],
            campaign.content.title + ("（示例）" if campaign.content.sample else ""),
            f"{campaign.lead} 天" if campaign.lead is not None else "",
            closing_words(campaign.closes_on) if campaign.closes_on else "",
            f"{one.recipients:,}",
            f"{one.passed_over:,}" if one.passed_over else "",
            "，".join(f"{day:%m-%d} {n:,}" for day, n in sorted(one.arrivals.items()) if day != one.day),
        )
    _console.print(table)


async def _preview(database: Database, clock: Clock, first: date | None, days: int) -> list[Forecast]:
    store = PolicyStore(database, clock)
    await store.seed(load_compendium(), load_tracks())
    return await preview(database, store, clock, first or business_day(clock), days)


def _as_json(one: Forecast) -> dict[str, Any]:
    content = one.campaign.content
    return {
        "day": str(one.day),
        "kind": one.campaign.kind,
        "key": one.campaign.key,
        "title": content.title,
        "policy_id": content.policy_id,
        "window_id": one.campaign.window_id,
        "lead": one.campaign.lead,
        "closes_on": closing_words(one.campaign.closes_on) if one.campaign.closes_on else None,
        "recipients": one.recipients,
        "passed_over": one.passed_over,
        "arrivals": {str(day): n for day, n in sorted(one.arrivals.items())},
        "sample": content.sample,
    }


def list_command(
    status: Annotated[list[Status] | None, typer.Option(help="only these")] = None,
    limit: Annotated[int, typer.Option(min=1, max=1000)] = 30,
) -> None:
    """List the newest campaigns with their progress."""
    found, holds = _in_session(lambda session, _: _list(session, status or [], limit))
    _tell_stop(holds)
    table = _table(">编号", "类型", "内容", "状态", ">总数", ">待发", ">已发", "说明")
    for one in found:
        counts = one.counts
        done = counts.get("total", 0) - counts.get("pending", 0)
        table.add_row(
            str(one.id),
            HEADINGS[one.kind],
            one.title,
            STATUS_NAMES[one.status],
            f"{counts.get('total', 0):,}",
            f"{counts.get('pending', 0):,}",
            f"{done:,}",
            one.reason or "",
        )
    _console.print(table)


async def _list(
    session: AsyncSession, statuses: list[Status], limit: int
) -> tuple[list[overview.Summary], kill_switch.Stopped | None]:
    return await overview.summaries(session, statuses=statuses, limit=limit), await kill_switch.stopped(
        session
    )


def show_command(campaign_id: Id) -> None:
    """Show one campaign: its counts, and how many rows ended how and why."""
    detail = _in_session(lambda session, _: overview.detail(session, campaign_id))
    one, content = detail.summary, detail.content
    _console.print(f"{one.id}  {HEADINGS[one.kind]}：{content.title}{'（示例）' if content.sample else ''}")
    _console.print(f"状态：{STATUS_NAMES[one.status]}{f'，{one.reason}' if one.reason else ''}")
    for name, value in (
        ("截止", one.closes_on and closing_words(one.closes_on)),
        ("定时", _time(one.send_at)),
        ("建立", f"{_time(one.created_at)}，{detail.created_by}"),
        ("审批", detail.approved_by),
        ("渠道", detail.channel),
    ):
        if value:
            _console.print(f"{name}：{value}")
    _console.print("，".join(f"{state} {n:,}" for state, n in one.counts.items()))
    table = _table("结果", "渠道", "errcode", "原因", ">条数")
    for outcome in detail.outcomes:
        code = "" if outcome.errcode is None else str(outcome.errcode)
        table.add_row(outcome.state, outcome.channel or "", code, outcome.reason or "", f"{outcome.n:,}")
    _console.print(table)


def _action_command(action: Action) -> Callable[..., None]:
    def command(
        campaign_id: Id, reason: Annotated[str, typer.Option(help="shown to operators")] = ""
    ) -> None:
        async def move(session: AsyncSession, now: datetime) -> Status:
            was = await session.scalar(select(Campaign.status).where(Campaign.id == campaign_id))
            done = await act(session, campaign_id, action, now, by=shell_user(), reason=reason or None)
            subject, before, after = ("campaign", campaign_id), {"状态": was}, {"状态": done}
            record(session, shell_user(), ACTION_NAMES[action], subject, before=before, after=after)
            return done

        _console.print(f"{campaign_id}：{STATUS_NAMES[_in_session(move)]}")

    return command


def retry_command(
    campaign_id: Id,
    unknown: Annotated[
        bool, typer.Option("--unknown", help="also those WeChat never told of: they may arrive twice")
    ] = False,
) -> None:
    """Try a campaign's dead letters again."""
    n = _counted(
        "重发结果不明" if unknown else "重试失败",
        campaign_id,
        lambda session, now: dead_letters.retry(session, campaign_id, now, unknown=unknown),
    )
    _console.print(f"{campaign_id}：{n:,} 条重新等待发送")


def confirm_command(campaign_id: Id) -> None:
    """Take the rows that WeChat never told of as arrived."""
    n = _counted(
        "视为已送达",
        campaign_id,
        lambda session, now: dead_letters.confirm_unknown(session, campaign_id, now),
    )
    _console.print(f"{campaign_id}：{n:,} 条视为已送达")


def dead_command(
    campaign_id: Annotated[int | None, typer.Argument(metavar="[ID]")] = None,
    limit: Annotated[int, typer.Option(min=1, max=10_000)] = 50,
) -> None:
    """List rows that failed, and those whose fate WeChat never told."""
    letters = _in_session(lambda session, _: overview.dead_letters(session, campaign_id, limit=limit))
    table = _table(">编号", ">推送", ">成员", "结果", "渠道", "errcode", "原因", ">次数", "时间")
    for one in letters:
        table.add_row(
            str(one.delivery_id),
            str(one.campaign_id),
            str(one.member_id),
            one.state,
            one.channel or "",
            "" if one.errcode is None else str(one.errcode),
            one.reason or "",
            str(one.attempts),
            _time(one.at),
        )
    _console.print(table)


def stop_command(reason: Annotated[str, typer.Argument(help="why, shown to every operator")]) -> None:
    """Stop everything outgoing, at once, for every process."""

    async def hold(session: AsyncSession, now: datetime) -> bool:
        fresh = await kill_switch.stop(session, shell_user(), reason, now)
        if fresh:
            record(session, shell_user(), "全局暂停", ("outgoing", "all"), after={"原因": reason})
        return fresh

    fresh = _in_session(hold)
    _console.print("已停止全部外发。" if fresh else "全部外发此前已停止。")


def go_command() -> None:
    """Let messages go out again after `stop`."""

    async def release(session: AsyncSession, _: datetime) -> bool:
        held = await kill_switch.stopped(session)
        was = await kill_switch.let_go(session)
        if was:
            before = {"原因": held.reason if held else ""}
            record(session, shell_user(), "恢复推送", ("outgoing", "all"), before=before)
        return was

    was = _in_session(release)
    _console.print("已恢复外发。" if was else "外发没有被停止。")


def restored_command() -> None:
    """Say whether the database was put back from a backup, and which campaigns may have gone out since."""

    async def look(session: AsyncSession, _: datetime) -> tuple[str | None, list[Doubtful]]:
        found = await restored(session)
        return (found.value if found else None), await doubtful(session)

    since, campaigns = _in_session(look)
    if since is None:
        _console.print("数据库不是恢复的备份。")
        return
    as_of = f"{datetime.fromisoformat(since).astimezone(SHANGHAI):%Y-%m-%d %H:%M}" if since else "时间不明"
    _console.print(
        f"数据库是备份或副本（{as_of}），全部外发已停止。以下推送此后可能已经发出：", style="bold red"
    )
    table = _table(">编号", "内容", "状态", ">待发")
    for one in campaigns:
        table.add_row(str(one.campaign_id), one.title, STATUS_NAMES[one.status], f"{one.waiting:,}")
    _console.print(table)
    _console.print("已经发出的：policybot alerts cancel ID；核对完毕：policybot alerts go")


def _tell_stop(holds: kill_switch.Stopped | None) -> None:
    if holds:
        _console.print(
            f"全部外发已停止：{holds.reason}（{holds.by}，{_time(holds.at)}）。恢复：policybot alerts go",
            style="bold red",
        )


def _counted(action: str, campaign_id: int, do: Callable[[AsyncSession, datetime], Awaitable[int]]) -> int:
    """Do something to rows of a campaign, with its audit entry; how many rows."""

    async def run(session: AsyncSession, now: datetime) -> int:
        n = await do(session, now)
        if n:
            record(session, shell_user(), action, ("campaign", campaign_id), after={"条数": n})
        return n

    return _in_session(run)


def _in_session(do: Callable[[AsyncSession, datetime], Awaitable[_Given]]) -> _Given:
    """Do something in one transaction; a refusal is one line on stderr and exit code 1."""

    async def run(database: Database, clock: Clock) -> _Given:
        async with database.write() as session:
            return await do(session, clock())

    return _run(run)


def _run(do: Callable[[Database, Clock], Awaitable[_Given]]) -> _Given:
    async def run() -> _Given:
        async with open_database() as database:
            clock = await business_clock(database)
            return await do(database, clock)

    try:
        return asyncio.run(run())
    except CampaignError as error:
        typer.echo(f"policybot: {error}", err=True)
        raise typer.Exit(1) from None


def _time(at: datetime | None) -> str:
    return f"{at.astimezone(SHANGHAI):%Y-%m-%d %H:%M}" if at else ""


def _table(*columns: str) -> Table:
    """A plain table; a column whose name begins with > is aligned right."""
    table = Table(box=None, pad_edge=False)
    for name in columns:
        table.add_column(name.removeprefix(">"), justify="right" if name.startswith(">") else "left")
    return table
