"""The fields of an application window: the allowed values, and the message for a wrong one. Pure."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlsplit

from policies.windows.typed_dates import OPEN_ENDED
from storage.visible_text import UNSEEN, looks_empty, without_turning

COLUMNS = {
    "policy_id": "条款号",
    "document": "文件",
    "opens_on": "开始日期",
    "closes_on": "截止日期",
    "title": "名称",
    "url": "链接",
}
ALWAYS = "长期"
MAX_TITLE = 200
MAX_URL = 1000

_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_NOT_IN_A_LINK = re.compile(rf"[{UNSEEN}<>\"]")


@dataclass(frozen=True, slots=True)
class WindowFields:
    """One window as a file or a form gives it; one without an end closes on `OPEN_ENDED`."""

    policy_id: int
    opens_on: date
    closes_on: date
    title: str
    url: str = ""

    def __post_init__(self) -> None:
        """Take the last day of the calendar, which people type for 长期, as that: no day follows it."""
        object.__setattr__(self, "closes_on", min(self.closes_on, OPEN_ENDED))

    @property
    def key(self) -> tuple[int, str, date]:
        """Return what identifies the window when its closing day or link changes."""
        return self.policy_id, self.title, self.opens_on


@dataclass(frozen=True, slots=True)
class RowFault:
    """A fault in one line. Line 0 is the whole file.

    Attributes:
        field: a key of `COLUMNS`; "" for the line as a whole.
        head: the file's own head of the column; "" if it has no heads, like a form.
    """

    line: int
    field: str
    message: str
    head: str = ""

    @property
    def column(self) -> str:
        """The column as the person sees it; heads in English are explained."""
        name = COLUMNS.get(self.field, "")
        return f"{self.head}（{name}）" if self.head.isascii() and self.head else self.head or name

    def __str__(self) -> str:
        where = [f"第 {self.line} 行" if self.line else "", self.column]
        return "，".join(part for part in where if part) + ("：" if any(where) else "") + self.message


class WindowFileError(Exception):
    """The file is refused as a whole. `faults` names every line with a fault; nothing was written."""

    def __init__(self, faults: Iterable[RowFault]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(map(str, self.faults)))


class FieldError(Exception):
    """A field holds something that it may not hold; the message says why, in Chinese.

    Attributes:
        field: a key of `COLUMNS`; "" for the line as a whole.
    """

    def __init__(self, field: str, message: str) -> None:
        self.field, self.message = field, message
        super().__init__(message)


def closing_words(day: date) -> str:
    """Return a closing day as people read it: 长期 for a window without an end."""
    return ALWAYS if day == OPEN_ENDED else day.isoformat()


def check_window(row: WindowFields, titles: Mapping[int, str]) -> tuple[RowFault, ...]:
    """Return what is wrong with a window typed in a form; () if nothing is."""
    if row.policy_id not in titles:
        return (RowFault(0, "policy_id", f"没有第 {row.policy_id} 条"),)
    try:
        check_order(row.opens_on, row.closes_on)
        title_of(row.title, titles[row.policy_id])
        link_of(row.url)
    except FieldError as error:
        return (RowFault(0, error.field, error.message),)
    return ()


def check_order(opens_on: date, closes_on: date) -> None:
    """Refuse a window that closes before it opens.

    Raises:
        FieldError: it closes before it opens.
    """
    if closes_on < opens_on:
        raise FieldError("closes_on", f"截止日期 {closes_on} 早于开始日期 {opens_on}")


def title_of(value: str, default: str) -> str:
    """Return a window's title as typed in a form, in one line and in its own order; the default if nothing was typed.

    Raises:
        FieldError: it is longer than `MAX_TITLE` characters, or holds a control character.
    """
    title = without_turning(re.sub(r"[\r\n\t]+", " ", value)).strip()
    if len(title) > MAX_TITLE:
        raise FieldError("title", f"名称有 {len(title)} 字，最多 {MAX_TITLE} 字")
    if _CONTROL.search(title):
        raise FieldError("title", "名称中不能有控制字符")
    return default if looks_empty(title) else title


def link_of(value: str) -> str:
    """Return a link as typed; "" if nothing was typed.

    Raises:
        FieldError: it is not a complete http or https address, or is longer than `MAX_URL` characters.
    """
    if not value:
        return ""
    try:
        parts = urlsplit(value)
        good = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:
        good = False
    if not good or len(value) > MAX_URL or _NOT_IN_A_LINK.search(value):
        raise FieldError("url", f"“{value[:40]}”不是完整的网址，请以 https:// 或 http:// 开头")
    return value


def shown(remarks: Iterable[RowFault], most: int = 20) -> Iterator[str]:
    """Yield remarks as lines of text. A remark that several rows share is one line, which names the first `most` rows."""
    groups: dict[tuple[str, str], list[int]] = {}
    for one in remarks:
        groups.setdefault((one.field, one.message), []).append(one.line)
    for (field, message), lines in groups.items():
        if len(lines) == 1:
            yield str(RowFault(lines[0], field, message))
        else:
            named = "、".join(map(str, lines[:most])) + ("等" if len(lines) > most else "")
            yield f"第 {named} 行（共 {len(lines)} 行）：{message}"
