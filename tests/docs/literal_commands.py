"""The commands of docs/operations.md as they stand there: the blocks marked `sh`, by their heading.

Only what belongs to a machine is replaced: the folders /backups and /opt/policybot, the file `.env`, which `policybot` reads
where it stands, and `systemctl`, which a script plays that starts and stops the program as the unit file of the docs says.
Each `policybot` is a fork of a process that has it loaded.
"""

import os
import re
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
DOCS = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
_SYSTEMCTL = """#!/bin/bash
# systemctl start|stop|restart policybot
pid={folder}/service.pid
stop() {{
  test -f $pid || return 0
  kill $(cat $pid); while kill -0 $(cat $pid) 2>/dev/null; do sleep 0.1; done; rm $pid
}}
start() {{
  cd {root}; set -a; . {folder}/env; set +a; setsid {exec_start} >>{folder}/service.log 2>&1 & echo $! > $pid
  for _ in $(seq 300); do curl -fsS http://127.0.0.1:8080/readyz >/dev/null 2>&1 && exit 0; sleep 0.2; done; exit 1
}}
case $1 in start) start;; stop) stop;; restart) stop; start;; esac
"""

_COMMAND = """
import json, os, signal, socket, sys
passed_on = {signal.SIGTERM, signal.SIGINT, signal.SIGHUP}
signal.pthread_sigmask(signal.SIG_BLOCK, passed_on)
server = socket.socket(socket.AF_UNIX)
server.connect(sys.argv[1])
asked = json.dumps([sys.argv[2:], os.getcwd(), dict(os.environ), os.umask(0)]).encode()
socket.send_fds(server, [len(asked).to_bytes(4, "big")], [0, 1, 2])
server.sendall(asked)
told = server.makefile()
fork = int(told.readline())
for number in passed_on:
    signal.signal(number, lambda number, _frame: os.kill(fork, number))
signal.pthread_sigmask(signal.SIG_UNBLOCK, passed_on)
code = int(told.readline())
if code < 0:
    signal.signal(-code, signal.SIG_DFL)
    os.kill(os.getpid(), -code)
sys.exit(code)
"""
"""What stands in a shell for `policybot`: it asks `tests.kit.commands.command_server`, passes signals on, and ends as the
fork ends.
"""


def blocks(heading: str) -> list[str]:
    """The `sh` blocks under a heading of the second level."""
    section = re.search(rf"^## {re.escape(heading)}\n(.*?)(?=^## |\Z)", DOCS, re.MULTILINE | re.DOTALL)
    assert section is not None, heading
    return re.findall(r"^```sh\n(.*?)^```", section[1], re.MULTILINE | re.DOTALL)


@dataclass
class Shell:
    """A shell on a machine of its own under `folder`."""

    folder: Path
    settings: Mapping[str, str]
    server: Path
    path: str = ""

    def __post_init__(self) -> None:
        places = self.folder / "bin"
        places.mkdir()
        found = re.search(r"^ExecStart=(.+)$", DOCS, re.MULTILINE)
        assert found is not None
        script = _SYSTEMCTL.format(folder=self.folder, root=ROOT, exec_start=found[1])
        (places / "systemctl").write_text(self._here(script))
        (places / "systemctl").chmod(0o755)
        (places / "fork.py").write_text(_COMMAND)
        (places / "policybot").write_text(
            f"#!/bin/bash\nset -a; . {self.folder}/env; set +a; "
            f'exec {sys.executable} -IS {places / "fork.py"} {self.server} "$@"\n'
        )
        (places / "policybot").chmod(0o755)
        (self.folder / "backups").mkdir()
        (self.folder / "env").touch()

    def _here(self, text: str) -> str:
        return (
            text.replace("/backups", str(self.folder / "backups"))
            .replace("/opt/policybot/.venv/bin/", f"{self.folder}/bin/")
            .replace("/somewhere/else/", f"{self.folder}/")
            .replace(" var/", f" {self.folder}/var/")
            .replace(" .env\n", f" {self.folder}/env\n")
            .replace("8080", self.settings.get("BOT_PORT", "8080"))
        )

    def run(self, commands: str, *, check: bool = True) -> str:
        """Run commands as one script that ends at the first failure; what it said."""
        environment = {
            **{
                name: os.environ[name]
                for name in ("HOME", "LANG", "TMPDIR", "PYTHONPATH")
                if name in os.environ
            },
            "PATH": f"{self.folder / 'bin'}:{self.path}:{os.environ['PATH']}",
            "BOT_DATA_DIR": str(self.folder / "var"),
            **self.settings,
        }
        ran = subprocess.run(
            ["/bin/bash", "-euc", self._here(commands)],
            cwd=ROOT,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=300,
            check=False,
        )
        assert not check or ran.returncode == 0, f"{commands}\n{ran.stdout}"
        return ran.stdout
