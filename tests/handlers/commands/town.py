"""People who talk to the bot, with a real database and Redis behind it and no HTTP between."""

from dataclasses import dataclass, field
from functools import cache

from redis.asyncio import Redis

from alerts.ledger.receipts import ReceiptWriter
from alerts.member.alerts_of_member import MemberAlerts
from alerts.member.page_links import AlertLinks
from handlers.framework.context import Context
from handlers.framework.session import Session
from handlers.router import Router
from policies.company_facts.fact_links import FactLinks
from policies.company_facts.match_service import MatchService, load_match_service
from policies.knowledge import Knowledge
from policies.questions.log import QuestionLog
from policies.windows.application_windows import Windows
from storage.clock import Clock
from storage.sql.database import Database
from subscriptions.companies.bindings import SeenClaim
from subscriptions.directory import Members
from subscriptions.handoff import Handoffs
from subscriptions.members.member_tokens import MemberTokens
from subscriptions.messaging_rights.service_windows import ServiceWindowLog
from subscriptions.privacy.erasure import Erasing
from subscriptions.profiles.profiles import Profiles
from tests.handlers.chat import TextShown
from wechat.push.messages import Inbound

SECRET = b"secret"
PUBLIC_URL = "https://policy.example"


@cache
def match_service() -> MatchService:
    """It never changes."""
    return load_match_service()


class Town:
    """The bot, and everybody who talks to it."""

    def __init__(self, database: Database, redis: Redis, clock: Clock, knowledge: Knowledge) -> None:
        self.database = database
        self.redis = redis
        self.clock = clock
        self.members = Members(database, clock)
        self.service_windows = ServiceWindowLog(database, clock)
        self.erasing = Erasing(
            database, clock, secret=SECRET, service_windows=self.service_windows, redis=redis
        )
        self.member_tokens = MemberTokens(SECRET, redis)
        self.router = Router(
            Context(
                knowledge=knowledge,
                members=self.members,
                clock=clock,
                public_url=PUBLIC_URL,
                questions=QuestionLog(database, clock),
                windows=Windows(database, clock),
                alerts=MemberAlerts(database, clock, AlertLinks(SECRET, PUBLIC_URL)),
                erasing=self.erasing,
                member_tokens=self.member_tokens,
                handoffs=Handoffs(database, clock),
                receipts=ReceiptWriter(database, clock),
                matching=match_service(),
                profiles=Profiles(database, clock),
                fact_links=FactLinks(SECRET, PUBLIC_URL),
            )
        )

    async def confirms(self, member_id: int) -> SeenClaim:
        """An operator looks at the member's claim and confirms it; what they saw."""
        claims = await self.members.companies.claims()
        seen = next(claim.seen for claim in claims if claim.member_id == member_id)
        await self.members.companies.confirm(member_id, seen, "王秘书")
        return seen

    def person(self, openid: str = "o-anna") -> "Person":
        return Person(self, openid)


@dataclass(frozen=True)
class Heard(TextShown):
    """An answer of the router as the person sees it."""

    intent: str

    @property
    def link(self) -> str:
        """The address of the first link to a page."""
        return next(iter(self.links.values()))


@dataclass
class Person:
    town: Town
    openid: str
    stored: bytes = b""
    last: Heard = field(default_factory=lambda: Heard("", ""))

    async def says(self, text: str) -> Heard:
        return await self._send(Inbound(kind="text", openid=self.openid, account="gh", sent_at=0, text=text))

    async def taps(self, label: str) -> Heard:
        return await self._send(
            Inbound(
                kind="text",
                openid=self.openid,
                account="gh",
                sent_at=0,
                text=self.last.taps[label],
                by_menu_tap=True,
            )
        )

    async def does(self, event: str, key: str = "", **raw: object) -> Heard:
        return await self._send(
            Inbound(kind="event", openid=self.openid, account="gh", sent_at=0, event=event, key=key, raw=raw)
        )

    async def follows(self, scene: str = "") -> Heard:
        return await self.does("subscribe", scene)

    async def tracks(self) -> set[str]:
        return set(await self.town.members.tracks_by_openid(self.openid))

    async def id(self) -> int | None:
        return await self.town.members.id_of(self.openid)

    async def _send(self, inbound: Inbound) -> Heard:
        """The session goes through its stored form each time, as over a restart."""
        if inbound.by_person:
            self.town.service_windows.note(inbound)
        session = Session.from_json(self.stored)
        answer = await self.town.router.respond(inbound, session)
        self.stored = session.to_json()
        self.last = Heard(answer.text, answer.intent)
        return self.last
