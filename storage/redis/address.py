"""Redis addresses, read without loading the client. By hand: redis-py takes no address that names Sentinels."""

import re
from dataclasses import dataclass
from urllib.parse import parse_qsl, unquote, urlencode, urlsplit

_SENTINEL_PORT = 26379
_HOST = re.compile(r"(\[[0-9A-Fa-f:.]++\]|[^:\[\],]++)(?::(\d{1,5}))?")
_DIRECT = ("redis", "rediss", "unix")
_BY_SENTINEL = {"redis+sentinel": "redis", "rediss+sentinel": "rediss"}
_OF_SENTINELS = {"sentinel_username": "username", "sentinel_password": "password"}
FORMS = "redis://, rediss://, unix://, redis+sentinel:// or rediss+sentinel://"


@dataclass(frozen=True, slots=True)
class SentinelAddress:
    """Sentinels that know where the master of a service is.

    Attributes:
        sentinels: host and port of each.
        service: the master's name.
        master: the sign-in at the master, in the form of redis-py: `redis[s]://user:password@service/db?…`.
        sign_in: user name and password of the sentinels themselves, as redis-py names them; {} if they ask for none.
        tls: the way to master and sentinels is encrypted.
    """

    sentinels: tuple[tuple[str, int], ...]
    service: str
    master: str
    sign_in: dict[str, str]
    tls: bool


def redis_address(url: str) -> str | SentinelAddress:
    """Read the address of the settings; an address by Sentinel is
    `redis+sentinel://[user:password@]host[:port][,host[:port]…]/service[/db][?sentinel_password=…]`.

    Raises:
        ValueError: it has none of the known forms. The message does not hold the password.
    """
    parts = urlsplit(url)
    if parts.scheme in _DIRECT:
        _ = parts.port  # raises for what is no port
        return url
    if parts.scheme not in _BY_SENTINEL:
        raise ValueError(f"begins with {FORMS}")
    who, at, hosts = parts.netloc.rpartition("@")
    found = [_HOST.fullmatch(host) for host in hosts.split(",")]
    service, _, number = parts.path.strip("/").partition("/")
    if not service or not all(found) or not (number.isdecimal() or not number):
        raise ValueError("by Sentinel is redis+sentinel://user:password@host:port,host:port/service/db")
    query = dict(parse_qsl(parts.query))
    sign_in = {name: query.pop(given) for given, name in _OF_SENTINELS.items() if given in query}
    scheme = _BY_SENTINEL[parts.scheme]
    return SentinelAddress(
        sentinels=tuple((one[1].strip("[]"), int(one[2] or _SENTINEL_PORT)) for one in found if one),
        service=unquote(service),
        master=f"{scheme}://{who}{at}master/{number or 0}" + (f"?{urlencode(query)}" if query else ""),
        sign_in=sign_in,
        tls=scheme == "rediss",
    )
