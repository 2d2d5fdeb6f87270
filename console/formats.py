"""How values read on the desk's pages."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from storage.clock import SHANGHAI


def moment(value: datetime | None) -> str:
    """An instant in Asia/Shanghai, to the minute; — where there is none."""
    return value.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M") if value else "—"


def fields(values: Mapping[str, Any] | None) -> str:
    """Fields of an audit entry on one line."""
    return "；".join(f"{name}：{value}" for name, value in (values or {}).items())


FILTERS: Mapping[str, Callable[..., str]] = {"moment": moment, "fields": fields}
