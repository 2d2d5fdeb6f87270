"""The fields of a guide as text: what a form or a file holds, checked, and back. Pure."""

import re
from collections.abc import Mapping
from datetime import date

from policies.guides.guide import Guide
from policies.windows.typed_dates import OPEN_ENDED, TypedDateError, read_day
from policies.windows.window_fields import FieldError, link_of
from storage.visible_text import without_turning

FIELDS: Mapping[str, str] = {
    "conditions": "条件",
    "materials": "材料",
    "steps": "流程",
    "where": "在哪办",
    "phone": "电话",
    "url": "入口",
    "source": "来源",
    "checked_on": "核对日期",
}
"""The fields of a guide by name, with the label that operators read."""
LONGEST: Mapping[str, int] = {"conditions": 1000, "materials": 2000, "steps": 1000, "url": 1000}
"""Characters of a field; `_USUAL` of every other."""
_USUAL = 200
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
_BETWEEN = re.compile(r"[;；\n]")
_FEWEST_DIGITS = 3


class GuideFieldsError(Exception):
    """Some fields make no guide; `problems` says by field what is wrong, in Chinese."""

    def __init__(self, problems: Mapping[str, str]) -> None:
        self.problems = dict(problems)
        super().__init__("；".join(f"{FIELDS[name]}：{said}" for name, said in problems.items()))


def texts_of(guide: Guide | None) -> dict[str, str]:
    """Return the fields as text, one material a line; empty texts if there is no guide."""
    if guide is None:
        return dict.fromkeys(FIELDS, "")
    texts = {name: getattr(guide, name) for name in FIELDS}
    return texts | {"materials": "\n".join(guide.materials), "checked_on": guide.checked_on.isoformat()}


def guide_of(texts: Mapping[str, str], today: date) -> Guide:
    """Return the guide that some texts make. Without a day of checking it is `today`.

    Args:
        texts: by field; materials with semicolons or line ends between. Fields that are missing are empty.
        today: the business day in Shanghai.

    Raises:
        GuideFieldsError: with every field that is wrong.
    """
    problems: dict[str, str] = {}
    values = {name: _plain(texts.get(name, "")) for name in FIELDS}
    for name, value in values.items():
        if len(value) > LONGEST.get(name, _USUAL):
            problems[name] = f"有 {len(value)} 字，最多 {LONGEST.get(name, _USUAL)} 字"
    if values["phone"] and len(re.findall(r"[0-9]", values["phone"])) < _FEWEST_DIGITS:
        problems["phone"] = f"“{values['phone'][:20]}”不是电话号码"
    try:
        link_of(values["url"])
    except FieldError as error:
        problems["url"] = error.message
    checked_on = today
    try:
        checked_on = _day(values["checked_on"], today)
    except TypedDateError as error:
        problems["checked_on"] = str(error)
    if problems:
        raise GuideFieldsError(problems)
    words = {name: values[name] for name in ("conditions", "steps", "where", "phone", "url", "source")}
    return Guide(**words, materials=tuple(_items(values["materials"])), checked_on=checked_on)


def _plain(value: str) -> str:
    return without_turning(_CONTROL.sub(" ", value.replace("\r\n", "\n").replace("\r", "\n"))).strip()


def _items(text: str) -> list[str]:
    """Return the materials, each once."""
    return list(dict.fromkeys(filter(None, map(str.strip, _BETWEEN.split(text)))))


def _day(typed: str, today: date) -> date:
    if not typed:
        return today
    day = read_day(typed, today).day
    if day == OPEN_ENDED or day > today:
        raise TypedDateError(f"核对日期 {typed[:20]} 应是今天或之前的一天")
    return day
