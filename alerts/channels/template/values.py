"""What the fields of a template may hold (docs/wechat.md §5.2): a table of kinds, and the functions that read it."""

import re
from collections.abc import Callable, Mapping, Sequence

from alerts.channels.template.settings import TemplateSetting


def _shorten(limit: int, *, mark: str = "…") -> Callable[[str], str]:
    def cut(value: str) -> str:
        if _length(value) <= limit:
            return value
        kept = value
        while _length(kept) + len(mark) > limit:
            kept = kept[:-1]
        return kept + mark

    return cut


def _length(value: str) -> int:
    """Count characters as WeChat does: one outside the basic plane counts as two."""
    return sum(2 if ord(char) > 0xFFFF else 1 for char in value)


def _only(pattern: str, limit: int) -> Callable[[str], str]:
    unwanted = re.compile(pattern)
    return lambda value: unwanted.sub("", value)[:limit]


def _name(value: str) -> str:
    chinese = re.sub(r"[^\u4e00-\u9fff·]", "", value)
    return chinese[:10] if chinese else re.sub(r"[^A-Za-z .·]", "", value)[:20]


_KINDS: Mapping[str, Callable[[str], str]] = {
    "thing": _shorten(20),
    "character_string": _only(r"[^!-~ ]", 32),
    "number": _only(r"[^0-9.\-]", 32),
    "letter": _only(r"[^A-Za-z]", 32),
    "symbol": _only(r"[\w\s]", 5),
    "time": _shorten(64, mark=""),
    "date": _shorten(32, mark=""),
    "amount": _only(r"[^¥￥$0-9.元]", 13),
    "phone_number": _only(r"[^0-9+\-]", 17),
    "car_number": _only(r"\W", 8),
    "name": _name,
    "phrase": _only(r"[^\u4e00-\u9fff]", 5),
    "const": _shorten(20, mark=""),
    "enum": _shorten(20, mark=""),
}
_OPENS = "{opens_on}"
_PLACE = re.compile(r"\{(\w+)\}")
_DIGITS = "0123456789"
_EMPTY = "-"
"""WeChat refuses an empty value (47003)."""
_TAKES_A_DASH = frozenset({"thing", "character_string", "symbol", "const"})


def template_values(fields: Mapping[str, str], facts: Mapping[str, str]) -> dict[str, str]:
    """Return the fields of a template with an alert's facts, each cut to what its kind may hold.

    A place (`{title}`) without a fact stays empty. The kind is the field's name without its number.
    """
    return {field: _fit(field, _fill(field, pattern, facts)) for field, pattern in fields.items()}


def fills(setting: TemplateSetting, facts: Mapping[str, str]) -> bool:
    """Whether a template's fields can all be filled: a withdrawn window has no closing day to show."""
    values = template_values(setting.fields, facts)
    return all(value != _EMPTY or field.rstrip(_DIGITS) in _TAKES_A_DASH for field, value in values.items())


def _fill(field: str, pattern: str, facts: Mapping[str, str]) -> str:
    parts = pattern.split("~")
    filled = [_PLACE.sub(lambda place: facts.get(place[1], ""), part) for part in parts]
    if field.rstrip(_DIGITS) == "time":
        filled = [_with_minutes(part, value) for part, value in zip(parts, filled, strict=True)]
    return "~".join(filled)


def _with_minutes(pattern: str, value: str) -> str:
    """Add hours and minutes to a day: an opening day begins at its first minute, any other ends at its last."""
    if not value.strip() or ":" in value:
        return value
    return f"{value.rstrip()} {'00:00' if _OPENS in pattern else '23:59'}"


def _fit(field: str, value: str) -> str:
    one_line = "".join(char for char in " ".join(value.split()) if char.isprintable())
    return _KINDS.get(field.rstrip(_DIGITS), _shorten(20))(one_line) or _EMPTY


def unknown_places(setting: TemplateSetting, facts: Sequence[str]) -> list[str]:
    """Return places in a template's fields that no alert fills, for `policybot doctor`."""
    used = {place for pattern in setting.fields.values() for place in _PLACE.findall(pattern)}
    return sorted(used - set(facts))
