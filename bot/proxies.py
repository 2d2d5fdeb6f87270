"""The address and scheme of a request that came through a proxy we trust."""

from collections.abc import Sequence
from ipaddress import ip_address, ip_network

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware


def believe_proxies(
    trusted: Sequence[str],
) -> Middleware:
    """Take the client's address and scheme from `X-Forwarded-For` and `X-Forwarded-Proto`.

    They are believed from trusted proxies alone; of a chain, the last address that is not a trusted proxy's
    is the client's, for what stands before it anybody could have written.

    Args:
        trusted: addresses or networks (`127.0.0.1`, `10.0.0.0/8`).

    Raises:
        ValueError: one of them is neither.
    """
    networks = [ip_network(one, strict=False) for one in trusted]

    def is_trusted(address: str) -> bool:
        try:
            parsed = ip_address(address)
        except ValueError:
            return False
        return any(parsed in network for network in networks)

    @web.middleware
    async def forwarded(request: web.Request, handler: Handler) -> web.StreamResponse:
        if not is_trusted(request.remote or ""):
            return await handler(request)
        chain = [
            part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",") if part.strip()
        ]
        client = next(
            (address for address in reversed(chain) if not is_trusted(address)), request.remote or ""
        )
        scheme = request.headers.get("X-Forwarded-Proto", request.scheme)
        return await handler(
            request.clone(remote=client, scheme=scheme if scheme in {"http", "https"} else request.scheme)
        )

    return forwarded
