"""One message and one alert are one trace each, from end to end; no span holds who or what."""

from collections.abc import Iterator

import pytest
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from redis.asyncio import Redis

from storage import tracing
from tests.alerts.delivery_stage import Stage, until
from tests.alerts.worker.test_worker import settled, working
from tests.bot.callback_app import Desk, process
from tests.wechat.pushes import OPENID, text_push


@pytest.fixture
def spans() -> Iterator[InMemorySpanExporter]:
    exporter, provider = InMemorySpanExporter(), TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    tracing.use(provider.get_tracer("test"))
    yield exporter
    tracing.use(None)


def trace_of(spans: InMemorySpanExporter, name: str) -> list[ReadableSpan]:
    """The spans that share the trace of the first one of this name."""
    found = spans.get_finished_spans()
    [first, *_] = [one for one in found if one.name == name]
    return [one for one in found if one.context.trace_id == first.context.trace_id]


async def test_a_message_is_one_trace(redis_client: Redis, spans: InMemorySpanExporter) -> None:
    desk = Desk()
    async with process(redis_client, desk=desk, deadline_s=0.2) as bot:
        bot.conversation.go.clear()
        assert await bot.push(text_push("首台套")) == ""
        bot.conversation.go.set()
        await desk.arrived.wait()
    names = {one.name for one in trace_of(spans, "message")}
    assert names == {"message", "redis: claim and session", "wechat: customer-service message"}
    told = " ".join(one.to_json() for one in spans.get_finished_spans())
    assert OPENID not in told
    assert "首台套" not in told


async def test_a_chunk_of_alerts_is_one_trace_over_queue_worker_and_wechat(
    stage: Stage, spans: InMemorySpanExporter
) -> None:
    campaign = await stage.campaign(await stage.members(20))
    async with working(stage):
        await until(lambda: settled(stage, campaign))
    whole = trace_of(spans, "alerts: queue a chunk")
    names = [one.name for one in whole]
    assert names.count("wechat: send") == 20
    assert {"alerts: a chunk", "database: write"} <= set(names)
