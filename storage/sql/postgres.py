"""Connections to PostgreSQL: how they are opened, and how a dead or silent one is found.

By hand: SQLAlchemy's `pool_pre_ping` costs three round trips at each use. asyncpg knows by itself when its connection has
been closed; one that has fallen silent is found by the time limits here.
"""

import socket
import uuid
from contextlib import suppress
from typing import Any

from sqlalchemy import Engine, event, make_url
from sqlalchemy.exc import DisconnectionError

STATEMENT_S = 15.0
"""Longer than any statement of ours takes; a server that does not answer for so long is away."""
_CONNECT_S = 3.0
"""asyncpg would wait a minute for a machine that is gone."""
_SILENT_MS = 10_000
_KEEP_ALIVE_S = 5
_CACHE = "statement_cache_size"


def connecting(url: str, statement_s: float | None) -> tuple[str, dict[str, Any]]:
    """Return the address for SQLAlchemy, and the arguments for the driver.

    With `statement_cache_size=0` in the address, no prepared statement outlives its transaction. PgBouncer's
    transaction mode needs this.
    """
    address = make_url(url)
    arguments: dict[str, Any] = {"timeout": _CONNECT_S, "command_timeout": statement_s}
    if str(address.query.get(_CACHE, "")) == "0":
        address = address.difference_update_query([_CACHE])
        arguments |= {
            _CACHE: 0,
            "prepared_statement_cache_size": 0,
            "prepared_statement_name_func": lambda: (
                f"policybot_{uuid.uuid4().hex}"
            ),  # unique on a shared connection
        }
    return address.render_as_string(hide_password=False), arguments


def prepare(engine: Engine) -> None:
    """Let an engine find dead connections when they are taken from the pool, and silent ones within seconds."""

    @event.listens_for(engine, "connect")
    def on_connect(connection: Any, _record: Any) -> None:
        transport = getattr(connection.driver_connection, "_transport", None)
        found = transport.get_extra_info("socket") if transport is not None else None
        if found is None or found.family == socket.AF_UNIX:
            return
        found.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
        for name, value in (
            ("TCP_USER_TIMEOUT", _SILENT_MS),
            ("TCP_KEEPIDLE", _KEEP_ALIVE_S),
            ("TCP_KEEPINTVL", _KEEP_ALIVE_S),
            ("TCP_KEEPCNT", 2),
        ):
            with suppress(AttributeError, OSError):  # another kernel than Linux
                found.setsockopt(socket.IPPROTO_TCP, getattr(socket, name), value)

    @event.listens_for(engine, "checkout")
    def on_checkout(connection: Any, _record: Any, _proxy: Any) -> None:
        if connection.driver_connection.is_closed():
            raise DisconnectionError("the server has closed the connection")
