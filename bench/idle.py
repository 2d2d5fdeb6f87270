"""What a process costs that has nothing to do: `python -m bench.idle [--tree OTHER]`.

Each role alone on PostgreSQL and Redis for some seconds: statements and messages to the database a second (PostgreSQL's own
log counts them), processor, and the time from its start to the first answer of `/readyz`. `--tree` measures another version.
"""

import argparse
import asyncio
import os
import re
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path

import aiohttp
import psutil

from bench.cluster.postgres import HOST, PostgresNode
from bench.ports import unused_port
from bot.runtime.valkey import EmbeddedValkey

_SETTLE_S = 4.0
_CALM_SHARE = 0.03
"""Of a core over two seconds: what a process begins with (a web reads the clauses by meaning) is over then."""
_LONGEST_BEGIN_S = 120.0
_LOGGED = re.compile(r"LOG:  (?:statement|execute [^:]*): (\w+|;)", re.MULTILINE)


async def _ready(port: int) -> None:
    async with asyncio.timeout(240), aiohttp.ClientSession() as http:
        while True:
            with suppress(aiohttp.ClientError):
                async with http.get(f"http://{HOST}:{port}/readyz") as answer:
                    if answer.status == 200:
                        return
            await asyncio.sleep(0.01)


async def _settled(process: psutil.Process) -> None:
    began = time.monotonic()
    await asyncio.sleep(_SETTLE_S)
    spent = _CALM_SHARE + 1
    while spent > _CALM_SHARE * 2 and time.monotonic() - began < _LONGEST_BEGIN_S:
        before = _seconds(process)
        await asyncio.sleep(2)
        spent = _seconds(process) - before


def _seconds(process: psutil.Process) -> float:
    times = process.cpu_times()
    return times.user + times.system


async def one_role(role: str, node: PostgresNode, valkey: EmbeddedValkey, tree: Path, seconds: float) -> str:
    """Start it, let it settle, watch it."""
    port = unused_port()
    environment = {name: value for name, value in os.environ.items() if not name.startswith("BOT_")} | {
        "PYTHONPATH": str(tree),
        "BOT_DATA_DIR": str(node.folder.parent / role),
        "BOT_PORT": str(port),
        "BOT_DATABASE_URL": f"postgresql+asyncpg://postgres@{HOST}:{node.port}/policybot",
        "BOT_REDIS_URL": valkey.url,
        "BOT_SECRET_KEY": "idle" * 10,
        "BOT_SANDBOX": "0",
    }
    began = time.monotonic()
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", role), env=environment, cwd=tree, stderr=asyncio.subprocess.DEVNULL
    )
    ready = ""
    if role == "web":
        await _ready(port)
        ready = f", ready after {time.monotonic() - began:.2f} s"
    watched, log = psutil.Process(process.pid), node.folder / "log"
    await _settled(watched)
    before, start = _seconds(watched), log.stat().st_size
    await asyncio.sleep(seconds)
    spent = _seconds(watched) - before
    with log.open() as file:
        file.seek(start)
        words = [word.upper() for word in _LOGGED.findall(file.read())]
    process.terminate()
    await process.wait()
    work = [word for word in words if word not in {"BEGIN", "ROLLBACK", "COMMIT", ";"}]
    return (
        f"{role}: {len(work) / seconds:.1f} statements and {len(words) / seconds:.1f} messages to the database a second, "
        f"{100 * spent / seconds:.2f} % of a core{ready}"
    )


async def main(tree: Path, seconds: float) -> None:
    """Print a line a role."""
    with tempfile.TemporaryDirectory(prefix="idle-", ignore_cleanup_errors=True) as folder:
        node = PostgresNode(Path(folder) / "postgres")
        await node.make("log_statement = all")
        await node.start()
        try:
            await node.sql("CREATE DATABASE policybot")
            with EmbeddedValkey(Path(folder) / "valkey") as valkey:
                await one_role("web", node, valkey, tree, 1)  # makes and fills the schema
                for role in ("web", "worker", "scheduler"):
                    print(await one_role(role, node, valkey, tree, seconds), flush=True)
        finally:
            await node.kill()


if __name__ == "__main__":
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--tree", type=Path, default=Path(__file__).parents[1])
    options.add_argument("--seconds", type=float, default=20)
    chosen = options.parse_args()
    asyncio.run(main(chosen.tree.resolve(), chosen.seconds))
