"""What is counted of WeChat's pushes."""

from prometheus_client import CollectorRegistry, Counter, Histogram

_BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 4.2)


class CallbackMetrics:
    """Counters of one process; label values come from closed sets, never from what people send."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self.answered = Histogram(
            "policybot_callback_seconds",
            "From a push to its answer, by what came.",
            ["kind"],
            buckets=_BUCKETS,
            registry=registry,
        )
        self.refused = Counter(
            "policybot_callback_refused_total",
            "Pushes refused, by WeChat's number of the fault (or the HTTP status).",
            ["fault"],
            registry=registry,
        )
        self.repeated = Counter(
            "policybot_callback_repeated_total", "Pushes that WeChat repeated.", registry=registry
        )
        self.late = Counter(
            "policybot_callback_late_total",
            "Answers that missed WeChat's 5 s and followed on their own.",
            registry=registry,
        )
        self.failed = Counter(
            "policybot_callback_failed_total", "Pushes whose handler failed.", registry=registry
        )
        self.intents = Counter(
            "policybot_intents_total", "Messages answered, by intent.", ["intent"], registry=registry
        )
