"""A Redis master, its replica and three sentinels; all of them reach the two servers by gateways that a run can cut.

A cut gateway isolates a server from the bot, from the sentinels and from the other server, as a cut cable does.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import redis.asyncio

from bench.cluster.gateway import Gateway
from bench.cluster.redis_servers import HOST, START_S, Servers
from bench.ports import unused_port

_SERVICE = "policy"


@dataclass(slots=True)
class RedisServer:
    """One server, and the gateway under whose port everybody knows it."""

    port: int
    gateway: Gateway

    async def command(self, *words: Any) -> Any:
        """Run a command on this server, whatever role it has."""
        client = redis.asyncio.Redis(host=HOST, port=self.port, socket_timeout=5)
        try:
            return await client.execute_command(*words)  # type: ignore[no-untyped-call]
        finally:
            await client.aclose()


@dataclass(slots=True)
class SentinelTrio:
    """Two servers and the sentinels that watch them."""

    servers: Servers
    pair: tuple[RedisServer, RedisServer]
    sentinels: tuple[int, ...]

    @classmethod
    async def start(cls, servers: Servers) -> "SentinelTrio":
        """Start all five, and wait until the sentinels know each other."""
        pair = (await _server(), await _server())
        trio = cls(servers, pair, ())
        await trio.run_server(pair[0])
        await trio.run_server(pair[1], f"replicaof {HOST} {pair[0].gateway.port}")
        await _until(lambda: _field(pair[1], "master_link_status"), "up")
        watch = (
            f"sentinel monitor {_SERVICE} {HOST} {pair[0].gateway.port} 2",
            f"sentinel down-after-milliseconds {_SERVICE} 2000",
            f"sentinel failover-timeout {_SERVICE} 4000",
        )
        trio.sentinels = tuple([await servers.start(*watch, sentinel=True) for _ in range(3)])
        await _until(trio._others_known, 2)
        return trio

    async def run_server(self, server: RedisServer, *more: str) -> None:
        """Start one of the servers; one that was a replica before still is."""
        announced = ("replica-announce-ip " + HOST, f"replica-announce-port {server.gateway.port}")
        await self.servers.start(*announced, "repl-diskless-sync-delay 0", *more, port=server.port)

    def url(self) -> str:
        """The address for the bot."""
        hosts = ",".join(f"{HOST}:{port}" for port in self.sentinels)
        return f"redis+sentinel://{hosts}/{_SERVICE}/0"

    async def master(self) -> RedisServer:
        """The server that the sentinels name."""
        client = redis.asyncio.Redis(host=HOST, port=self.sentinels[0], decode_responses=True)
        try:
            address: Any = await client.sentinel_get_master_addr_by_name(_SERVICE)
        finally:
            await client.aclose()
        return next(server for server in self.pair if server.gateway.port == int(address[1]))

    async def until_replicated(self) -> None:
        """Wait until the other server follows the master again."""
        master = await self.master()
        await _until(lambda: _field(master, "connected_slaves"), 1)

    async def end(self) -> None:
        """Close the gateways; `Servers.end` ends the processes."""
        for server in self.pair:
            await server.gateway.close()

    async def _others_known(self) -> int:
        client = redis.asyncio.Redis(host=HOST, port=self.sentinels[0], decode_responses=True)
        try:
            masters: Any = await client.sentinel_masters()
        finally:
            await client.aclose()
        return int(masters[_SERVICE]["num-other-sentinels"])


async def _server() -> RedisServer:
    port = unused_port()
    gateway = Gateway((HOST, port))
    await gateway.open()
    return RedisServer(port, gateway)


async def _field(server: RedisServer, name: str) -> Any:
    client = redis.asyncio.Redis(host=HOST, port=server.port, socket_timeout=5)
    try:
        return (await client.info("replication")).get(name)
    finally:
        await client.aclose()


async def _until(ask: Callable[[], Awaitable[Any]], value: Any) -> None:
    async with asyncio.timeout(START_S):
        while await ask() != value:  # noqa: ASYNC110 - nobody tells us
            await asyncio.sleep(0.05)
