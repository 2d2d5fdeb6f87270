"""`policybot subscribers import|export|erase`."""

import asyncio
import sys
from collections.abc import Callable, Iterator
from contextlib import AsyncExitStack, contextmanager
from pathlib import Path
from typing import Annotated, TextIO

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from sqlalchemy.ext.asyncio import AsyncSession

from bot.commands.begin import begin
from bot.commands.shell_user import shell_user
from bot.runtime.process import business_clock, data_folder, open_database, redis_url
from bot.runtime.secret import secret_key
from bot.runtime.seeding import seeded_store
from bot.runtime.settings import Settings
from console.access.audit import record
from storage.clock import system_clock
from storage.redis.client import open_redis
from storage.sql.database import Database
from subscriptions.files.importing import ImportReport, import_subscribers
from subscriptions.files.subscriber_files import grouped, subscriber_writer
from subscriptions.members.track_names import TrackNames
from subscriptions.privacy.erasure import Erasing, holding, rows_with
from subscriptions.privacy.export import subscribers
from wechat.push.parsing import LONGEST_OPENID

_MOST_SHOWN = 200


def register(app: typer.Typer) -> None:
    """Add `subscribers`."""
    group = typer.Typer(help="Subscribers as files, and erasing one.", no_args_is_help=True)

    @group.command("import")
    def import_command(
        file: Annotated[Path, typer.Argument(metavar="FILE", exists=True, dir_okay=False, readable=True)],
        partial: Annotated[
            bool, typer.Option("--partial", help="Take the good lines although others are not.")
        ] = False,
    ) -> None:
        """Take in `openid,company,uscc,tracks` (CSV or XLSX, Chinese heads too); all or nothing, unless --partial.

        Company and uscc may be empty; tracks by name or id, `;` between. UTF-8 or GB18030.
        """
        report = asyncio.run(import_file(begin(), file.read_bytes(), partial=partial))
        _show(report)
        if not report.applied:
            raise typer.Exit(1)

    @group.command("export")
    def export_command(
        output: Annotated[
            Path | None, typer.Option("--output", "-o", help="A file instead of stdout.", dir_okay=False)
        ] = None,
        everyone: Annotated[bool, typer.Option("--all", help="Those too who left.")] = False,
    ) -> None:
        """Write the followers' subscriptions as `import` takes them in."""
        with _target(output) as out:
            asyncio.run(export_to(begin(), out, everyone=everyone))

    @group.command()
    def erase(openid: str) -> None:
        """Erase a person for good, and search tables, Redis and the files of the data folder for what is left.

        Exit code 1 if something is left, or if nothing was known of this openid: it may be mistyped.
        """
        if not openid.strip() or len(openid) > LONGEST_OPENID:
            raise typer.BadParameter("an openid has 1 to 64 characters", param_hint="OPENID")
        gone = asyncio.run(erase_person(begin(), openid))
        if not gone:
            raise typer.Exit(1)

    app.add_typer(group, name="subscribers")


async def import_file(settings: Settings, raw: bytes, *, partial: bool) -> ImportReport:
    async with open_database(settings) as database:
        names = await _track_names(database)
        clock = await business_clock(database, settings)
        with _bar() as progress:
            return await import_subscribers(
                database,
                clock,
                raw,
                names,
                actor=shell_user(),
                partial=partial,
                progress=progress,
                audit=_audit_import,
            )


def _audit_import(session: AsyncSession, report: ImportReport) -> None:
    """Add an entry with counts only: the log can't be changed, so it must hold nothing of a person."""
    after = {"行数": report.lines, "新增成员": report.members, "新增订阅": report.subscriptions}
    record(session, shell_user(), "导入订阅者", ("subscribers", "file"), after=after)


def _audit_erasing(session: AsyncSession, member_id: int | None) -> None:
    """Add an entry with the number of the erased member, which leads to nobody; a stranger is not named."""
    record(session, shell_user(), "删除成员数据", ("member", "不明" if member_id is None else member_id))


def _show(report: ImportReport) -> None:
    said = [*grouped(report.problems)]
    for one in said[:_MOST_SHOWN]:
        typer.echo(one, err=True)
    if len(said) > _MOST_SHOWN:
        typer.echo(f"……另有 {len(said) - _MOST_SHOWN} 处问题", err=True)
    for number, before, now in report.renamed:
        typer.echo(f"第 {number} 行：企业“{before}”改名为“{now}”", err=True)
    if report.erased:
        lines = "、".join(map(str, report.erased[:20]))
        typer.echo(f"已要求删除数据的用户未导入（{len(report.erased)} 行：第 {lines} 行）", err=True)
    if report.applied:
        typer.echo(
            f"已导入 {report.lines - len(report.erased)} 行：新增成员 {report.members} 位，"
            f"新增订阅 {report.subscriptions} 条；有问题的 {len(report.problems)} 行"
        )
    elif report.problems:
        typer.echo(
            f"没有导入任何一行：{len(report.problems)} 行有问题，{report.lines} 行可导入。"
            "请修正后重试，或加 --partial 只导入可用的行",
            err=True,
        )
    else:
        typer.echo("文件里没有可导入的行", err=True)


async def export_to(settings: Settings, out: TextIO, *, everyone: bool) -> None:
    async with open_database(settings) as database:
        names = await _track_names(database)
        async with database.write() as session:  # the file holds openids, so the log names who took it
            record(session, shell_user(), "导出订阅者", ("subscribers", "all"))
        write = subscriber_writer(out)
        async for openid, company, uscc, tracks in subscribers(database, include_unfollowed=everyone):
            write(openid, company, uscc, [names.name(track) for track in tracks])


async def erase_person(settings: Settings, openid: str) -> bool:
    async with AsyncExitStack() as stack:
        database = await stack.enter_async_context(open_database(settings))
        url = redis_url(settings)
        redis = open_redis(url) if url else None
        if redis is not None:
            stack.push_async_callback(redis.aclose)
        clock = await business_clock(database, settings)
        erasing = Erasing(database, clock, secret=secret_key(settings), redis=redis)
        erased = await erasing.erase(openid, audit=_audit_erasing)
        rows = await rows_with(database, openid)
    folder = data_folder(settings).path
    files = await asyncio.to_thread(lambda: [path for path in folder.rglob("*") if path.is_file()])
    held = await asyncio.to_thread(holding, files, openid)
    known = erased.was_member or bool(erased.redis_keys)
    typer.echo("已删除该成员" if erased.was_member else "没有这位成员，请核对 openid")
    typer.echo(f"数据库各表：{_found(rows)}")
    typer.echo(
        f"Redis：删除 {erased.redis_keys} 个键"
        if erased.redis_keys is not None
        else "Redis：未连接，其中的会话和回复一天内自行失效"
    )
    typer.echo(f"数据目录 {len(files)} 个文件：{_found({path.name: 1 for path in held})}")
    return known and not rows and not held


def _found(places: dict[str, int]) -> str:
    return "仍有该 openid：" + "、".join(places) if places else "均无该 openid"


async def _track_names(database: Database) -> TrackNames:
    store = await seeded_store(database, system_clock)
    return TrackNames((await store.tracks()).tracks)


@contextmanager
def _target(output: Path | None) -> Iterator[TextIO]:
    """stdout, or a file that Excel opens as UTF-8."""
    if output is None:
        yield sys.stdout
        return
    with output.open("w", encoding="utf-8-sig", newline="") as out:
        yield out


@contextmanager
def _bar() -> Iterator[Callable[[int, int], None]]:
    """Show a progress bar on a terminal; nothing elsewhere."""
    console = Console(stderr=True)
    columns = (TextColumn("导入"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, disable=not console.is_terminal, transient=True) as progress:
        task = progress.add_task("", total=None)
        yield lambda done, total: progress.update(task, completed=done, total=total)
