"""The client's address and scheme, taken from the headers of a trusted proxy.

By hand: aiohttp-remotes wants a fixed number of proxies and refuses several header lines; here any number of trusted
networks may stand in the chain, over several lines.
"""

from collections.abc import Iterable, Sequence
from ipaddress import IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware


def trust_proxies(trusted: Sequence[str]) -> Middleware:
    """Return a middleware that takes the client's address and scheme from `X-Forwarded-For` and `X-Forwarded-Proto`.

    It reads these headers only if a trusted proxy sent the request. A proxy appends to the header or adds a line of
    its own, so all lines together are one chain. The client is the last address of the chain that is not a trusted
    proxy's: anybody could have written what stands before it. The scheme is the last one of its header, for the same
    reason.

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
            if bare is None:  # `unknown` or malformed: what stands before it is not to be trusted either
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
    """Return the values of all lines of a header, in order."""
    return [part.strip() for line in request.headers.getall(header, ()) for part in line.split(",")]


def _bare(address: str) -> str | None:
    """Return an address without the port that some proxies add, IPv4 as IPv4; None if it is not an address."""
    inside = address[1:].partition("]")[0] if address.startswith("[") else address
    if inside.count(":") == 1:
        inside = inside.partition(":")[0]
    try:
        parsed = ip_address(inside)
    except ValueError:
        return None
    return str((isinstance(parsed, IPv6Address) and parsed.ipv4_mapped) or parsed)


def _is_in(networks: Iterable[IPv4Network | IPv6Network], address: str) -> bool:
    try:
        parsed = ip_address(address)
    except ValueError:
        return False
    if isinstance(parsed, IPv6Address) and parsed.ipv4_mapped:
        parsed = parsed.ipv4_mapped
    return any(parsed in network for network in networks)
