"""Traces are off without an address, and an address without the extra is a line that says what to install."""

import builtins
import os
from typing import Any

import pytest

from bot.observability.tracing import traces
from bot.runtime.process import BadSettingsError
from storage import tracing


def test_nothing_is_traced_without_an_address(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OTEL_EXPORTER_OTLP_ENDPOINT", raising=False)
    with traces():
        assert tracing.departing() == {}


def test_an_address_without_the_extra_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:1")
    real = builtins.__import__

    def without(name: str, *more: Any) -> Any:
        if name.startswith("opentelemetry"):
            raise ImportError(name)
        return real(name, *more)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(BadSettingsError, match=r"policybot\[traces\]"), traces():
        pass


def test_with_an_address_one_in_a_hundred_is_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:1")
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_TIMEOUT", "0.2")  # seconds: nobody takes it
    monkeypatch.setenv("OTEL_TRACES_SAMPLER_ARG", "1.0")
    with traces(), tracing.span("message"):
        assert "traceparent" in tracing.departing()
    assert tracing.departing() == {}
    assert os.environ["OTEL_TRACES_SAMPLER"] == "parentbased_traceidratio"
