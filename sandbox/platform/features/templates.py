"""Templates of the sandbox account, and the rules their values keep (docs/wechat.md §5.2)."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sandbox.platform.errors import ApiError

_DAY = r"\d{4}(?:年\d{1,2}月\d{1,2}日|-\d{1,2}-\d{1,2}|/\d{1,2}/\d{1,2})"
_CLOCK = r"\d{1,2}:\d{2}(?::\d{2})?"
_TIME = rf"(?:{_DAY} ?)?{_CLOCK}"
_DATE = rf"{_DAY}(?: ?{_CLOCK})?"
Line = tuple[str, str, str]
"""A card's line: its label, its field, and what our settings fill it with."""
_MARK = re.compile(r"^(.*?)[::]?\{\{(\w+)\.DATA\}\}$", re.MULTILINE)


def characters(text: str) -> int:
    """Length as WeChat is taken to count it: a character outside the basic plane is two."""
    return sum(2 if ord(char) > 0xFFFF else 1 for char in text)


def _pattern(expression: str) -> Callable[[str], bool]:
    compiled = re.compile(expression)
    return lambda value: compiled.fullmatch(value) is not None


KIND_RULES: Mapping[str, Callable[[str], bool]] = {
    "thing": lambda value: characters(value) <= 20,
    "character_string": _pattern(r"[!-~ ]{1,32}"),
    "number": _pattern(r"-?(?=.{1,32}$)\d+(\.\d+)?"),
    "letter": _pattern(r"[A-Za-z]{1,32}"),
    "symbol": _pattern(r"[^\w\s]{1,5}"),
    "time": _pattern(rf"{_TIME}(?: ?~ ?{_TIME})?"),
    "date": _pattern(rf"{_DATE}(?: ?~ ?{_DATE})?"),
    "amount": _pattern(r"[¥¥$]?\d{1,10}(\.\d+)?元?"),
    "phone_number": _pattern(r"[\d+\-]{1,17}"),
    "car_number": _pattern(r"\w{1,8}"),
    "name": _pattern(r"[\u4e00-\u9fff·]{1,10}|[A-Za-z .·]{1,20}"),
    "phrase": _pattern(r"[\u4e00-\u9fff]{1,5}"),
    "const": lambda value: characters(value) <= 20,
}
"""What a value of each typed field may be; the field's number is cut off (thing1 → thing)."""


@dataclass(frozen=True, slots=True)
class Template:
    """A template as `get_all_private_template` lists it.

    Attributes:
        content: a line a field, `政策名称:{{thing1.DATA}}`.
        notification: a template of 订阅通知 (bizsend), else a template message.
        lasting: a notification template whose consent holds for good (type 3).
    """

    template_id: str
    title: str
    content: str
    notification: bool = False
    lasting: bool = False

    @property
    def fields(self) -> dict[str, str]:
        """Field → its label on the card, in the card's order."""
        return {field: label for label, field in _MARK.findall(self.content)}

    def lines(self, data: Any) -> list[tuple[str, str]]:
        """Return the card's lines (label, value) for the data of a send.

        Raises:
            ApiError: 47003 with the field, where a value is missing or breaks its kind's rule.
        """
        lines = []
        for field, label in self.fields.items():
            entry = data.get(field) if isinstance(data, dict) else None
            value = entry.get("value") if isinstance(entry, dict) else None
            if not isinstance(value, str) or not value or not _fits(field, value):
                raise ApiError(47003, f"argument invalid! data.{field}.value invalid")
            lines.append((label, value))
        return lines


def _fits(field: str, value: str) -> bool:
    rule = KIND_RULES.get(field.rstrip("0123456789"))
    if any(ord(char) < 32 for char in value):
        return False
    return rule(value) if rule else characters(value) <= 20


def _template(name: str, title: str, lines: tuple[Line, ...], *, notification: bool = False) -> Template:
    content = "\n".join(f"{label}:{{{{{field}.DATA}}}}" for label, field, _ in lines)
    return Template(f"sandbox-{name}".ljust(43, "0"), title, content, notification)


_WINDOW: tuple[Line, ...] = (
    ("政策名称", "thing1", "{title}"),
    ("截止时间", "time2", "{closes_on}"),
    ("温馨提示", "thing3", "{summary}"),
)
_NEWS: tuple[Line, ...] = (("标题", "thing1", "{title}"), ("内容", "thing2", "{summary}"))
_BY_ALERT: Mapping[str, tuple[str, tuple[Line, ...]]] = {
    "opening": ("申报开始提醒", _WINDOW),
    "deadline": ("申报截止提醒", _WINDOW),
    "date_changed": ("申报时间变更提醒", _WINDOW),
    "new_policy": ("政策发布通知", _NEWS),
    "policy_changed": ("政策变动通知", _NEWS),
    "expiry": ("政策到期提醒", _NEWS),
    "announcement": ("业务通知", _NEWS),
}
_REMINDER = _template("reminder", "申报提醒", _WINDOW, notification=True)

TEMPLATES: tuple[Template, ...] = (
    *(_template(alert, title, lines) for alert, (title, lines) in _BY_ALERT.items()),
    _REMINDER,
)
"""The templates the sandbox account has picked: one for each kind of alert, and one of 订阅通知."""


def sandbox_template_settings() -> dict[str, dict[str, Any]]:
    """`BOT_WECHAT_TEMPLATES` for the sandbox account."""
    settings: dict[str, dict[str, Any]] = {}
    for template, (alert, (_, lines)) in zip(TEMPLATES, _BY_ALERT.items(), strict=False):
        fields = {field: filling for _, field, filling in lines}
        settings[alert] = {"id": template.template_id, "fields": fields}
        if lines is _WINDOW:
            settings[alert]["subscribe"] = {"id": _REMINDER.template_id, "fields": fields}
    return settings


class TemplateLibrary:
    """The account's templates by id."""

    def __init__(self) -> None:
        self._by_id = {template.template_id: template for template in TEMPLATES}

    def get(self, template_id: object, *, notification: bool) -> Template:
        """Return a template of this kind.

        Raises:
            ApiError: 40037.
        """
        template = self._by_id.get(template_id) if isinstance(template_id, str) else None
        if template is None or template.notification != notification:
            raise ApiError(40037)
        return template

    def all(self, *, notification: bool) -> list[Template]:
        return [template for template in self._by_id.values() if template.notification == notification]
