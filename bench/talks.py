"""Conversations of a file, typed through signed pushes to `/wechat`: `python -m bench.talks FILE [--replies] [--count]`.

Each is a fresh person on the whole application. Prints the turns whose reply is not what is
expected, and a table by kind. `--count` prints the table alone. The format: `bench/talk_cases.py`.
"""

import argparse
import asyncio
import secrets
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from xml.etree import ElementTree as ET

from aiohttp.test_utils import TestClient, TestServer
from rich.console import Console
from rich.table import Table

from bench.talk_cases import Json, Turn, as_read, day_of, faults_of, is_judged, load_cases, summary
from bot.observability.logs import set_up_logs
from bot.roles.conversation import Conversation, open_conversation
from bot.roles.web_app import make_app
from bot.runtime.services import Services, open_services
from bot.runtime.settings import Settings
from bot.runtime.valkey import EmbeddedValkey
from bot.schema.migrate import upgrade
from policies.guides.drafts import GuideDrafts
from policies.guides.guide import Guide
from policies.windows.window_fields import WindowFields
from sandbox.credentials import sandbox_credentials
from storage.clock import SHANGHAI
from subscriptions.members.track_subscriptions import ChangeSource
from wechat.push.crypto import AesKey, signature_of
from wechat.push.rendering import cdata

PUBLIC_URL = "https://policy.example"
_ACCOUNT = "gh_talks00000001"


@dataclass(slots=True)
class Phone:
    """One person's WeChat: seals what they type, opens what comes back."""

    web: "TestClient[Any, Any]"
    token: str
    key: AesKey
    app_id: str
    openid: str

    async def follows(self) -> str:
        """Follow the account."""
        return await self._send("<MsgType>event</MsgType><Event>subscribe</Event><EventKey></EventKey>")

    async def says(self, text: str) -> str:
        """Type a text; the reply with its links, "" for none."""
        number = secrets.randbelow(2**62)
        return await self._send(
            f"<MsgType>text</MsgType><Content>{cdata(text)}</Content><MsgId>{number}</MsgId>"
        )

    async def _send(self, inner: str) -> str:
        stamp = str(int(time.time()))
        xml = (
            f"<xml><ToUserName>{cdata(_ACCOUNT)}</ToUserName><FromUserName>{cdata(self.openid)}</FromUserName>"
            f"<CreateTime>{secrets.randbelow(10**9)}</CreateTime>{inner}</xml>"
        )
        nonce = secrets.token_hex(4)
        encrypted = self.key.encrypt(xml.encode(), self.app_id.encode())
        query = {
            "signature": signature_of(self.token, stamp, nonce),
            "timestamp": stamp,
            "nonce": nonce,
            "encrypt_type": "aes",
            "msg_signature": signature_of(self.token, stamp, nonce, encrypted),
        }
        body = f"<xml><ToUserName>{cdata(_ACCOUNT)}</ToUserName><Encrypt>{cdata(encrypted)}</Encrypt></xml>"
        async with self.web.post(f"/wechat?{urlencode(query)}", data=body.encode()) as response:
            assert response.status == 200, response.status
            reply = await response.text()
        if reply in {"", "success"}:
            return ""
        sealed = ET.fromstring(reply).findtext("Encrypt") or ""
        xml = self.key.decrypt(sealed.encode(), self.app_id.encode()).decode()
        return ET.fromstring(xml).findtext("Content") or ""


@asynccontextmanager
async def town(
    folder: Path, database_url: str, redis_url: str
) -> AsyncIterator[tuple[Services, Conversation, Any]]:
    """The whole application on a database and a Redis of its own; it understands by meaning where the model is installed."""
    settings = Settings(
        _env_file=None,
        data_dir=folder / "var",
        database_url=database_url,
        redis_url=redis_url,
        public_url=PUBLIC_URL,
    )
    async with (
        open_services(settings) as services,
        open_conversation(services) as conversation,
        TestClient(TestServer(make_app(services, conversation))) as web,
    ):
        await conversation.context.knowledge.read_meanings()
        yield services, conversation, web


async def converse(case: Json, services: Services, conversation: Conversation, web: Any) -> list[Turn]:
    """Hold one conversation."""
    account = sandbox_credentials(services.secret)
    openid = f"oTALK_{secrets.token_hex(11)}"
    phone = Phone(web, account.token, AesKey(account.aes_key), account.app_id, openid)
    today = services.clock().astimezone(SHANGHAI).date()
    await phone.follows()
    await _set_up(case.get("setup") or {}, openid, services, conversation, today)
    library = conversation.context.knowledge.index.library
    texts = {int(policy.label): policy.text for policy in library.policies if policy.label.isdecimal()}
    replies: list[str] = []
    turns = []
    for number, turn in enumerate(case["turns"]):
        replies.append(as_read(await phone.says(turn["say"])))
        faults = tuple(faults_of(turn, replies, texts, today, PUBLIC_URL))
        turns.append(
            Turn(case["id"], case.get("kind", ""), number, turn["say"], replies[-1], faults, is_judged(turn))
        )
    return turns


async def _set_up(
    setup: Json, openid: str, services: Services, conversation: Conversation, today: date
) -> None:
    await enter_windows(setup.get("windows", ()), conversation, today)
    await enter_guides(setup.get("guides", ()), services, conversation, today)
    member_id = await services.members.ensure(openid)
    if setup.get("subscribed"):
        await services.members.subscribe(member_id, setup["subscribed"], source=ChangeSource.PAGE)


async def enter_windows(rows: Sequence[Json], conversation: Conversation, today: date) -> None:
    """Enter these application windows."""
    library = conversation.context.knowledge.index.library
    entered = [
        WindowFields(
            library.labelled(str(row["policy_id"]))[0].key,
            day_of(row["opens_on"], today),
            day_of(row["closes_on"], today),
            row["title"],
            row.get("url", ""),
        )
        for row in rows
    ]
    if entered:
        await conversation.context.windows.put(entered)


async def enter_guides(
    rows: Sequence[Json], services: Services, conversation: Conversation, today: date
) -> None:
    """Publish these guides and take those of the conversation before away."""
    knowledge = conversation.context.knowledge
    wanted = {key: Guide(checked_on=today) for key in knowledge.guides.all()}
    for row in rows:
        key = knowledge.index.library.labelled(str(row["policy_id"]))[0].key
        given = {name: value for name, value in row.items() if name in Guide.model_fields}
        wanted[key] = Guide(**given, checked_on=today)
    if wanted:
        await GuideDrafts(services.database, services.clock).publish_at_once(wanted, author="talks")
        await knowledge.refresh()


async def hold_all(cases: Sequence[Json], folder: Path) -> list[Turn]:
    """Hold all conversations on a database and a Valkey in a folder."""
    database_url = f"sqlite+aiosqlite:///{folder / 'bot.db'}"
    await asyncio.to_thread(upgrade, database_url)
    with EmbeddedValkey(folder / "valkey") as valkey:
        return await hold_each(cases, folder, database_url, valkey.url)


async def hold_each(cases: Sequence[Json], folder: Path, database_url: str, redis_url: str) -> list[Turn]:
    """Hold all conversations, one after the other; the windows of the one before are withdrawn."""
    turns: list[Turn] = []
    async with town(folder, database_url, redis_url) as (services, conversation, web):
        for case in cases:
            windows = conversation.context.windows
            for window in await windows.all():
                await windows.remove(window.id)
            turns += await converse(case, services, conversation, web)
    return turns


def main() -> int:
    """Hold the conversations and print; 1 where a turn does not hold."""
    arguments = argparse.ArgumentParser()
    arguments.add_argument("file", type=Path)
    arguments.add_argument("--only", default="", help="conversations whose id begins so")
    arguments.add_argument("--replies", action="store_true", help="print every reply")
    arguments.add_argument("--count", action="store_true", help="print the table alone, no turn")
    asked = arguments.parse_args()
    set_up_logs("error")
    cases = [case for case in load_cases(asked.file) if case["id"].startswith(asked.only)]
    with tempfile.TemporaryDirectory(prefix="talks") as folder:
        turns = asyncio.run(hold_all(cases, Path(folder)))
    out = Console(highlight=False, markup=False, soft_wrap=True)
    for turn in () if asked.count else turns:
        if turn.faults or asked.replies:
            out.print(f"{turn.case} {turn.number} {turn.said}\n  {'；'.join(turn.faults) or 'holds'}")
            out.print("  | " + turn.reply.replace("\n", "\n  | "))
    table = Table(title=asked.file.name)
    for column in ("kind", "conversations", "turns"):
        table.add_column(column, justify="left" if column == "kind" else "right")
    for kind, (held, all_, good, judged) in summary(turns).items():
        table.add_row(kind, f"{held}/{all_}", f"{good}/{judged}")
    out.print(table)
    return int(any(turn.faults for turn in turns))


if __name__ == "__main__":
    sys.exit(main())
