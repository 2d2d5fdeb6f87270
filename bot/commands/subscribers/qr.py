"""`policybot qr TRACK`: a QR code for posters; a scan subscribes to the track."""

from pathlib import Path
from typing import Annotated

import segno
import typer

from bot.commands.begin import begin
from bot.runtime.api_client import open_wechat, run_against_wechat
from bot.runtime.process import open_database
from bot.runtime.seeding import seeded_store
from bot.runtime.settings import Settings
from storage.clock import system_clock
from subscriptions.members.qr_scenes import scene_of
from subscriptions.members.track_names import TrackNames

_QUIET_ZONE = 4  # modules, as ISO/IEC 18004 wants


def register(app: typer.Typer) -> None:
    """Add `qr`."""

    @app.command("qr")
    def qr_command(
        track: Annotated[str, typer.Argument(help="The track's name, alias or id.")],
        output: Annotated[
            Path | None,
            typer.Option(
                "--output", "-o", help="A .png or .svg file; default: the track's id, .png.", dir_okay=False
            ),
        ] = None,
        days: Annotated[
            int | None, typer.Option(min=1, max=30, help="Valid for so many days; default: for ever.")
        ] = None,
        scale: Annotated[int, typer.Option(min=1, max=100, help="Pixels a module.")] = 16,
    ) -> None:
        """Make a QR code at WeChat and write it; following by it, or scanning it, subscribes to the track."""
        settings = begin()
        names = run_against_wechat(_names(settings))
        track_id = names.exact(track)
        if track_id is None:
            near = "、".join(names.name(found) for found in names.near(track))
            typer.echo(
                f"policybot: no track is called {track}" + (f"; near: {near}" if near else ""), err=True
            )
            raise typer.Exit(1)
        target = output or Path(f"{track_id}.png")
        if target.suffix.lower() not in {".png", ".svg"}:
            raise typer.BadParameter("the file must end in .png or .svg")
        url = run_against_wechat(create_code(settings, scene_of(track_id), days))
        write_poster(url, target, scale=scale)
        typer.echo(f"{names.name(track_id)}: {target}")
        typer.echo(url)


def write_poster(url: str, target: Path, *, scale: int) -> None:
    """Write the code in the format of the file's ending, with much room for damage (level H)."""
    segno.make_qr(url, error="h").save(str(target), scale=scale, border=_QUIET_ZONE)


async def _names(settings: Settings) -> TrackNames:
    async with open_database(settings) as database:
        store = await seeded_store(database, system_clock, settings)
        return TrackNames((await store.tracks()).tracks)


async def create_code(settings: Settings, scene: str, days: int | None) -> str:
    """Return the address of a code at WeChat; permanent without `days`."""
    async with open_wechat(settings) as wechat:
        return await wechat.qr_create(scene, expire_s=days * 86_400 if days else None)
