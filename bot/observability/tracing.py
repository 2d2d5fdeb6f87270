"""Traces by OpenTelemetry, an extra. On if `OTEL_EXPORTER_OTLP_ENDPOINT` is set; all settings are OpenTelemetry's."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

from bot.runtime.process import BadSettingsError
from storage import tracing

_ENDPOINTS = ("OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT")
_DEFAULTS = {
    "OTEL_SERVICE_NAME": "policybot",
    "OTEL_TRACES_SAMPLER": "parentbased_traceidratio",
    "OTEL_TRACES_SAMPLER_ARG": "0.01",
}


@contextmanager
def traces() -> Iterator[None]:
    """Send traces until the end of the block, if an address is set.

    Raises:
        BadSettingsError: an address is set, and the extra is not installed.
    """
    if not any(os.environ.get(name) for name in _ENDPOINTS):
        yield
        return
    try:
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter  # noqa: PLC0415
        from opentelemetry.sdk.trace import TracerProvider  # noqa: PLC0415
        from opentelemetry.sdk.trace.export import BatchSpanProcessor  # noqa: PLC0415
    except ImportError:
        raise BadSettingsError(
            f"{_ENDPOINTS[0]}: traces need an extra: pip install 'policybot[traces]', or unset it"
        ) from None
    for name, value in _DEFAULTS.items():
        os.environ.setdefault(name, value)
    provider = TracerProvider()
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
    tracing.use(provider.get_tracer("policybot"))
    try:
        yield
    finally:
        tracing.use(None)
        provider.shutdown()
