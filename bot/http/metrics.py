"""`/metrics` in the text format of Prometheus, over all processes of one `web --workers N`, or of one `up`."""

import os
from collections.abc import Iterable
from pathlib import Path

from aiohttp import web
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Metric, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

MULTIPROCESS_DIR = "PROMETHEUS_MULTIPROC_DIR"


def metrics_route(registry: CollectorRegistry, child: Path | None = None) -> web.RouteDef:
    """Return the route of `/metrics`: the metrics of `registry`, or the sum over all sibling processes.

    Args:
        registry: of this process.
        child: the folder in which a worker of `up` keeps its metrics; it may not exist.
    """

    async def metrics(_request: web.Request) -> web.Response:
        shown = registry
        if MULTIPROCESS_DIR in os.environ:
            shown = _of_folder(None)
        elif child is not None and child.is_dir():  # noqa: ASYNC240 - one look into our own folder
            shown = CollectorRegistry()
            shown.register(_Both(registry, _of_folder(child)))
        return web.Response(body=generate_latest(shown), headers={"Content-Type": CONTENT_TYPE_LATEST})

    return web.get("/metrics", metrics)


def _of_folder(folder: Path | None) -> CollectorRegistry:
    registry = CollectorRegistry()
    MultiProcessCollector(registry, None if folder is None else str(folder))  # type: ignore[no-untyped-call]
    return registry


class _Both(Collector):
    """Merges two registries. If both have a metric, the first one wins."""

    def __init__(self, first: CollectorRegistry, second: CollectorRegistry) -> None:
        self._first = first
        self._second = second

    def collect(self) -> Iterable[Metric]:
        """Return every metric once."""
        own = {metric.name: metric for metric in self._first.collect()}
        return [*own.values(), *(metric for metric in self._second.collect() if metric.name not in own)]
