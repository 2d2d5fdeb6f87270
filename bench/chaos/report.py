"""What a run found, and whether the promise was kept."""

from dataclasses import dataclass, field

from bench.chaos.plans import Plan


@dataclass
class Report:
    """What was found at the end.

    Attributes:
        in_flight: rows under way in workers at the moment they were killed.
        silent: sends that got no answer although they may have been carried out.
        unexplained: unknown rows that were not under way in a worker that died, and whose member's messages
            all got a plain answer.
        lost: rows that say sent and whose member got nothing, and rows that never were settled.
        refused: of members who refuse, rows that wait in their inbox, are unknown, and are anything else.
    """

    plan: str
    seconds: float = 0
    counts: dict[str, int] = field(default_factory=dict)
    kills: int = 0
    in_flight: int = 0
    silent: int = 0
    unexplained: int = 0
    doubles: int = 0
    swallowed: int = 0
    oldest_swallowed_s: float = 0
    lost: int = 0
    refused: tuple[int, int, int] = (0, 0, 0)
    struck: dict[str, int] = field(default_factory=dict)

    def problems(self, plan: Plan) -> list[str]:
        """What breaks the promise; none, where it was kept."""
        bound = self.silent + self.in_flight
        checks = {
            f"{self.counts.get('pending', 0)} rows were never settled": self.counts.get("pending", 0) == 0,
            f"{self.lost} are lost": self.lost == 0,
            f"{self.doubles} got it twice": self.doubles == 0,
            f"{self.counts.get('failed', 0)} failed": self.counts.get("failed", 0) == 0,
            f"{self.swallowed} repeats, more than {bound}": self.swallowed <= bound,
            f"a repeat {self.oldest_swallowed_s:.1f} s late": self.oldest_swallowed_s
            <= plan.timing.remembered_s + plan.timing.request_s,
            f"{self.unexplained} unknown without a cause": self.unexplained == 0,
            f"{self.refused[2]} that were refused are not in the inbox": self.refused[2] == 0,
            f"{sum(self.refused)} refused, not {plan.refusing}": sum(self.refused) == plan.refusing,
        }
        return [problem for problem, held in checks.items() if not held]

    def __str__(self) -> str:
        states = ", ".join(f"{state} {n:,}" for state, n in self.counts.items())
        return (
            f"{self.plan}: {self.seconds:.0f} s; {states}; killed {self.kills} times with {self.in_flight} rows "
            f"under way; silent answers {self.silent}; unknown without a cause "
            f"{self.unexplained}; got it twice {self.doubles}; lost {self.lost}; repeats that "
            f"only WeChat's memory swallowed {self.swallowed}, the latest {self.oldest_swallowed_s:.1f} s after the "
            f"first; of those who refuse {self.refused[0]:,} in the inbox, {self.refused[1]} unknown; faults "
            f"{self.struck}"
        )
