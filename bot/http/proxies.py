"""The client's address and scheme, taken from the headers of a trusted proxy.

By hand: aiohttp-remotes wants a fixed number of proxies and refuses several header lines; here any number of trusted
networks may stand in the chain, over several lines.
"""

from collections.abc import Iterable, Sequence
from ipaddress import IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware


def trust_proxies(trusted: Sequence[str]) -> Middleware:
    """Take the client's address and scheme from `X-Forwarded-For` and `X-Forwarded-Proto`.

    They are believed from trusted proxies alone. Of the chain the last address that is not a trusted proxy's is the
    client's, for what stands before it anybody could have written. A proxy may add to the line or add a line of its
    own: all lines are one chain. The scheme is the last one named, for the same reason.

    Args:
        trusted: addresses or networks (`127.0.0.1`, `10.0.0.0/8`).

    Raises:
        ValueError: one of them is neither.
    """
    networks = [ip_network(one, strict=False) for one in trusted]

    @web.middleware
    async def forwarded(request: web.Request, handler: Handler) -> web.StreamResponse:
        if not _is_in(networks, request.remote or ""):
            return await handler(request)
        client = request.remote or ""
        for address in reversed(_listed(request, "X-Forwarded-For")):
            bare = _bare(address)
            if bare is None:  # `unknown`, or nonsense: who stands before it can't be believed either
                break
            client = bare
            if not _is_in(networks, client):
                break
        scheme = (_listed(request, "X-Forwarded-Proto") or [request.scheme])[-1].lower()
        return await handler(
            request.clone(remote=client, scheme=scheme if scheme in {"http", "https"} else request.scheme)
        )

    return forwarded


def _listed(request: web.Request, header: str) -> list[str]:
    """What all lines of a header list, in order."""
    return [part.strip() for line in request.headers.getall(header, ()) for part in line.split(",")]


def _bare(address: str) -> str | None:
    """An address without the port that some proxies add; None where it is none."""
    inside = address[1:].partition("]")[0] if address.startswith("[") else address
    if inside.count(":") == 1:
        inside = inside.partition(":")[0]
    try:
        return str(ip_address(inside))
    except ValueError:
        return None


def _is_in(networks: Iterable[IPv4Network | IPv6Network], address: str) -> bool:
    try:
        parsed = ip_address(address)
    except ValueError:
        return False
    if isinstance(parsed, IPv6Address) and parsed.ipv4_mapped:  # an IPv4 peer of a socket that takes both
        parsed = parsed.ipv4_mapped
    return any(parsed in network for network in networks)
