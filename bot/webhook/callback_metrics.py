"""Prometheus metrics of WeChat's pushes."""

from prometheus_client import CollectorRegistry, Counter, Histogram

_KINDS = ("text", "voice", "image", "video", "shortvideo", "location", "link", "event")
_OTHER = "other"
_BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 4.2)


class CallbackMetrics:
    """Metrics of one process. Label values come from closed sets, never from messages."""

    def __init__(self, registry: CollectorRegistry) -> None:
        answered = Histogram(
            "policybot_callback_seconds",
            "From a push to its answer, by what came.",
            ["kind"],
            buckets=_BUCKETS,
            registry=registry,
        )
        # Child metrics are looked up once: `labels` costs twice as much as counting.
        self._answered = {kind: answered.labels(kind) for kind in (*_KINDS, _OTHER)}
        self.refused = Counter(
            "policybot_callback_refused_total",
            "Pushes refused, by WeChat's number of the fault (or the HTTP status).",
            ["fault"],
            registry=registry,
        )
        self.repeated = Counter(
            "policybot_callback_repeated_total", "Pushes that WeChat repeated.", registry=registry
        )
        self.deadline_missed = Counter(
            "policybot_callback_late_total",
            "Answers that missed WeChat's 5 s and followed on their own.",
            registry=registry,
        )
        self.failed = Counter(
            "policybot_callback_failed_total", "Pushes whose handler failed.", registry=registry
        )
        self._intents = Counter(
            "policybot_intents_total", "Messages answered, by intent.", ["intent"], registry=registry
        )
        self._by_intent: dict[str, Counter] = {}
        self._by_words = Counter(
            "policybot_meaning_passed_over_total",
            "Questions in doubt decided by words: too many wait for the sentence model, or its budget is spent.",
            ["cause"],
            registry=registry,
        )

    def answer(self, kind: str, seconds: float) -> None:
        """Count an answer by the kind of the push, with the time it took."""
        (self._answered.get(kind) or self._answered[_OTHER]).observe(seconds)

    def words_decide(self, cause: str) -> None:
        """Count a question that words decided though they left a doubt."""
        self._by_words.labels(cause).inc()

    def intent(self, name: str) -> None:
        """Count a message by its intent."""
        child = self._by_intent.get(name)
        if child is None:
            child = self._by_intent[name] = self._intents.labels(name)
        child.inc()
