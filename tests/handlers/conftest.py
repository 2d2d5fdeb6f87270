"""A chat with the real bot over the real compendium."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest

from handlers.context import Context
from handlers.router import Router
from handlers.session import Session
from policies.compendium import load_compendium
from policies.knowledge import Knowledge
from policies.questions import QuestionLog
from policies.store import PolicyStore
from policies.tracks import load_tracks
from policies.windows import Windows
from storage.database import Database
from subscriptions.members import Members
from tests.handlers.chat import Chat
from wechat.parsing import parse_message
from wechat.rendering import render


class PretendClock:
    """Business time that a test moves."""

    def __init__(self) -> None:
        self.now = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **by: float) -> None:
        self.now += timedelta(**by)


@pytest.fixture
def clock() -> PretendClock:
    return PretendClock()


@pytest.fixture
async def context(sqlite_database: Database, clock: PretendClock) -> AsyncIterator[Context]:
    store = PolicyStore(sqlite_database, clock)
    await store.seed(load_compendium(), load_tracks())
    knowledge = Knowledge(store)
    await knowledge.refresh()
    yield Context(
        knowledge=knowledge,
        members=Members(sqlite_database, clock),
        clock=clock,
        public_url="http://bot.test",
        questions=QuestionLog(sqlite_database, clock),
        windows=Windows(sqlite_database, clock),
    )


@pytest.fixture
async def chat(context: Context) -> Chat:
    router = Router(context)
    sessions: dict[str, bytes] = {}

    async def push(xml: str) -> str:
        inbound = parse_message(xml)
        session = Session.from_json(sessions.get(inbound.openid))
        answer = await router.respond(inbound, session)
        sessions[inbound.openid] = session.to_json()
        return render(answer.reply, to=inbound.openid, sender=inbound.account, at=0)

    return Chat(push)
