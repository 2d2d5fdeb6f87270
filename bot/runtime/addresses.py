"""Addresses in the settings: what each may hold, and which ones lead to this machine or to WeChat.

No error message repeats an address, because it may hold a password.
"""

import re
from ipaddress import ip_address
from urllib.parse import unquote, urlencode, urlsplit

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

_SQLITE, _POSTGRESQL = "sqlite+aiosqlite", "postgresql+asyncpg"
_OF_LIBPQ = frozenset(
    {
        *("sslmode", "sslcert", "sslkey", "sslrootcert", "sslcrl", "sslpassword", "sslnegotiation"),
        *("ssl_min_protocol_version", "ssl_max_protocol_version"),
        *("target_session_attrs", "passfile", "krbsrvname", "application_name"),
    }
)
"""Parameters of a libpq address; asyncpg understands them in its `dsn` alone."""
_OF_DRIVER = frozenset({"host", "port", "ssl", "statement_cache_size", "prepared_statement_cache_size"})

_UNREADABLE = (
    "can't be read: write special characters of the password as %XX (@ is %40, / is %2F), "
    "and several hosts as ?host=one:5432&host=two:5432"
)


def is_loopback(host: str) -> bool:
    """Whether a host is a loopback address, which only this machine can reach."""
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host.lower() == "localhost"


def is_official_api(address: str) -> bool:
    """Whether an address is one of WeChat's own, in any of its data centres."""
    host = urlsplit(address).hostname or ""
    return host == "weixin.qq.com" or host.endswith(".weixin.qq.com")


def here(host: str, port: int) -> str:
    """Return the address at which this machine reaches a server that listens on `host`: `http://127.0.0.1:8080`."""
    reached = {"": "127.0.0.1", "0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 - not listened on
    return f"http://{bracketed(reached)}:{port}"


def bracketed(host: str) -> str:
    """Return a host as it stands in an address: an IPv6 one in brackets."""
    return f"[{host}]" if ":" in host else host


def public_address(given: str) -> str:
    """Return the prefix of links, without a slash at the end.

    Raises:
        ValueError: it is not an http(s) address, or holds more than scheme, host and port.
    """
    address = http_address(given)
    parts = urlsplit(address)
    if parts.path or parts.query or parts.fragment or parts.username is not None:
        raise ValueError(
            "has more than scheme, host and port: the bot answers at the root of a host name of its own, "
            "such as https://bot.example.gov.cn"
        )
    return address


def http_address(given: str) -> str:
    """Return an http(s) address, without a slash at the end.

    Raises:
        ValueError: it is not an http(s) address.
    """
    address = given.rstrip("/")
    if not address.startswith(("http://", "https://")):
        raise ValueError("begins with http:// or https://")
    try:
        parts = urlsplit(address)
        whole = bool(parts.hostname) and parts.port != 0 and not re.search(r"\s", address)
    except ValueError:
        whole = False
    if not whole:
        raise ValueError("has no host, a port that is none, or a space")
    return address


def password_in(address: str) -> str:
    """Return the password of an address; "" if it has none."""
    sign_in, at, _ = address.partition("://")[2].rpartition("@")
    return unquote(sign_in.partition(":")[2]) if at else ""


def database_address(given: str) -> str:
    """Return a database address as SQLAlchemy takes it; `sslmode` and the like have the meaning that libpq gives them.

    Raises:
        ValueError: it is of another kind, can't be read, or names what the driver doesn't know.
    """
    if not given.startswith((f"{_SQLITE}:///", f"{_POSTGRESQL}://")):
        raise ValueError("begins with postgresql+asyncpg:// or sqlite+aiosqlite:///")
    try:
        url = make_url(given)
    except (ArgumentError, ValueError):
        raise ValueError(_UNREADABLE) from None
    # Then a part of the password is in the host, and the driver's error would print it.
    if "@" in (url.host or ""):
        raise ValueError(_UNREADABLE)
    if url.drivername != _POSTGRESQL:
        return given
    unknown = sorted(url.query.keys() - _OF_LIBPQ - _OF_DRIVER)
    if unknown:
        raise ValueError(
            f"names {', '.join(unknown)}; it may name {', '.join(sorted(_OF_LIBPQ | _OF_DRIVER))}"
        )
    return _with_dsn(url).render_as_string(hide_password=False)


def _with_dsn(url: URL) -> URL:
    """Move the parameters of libpq into `dsn`; host, user and password stay outside and take precedence."""
    named = {name: url.query[name] for name in sorted(url.query.keys() & _OF_LIBPQ)}
    if not named:
        return url
    dsn = "postgresql:///?" + urlencode(named, doseq=True)
    return url.difference_update_query(list(named)).update_query_dict({"dsn": dsn})
