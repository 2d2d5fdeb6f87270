"""Compares a role with what a route needs. No other place does this."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from enum import StrEnum

from aiohttp import web

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Role(StrEnum):
    """An operator's or key's role; each may do all that the ones before it may."""

    VIEWER = "viewer"
    EDITOR = "editor"
    APPROVER = "approver"
    ADMIN = "admin"

    def may(self, needed: "Role") -> bool:
        """Whether this role reaches what `needed` reaches."""
        ranks = list(Role)
        return ranks.index(self) >= ranks.index(needed)


ROLE_NAMES = {
    Role.VIEWER: "查看",
    Role.EDITOR: "编辑",
    Role.APPROVER: "审批",
    Role.ADMIN: "管理员",
}


@dataclass(frozen=True, slots=True)
class Route:
    """One row of the table of routes: the address, the handler, and the least role that may ask.

    Attributes:
        role: None: open to everybody (sign-in alone).
        repeats: its form may act each time it is sent, because it changes nothing or ends its own session.
        confirm: the question before it acts; "" if there is none. With scripts the form itself asks.
        largest_body: in bytes, if it takes a file; otherwise the application's own limit holds.
    """

    method: str
    path: str
    handler: Handler
    role: Role | None
    repeats: bool = False
    confirm: str = ""
    largest_body: int = 0
