"""The edge of a web process: what strangers' heads and bodies may cost, over real connections."""

import asyncio
import gc
import logging
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import suppress
from functools import partial
from gzip import compress
from pathlib import Path

import aiohttp
import psutil
import pytest
from aiohttp import web
from structlog.testing import capture_logs
from yarl import URL

from bot.http import bodies, connections
from bot.http.bodies import LARGEST_BODY, limit_bodies
from bot.http.connections import LARGEST_HEAD, AiohttpHasChangedError, serve_connections
from tests.bot.roles.test_up import START_SECONDS, Place

MB = 1024 * 1024


class Edge:
    """An application of small handlers behind the real middleware and connections."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.bodies: list[bytes] = []
        self.entered, self.leave = asyncio.Event(), asyncio.Event()

    async def keep(self, request: web.Request) -> web.Response:
        self.bodies.append(await request.read())
        return web.Response(text="kept")

    async def form(self, request: web.Request) -> web.Response:
        return web.json_response({name: str(value) for name, value in (await request.post()).items()})

    async def agent(self, request: web.Request) -> web.Response:
        return web.Response(text=request.headers["User-Agent"])

    async def file(self, request: web.Request) -> web.Response:
        body = await request.clone(client_max_size=MB).read()
        return web.Response(text=str(len(body)))

    async def slow(self, _request: web.Request) -> web.Response:
        self.entered.set()
        await self.leave.wait()
        return web.Response(text="slow done")

    async def refuse(self, _request: web.Request) -> web.Response:
        response = web.HTTPSeeOther("/elsewhere")
        response.set_cookie("seen", "1")
        raise response

    async def talk(self, *pieces: bytes, ends: bool = False) -> bytes:
        """Send pieces on one connection, and give all that comes until the other side closes it."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        try:
            for piece in pieces:
                writer.write(piece)
                with suppress(ConnectionError):
                    await writer.drain()
            if ends:
                writer.write_eof()
            got = b""
            with suppress(ConnectionError):
                while more := await reader.read(MB):
                    got += more
            return got
        finally:
            writer.close()


@pytest.fixture
async def edge() -> AsyncIterator[Edge]:
    with socket.create_server(("127.0.0.1", 0), backlog=256) as port:
        one = Edge(port.getsockname()[1])
        app = web.Application(client_max_size=LARGEST_BODY, middlewares=[limit_bodies])
        app.router.add_post("/keep", one.keep)
        app.router.add_post("/form", one.form)
        app.router.add_post("/file", one.file)
        app.router.add_post("/agent", one.agent)
        app.router.add_get("/refuse", one.refuse)
        app.router.add_get("/slow", one.slow)
        runner = web.AppRunner(app, shutdown_timeout=0.1)
        await runner.setup()
        server = await serve_connections(runner, port, backlog=256, most=8)
        yield one
        server.close()
        await runner.cleanup()


async def test_an_aiohttp_that_keeps_its_state_elsewhere_is_refused_by_name(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """`Edge` begins with the one installed: when that refuses, each test here says which name has moved."""
    monkeypatch.setattr(connections, "PRIVATE_NAMES", (*connections.PRIVATE_NAMES, "_moved"))
    runner = web.AppRunner(web.Application())
    await runner.setup()
    with (
        socket.create_server(("127.0.0.1", 0)) as port,
        pytest.raises(AiohttpHasChangedError, match=f"aiohttp {aiohttp.__version__} has no _moved: "),
    ):
        await serve_connections(runner, port, backlog=1, most=1)
    await runner.cleanup()


def post(path: str, body: bytes, *headers: str, length: int | None = None) -> bytes:
    lines = (f"POST {path} HTTP/1.1", "Host: x", f"Content-Length: {len(body) if length is None else length}")
    return "\r\n".join((*lines, *headers, "", "")).encode() + body


def status(answer: bytes) -> int:
    return int(answer.split(b" ", 2)[1]) if answer else 0


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        (post("/keep", b"a" * LARGEST_BODY, "Connection: close"), 200),
        (post("/keep", b"a" * (LARGEST_BODY + 1), "Connection: close"), 413),
        (post("/keep", compress(b"a" * MB), "Content-Encoding: gzip", "Connection: close"), 415),
        (post("/keep", b"a", "Content-Encoding: identity", "Connection: close"), 200),
        (post("/form", b"a=%E4%BD%A0", "Content-Type: application/x-www-form-urlencoded", "Connection: close"), 200),
        (post("/form", b"\xff\xfe", "Content-Type: application/x-www-form-urlencoded", "Connection: close"), 400),
        (post("/form", b"a=1", "Content-Type: application/x-www-form-urlencoded; charset=none", "Connection: close"), 400),
        (post("/form", b"0" * 99, "Content-Type: application/x-www-form-urlencoded; charset=punycode", "Connection: close"), 400),
        (post("/form", b"a=+2AA-", "Content-Type: application/x-www-form-urlencoded; charset=utf-7", "Connection: close"), 400),
        (post("/form", b"a=1", "Content-Type: application/x-www-form-urlencoded; charset=UTF-8", "Connection: close"), 200),
        (post("/form", b"a=%00", "Content-Type: application/x-www-form-urlencoded", "Connection: close"), 400),
        (post("/form", b"a%00=1", "Content-Type: application/x-www-form-urlencoded", "Connection: close"), 400),
        (post("/form", b"a=1&" * 9_000, "Content-Type: application/x-www-form-urlencoded", "Connection: close"), 200),
        (post("/form?a=1%002", b"a=1", "Content-Type: application/x-www-form-urlencoded", "Connection: close"), 400),
        (post("/form", b"a=1", "Content-Type: application/x-www-form-urlencoded; " + 'a="b;' * 1500, "Connection: close"), 415),
        (post("/form", b"no boundary", "Content-Type: multipart/form-data; boundary=b", "Connection: close"), 400),
        (post("/form", b"--b\r\n\r\n?\r\n--b--", "Content-Type: multipart/form-data; boundary=b", "Connection: close"), 400),
        (b"POST /keep HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", 400),
        (b"no http at all\r\n\r\n", 400),
    ],
)  # fmt: skip
async def test_a_body_is_taken_whole_or_refused_with_a_4xx(edge: Edge, asked: bytes, code: int) -> None:
    answer = await edge.talk(asked)
    assert status(answer) == code
    assert b"\r\nServer: policybot\r\n" in answer


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (b"GET /?q=" + b"a" * 9_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n", "网址或其中的内容过长"),
        (b"no http at all\r\n\r\n", "请求无法读取"),
    ],
)
async def test_a_head_that_can_not_be_read_is_said_in_plain_words(
    edge: Edge, asked: bytes, said: str
) -> None:
    answer = await edge.talk(asked)
    assert status(answer) == 400
    assert said.encode() in answer
    assert b"bytearray" not in answer


async def test_the_sender_of_a_form_does_not_choose_its_charset(edge: Edge) -> None:
    """Punycode takes quadratic time, UTF-7 makes lone surrogates; each part of a form may name its own."""
    body = b'--b\r\nContent-Disposition: form-data; name="a"\r\nContent-Type: text/plain; charset=utf-7\r\n\r\n+2AA-\r\n'
    form = "Content-Type: multipart/form-data; boundary=b"
    answer = await edge.talk(post("/form", body + b"--b--\r\n", form, "Connection: close"))
    assert answer.endswith(b'"a": "+2AA-"}')


@pytest.mark.parametrize(
    "body",
    [
        b'--b\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n' * 900 + b"--b--\r\n",
        b"\r\n" * 20_000 + b"--b--\r\n",
    ],
)
async def test_others_are_answered_while_a_form_with_parts_is_read(edge: Edge, body: bytes) -> None:
    form = asyncio.create_task(
        edge.talk(post("/form", body, "Content-Type: multipart/form-data; boundary=b", "Connection: close"))
    )
    turns = 0
    while not form.done():
        await asyncio.sleep(0)
        turns += 1
    assert status(await form) == 200
    assert turns > 250


async def test_a_header_that_is_no_utf8_can_be_read_and_written(edge: Edge) -> None:
    answer = await edge.talk(
        post("/agent", b"", "Connection: close").replace(b"Host: x", b"Host: x\r\nUser-Agent: \xd6\xd0 a")
    )
    assert answer.endswith("\ufffd\ufffd a".encode())


@pytest.mark.skipif(not socket.has_dualstack_ipv6(), reason="no IPv6 here")
async def test_an_ipv4_client_of_a_socket_for_both_versions_has_its_own_address() -> None:
    """`::ffff:203.0.113.9` shares its first 64 bits with every IPv4 client; the sign-in's limits count these."""
    seen: list[str | None] = []

    async def look(request: web.Request) -> web.Response:
        seen.append(request.remote)
        return web.Response()

    app = web.Application()
    app.router.add_post("/", look)
    runner = web.AppRunner(app)
    await runner.setup()
    with socket.create_server(("::", 0), family=socket.AF_INET6, dualstack_ipv6=True) as port:
        server = await serve_connections(runner, port, backlog=8, most=8)
        assert status(await Edge(port.getsockname()[1]).talk(post("/", b"", "Connection: close"))) == 200
        server.close()
        await runner.cleanup()
    assert seen == ["127.0.0.1"]


async def test_who_sends_a_form_that_is_too_large_is_told_so_in_chinese(edge: Edge) -> None:
    form = "Content-Type: application/x-www-form-urlencoded"
    answer = await edge.talk(post("/form", b"a" * 70_000, form, "Connection: close"))
    assert status(answer) == 413
    assert answer.endswith("文件或内容太大，请缩小后重试。".encode())


async def test_a_larger_body_is_taken_where_the_route_says_so(edge: Edge) -> None:
    assert (await edge.talk(post("/file", b"a" * MB, "Connection: close"))).endswith(str(MB).encode())
    assert status(await edge.talk(post("/file", b"a" * (MB + 1), "Connection: close"))) == 413


async def test_an_answer_raised_keeps_its_place_and_its_cookie(edge: Edge) -> None:
    answer = await edge.talk(b"GET /refuse HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
    assert status(answer) == 303
    assert b"\r\nLocation: /elsewhere\r\n" in answer
    assert b"\r\nSet-Cookie: seen=1;" in answer


async def test_a_head_comes_whole_in_time_or_the_connection_ends(
    edge: Edge, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connections, "HEAD_S", 0.1)
    assert await edge.talk(b"") == b""
    assert status(await edge.talk(b"GET /refuse HTTP/1.1\r\nHost:")) == 408
    reader, writer = await asyncio.open_connection("127.0.0.1", edge.port)
    writer.write(b"GET /refuse HTTP/1.1\r\nHost: x\r\n\r\n")
    await reader.readuntil(b"303: See Other")
    writer.write(b"GET /refuse")
    assert status(await reader.read()) == 408
    writer.close()


@pytest.mark.parametrize(
    "pieces",
    [
        (b"GET /refuse HT",),
        (b"GET /refuse HTTP/1.1\r\nHost: x\r\n",),
        (b"GET /refuse HTTP/1.1\r\nHost: x\r\n\r\nGET /refuse HT",),
        (b"GET /refuse HTTP/1.1\r\nHost: x\r\n\r", b"\nGET /refuse HT"),
        (post("/keep", b"a"), b"GET /refuse HT"),
        (b"POST /keep HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\n\r\n", b"GET"),
    ],
)
async def test_a_head_that_stops_is_given_up_wherever_it_began(
    edge: Edge, monkeypatch: pytest.MonkeyPatch, pieces: tuple[bytes, ...]
) -> None:
    monkeypatch.setattr(connections, "HEAD_S", 0.1)
    monkeypatch.setattr(connections, "_LOOK_AGAIN_S", 0.1)
    async with asyncio.timeout(20):
        answer = await edge.talk(*pieces)
    assert answer.count(b"HTTP/1.1 408 ") == 1
    assert answer.count(b"HTTP/1.1 ") == (2 if b"\r\n\r\n" in b"".join(pieces) else 1)


async def test_an_incomplete_head_waits_for_the_answer_before_it(
    edge: Edge, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connections, "HEAD_S", 0.05)
    monkeypatch.setattr(connections, "_LOOK_AGAIN_S", 0.05)
    reader, writer = await asyncio.open_connection("127.0.0.1", edge.port)
    writer.write(b"GET /slow HTTP/1.1\r\nHost: x\r\n\r\nGET /refuse HT")
    await edge.entered.wait()
    with suppress(TimeoutError):  # the head is late meanwhile
        async with asyncio.timeout(0.2):
            await edge.leave.wait()
    edge.leave.set()
    async with asyncio.timeout(20):
        answer = await reader.read()
    assert answer.endswith(b"Content-Length: 0\r\n\r\n")
    assert b"slow done" in answer
    assert b"HTTP/1.1 408 " in answer
    writer.close()


async def test_a_kept_connection_is_idle_for_longer_than_a_head_may_take(
    edge: Edge, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connections, "HEAD_S", 0.05)
    for asked in (b"GET /refuse HTTP/1.1\r\nHost: x\r\n\r\n", post("/keep", b"a")):
        reader, writer = await asyncio.open_connection("127.0.0.1", edge.port)
        writer.write(asked)
        await reader.readuntil(b"Server: policybot")
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.3):
                while await reader.read(MB):
                    pass
        writer.close()


async def test_what_a_stranger_breaks_is_one_line_in_the_log(
    edge: Edge, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(bodies, "_LOOK_S", 0.1)
    form = "Content-Type: application/x-www-form-urlencoded"
    with capture_logs() as lines:
        assert status(await edge.talk(post("/keep", b"a", length=100))) == 408
        assert status(await edge.talk(post("/form", b"a", form, length=100))) == 408
        await edge.talk(b"GET /refuse HTTP/1.1\r\nHost: x\r\nX: " + b"a" * 20_000 + b"\r\n\r\n")
        await edge.talk(b"POST /keep HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n")
        await edge.talk(b"no http at all\r\n\r\n")
    assert not [record for record in caplog.records if record.exc_info and record.levelno > logging.DEBUG]
    assert {line["event"] for line in lines} == {"connections.request_broken"}
    assert all(len(line["cause"]) <= 200 and "\n" not in line["cause"] for line in lines)


async def test_a_head_is_bounded_as_a_whole(edge: Edge) -> None:
    lines = [f"X-{number}: {'a' * 4000}".encode() for number in range(LARGEST_HEAD // 4000 + 2)]
    assert status(await edge.talk(b"GET /refuse HTTP/1.1\r\n" + b"\r\n".join(lines))) == 431
    fits = b"\r\n".join([*lines[:3], b"Connection: close", b"", b""])
    assert status(await edge.talk(b"GET /refuse HTTP/1.1\r\nHost: x\r\n" + fits)) == 303


async def test_a_body_that_stops_coming_is_given_up(edge: Edge, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bodies, "_LOOK_S", 0.1)
    assert status(await edge.talk(post("/keep", b"a", length=100))) == 408
    steady = [post("/keep", b"", "Connection: close", length=40_000), *([b"a" * 10_000] * 4)]
    assert status(await edge.talk(*steady)) == 200


async def test_where_all_connections_are_taken_the_longest_idle_makes_room(edge: Edge) -> None:
    async def connect(asked: bytes = b"") -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        reader, writer = await asyncio.open_connection("127.0.0.1", edge.port)
        writer.write(asked or b"GET /refuse HTTP/1.1\r\nHost: x\r\n\r\n")
        if not asked:
            await reader.readuntil(b"303: See Other")
        return reader, writer

    idle, *others = [await connect() for _ in range(8)]
    busy = [await connect(post("/keep", b"a", length=100)) for _ in range(8)]
    assert [await reader.read() for reader, _ in (idle, *others)] == [b""] * 8
    assert status(await edge.talk(b"GET /refuse HTTP/1.1\r\nHost: x\r\n\r\n")) == 503
    for _, writer in (idle, *others, *busy):
        writer.close()


@pytest.mark.parametrize(
    "asked",
    [
        post("/keep", b"a" * 60_000, length=65_000),
        post("/keep", b"a" * 100_000),
        post("/file", b"a" * (MB - 1), length=MB),
        b"POST /keep HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5\r\naaaaa\r\nno chunk\r\n",
        b"GET /refuse HTTP/1.1\r\nX: " + b"a" * 8000,
        b"no http at all\r\n\r\n",
    ],
)
async def test_a_request_that_breaks_off_is_freed_without_the_garbage_collector(
    edge: Edge, asked: bytes
) -> None:
    gc.collect()
    gc.disable()
    try:
        _, writer = await asyncio.open_connection("127.0.0.1", edge.port)
        writer.write(asked)
        await writer.drain()
        async with asyncio.timeout(5):
            while not any(isinstance(one, connections.Connection) for one in gc.get_objects()):  # noqa: ASYNC110
                await asyncio.sleep(0.01)
            await asyncio.sleep(0.05)
            writer.close()
            while any(isinstance(one, connections.Connection) for one in gc.get_objects()):  # noqa: ASYNC110
                await asyncio.sleep(0.01)
    finally:
        gc.enable()


async def test_what_a_stranger_sends_is_refused_before_it_is_read_and_holds_no_memory(
    tmp_path: Path, redis_url: str
) -> None:
    place = Place(tmp_path)
    async with place.running("web", BOT_REDIS_URL=redis_url) as process:
        refused = asyncio.create_task(_refuses_forms(Edge(place.port)))  # their rest is awaited for 2 s
        memory = partial(_rss, place, process.pid)
        await _until_idle(process.pid)
        # what the first of a kind loads or makes for good is no one's body
        await asyncio.gather(*(_attack(place.port, kind, 5, memory) for kind in ATTACKS))
        before = await memory()
        for kind in ATTACKS:
            held = await _attack(place.port, kind, 200, memory)
            assert (held - before) / MB < 50, kind
        assert (
            await memory() - before
        ) / MB < 25  # of 60 MB and more that was sent; what stays is the allocator's
        await refused


async def _refuses_forms(edge: Edge) -> None:
    form = "Content-Type: application/x-www-form-urlencoded"
    parts = "Content-Type: multipart/form-data; boundary=b"
    of_a_link, of_the_desk = await asyncio.gather(
        edge.talk(post("/me", b"form=", form, length=5 * MB)),
        edge.talk(post("/console/policies/import", b"", parts, length=5 * MB)),
    )
    assert (status(of_a_link), status(of_the_desk)) == (403, 303)


async def _until_idle(pid: int) -> None:
    """Wait until a process works at nothing: after its start it reads the clauses by meaning."""
    process = psutil.Process(pid)
    async with asyncio.timeout(120):
        while True:
            before = sum(process.cpu_times()[:2])
            await asyncio.sleep(0.3)
            if sum(process.cpu_times()[:2]) - before < 0.03:
                return


async def _rss(place: Place, pid: int) -> int:
    """The memory of a process that has looked at all that came, in bytes."""
    for _ in range(3):
        await place.status("/readyz", {200})
    return int(psutil.Process(pid).memory_info().rss)


PATHS = (
    "/wechat",
    "/console/sign-in",
    "/me",
    "/console/policies/import",
    "/api/v1/broadcasts",
    "/p/a/x/applied",
)
FORM = b'--b\r\nContent-Disposition: form-data; name="file"; filename="a.docx"\r\n\r\n'
ATTACKS = {
    "small": ("Content-Length: 65536", b"a" * 65_000),
    "large": ("Content-Length: 20000000", b"a" * MB),
    "of unknown length": ("Transfer-Encoding: chunked", b"FFFF\r\n" + b"a" * 65_000),
    "packed": (
        "Transfer-Encoding: chunked\r\nContent-Encoding: gzip",
        b"7FFF\r\n" + compress(bytes(20 * MB)),
    ),
    "a file": ("Content-Length: 20000000\r\nContent-Type: multipart/form-data; boundary=b", FORM + b"a" * MB),
    "broken": ("Transfer-Encoding: chunked", b"FFFF\r\n" + b"a" * 0xFFFF + b"\r\nno chunk\r\n"),
    "a head": ("\r\n".join(f"X-{number}: {'a' * 8000}" for number in range(3)), b""),
}
"""What never ends of a request: its headers, and what comes of its body."""


async def _attack(port: int, kind: str, times: int, memory: Callable[[], Awaitable[int]]) -> int:
    """Hold connections whose requests never end; gives the memory while they are held, then breaks them."""
    headers, body = ATTACKS[kind]

    async def one(number: int) -> socket.socket:
        asker = socket.create_connection(("127.0.0.1", port))
        asker.setblocking(False)
        path = PATHS[number % 2 if number % 3 else number % len(PATHS)]  # most where a body is waited for
        head = f"POST {path} HTTP/1.1\r\nHost: x\r\n{headers}\r\n" + ("\r\n" if body else "")
        with suppress(ConnectionError, TimeoutError):
            async with asyncio.timeout(0.5):  # what isn't taken stays with its sender
                await asyncio.get_running_loop().sock_sendall(asker, head.encode() + body)
        return asker

    held = await asyncio.gather(*(one(number) for number in range(times)))
    most = await memory()
    for asker in held:
        asker.close()
    return most


PLACES = {
    "/": "/sandbox",
    "/console": "/console/",
    "/p/": "/p",
    "/me/": "/me",
    "/p/22/": "/p/22",
    "/p/22/?q=a%20b&c=1": "/p/22?q=a%20b&c=1",
    "/console/sign-in/": "/console/sign-in",
}


async def test_what_people_type_leads_to_the_page_they_mean_over_ipv4_and_ipv6(tmp_path: Path) -> None:
    place = Place(tmp_path)
    async with place.running(BOT_HOST="::", BOT_SANDBOX="1"), aiohttp.ClientSession() as http:
        for typed, meant in PLACES.items():
            async with http.get(f"{place.origin}{typed}", allow_redirects=False) as answer:
                assert (answer.status in {302, 308}, answer.headers.get("Location")) == (True, meant), typed
        for path in ("/nothing/", "//example.com/", "/p/x/"):
            async with http.get(URL(f"{place.origin}{path}", encoded=True), allow_redirects=False) as answer:
                assert answer.status == 404, path
        over_ipv6 = f"http://[::1]:{place.port}"
        async with http.get(f"{over_ipv6}/healthz") as answer:
            assert answer.status == 200
        async with http.get(f"{place.origin}/sandbox/events") as events, asyncio.timeout(START_SECONDS):
            async for line in events.content:  # whoever opens the page follows, and the bot welcomes them
                if "您好，欢迎关注" in line.decode():
                    break
