"""The metrics of delivery."""

from collections import Counter as Counts
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

from alerts.model.rows.row_states import OPEN, RowState

_LATENCY_S = (0.5, 1, 2, 5, 10, 30, 60, 300, 900, 3600, 6 * 3600, 24 * 3600)


@dataclass(frozen=True, slots=True)
class DeliveryMetrics:
    """Counters and gauges of delivery. Every worker measures the same ledger, so the latest value of a gauge counts.

    Attributes:
        queued: rows put on the queue.
        tried: answers of WeChat by channel and errcode (0: taken; "none": no answer; "unsent").
        settled: rows settled, by state.
        latency: seconds from a row's being due to WeChat's taking it.
        depth: chunks on the queue.
        open: rows not settled, of campaigns being sent.
        oldest: seconds since the oldest of them fell due.
        recovered: rows taken back from workers that died, by the state they were left in.
        unknown: rows whose fate an operator has to decide.
    """

    queued: Counter
    tried: Counter
    settled: Counter
    latency: Histogram
    depth: Gauge
    open: Gauge
    oldest: Gauge
    recovered: Counter
    unknown: Gauge

    def count(self, states: Iterable[RowState]) -> None:
        """Count settled rows. Open rows among them are not counted."""
        for state, rows in Counts(states).items():
            if state not in OPEN:
                self.settled.labels(state.value).inc(rows)

    def took(self, channel: str, due_at: Sequence[datetime | None], now: datetime) -> None:
        """Count messages that WeChat took, and how long after their due time."""
        self.tried.labels(channel, "0").inc(len(due_at))
        latency = self.latency.labels(channel)
        for instant in due_at:
            if instant is not None:
                latency.observe((now - instant).total_seconds())

    @classmethod
    def register(cls, registry: CollectorRegistry) -> "DeliveryMetrics":
        """Make them in a registry."""
        name = "policybot_deliveries"
        return cls(
            Counter(f"{name}_queued", "Rows put on the queue", registry=registry),
            Counter(f"{name}_tried", "Answers of WeChat", ["channel", "errcode"], registry=registry),
            Counter(f"{name}_settled", "Rows settled", ["state"], registry=registry),
            Histogram(
                f"{name}_latency_seconds",
                "From due to taken by WeChat",
                ["channel"],
                buckets=_LATENCY_S,
                registry=registry,
            ),
            Gauge(
                f"{name}_queue_depth",
                "Chunks on the queue",
                registry=registry,
                multiprocess_mode="mostrecent",
            ),
            Gauge(f"{name}_open", "Rows not settled", registry=registry, multiprocess_mode="mostrecent"),
            Gauge(
                f"{name}_oldest_due_seconds",
                "Age of the oldest of them",
                registry=registry,
                multiprocess_mode="mostrecent",
            ),
            Counter(f"{name}_recovered", "Rows taken back from dead workers", ["state"], registry=registry),
            Gauge(
                f"{name}_unknown",
                "Rows whose fate an operator has to decide",
                registry=registry,
                multiprocess_mode="mostrecent",
            ),
        )
