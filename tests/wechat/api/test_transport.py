"""What can go wrong on the way to WeChat, each on a real socket: was the message surely not sent, or is there a doubt?"""

import asyncio
import os
import socket
import ssl
import struct
import subprocess
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from pyreqwest.client import Client

from wechat.api.errors import NoAnswer, NotSent
from wechat.api.transport import Transport, errcode_of, open_http_client

SEND = "/cgi-bin/message/custom/send"
TOKEN = {"access_token": "T0KEN"}
ANSWER = b'HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 14\r\n\r\n{"errcode": 0}'

Talk = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@asynccontextmanager
async def server(talk: Talk, tls: ssl.SSLContext | None = None) -> AsyncIterator[str]:
    """Whoever connects is talked to so; gives the address."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await talk(reader, writer)
        except (OSError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    listening = await asyncio.start_server(serve, "127.0.0.1", 0, ssl=tls)
    async with listening:
        port = listening.sockets[0].getsockname()[1]
        yield f"{'https' if tls else 'http'}://127.0.0.1:{port}"


async def heard(reader: asyncio.StreamReader) -> None:
    """A whole request with the body `{}`."""
    await reader.readuntil(b"\r\n\r\n{}")


def reset(writer: asyncio.StreamWriter) -> None:
    """End with RST, as a proxy in between does."""
    writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()


async def resets(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await heard(reader)
    reset(writer)


async def hangs_up(reader: asyncio.StreamReader, _writer: asyncio.StreamWriter) -> None:
    await heard(reader)


async def is_silent(reader: asyncio.StreamReader, _writer: asyncio.StreamWriter) -> None:
    await reader.read()


async def stops_halfway(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await heard(reader)
    writer.write(ANSWER[:-3])
    await writer.drain()


async def talks_nonsense(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await heard(reader)
    writer.write(b"220 mail.example.test ESMTP\r\n\r\n")
    await writer.drain()


async def answers(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await heard(reader)
    writer.write(ANSWER)
    await writer.drain()


@pytest.mark.parametrize("talk", [resets, hangs_up, is_silent, stops_halfway, talks_nonsense])
async def test_what_breaks_once_connected_is_a_doubt(http: Client, talk: Talk) -> None:
    async with server(talk) as base:
        with pytest.raises(NoAnswer) as failure:
            await Transport(http, base, timeout_s=0.3).exchange(SEND, TOKEN, body=b"{}")
    assert "T0KEN" not in repr(failure.value)


async def test_refused_is_not_sent(http: Client, unused_tcp_port: int) -> None:
    with pytest.raises(NotSent) as failure:
        await Transport(http, f"http://127.0.0.1:{unused_tcp_port}").exchange(SEND, TOKEN, body=b"{}")
    assert "T0KEN" not in repr(failure.value)


@pytest.mark.parametrize("base", ["http://api.weixin.invalid", "api.weixin.qq.com", "http://", "file:///etc"])
async def test_a_host_that_is_none_is_not_sent(http: Client, base: str) -> None:
    with pytest.raises(NotSent):
        await Transport(http, base).exchange(SEND, TOKEN, body=b"{}")


async def test_a_certificate_nobody_vouches_for_is_not_sent(http: Client, tmp_path: Path) -> None:
    async with server(answers, own_certificate(tmp_path)) as base:
        with pytest.raises(NotSent):
            await Transport(http, base).exchange(SEND, TOKEN, body=b"{}")


def test_a_machine_without_certificates_of_its_own_can_call(tmp_path: Path) -> None:
    opens = "from wechat.api.transport import open_http_client; open_http_client()"
    bare = {**os.environ, "SSL_CERT_FILE": os.devnull, "SSL_CERT_DIR": str(tmp_path)}
    subprocess.run([sys.executable, "-c", opens], env=bare, check=True)


async def test_a_turn_that_never_came_is_not_sent() -> None:
    async with server(is_silent) as base, open_http_client(connections=1, connect_s=0.1) as http:
        transport = Transport(http, base, timeout_s=0.5)
        two = (transport.exchange(SEND, TOKEN, body=b"{}") for _ in range(2))
        failures = await asyncio.gather(*two, return_exceptions=True)
    assert {type(failure) for failure in failures} == {NotSent, NoAnswer}


async def test_a_connection_that_was_never_taken_is_not_sent() -> None:
    with socket.socket() as full:
        full.bind(("127.0.0.1", 0))
        full.listen(0)
        base = "http://{}:{}".format(*full.getsockname())
        waiting = [socket.socket() for _ in range(4)]
        for each in waiting:
            each.setblocking(False)
            each.connect_ex(full.getsockname())
        async with open_http_client(connect_s=0.1) as http:
            with pytest.raises(NotSent):
                await Transport(http, base, timeout_s=5).exchange(SEND, TOKEN, body=b"{}")
        for each in waiting:
            each.close()


async def test_a_request_whose_kept_connection_breaks_goes_out_once(http: Client) -> None:
    """It may have been carried out: whether it is sent again is the ledger's to say, not the library's."""
    came = 0

    async def once_only(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal came
        await heard(reader)
        came += 1
        writer.write(ANSWER)
        await heard(reader)
        came += 1
        reset(writer)

    async with server(once_only) as base:
        transport = Transport(http, base, timeout_s=2)
        assert await transport.exchange(SEND, TOKEN, body=b"{}") == {"errcode": 0}
        with pytest.raises(NoAnswer):
            await transport.exchange(SEND, TOKEN, body=b"{}")
    assert came == 2


@pytest.mark.parametrize(
    ("errcode", "read"), [(40001, 40001), ("40001", 40001), ("busy", -1), (None, -1), (float("inf"), -1)]
)
def test_an_errcode_that_is_no_number_counts_as_busy(errcode: object, read: int) -> None:
    assert errcode_of({"errcode": errcode}) == read


def own_certificate(folder: Path) -> ssl.SSLContext:
    """A server's context with a certificate that it signed itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    file = folder / "server.pem"
    file.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + certificate.public_bytes(serialization.Encoding.PEM)
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    return context
