"""What a run does to whom."""

from dataclasses import dataclass, replace

from alerts.model.rows.row_states import Timing


@dataclass(frozen=True)
class Plan:
    """One run.

    Attributes:
        by: `template` or `custom`.
        members: recipients.
        kills, valkey_restarts, database_cuts: how often.
        rate: messages a second over all workers.
        memory_s: how long WeChat remembers an id.
        outage_s: all workers are dead for so long, once; 0: never.
        refusing: so many of the members refuse every message (`user block`).
    """

    name: str
    by: str
    members: int
    workers: int
    kills: int
    valkey_restarts: int
    database_cuts: int
    rate: float
    memory_s: float
    outage_s: float
    timing: Timing
    seed: int = 1
    refusing: int = 0


FULL = Timing(claim_s=40, try_s=8, request_s=3, queued_s=20, sweep_s=3, backoff_s=0.3, backoff_max_s=5)
SHORT = Timing(claim_s=4, try_s=2.5, request_s=1, queued_s=2, sweep_s=0.5, backoff_s=0.1, backoff_max_s=1)
SCALED = replace(SHORT, claim_s=8, queued_s=3, remembered_s=7)
SHORT_SCALED = replace(SHORT, remembered_s=4)
FULL_PLANS = (
    Plan("by template", "template", 20_000, 3, 20, 2, 2, 300, 600, 0, FULL),
    Plan("customer service only", "custom", 20_000, 3, 20, 2, 2, 300, 600, 0, FULL),
    Plan("memory of seconds, a long outage", "template", 20_000, 3, 20, 2, 2, 300, 10, 15, SCALED),
    Plan(
        "customer service, one in ten refuses",
        "custom",
        20_000,
        3,
        20,
        2,
        2,
        300,
        600,
        0,
        FULL,
        refusing=2_000,
    ),
)
SHORT_PLANS = (
    Plan("by template", "template", 1_500, 3, 6, 1, 1, 150, 600, 0, SHORT),
    Plan("customer service only", "custom", 1_500, 3, 6, 1, 1, 150, 600, 0, SHORT),
    Plan("memory of seconds, a long outage", "template", 1_500, 3, 5, 1, 1, 150, 7, 6, SHORT_SCALED),
    Plan(
        "customer service, one in ten refuses", "custom", 1_500, 3, 6, 1, 1, 150, 600, 0, SHORT, refusing=150
    ),
)
