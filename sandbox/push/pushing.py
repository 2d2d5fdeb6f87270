"""Pushing to the bot's `/wechat`: five seconds, three deliveries, and a strict look at the answer (docs/wechat.md §1.6)."""

import asyncio
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

from aiohttp import ClientError, ClientSession, ClientTimeout

from sandbox.platform.account import SandboxAccount
from sandbox.platform.people import Person
from sandbox.push.envelope import BadEnvelopeError, Envelope
from sandbox.push.replies import ShownReply, read_reply

SERVICE_FAULT = "该公众号提供的服务出现故障，请稍后再试"


@dataclass(frozen=True, slots=True)
class PushRules:
    """How the platform pushes; what is not known of the real one is a switch here.

    Attributes:
        deliveries: how many times one message is delivered in all while nothing answers.
        seconds: how long an answer may take.
        retry_nonce: whether a retry carries the first delivery's timestamp and nonce, or fresh ones.
    """

    deliveries: int = 3
    seconds: float = 5.0
    retry_nonce: Literal["same", "fresh"] = "fresh"


@dataclass(slots=True)
class PushResult:
    """The result of one push.

    Attributes:
        reply: what the person is shown, or None.
        fault: why WeChat shows its fault line, in Chinese; "" if it does not.
        deliveries: how often it was delivered.
        raw: the messages on the wire and under the encryption, each with a heading.
    """

    reply: ShownReply | None = None
    fault: str = ""
    deliveries: int = 0
    raw: list[tuple[str, str]] = field(default_factory=list)


class Pusher:
    """The platform's side of the callback.

    Attributes:
        url: the bot's `/wechat`; may be set once it is known.
    """

    def __init__(
        self,
        account: SandboxAccount,
        session: ClientSession,
        url: str,
        *,
        real: Callable[[], float],
        rng: random.Random,
        rules: PushRules | None = None,
    ) -> None:
        self._account = account
        self._envelope = Envelope(account)
        self._session = session
        self._real = real
        self._rng = rng
        self._rules = rules or PushRules()
        self.url = url

    async def push(self, xml: str, person: Person, *, to_message: bool) -> PushResult:
        """Deliver `xml` until something answers, at most three times, and read the answer.

        Only the signature's timestamp is the wall's; CreateTime and MsgId are in `xml` and stay.
        """
        outcome = PushResult(raw=[("推送明文", xml)])
        timestamp, nonce = self._stamp()
        for _ in range(self._rules.deliveries):
            sealed = self._envelope.seal(xml, person.openid, timestamp, nonce)
            outcome.deliveries += 1
            if outcome.deliveries == 1 and sealed.body != xml:
                outcome.raw.append(("推送报文", sealed.body))
            try:
                timeout = ClientTimeout(total=self._rules.seconds)
                async with self._session.post(
                    self.url,
                    params=sealed.query,
                    data=sealed.body.encode(),
                    headers={"Content-Type": "text/xml"},
                    timeout=timeout,
                ) as response:
                    status, body = response.status, await response.text(errors="replace")
            except (ClientError, OSError, TimeoutError) as error:
                outcome.fault = _silence(error)
                if isinstance(error, ClientError) and not isinstance(error, TimeoutError):
                    await asyncio.sleep(min(1.0, self._rules.seconds / 5))
                if self._rules.retry_nonce == "fresh":
                    timestamp, nonce = self._stamp()
                continue
            self._read(outcome, status, body, person, to_message=to_message)
            return outcome
        return outcome

    def _read(self, outcome: PushResult, status: int, body: str, person: Person, *, to_message: bool) -> None:
        outcome.fault = ""
        outcome.raw.append(("应答报文", body))
        if status != 200:
            outcome.fault = f"应答的 HTTP 状态是 {status}"
        elif body not in {"", "success"}:
            account_id = self._account.credentials.account_id
            try:
                plain = self._envelope.open(body)
                if plain != body:
                    outcome.raw.append(("应答明文", plain))
                outcome.reply = read_reply(plain, person, account_id, to_message=to_message)
            except BadEnvelopeError as error:
                outcome.fault = str(error)

    def _stamp(self) -> tuple[str, str]:
        return str(int(self._real())), str(self._rng.randrange(10**8, 10**9))


def _silence(error: Exception) -> str:
    return "5 秒内没有应答" if isinstance(error, TimeoutError) else "连不上机器人的 /wechat"
