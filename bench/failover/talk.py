"""The people who write meanwhile: each message with WeChat's five seconds and three deliveries, and what they saw."""

import asyncio
import random
import time
from collections.abc import Iterable
from dataclasses import dataclass, field

from aiohttp import ClientSession, TCPConnector

from bench.failover.installation import Installation
from bench.load.pushes import questions
from sandbox.platform.account import SandboxAccount
from sandbox.platform.people import Person
from sandbox.push.push_xml import push_xml
from sandbox.push.pushing import Pusher

PREFIX = "oTALK"
_TRACKS = {
    "海水淡化": "desalination",
    "新材料": "new-materials",
    "人工智能": "ai",
    "远洋渔业": "distant-fishing",
}
_SORRY = "抱歉，刚才没能处理您的消息"


@dataclass(frozen=True, slots=True)
class Seen:
    """What one message brought.

    Attributes:
        at: when it was sent (monotonic).
        seconds: until the person saw an answer, or WeChat gave up.
        kind: `answered`; `late` (nothing at once, the answer follows by itself); `sorry`; `fault` (WeChat's own line).
        repeated: WeChat delivered it more than once.
    """

    at: float
    seconds: float
    kind: str
    repeated: bool


@dataclass(slots=True)
class Talk:
    """People who ask, subscribe and unsubscribe at a steady pace.

    Attributes:
        seen: of each message, what it brought.
        wanted: what each person was told they follow: openid → track → followed. A change without a clear answer is
            forgotten here, because both outcomes are right.
        told: the words of the last such answer.
    """

    installation: Installation
    people: int
    messages: int
    per_s: float
    seen: list[Seen] = field(default_factory=list)
    wanted: dict[str, dict[str, bool]] = field(default_factory=dict)
    told: dict[tuple[str, str], str] = field(default_factory=dict)

    async def run(self) -> None:
        """Send all messages; a person's next message waits for the answer to their last one."""
        chance, texts = random.Random(7), questions()
        busy: dict[int, asyncio.Task[None]] = {}
        account = SandboxAccount(self.installation.credentials)
        # A connection for each message, as through a proxy: the kernel deals them out to the webs.
        connector = TCPConnector(force_close=True, limit=0)
        async with ClientSession(connector=connector) as http, asyncio.TaskGroup() as group:
            pusher = Pusher(account, http, self.installation.callback_url, real=time.time, rng=chance)
            began = time.monotonic()
            for number in range(self.messages):
                await asyncio.sleep(max(0.0, began + number / self.per_s - time.monotonic()))
                who = number % self.people
                text = chance.choice(texts)
                if number % 4 == 1:
                    text = f"{chance.choice(('订阅', '订阅', '退订'))} {chance.choice(list(_TRACKS))}"
                elif number % 10 == 2:
                    text = "我的订阅"
                last = busy.get(who)
                busy[who] = group.create_task(self._say(pusher, who, number, text, last))

    async def _say(
        self, pusher: Pusher, who: int, number: int, text: str, last: "asyncio.Task[None] | None"
    ) -> None:
        if last is not None:
            await last
        person = Person(f"{PREFIX}{who:023d}")
        account_id = self.installation.credentials.account_id
        fields = {"Content": text, "MsgId": 10**15 + number}
        xml = push_xml(account_id, person.openid, int(time.time()), "text", fields)
        began = time.monotonic()
        result = await pusher.push(xml, person, to_message=True)
        content = str(result.reply.content.get("content", "")) if result.reply else ""
        if result.fault:
            kind = "fault"
        elif result.reply is None:
            kind = "late"
        else:
            kind = "sorry" if _SORRY in content else "answered"
        self.seen.append(Seen(began, time.monotonic() - began, kind, result.deliveries > 1))
        self._remember(person.openid, text, kind, content)

    def _remember(self, openid: str, text: str, kind: str, content: str) -> None:
        verb, _, track = text.partition(" ")
        if track not in _TRACKS or verb not in {"订阅", "退订"}:
            return
        known = self.wanted.setdefault(openid, {})
        known.pop(_TRACKS[track], None)
        if kind == "answered":
            known[_TRACKS[track]] = verb == "订阅"
            self.told[openid, _TRACKS[track]] = f"{text}: {content}"

    def between(self, begin: float, end: float) -> Iterable[Seen]:
        """What messages sent in this span brought."""
        return (one for one in self.seen if begin <= one.at < end)
