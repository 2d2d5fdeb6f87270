"""People who write at a steady pace, whatever the answers take: `python -m bench.load.steady_talk URL PER_S MEMBERS`.

An open loop: a message that is due leaves although others wait, and its time counts from when it was due. It ends at SIGTERM
and prints JSON: what each second brought.
"""

import asyncio
import json
import random
import secrets
import signal
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from urllib.parse import urlencode, urlsplit

import uvloop

from bench.failover.installation import SECRET
from bench.load.pushes import typed
from sandbox.credentials import sandbox_credentials
from wechat.push.crypto import AesKey, signature_of

_CONNECTIONS = 200
_TOO_LATE_S = 5.0
_SORRY = "抱歉，刚才没能处理您的消息".encode()


def member_openid(number: int) -> str:
    """The openid of a member of the benchmarks, 28 characters."""
    return f"oWx{number:025d}"


class Pushes:
    """Signed and sealed requests, made when they are due: a signature holds for five minutes."""

    def __init__(self, url: str, members: int) -> None:
        made = sandbox_credentials(SECRET.encode())
        self._host, self._path = urlsplit(url).netloc, urlsplit(url).path
        self._token, self._app_id, self._account = made.token, made.app_id.encode(), made.account_id
        self.key = AesKey(made.aes_key)
        self.app_id = self._app_id
        self._members = members
        self._texts = typed(20_000)
        self._chance = random.Random(3)
        self._number = secrets.randbits(40) << 20

    def next(self) -> bytes:
        """One request."""
        self._number += 1
        stamp, nonce = str(int(time.time())), str(self._number)
        openid = member_openid(self._chance.randint(1, self._members))
        xml = (
            f"<xml><ToUserName><![CDATA[{self._account}]]></ToUserName><FromUserName><![CDATA[{openid}]]></FromUserName>"
            f"<CreateTime>{stamp}</CreateTime><MsgType><![CDATA[text]]></MsgType>"
            f"<Content><![CDATA[{self._texts[self._number % len(self._texts)]}]]></Content><MsgId>{self._number}</MsgId></xml>"
        )
        encrypted = self.key.encrypt(xml.encode(), self._app_id)
        query = {
            "signature": signature_of(self._token, stamp, nonce),
            "timestamp": stamp,
            "nonce": nonce,
            "openid": openid,
            "encrypt_type": "aes",
            "msg_signature": signature_of(self._token, stamp, nonce, encrypted),
        }
        body = f"<xml><ToUserName><![CDATA[{self._account}]]></ToUserName><Encrypt><![CDATA[{encrypted}]]></Encrypt></xml>"
        return (
            f"POST {self._path}?{urlencode(query)} HTTP/1.1\r\nHost: {self._host}\r\nContent-Type: text/xml\r\n"
            f"Content-Length: {len(body)}\r\n\r\n{body}"
        ).encode()


@dataclass(slots=True)
class Outcome:
    """Times in milliseconds, and how many answers were of which kind."""

    times: list[float] = field(default_factory=list)
    kinds: Counter[str] = field(default_factory=Counter)


class SteadyTalk:
    """Sends a message every `1 / per_s` seconds over connections that are kept."""

    def __init__(self, url: str, per_s: float, members: int) -> None:
        self._host, self._port = urlsplit(url).hostname or "", urlsplit(url).port or 80
        self._per_s = per_s
        self._pushes = Pushes(url, members)
        self._idle: list[tuple[asyncio.StreamReader, asyncio.StreamWriter]] = []
        self._free = asyncio.Semaphore(_CONNECTIONS)
        self.seconds: dict[int, Outcome] = {}

    async def run(self, stop: asyncio.Event) -> None:
        """Send until `stop` is set, and wait for the answers."""
        began = time.perf_counter()
        async with asyncio.TaskGroup() as group:
            for number in range(10**9):
                due = began + number / self._per_s
                await asyncio.sleep(max(0.0, due - time.perf_counter()))
                if stop.is_set():
                    break
                group.create_task(self._send(due, self.seconds.setdefault(int(due - began), Outcome())))

    async def _send(self, due: float, outcome: Outcome) -> None:
        async with self._free:
            try:
                async with asyncio.timeout(2 * _TOO_LATE_S):
                    kind = await self._ask()
            except (OSError, TimeoutError, asyncio.IncompleteReadError):
                kind = "broken"
        took = time.perf_counter() - due
        outcome.times.append(took * 1000)
        outcome.kinds["late" if took > _TOO_LATE_S else kind] += 1

    async def _ask(self) -> str:
        reader, writer = (
            self._idle.pop() if self._idle else await asyncio.open_connection(self._host, self._port)
        )
        writer.write(self._pushes.next())
        head = await reader.readuntil(b"\r\n\r\n")
        body = await reader.readexactly(int(head.partition(b"Content-Length: ")[2].partition(b"\r\n")[0]))
        if b"Connection: close" in head:
            writer.close()
        else:
            self._idle.append((reader, writer))
        if not head.startswith(b"HTTP/1.1 200"):
            return "refused"
        if body == b"success":
            return "deferred"
        encrypted = body.partition(b"<Encrypt><![CDATA[")[2].partition(b"]]>")[0]
        plain = self._pushes.key.decrypt(encrypted, self._pushes.app_id)
        return "sorry" if _SORRY in plain else "answered"


async def main() -> None:
    """Talk until told to stop, then print the seconds."""
    url, per_s, members = sys.argv[1:]
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    talk = SteadyTalk(url, float(per_s), int(members))
    await talk.run(stop)
    seconds = [[second, one.times, one.kinds] for second, one in sorted(talk.seconds.items())]
    sys.stdout.write(json.dumps(seconds))


if __name__ == "__main__":
    uvloop.run(main())
