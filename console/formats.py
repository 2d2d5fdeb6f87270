"""How values read on the desk's pages."""

import html
import re
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from alerts.channels import CHANNEL_NAMES, Channel
from policies.amounts import in_words
from policies.revisions import State
from storage.clock import SHANGHAI

_TAG = re.compile(r"</?a\b[^>]*>")

STATE_NAMES = {
    State.DRAFT: "草稿",
    State.PUBLISHED: "已发布",
    State.REPLACED: "已被替换",
    State.DISCARDED: "已放弃",
}
CHANGE_NAMES = {"subscribed": "订阅", "unsubscribed": "退订"}
WAY_NAMES = {
    "chat": "对话",
    "page": "设置页",
    "scan": "扫码",
    "import": "导入",
    "console": "服务台",
    "company": "企业",
}
REASON_NAMES = {"declined": "未能回答", "useless": "评价没用", "person": "要求人工"}
FIELD_NAMES = {
    "section": "部分",
    "title": "标题",
    "text": "正文",
    "basis": "依据",
    "departments": "责任单位",
    "amounts": "金额",
    "support": "支持方式",
    "tracks": "赛道",
    "audience": "适用对象",
    "keywords": "关键词",
    "valid_until": "有效期",
}


def moment(value: datetime | None) -> str:
    """An instant in Asia/Shanghai, to the minute; — where there is none."""
    return value.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M") if value else "—"


def fields(values: Mapping[str, Any] | None) -> str:
    """Fields of an audit entry on one line."""
    return "；".join(f"{name}：{value}" for name, value in (values or {}).items())


def state_name(state: State) -> str:
    return STATE_NAMES[state]


def field_name(name: str) -> str:
    return FIELD_NAMES.get(name, name)


def channel_name(channel: str | None) -> str:
    """A way a message goes; — where none was taken."""
    return CHANNEL_NAMES[Channel(channel)] if channel else "—"


def plain_links(text: str) -> str:
    """A message as it reads on a phone: of a link its label stays."""
    return html.unescape(_TAG.sub("", text))


def change_name(action: str) -> str:
    return CHANGE_NAMES.get(action, action)


def way_name(way: str) -> str:
    return WAY_NAMES.get(way, way)


def reason_name(reason: str) -> str:
    """Why a question is kept."""
    return REASON_NAMES.get(reason, reason)


FILTERS: Mapping[str, Callable[..., str]] = {
    "moment": moment,
    "fields": fields,
    "in_words": in_words,
    "state_name": state_name,
    "field_name": field_name,
    "channel_name": channel_name,
    "plain_links": plain_links,
    "change_name": change_name,
    "way_name": way_name,
    "reason_name": reason_name,
}
