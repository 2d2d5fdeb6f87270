"""A line of the log is JSON, and holds no secret wherever one may stand."""

import json
import subprocess
import sys

import pytest

SECRET = "correct-horse-battery"


def test_a_short_secret_is_hidden_where_it_is_one_and_no_word_is_spoiled() -> None:
    script = (
        "import structlog\n"
        "from bot.observability.logs import set_up_logs\n"
        "set_up_logs('info', ['p', 'abc12'])\n"
        "log = structlog.stdlib.get_logger('x')\n"
        "log.info('up', url='http://h/p', redis='redis://:p@h/0', db='postgresql://abc12:abc12@h/p', one='abc12', many=['p'])\n"
    )
    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    line = json.loads(ran.stderr)
    assert (line["event"], line["url"], line["level"]) == ("up", "http://h/p", "info")
    assert (line["redis"], line["db"]) == ("redis://:***@h/0", "postgresql://abc12:***@h/p")
    assert (line["one"], line["many"]) == ("***", ["***"])


def test_a_log_line_holds_no_secret_wherever_it_stands(capsys: pytest.CaptureFixture[str]) -> None:
    script = (
        "import structlog, logging\n"
        "from bot.observability.logs import set_up_logs\n"
        f"set_up_logs('info', ['{SECRET}', 'p@ss/word'])\n"
        "log = structlog.stdlib.get_logger('x')\n"
        f"log.info('a', deep={{'b': ['{SECRET}', ValueError('{SECRET}')]}}, n=3, none=None)\n"
        "log.info('b', url='redis://u:unknown@h/0', quoted='p%40ss%2Fword', hook='https://h/?key=unknown&a=1')\n"
        "logging.getLogger('lib').error('c %s', 'https://h/cgi?access_token=unknown')\n"
        "try:\n    raise ValueError('postgresql://u:unknown@h')\nexcept ValueError:\n    log.exception('d')\n"
    )
    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    lines = [json.loads(line) for line in ran.stderr.splitlines()]
    assert [line["event"] for line in lines] == ["a", "b", "c https://h/cgi?access_token=***", "d"]
    assert (lines[0]["n"], lines[0]["none"]) == (3, None)
    for told in (SECRET, "unknown", "p%40ss", "p@ss"):
        assert told not in ran.stderr
