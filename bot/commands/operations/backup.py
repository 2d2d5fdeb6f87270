"""`policybot backup` and `policybot restore`, for the embedded database."""

import asyncio
from pathlib import Path
from typing import Annotated

import typer
from sqlalchemy.engine import make_url

from bot.commands.begin import begin
from bot.runtime.process import data_folder, database_url, open_database
from bot.runtime.secret import secret_key
from bot.runtime.settings import Settings
from bot.upkeep.backups import BackupError, back_up, erase_again, put_back
from storage.sql.database import Database
from storage.sql.database_errors import DATABASE_ERRORS


def register(app: typer.Typer) -> None:
    """Add `backup` and `restore`."""
    app.command()(backup)
    app.command()(restore)


def backup(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="where to; never written over")],
) -> None:
    """Copy the embedded database into a file, while everything runs."""
    settings = begin()
    back_up(_database_file(settings), file)
    typer.echo(f"{file}：{file.stat().st_size:,} 字节，已检查完好。其中有 openid，请妥善保管。")
    typer.echo(f"密钥不在其中，请另行保存：{data_folder(settings).path / 'secret.key'}")


def restore(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="made by `policybot backup`")],
) -> None:
    """Put a backup back in the place of the embedded database; `up` must be stopped."""
    settings = begin()
    database = _database_file(settings)
    with data_folder(settings).locked():
        old = put_back(file, database)
        erased = asyncio.run(_erase_again(settings, old)) if old else 0
    typer.echo(f"已恢复到 {database}。")
    if old:
        typer.echo(f"原数据库改名为 {old}，确认无误后请删除（其中有 openid）。")
        typer.echo(f"备份之后要求删除数据的成员已再次删除：{erased} 位。")
    typer.echo(
        "启动后全部外发是停止的：用 policybot alerts restored 查看可能已经发出的推送，核对后 policybot alerts go。"
    )


def _database_file(settings: Settings) -> Path:
    url = make_url(database_url(settings))
    if not url.drivername.startswith("sqlite") or not url.database:
        raise BackupError("the database is PostgreSQL: use pg_dump and pg_restore (docs/operations.md)")
    return Path(url.database)


async def _erase_again(settings: Settings, old: Path) -> int:
    replaced = Database.open(f"sqlite+aiosqlite:///{old}")
    try:
        async with open_database(settings) as restored:
            return await erase_again(replaced, restored, secret_key(settings))
    except DATABASE_ERRORS as error:
        typer.echo(f"原数据库无法读取（{type(error).__name__}）：此前已删除的成员须逐一再次删除。", err=True)
        return 0
    finally:
        await replaced.close()
