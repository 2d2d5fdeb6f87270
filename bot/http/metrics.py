"""`/metrics` in the text format of Prometheus, over all processes of one `web --workers N`."""

import os

from aiohttp import web
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector

MULTIPROCESS_DIR = "PROMETHEUS_MULTIPROC_DIR"


def metrics_route(registry: CollectorRegistry) -> web.RouteDef:
    """The route of `/metrics`: the metrics of `registry`, or the sum over all sibling processes."""

    async def metrics(_request: web.Request) -> web.Response:
        shown = registry
        if MULTIPROCESS_DIR in os.environ:
            shown = CollectorRegistry()
            MultiProcessCollector(shown)  # type: ignore[no-untyped-call]
        return web.Response(body=generate_latest(shown), headers={"Content-Type": CONTENT_TYPE_LATEST})

    return web.get("/metrics", metrics)
