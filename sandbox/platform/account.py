"""The pretend official account: who it is and what it may do."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from sandbox.credentials import Credentials
from sandbox.platform.errors import ApiError

Mode = Literal["plain", "compatible", "safe"]


class Needs(StrEnum):
    """What kind of account an API is open to (docs/wechat.md §0)."""

    ANY = "any"
    VERIFIED = "verified"
    VERIFIED_SERVICE = "verified service"
    NOTIFICATIONS = "subscription notifications"


@dataclass(frozen=True, slots=True)
class SandboxAccount:
    """The account that the stand-in plays.

    Attributes:
        kind: 服务号 or 订阅号.
        mode: how pushes leave: `safe` is encrypted only.
        notifications: the account was given 订阅通知 (bizsend).
    """

    credentials: Credentials
    kind: Literal["service", "subscription"] = "service"
    verified: bool = True
    mode: Mode = "safe"
    notifications: bool = True

    def require(self, needs: Needs) -> None:
        """Refuse what this account lacks.

        Raises:
            ApiError: 48001.
        """
        allowed = {
            Needs.ANY: True,
            Needs.VERIFIED: self.verified,
            Needs.VERIFIED_SERVICE: self.verified and self.kind == "service",
            Needs.NOTIFICATIONS: self.verified and self.notifications,
        }
        if not allowed[needs]:
            raise ApiError(48001)
