"""Servers of Redis' kind for tests: masters, replicas and sentinels on ports of their own, and a TLS end before one."""

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import redis.asyncio
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from bench.ports import unused_port
from bot.runtime.valkey import server_program

HOST = "127.0.0.1"
PASSWORD = "p@ss:w/rd%"
QUOTED = "p%40ss%3Aw%2Frd%25"
ACL_USER = f"user bot on >{PASSWORD} ~* &* +@all"
START_S = 20
_PERIODS_MS = {"publish-period": 100, "info-period": 200, "ping-period": 100, "ask-period": 100}
"""How often sentinels tell each other of themselves, and ask servers and each other; their own are one to ten seconds."""


@dataclass(slots=True)
class Servers:
    """Processes under one folder, ended together."""

    folder: Path
    running: dict[int, asyncio.subprocess.Process] = field(default_factory=dict)

    async def start(self, *configuration: str, sentinel: bool = False, port: int = 0) -> int:
        """Start a server with lines of a configuration file; gives its port once it answers."""
        port = port or unused_port()
        place = self.folder / str(port)
        place.mkdir(exist_ok=True)
        file = place / "server.conf"
        lines = [f"port {port}", f"bind {HOST}", f"dir {place}", "daemonize no", *configuration]
        if not sentinel:
            lines += ['save ""', "appendonly no"]
        file.write_text("\n".join(lines) + "\n")
        command = [str(server_program()), str(file), *(["--sentinel"] if sentinel else [])]
        with (place / "log").open("ab") as said:
            process = await asyncio.create_subprocess_exec(*command, stdout=said, stderr=said)
        self.running[port] = process
        async with asyncio.timeout(START_S):
            while True:
                try:
                    _, writer = await asyncio.open_connection(HOST, port)
                except OSError:
                    await asyncio.sleep(0.02)
                else:
                    writer.close()
                    return port

    async def kill(self, port: int) -> None:
        process = self.running.pop(port)
        process.kill()
        await process.wait()

    async def end(self) -> None:
        for port in list(self.running):
            await self.kill(port)


@dataclass(slots=True)
class Watched:
    """A master, a replica and three sentinels that watch them."""

    servers: Servers
    master: int
    replica: int
    sentinels: tuple[int, ...]

    def url(self, *, also_dead: int = 0) -> str:
        """The address; `also_dead` puts a sentinel first that does not run."""
        hosts = ",".join(f"{HOST}:{port}" for port in ([also_dead] if also_dead else []) + [*self.sentinels])
        return f"redis+sentinel://bot:{QUOTED}@{hosts}/policy/0"


async def start_watched(servers: Servers) -> Watched:
    """The three kinds of server, each knowing the others; all but the sentinels want the user `bot`."""
    sign_in = (
        ACL_USER,
        f"masteruser bot\nmasterauth {PASSWORD}",
        "user default off",
        "repl-diskless-sync-delay 0",
    )
    master = await servers.start(*sign_in)
    replica = await servers.start(*sign_in, f"replicaof {HOST} {master}")
    await _until(master, "connected_slaves", 1)
    watch = (
        f"sentinel monitor policy {HOST} {master} 2",
        "sentinel down-after-milliseconds policy 500",
        "sentinel failover-timeout policy 2000",
        "sentinel auth-user policy bot",
        f"sentinel auth-pass policy {PASSWORD}",
    )
    sentinels = tuple(
        await asyncio.gather(*(_start_sentinel(servers, *watch) for _ in range(3))),
    )
    client = redis.asyncio.Redis(host=HOST, port=sentinels[0], decode_responses=True)
    async with asyncio.timeout(START_S):
        while await _others_known(client) < 2:  # noqa: ASYNC110 - nobody tells us
            await asyncio.sleep(0.05)
    await client.aclose()
    return Watched(servers, master, replica, sentinels)


async def _start_sentinel(servers: Servers, *configuration: str) -> int:
    port = await servers.start(*configuration, sentinel=True)
    client = redis.asyncio.Redis(host=HOST, port=port)
    periods = (str(word) for period in _PERIODS_MS.items() for word in period)
    await client.execute_command("SENTINEL", "DEBUG", *periods)  # type: ignore[no-untyped-call]
    await client.aclose()
    return port


async def _others_known(client: redis.asyncio.Redis) -> int:
    masters: Any = await client.sentinel_masters()
    return int(masters["policy"]["num-other-sentinels"])


async def _until(port: int, field: str, value: int) -> None:
    client = redis.asyncio.Redis(host=HOST, port=port, username="bot", password=PASSWORD)
    async with asyncio.timeout(START_S):
        while (await client.info("replication"))[field] != value:  # noqa: ASYNC110 - nobody tells us
            await asyncio.sleep(0.05)
    await client.aclose()


def certificate(folder: Path) -> tuple[Path, Path]:
    """A certificate that signs itself, and its key, for 127.0.0.1."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "redis")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address(HOST))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    public, private = folder / "redis.pem", folder / "redis.key"
    public.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    private.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    return public, private


@asynccontextmanager
async def tls_before(port: int, folder: Path) -> AsyncIterator[str]:
    """A TLS end before a server, as stunnel is (the wheel's server has no TLS); gives the address."""
    public, private = certificate(folder)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(public, private)

    async def pass_on(source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
        while data := await source.read(65_536):
            target.write(data)
        target.close()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        inner_reader, inner_writer = await asyncio.open_connection(HOST, port)
        await asyncio.gather(
            pass_on(reader, inner_writer), pass_on(inner_reader, writer), return_exceptions=True
        )

    server = await asyncio.start_server(serve, HOST, 0, ssl=context)
    try:
        yield f"rediss://bot:{QUOTED}@{HOST}:{server.sockets[0].getsockname()[1]}/0?ssl_ca_certs={public}"
    finally:
        server.close()
