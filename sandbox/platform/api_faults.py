"""Ways in which the WeChat API can fail, chosen by an operator or a test."""

import random
from collections.abc import Callable, Sequence
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

ApiFaultKind = Literal[
    "errcode",
    "bad_gateway",
    "empty",
    "hang",
    "reset_before",
    "reset_after",
    "silence",
    "errcode_after",
    "slow",
]


class ApiFault(BaseModel):
    """One fault.

    Attributes:
        path: the API's path (`/cgi-bin/message/template/send`), a part of it, or `*`.
        kind: `errcode` refuses with `errcode`; `errcode_after` does the work first; `bad_gateway` is a 502 with
            HTML; `empty` a 200 without a body; `hang` never answers and does nothing; `reset_before` and
            `reset_after` break the connection before or after the work; `silence` does the work and never
            answers; `slow` answers after `seconds`.
        share: of the calls, 0 to 1.
        times: how many calls it strikes, None for all.
        seconds: how long `slow` waits, at least; how long `hang` and `silence` keep the connection.
        seconds_max: the longest wait of `slow`, where it varies.
    """

    model_config = ConfigDict(extra="forbid")

    path: str = "*"
    kind: ApiFaultKind
    errcode: int = -1
    share: Annotated[float, Field(gt=0, le=1)] = 1.0
    times: Annotated[int, Field(ge=1)] | None = None
    seconds: Annotated[float, Field(ge=0, le=600)] = 60.0
    seconds_max: Annotated[float, Field(ge=0, le=600)] | None = None

    def strikes(self, path: str) -> bool:
        return self.path == "*" or self.path in path

    def wait(self, rng: random.Random) -> float:
        """Seconds that `slow` waits this time."""
        return rng.uniform(self.seconds, max(self.seconds, self.seconds_max or 0.0))


class ApiFaults:
    """The faults in force. A call meets every `slow` that fits and at most one other."""

    def __init__(self, now: Callable[[], float], rng: random.Random) -> None:
        self._now = now
        self._rng = rng
        self._faults: list[ApiFault] = []
        self.struck: dict[str, int] = {}
        self.token_every: float | None = None
        self._token_next = 0.0

    @property
    def all(self) -> Sequence[ApiFault]:
        return tuple(self._faults)

    def replace(self, faults: Sequence[ApiFault]) -> None:
        """Put these in force, and none else."""
        self._faults = list(faults)

    def throw_token_out_every(self, seconds: float | None) -> None:
        """End the access token every so many seconds. None: no longer."""
        self.token_every = seconds
        self._token_next = self._now() + (seconds or 0.0)

    def token_is_due(self) -> bool:
        """Whether the token is to be thrown out at this call."""
        if self.token_every is None or self._now() < self._token_next:
            return False
        self._token_next = self._now() + self.token_every
        self._count("token thrown out")
        return True

    def meet(self, path: str) -> tuple[float, ApiFault | None]:
        """Return what a call meets: seconds to wait first, and a fault or None."""
        if not self._faults:
            return 0.0, None
        wait = 0.0
        met: ApiFault | None = None
        for fault in list(self._faults):
            if not fault.strikes(path) or (fault.kind != "slow" and met is not None):
                continue
            if fault.share < 1 and self._rng.random() >= fault.share:
                continue
            if fault.kind == "slow":
                wait += fault.wait(self._rng)
            else:
                met = fault
                self._count(fault.kind)
            self._spend(fault)
        return wait, met

    def _spend(self, fault: ApiFault) -> None:
        if fault.times is None:
            return
        fault.times -= 1
        if fault.times == 0:
            self._faults.remove(fault)

    def _count(self, what: str) -> None:
        self.struck[what] = self.struck.get(what, 0) + 1
