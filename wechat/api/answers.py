"""An answer of the WeChat API that is more than a value: a page of followers. wechatpy returns the bare JSON."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

_OPENID = re.compile(r"[\w-]{1,64}", re.ASCII)
"""The openids that the members' table can hold; those of WeChat have 28 characters."""


@dataclass(frozen=True, slots=True)
class FollowersPage:
    """A page of up to 10,000 followers. An empty page or an empty `next_openid` is the end of the list."""

    openids: tuple[str, ...]
    total: int
    next_openid: str

    @classmethod
    def from_answer(cls, answer: Mapping[str, Any]) -> Self:
        """Read a page. The page after the last one has `count` 0 and no `data`; values that are no openid are left out."""
        listed = (answer.get("data") or {}).get("openid") or ()
        openids = [each for each in listed if isinstance(each, str) and _OPENID.fullmatch(each)]
        return cls(tuple(openids), int(answer.get("total") or 0), str(answer.get("next_openid") or ""))
